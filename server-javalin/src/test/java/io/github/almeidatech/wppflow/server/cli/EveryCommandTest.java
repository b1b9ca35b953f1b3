package io.github.almeidatech.wppflow.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** What holds for each command, whatever it does. */
class EveryCommandTest {

    private static final CommandLine PROGRAM = Main.commandLine();

    /** These read and write JSON Lines, and nothing else. */
    private static final Set<String> JSON_LINES = Set.of("normalize", "phones", "classify", "kb-query");

    /** Runs until it is stopped, and logs. */
    private static final Set<String> SAYS_NOTHING = Set.of("serve");

    static Stream<String> commands() {
        return all("", PROGRAM).stream().filter(name -> !name.equals("help"));
    }

    static Stream<String> groups() {
        return commands().filter(name -> !of(name).getSubcommands().isEmpty());
    }

    static Stream<String> actions() {
        return commands()
                .filter(name -> of(name).getSubcommands().isEmpty()
                        || of(name).getCommandSpec().userObject() instanceof java.util.concurrent.Callable);
    }

    private static List<String> all(String above, CommandLine command) {
        var names = new ArrayList<String>();
        command.getSubcommands().forEach((name, each) -> {
            names.add(above + name);
            names.addAll(all(above + name + " ", each));
        });
        return names;
    }

    private static CommandLine of(String name) {
        CommandLine found = PROGRAM;
        for (String word : name.split(" ")) {
            found = found.getSubcommands().get(word);
        }
        return found;
    }

    @ParameterizedTest
    @MethodSource("commands")
    void it_says_what_it_does_and_what_each_option_means(String name) {
        var out = new StringWriter();
        var arguments = new ArrayList<>(List.of(name.split(" ")));
        arguments.add("--help");

        int code = Main.commandLine().setOut(new PrintWriter(out)).execute(arguments.toArray(String[]::new));

        assertThat(code).isZero();
        assertThat(out.toString()).startsWith("Usage: wppflow " + name);
        var spec = of(name).getCommandSpec();
        assertThat(spec.usageMessage().description()).isNotEmpty();
        assertThat(spec.usageMessage().description()[0])
                .as("shown alone in the list of commands")
                .matches("(?s).*[.;:]");
        assertThat(spec.args())
                .allSatisfy(each -> assertThat(each.description())
                        .as(each.paramLabel())
                        .isNotEmpty()
                        .allSatisfy(line -> assertThat(line).isNotBlank()));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void wrong_usage_is_exit_code_2_and_a_sentence(String name) {
        var err = new StringWriter();
        String[] arguments = (name + " --no-such-option").split(" ");

        int code = Main.commandLine().setErr(new PrintWriter(err)).execute(arguments);

        assertThat(code).isEqualTo(2);
        assertThat(err.toString())
                .containsAnyOf("--no-such-option", "Missing required")
                .doesNotContain("\tat ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "explain --conversation abc|'abc' is not a number|'wppflow explain --help' says more",
                "dlq retry x|'x' is not a number|'wppflow dlq retry --help' says more",
                "migrate-storage --to foo|--to: sqlite:path or postgresql|'wppflow migrate-storage --help' says more",
                "token creat|'creat'|Did you mean: token create"
            })
    void what_is_wrong_is_said_in_plain_words_and_not_buried_under_the_help_text(
            String arguments, String problem, String hint) {
        var err = new StringWriter();

        int code = Main.commandLine().setErr(new PrintWriter(err)).execute(arguments.split(" "));

        assertThat(code).isEqualTo(2);
        assertThat(err.toString().lines())
                .hasSizeLessThan(4)
                .anySatisfy(line -> assertThat(line).contains(problem));
        assertThat(err.toString()).contains(hint);
    }

    @ParameterizedTest
    @MethodSource("actions")
    void programs_can_read_what_it_says(String name) {
        CommandLine command = of(name);
        String description =
                String.join(" ", command.getCommandSpec().usageMessage().description());

        boolean json = command.getCommandSpec().findOption("--json") != null;
        boolean lines = JSON_LINES.contains(name) && description.contains("JSON Lines");

        assertThat(json || lines || SAYS_NOTHING.contains(name)).isTrue();
    }

    @ParameterizedTest
    @MethodSource("groups")
    void a_group_alone_asks_for_one_of_its_commands_or_does_something_by_itself(String name) {
        var err = new StringWriter();
        if (of(name).getCommandSpec().userObject() instanceof java.util.concurrent.Callable) {
            return;
        }

        int code = Main.commandLine().setErr(new PrintWriter(err)).execute(name.split(" "));

        assertThat(code).isEqualTo(2);
        assertThat(of(name).getSubcommands().keySet())
                .anySatisfy(each -> assertThat(err.toString()).contains(each));
        assertThat(Arrays.stream(err.toString().split("\n")).findFirst())
                .hasValueSatisfying(line -> assertThat(line).contains("wanted"));
    }
}

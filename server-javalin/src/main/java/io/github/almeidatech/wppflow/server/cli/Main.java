package io.github.almeidatech.wppflow.server.cli;

import io.github.almeidatech.wppflow.server.log.LibraryLogs;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The program. Exit codes: 0 done, 1 failed, 2 wrong usage or configuration. */
@Command(
        name = "wppflow",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "A durable brain between Chatwoot and WhatsApp customers.",
        subcommands = {
            ServeCommand.class,
            DoctorCommand.class,
            SandboxCommand.class,
            NormalizeCommand.class,
            PhonesCommand.class,
            ClassifyCommand.class,
            KbQueryCommand.class,
            KbCommand.class,
            EvalCommand.class,
            InitCommand.class,
            TenantCommand.class,
            TokenCommand.class,
            BotCommand.class,
            BackupCommand.class,
            RestoreCommand.class,
            MigrateStorageCommand.class,
            ExplainCommand.class,
            ReplayCommand.class,
            DlqCommand.class,
            PoliciesCommand.class,
            LgpdCommand.class,
            EventsCommand.class,
            HelpCommand.class
        })
public final class Main implements Runnable {

    /** Picocli says it in Java's words. */
    private static final Pattern NO_NUMBER = Pattern.compile("is not an? (long|int|double)\\b");

    @Spec
    private CommandSpec spec;

    private Main() {}

    /** Runs a command and ends the process with its exit code. */
    public static void main(String[] args) {
        LibraryLogs.join();
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        return new CommandLine(new Main())
                .setOut(new PrintWriter(System.out, true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(System.err, true, StandardCharsets.UTF_8))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(Main::misused)
                .setExecutionExceptionHandler(new Failures());
    }

    /** What is wrong, not buried under the help text, which is shown where a command has to be chosen only. */
    private static int misused(ParameterException wrong, String[] arguments) {
        CommandLine command = wrong.getCommandLine();
        PrintWriter err = command.getErr();
        String message = NO_NUMBER.matcher(String.valueOf(wrong.getMessage())).replaceFirst("is not a number");
        err.println(message);
        if (wrong instanceof UnmatchedArgumentException) {
            UnmatchedArgumentException.printSuggestions(wrong, err);
        } else if (command.getSubcommands().isEmpty()) {
            err.println("'" + command.getCommandSpec().qualifiedName() + " --help' says more");
        } else {
            command.usage(err);
        }
        err.flush();
        return command.getCommandSpec().exitCodeOnInvalidInput();
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is wanted");
    }
}

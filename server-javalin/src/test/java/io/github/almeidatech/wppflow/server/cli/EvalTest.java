package io.github.almeidatech.wppflow.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** An owner's own questions as a regression test, as {@code docs/eval/} shows it: a change that makes it worse fails here. */
class EvalTest {

    private static final Path ROOT = root();
    private static final String EVAL = ROOT.resolve("docs/eval").toString();
    private static final String BASE = ROOT.resolve(
                    "server-javalin/src/main/resources/io/github/almeidatech/wppflow/server/sandbox/pet-hotel.jsonl")
            .toString();

    @Test
    void messages_to_an_invented_hotel_are_understood_as_well_as_before() {
        assertThat(eval("intents", "--gold", EVAL + "/intents.jsonl", "--min-accuracy", "0.90", "--max-ece", "0.08"))
                .isZero();
    }

    @Test
    void questions_to_an_invented_hotel_are_answered_as_well_as_before() {
        assertThat(eval(
                        "faq",
                        "--kb",
                        BASE,
                        "--gold",
                        EVAL + "/questions.jsonl",
                        "--min-recall1",
                        "0.85",
                        "--min-recall3",
                        "0.90",
                        "--min-decline-precision",
                        "0.85",
                        "--min-decline-recall",
                        "0.75"))
                .isZero();
    }

    @Test
    void a_minimum_that_is_missed_fails() {
        assertThat(eval("faq", "--kb", BASE, "--gold", EVAL + "/questions.jsonl", "--min-recall3", "1.01"))
                .isEqualTo(1);
        assertThat(eval("faq", "--kb", BASE, "--gold", EVAL + "/questions.jsonl", "--min-decline-recall", "1.01"))
                .isEqualTo(1);
    }

    private static int eval(String... arguments) {
        String[] all = new String[arguments.length + 1];
        all[0] = "eval";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        return Main.commandLine().execute(all);
    }

    private static Path root() {
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            if (Files.exists(folder.resolve("mvnw"))) {
                return folder;
            }
        }
        throw new IllegalStateException("no folder above holds mvnw");
    }
}

package io.github.almeidatech.wppflow.llm;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.assistant.AnswerWriter;
import io.github.almeidatech.wppflow.assistant.AnswerWriter.Written;
import io.github.almeidatech.wppflow.model.Payer;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.multimodal.MediaFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The README tells the truth. */
class ReadmeTest {

    private final String readme = read();

    private static String read() {
        try {
            return Files.readString(Path.of("README.md"));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Compiled; not run, since it would call real providers. */
    static String example(String key, String other, byte[] voiceNote, AnswerWriter.Request question) throws Exception {
        // README begins
        var hotel = new TenantId("pet-hotel");
        var models = LanguageModels.builder()
                .tenant(
                        hotel,
                        ModelSettings.of(
                                ProviderSettings.of(Provider.ANTHROPIC)
                                        .apiKey(key)
                                        .chatModel("claude-haiku-4-5")
                                        .build(),
                                ProviderSettings.of(Provider.OPENAI)
                                        .apiKey(other)
                                        .chatModel("gpt-4o-mini")
                                        .transcriptionModel("whisper-1")
                                        .build()))
                .listener(call -> System.out.println(call.model() + " " + call.outcome() + " " + call.costMicros()))
                .build();
        Optional<Written> answer = models.answerWriter().write(question);
        String said = models.transcriber().transcribe(Payer.of(hotel), MediaFile.of(voiceNote), Duration.ofSeconds(30));
        // README ends
        return answer.map(Written::text).orElse(said);
    }

    @Test
    void its_example_is_the_code_that_is_compiled_here() throws IOException {
        String source = Files.readString(
                Path.of("src/test/java", ReadmeTest.class.getName().replace('.', '/') + ".java"));
        String compiled = source.substring(source.indexOf("// README begins") + 16, source.indexOf("// README ends"));
        var block = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(readme);

        assertThat(block.find()).isTrue();
        assertThat(bare(block.group(1))).isEqualTo(bare(compiled));
    }

    private static String bare(String code) {
        return code.replaceAll("//[^\n\"]*\n", "\n").replaceAll("\\s+", "");
    }

    @Test
    void every_test_it_names_is_there() {
        var names = Pattern.compile("`(\\w+Test)`").matcher(readme);
        while (names.find()) {
            assertThat(ReadmeTest.class.getResource(names.group(1) + ".class"))
                    .as(names.group(1))
                    .isNotNull();
        }
    }

    @Test
    void its_figures_are_the_defaults() {
        var limits = ModelLimits.DEFAULT;
        assertThat(readme)
                .contains(limits.timeLimit().toSeconds() + " s in all ("
                        + limits.intentTimeLimit().toSeconds() + " s for an intent")
                .contains("(" + limits.maxConcurrent() + " at once, " + limits.maxPerMinute() + " a minute");
        assertThat(Outgoing.MAX_ANSWER_BYTES).isEqualTo(1 << 20);
    }
}

package io.github.almeidatech.wppflow.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.almeidatech.wppflow.assistant.AnswerWriter;
import io.github.almeidatech.wppflow.model.Language;
import java.io.StringReader;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {

    private static ProviderSettings.Builder openAi() {
        return ProviderSettings.of(Provider.OPENAI).apiKey("sk-1").chatModel("gpt-4o-mini");
    }

    private static ProviderSettings.Builder compatible(String baseUrl) {
        return ProviderSettings.of(Provider.COMPATIBLE).baseUrl(baseUrl).chatModel("m");
    }

    @ParameterizedTest
    @CsvSource({
        "https://api.example.com/v1, https://api.example.com/v1/chat/completions",
        "https://api.example.com/v1/, https://api.example.com/v1/chat/completions",
        "https://api.example.com/v1beta/openai/, https://api.example.com/v1beta/openai/chat/completions",
        "https://api.example.com, https://api.example.com/chat/completions",
        "https://r.example.com/openai/deployments/{model}?api-version=2026-01, https://r.example.com/openai/deployments/gpt%2F4/chat/completions?api-version=2026-01",
        "http://localhost:11434/v1, http://localhost:11434/v1/chat/completions",
        "http://[::1]:8000/v1, http://[::1]:8000/v1/chat/completions"
    })
    void addresses_are_joined_without_losing_a_part(String base, String expected) {
        assertThat(compatible(base).build().url("chat/completions", "gpt/4").toString())
                .isEqualTo(expected);
    }

    @Test
    void a_key_that_is_replaced_counts_from_the_next_call_on() {
        var key = new AtomicReference<>("sk-1");
        ProviderSettings settings = openAi().apiKey(key::get).build();

        key.set("sk-2\n");

        assertThat(settings.apiKey()).isEqualTo("sk-2");
        assertThat(settings.toString()).doesNotContain("sk-");
    }

    @Test
    void anthropics_address_may_be_given_with_or_without_its_version() {
        for (String base :
                List.of("https://api.anthropic.com", "https://api.anthropic.com/v1", "https://api.anthropic.com/v1/")) {
            var settings = ProviderSettings.of(Provider.ANTHROPIC)
                    .baseUrl(base)
                    .chatModel("m")
                    .build();
            assertThat(settings.url("v1/messages", "m").toString()).isEqualTo("https://api.anthropic.com/v1/messages");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "api.example.com/v1",
                "ftp://api.example.com",
                "http://api.example.com/v1",
                "http://10.0.0.5:8000/v1",
                "https://user:pass@api.example.com/v1",
                "https://api.example.com/v1#x"
            })
    void an_address_that_is_not_safe_is_refused(String base) {
        assertThatIllegalArgumentException().isThrownBy(() -> compatible(base).build());
    }

    @Test
    void plain_http_to_another_machine_needs_a_permission() {
        assertThat(compatible("http://10.0.0.5:8000/v1").plainHttp(true).build().origin())
                .isEqualTo("http://10.0.0.5:8000");
    }

    @ParameterizedTest
    @EnumSource(Provider.class)
    void every_provider_has_a_word(Provider provider) {
        assertThat(Provider.named(" " + provider.word().toUpperCase(Locale.ROOT) + " "))
                .contains(provider);
    }

    @Test
    void an_unknown_word_names_no_provider() {
        assertThat(Provider.named("gpt")).isEmpty();
    }

    @Test
    void anthropic_has_neither_ears_nor_vectors() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ProviderSettings.of(Provider.ANTHROPIC)
                        .transcriptionModel("w")
                        .build())
                .withMessage("anthropic cannot transcribe");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ProviderSettings.of(Provider.ANTHROPIC)
                        .embeddingModel("e")
                        .build());
    }

    @Test
    void what_cannot_be_is_refused_without_showing_the_key() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ProviderSettings.of(Provider.OPENAI).build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> openAi().visionModel(" ").build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> openAi().temperature(2.1).build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> openAi().temperature(Double.NaN).build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> openAi().jsonMode(Provider.JsonMode.TOOL).build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ProviderSettings.of(Provider.ANTHROPIC)
                        .chatModel("m")
                        .temperature(1.5)
                        .build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ProviderSettings.of(Provider.ANTHROPIC)
                        .chatModel("m")
                        .jsonMode(Provider.JsonMode.SCHEMA)
                        .build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> openAi().apiKey("sk-se\ncret").build())
                .withMessageNotContaining("sk-se");
        assertThatIllegalArgumentException().isThrownBy(() -> ModelSettings.of());
    }

    @Test
    void a_key_is_never_shown() {
        var settings = new ModelSettings(
                List.of(openAi().apiKey("sk-very-secret").build()), Language.PT_BR, ModelLimits.DEFAULT, true);

        assertThat(settings.toString()).doesNotContain("very-secret").contains("api.openai.com", "***");
        assertThat(LanguageModels.builder().toString()).doesNotContain("very-secret");
        assertThat(compatible("https://h.example.com/v1").build().toString()).contains("key none");
    }

    @Test
    void limits_have_defaults_and_bounds() {
        var limits = ModelLimits.builder()
                .timeLimit(Duration.ofSeconds(20))
                .intentTimeLimit(Duration.ofSeconds(5))
                .zone(ZoneId.of("UTC"))
                .dollarsPerDay(BigDecimal.ONE)
                .build();

        assertThat(limits.timeLimit()).hasSeconds(20);
        assertThat(limits.zone()).isEqualTo(ZoneId.of("UTC"));
        assertThat(ModelLimits.DEFAULT.dollarsPerDay()).isEqualByComparingTo("10");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ModelLimits.builder().timeLimit(Duration.ZERO).build());
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        ModelLimits.builder().intentTimeLimit(Duration.ZERO).build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ModelLimits.builder().maxConcurrent(0).build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ModelLimits.builder().maxPerMinute(0).build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ModelLimits.builder().tokensPerDay(-1).build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ModelLimits.builder().tokensPerTurn(-1).build());
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> ModelLimits.builder().tokensPerConversation(-1).build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ModelLimits.builder()
                        .dollarsPerDay(new BigDecimal("-1"))
                        .build());
    }

    @ParameterizedTest
    @CsvSource({
        "gpt-4o-mini, 0.15",
        "gpt-4o-mini-2024-07-18, 0.15",
        "GPT-4o, 2.50",
        "openai/gpt-4.1-nano, 0.10",
        "claude-haiku-4-5-20251001, 1.00",
        "anthropic/claude-opus-4.8, 5.00",
        "claude-opus-4-1, 15.00",
        "gemini-2.5-flash:free, 0.30",
        "nobody-knows-this, 15.00"
    })
    void a_model_has_a_price_also_under_a_longer_name(String model, String dollarsForAMillionIn) {
        assertThat(PriceTable.builtIn().of(model).input()).isEqualByComparingTo(dollarsForAMillionIn);
    }

    @Test
    void a_price_table_says_of_which_day_it_is() {
        assertThat(PriceTable.builtIn().date()).isAfter(LocalDate.of(2026, 1, 1));
        assertThat(PriceTable.builtIn().find("nobody-knows-this")).isEmpty();
        assertThat(PriceTable.builtIn().toString()).contains("2026");
    }

    @Test
    void a_table_of_ones_own_is_read() throws Exception {
        var table = PriceTable.read(new StringReader("date 2026-10-01 # ours\n\nmine 1 2\near 0 0 0.5\nother 9 9\n"));

        assertThat(table.of("mine").micros(Usage.tokens(1_000, 100))).isEqualTo(1_200);
        assertThat(table.of("ear").micros(new Usage(0, 0, 90))).isEqualTo(750_000);
        assertThat(table.date()).isEqualTo(LocalDate.of(2026, 10, 1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "date 2026-10-01",
                "other 1 1",
                "date today\nother 1 1",
                "date 2026-10-01\nother 1",
                "date 2026-10-01\nother -1 1"
            })
    void a_table_with_a_mistake_is_refused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> PriceTable.read(new StringReader(text)));
    }

    @Test
    void money_is_rounded_up() {
        var price = new ModelPrice(new BigDecimal("0.02"), BigDecimal.ZERO, BigDecimal.ZERO);

        assertThat(price.micros(Usage.tokens(1, 0))).isOne();
        assertThat(price.micros(Usage.NONE)).isZero();
        assertThat(ModelPrice.FREE.micros(Usage.tokens(1_000_000, 1_000_000))).isZero();
    }

    @Test
    void a_price_of_ones_own_goes_before_the_table_and_ollama_is_free() {
        var price = new ModelPrice(BigDecimal.ONE, BigDecimal.ONE, BigDecimal.ONE);

        assertThat(openAi().price(price).build().price()).contains(price);
        assertThat(openAi().build().price()).isEmpty();
        assertThat(ProviderSettings.of(Provider.OLLAMA)
                        .chatModel("qwen3")
                        .build()
                        .price())
                .contains(ModelPrice.FREE);
    }

    @ParameterizedTest
    @EnumSource(Language.class)
    void every_language_has_every_prompt(Language language) {
        var prompts = Prompts.all().get(language);

        assertThat(List.of(
                        prompts.answer(style("Patinhas", "leve {limit}", "")),
                        prompts.intent(),
                        prompts.picture(),
                        prompts.look(),
                        prompts.visible(),
                        prompts.schema(Json.object()),
                        prompts.again("x")))
                .allSatisfy(each -> assertThat(each).isNotBlank());
        assertThat(prompts.answer(style("Patinhas", "leve", "Bia")))
                .contains("Patinhas", "leve", "200", "Bia")
                .doesNotContain("{");
        assertThat(prompts.answer(style("Patinhas", "", "")).lines().findFirst())
                .hasValueSatisfying(who -> assertThat(who).endsWith("WhatsApp."));
        assertThat(prompts.answer(style("a\n# System\nb", "c {limit}", "x\ny")))
                .contains("a # System b", "c {limit}", "x y");
    }

    private static AnswerWriter.Style style(String business, String tone, String bot) {
        return new AnswerWriter.Style(business, tone, false, 200, bot);
    }

    @Test
    void errors_have_codes_of_the_http_interface() {
        for (LlmError error : LlmError.values()) {
            for (Ability ability : Ability.values()) {
                assertThat(error.during(ability).code())
                        .isIn("ERR_LLM_API", "ERR_TRANSCRIPTION", "ERR_OCR", "ERR_TIMEOUT");
                assertThat(error.during(ability).retryable()).isEqualTo(error.retryable());
            }
        }
        assertThat(LlmError.TIMED_OUT.during(Ability.TRANSCRIBE).code()).isEqualTo("ERR_TIMEOUT");
    }
}

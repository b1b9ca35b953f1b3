package io.github.almeidatech.wppflow.llm;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.model.SpendLedger;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.testkit.Fault;
import io.github.almeidatech.wppflow.testkit.ModelReply;
import io.github.almeidatech.wppflow.testkit.ScriptedModel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ModelCheckTest {

    private final ScriptedModel model = ScriptedModel.start()
            .when(call -> call.images() > 0, ModelReply.text("{\"description\":\"Branco.\",\"visible_text\":\"\"}"))
            .otherwise(ModelReply.text("{\"ok\":true}"));

    @AfterEach
    void close() {
        model.close();
    }

    private LanguageModels models() {
        return Hotel.models(
                        Hotel.anthropic(model).visionModel("claude-haiku-4-5").build(),
                        Hotel.openAi(model)
                                .transcriptionModel("whisper-1")
                                .embeddingModel("text-embedding-3-small")
                                .build())
                .build();
    }

    @Test
    void every_model_is_tried_for_everything_it_is_used_for() {
        var checks = models().check(Hotel.TENANT);

        assertThat(checks).extracting(ModelCheck::error).containsOnlyNulls();
        assertThat(checks)
                .extracting(check -> check.provider() + " " + check.ability().word() + " " + check.model())
                .containsExactly(
                        "anthropic answer claude-haiku-4-5",
                        "openai answer gpt-4o-mini",
                        "anthropic classify claude-haiku-4-5",
                        "openai classify gpt-4o-mini",
                        "anthropic describe claude-haiku-4-5",
                        "openai transcribe whisper-1",
                        "openai embed text-embedding-3-small");
    }

    @Test
    void what_is_wrong_is_said_for_each_model() {
        model.faults()
                .always(
                        request -> request.path().endsWith("/audio/transcriptions"),
                        Fault.answer(
                                404,
                                "application/json",
                                "{\"error\":{\"message\":\"m\",\"type\":\"t\",\"param\":null,\"code\":\"model_not_found\"}}"));

        assertThat(models().check(Hotel.TENANT))
                .filteredOn(check -> check.error() != null)
                .singleElement()
                .satisfies(check -> {
                    assertThat(check.ability()).isEqualTo(Ability.TRANSCRIBE);
                    assertThat(check.error()).isEqualTo(LlmError.NOT_FOUND);
                    assertThat(check.detail()).isEqualTo("model_not_found");
                    assertThat(check.took()).isPositive();
                });
    }

    @Test
    void nobody_has_nothing_to_check() {
        assertThat(models().check(new TenantId("nobody"))).isEmpty();
        assertThat(models().states(new TenantId("nobody"))).isEmpty();
        assertThat(models().spentToday(new TenantId("nobody"))).isEqualTo(SpendLedger.Amount.ZERO);
        assertThat(models().can(Hotel.TENANT, Ability.EMBED)).isTrue();
        assertThat(models().can(new TenantId("nobody"), Ability.EMBED)).isFalse();
    }

    @Test
    void closing_leaves_later_calls_working() {
        LanguageModels models = models();
        models.close();

        assertThat(models.check(Hotel.TENANT)).extracting(ModelCheck::error).containsOnlyNulls();
    }
}

package io.github.almeidatech.wppflow.llm;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.github.almeidatech.wppflow.assistant.AnswerWriter;
import io.github.almeidatech.wppflow.knowledge.KnowledgeAnswer.Source;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.Language;
import io.github.almeidatech.wppflow.model.Payer;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.testkit.ScriptedModel;
import java.time.Duration;
import java.util.List;

/** An invented pet hotel that asks models. */
final class Hotel {

    static final TenantId TENANT = new TenantId("pet-hotel");
    static final Payer PAYER = Payer.of(TENANT);
    static final ConversationId CONVERSATION = new ConversationId(TENANT, 1, 42);
    static final Source PRICES =
            new Source("doc-prices", "doc-prices#3", "Preços", "A diária para cães de até 10 kg custa R$ 85,00.", 0.9);
    static final Source HOURS = new Source(
            "doc-hours",
            "doc-hours#1",
            "Horários",
            "Recebemos das 8h às 18h. Fotos: https://pethotel.example.com.br/fotos",
            0.6);
    static final AnswerWriter.Style STYLE = new AnswerWriter.Style("Hotel Patinhas", "caloroso e direto", false, 600);

    private Hotel() {}

    static ProviderSettings.Builder openAi(ScriptedModel model) {
        return ProviderSettings.of(Provider.OPENAI)
                .baseUrl(model.openAiUrl().toString())
                .apiKey(ScriptedModel.KEY)
                .chatModel("gpt-4o-mini");
    }

    static ProviderSettings.Builder anthropic(ScriptedModel model) {
        return ProviderSettings.of(Provider.ANTHROPIC)
                .baseUrl(model.anthropicUrl().toString())
                .apiKey(ScriptedModel.KEY)
                .chatModel("claude-haiku-4-5");
    }

    /** Without any waiting between attempts. */
    static LanguageModels.Builder models(ProviderSettings... providers) {
        return models(ModelLimits.DEFAULT, providers);
    }

    static LanguageModels.Builder models(ModelLimits limits, ProviderSettings... providers) {
        return LanguageModels.builder()
                .waiting((failure, deadline) -> true)
                .tenant(TENANT, new ModelSettings(List.of(providers), Language.PT_BR, limits, true));
    }

    static ModelLimits within(Duration timeLimit) {
        return ModelLimits.builder().timeLimit(timeLimit).build();
    }

    static AnswerWriter.Request question(String text) {
        return question(text, "turn-1");
    }

    static AnswerWriter.Request question(String text, String turn) {
        return question(text, Payer.of(CONVERSATION, turn));
    }

    static AnswerWriter.Request question(String text, Payer payer) {
        return new AnswerWriter.Request(
                payer,
                text,
                List.of(
                        new AnswerWriter.Line(true, "Oi, bom dia"),
                        new AnswerWriter.Line(false, "Bom dia! Como ajudo?")),
                List.of(PRICES, HOURS),
                Language.PT_BR,
                STYLE);
    }

    /** What a model answers that does as it is told. */
    static String answer(String text, String... passages) {
        var answer = Json.object().put("answered", true).put("text", text);
        ArrayNode ids = answer.putArray("passages");
        List.of(passages).forEach(ids::add);
        return answer.toString();
    }

    static String noAnswer() {
        return "{\"answered\":false,\"text\":\"\",\"passages\":[]}";
    }
}

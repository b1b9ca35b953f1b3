package io.github.almeidatech.wppflow.llm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.almeidatech.wppflow.model.Payer;
import io.github.almeidatech.wppflow.router.Classification;
import io.github.almeidatech.wppflow.router.Intent;
import io.github.almeidatech.wppflow.router.IntentModel;
import io.github.almeidatech.wppflow.router.Utterance;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Tells intents apart with the tenant's model. Thread-safe; blocks. */
final class ModelIntents implements IntentModel {

    private static final int MAX_MESSAGE = 3_000;
    private static final int MAX_LINES = 6;
    private static final int MAX_FIELDS = 12;
    private static final int MAX_LINE = 400;
    private static final int MAX_EXAMPLES = 5;
    private static final int MAX_EVIDENCE = 3;
    private static final int MAX_TOKENS = 600;

    private final TenantModels models;

    ModelIntents(TenantModels models) {
        this.models = models;
    }

    private record Choice(String intent, double confidence, List<String> evidence) {}

    @Override
    public Optional<Classification> classify(Utterance utterance, Classification offline, List<Intent> intents) {
        if (utterance.text().isBlank() || intents.isEmpty() || !models.can(Ability.CLASSIFY)) {
            return Optional.empty();
        }
        Payer payer = utterance.payer() == null ? Payer.of(models.tenant()) : utterance.payer();
        Prompts prompts = models.prompts(offline.language());
        String message = Json.object()
                .put("message", models.words(utterance.text(), MAX_MESSAGE))
                .toString();
        var chat = new ChatRequest<>(
                Ability.CLASSIFY,
                prompts,
                prompts.intent(),
                List.of(
                        intents(intents),
                        contact(models, utterance.contact()),
                        history(models, utterance.history()),
                        message),
                List.of(intents(intents), message),
                null,
                form(intents),
                MAX_TOKENS);
        try {
            Choice choice = models.chat(chat, payer, models.limits().intentTimeLimit());
            return Optional.of(offline.as(choice.intent, choice.confidence, choice.evidence));
        } catch (LlmException e) {
            if (e.error() == LlmError.REFUSED || e.error() == LlmError.INVALID_ANSWER) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static String intents(List<Intent> intents) {
        ArrayNode list = Json.array();
        for (Intent each : intents) {
            ObjectNode entry = list.addObject().put("name", each.name());
            entry.put("description", Untrusted.line(each.description(), MAX_LINE));
            if (!each.examples().isEmpty()) {
                ArrayNode examples = entry.putArray("examples");
                each.examples().stream().limit(MAX_EXAMPLES).forEach(one -> examples.add(Untrusted.line(one, 200)));
            }
        }
        return Json.object().set("intents", list).toString();
    }

    private static String contact(TenantModels models, Map<String, String> fields) {
        ObjectNode known = Json.object();
        new TreeMap<>(fields)
                .entrySet().stream()
                        .limit(MAX_FIELDS)
                        .forEach(each ->
                                known.put(Untrusted.line(each.getKey(), 60), models.words(each.getValue(), 200)));
        return Json.object().set("contact", known).toString();
    }

    private static String history(TenantModels models, List<String> lines) {
        ArrayNode list = Json.array();
        lines.subList(Math.max(0, lines.size() - MAX_LINES), lines.size())
                .forEach(each -> list.add(models.words(each, MAX_LINE)));
        return Json.object().set("history", list).toString();
    }

    private static AnswerForm<Choice> form(List<Intent> intents) {
        List<String> names = intents.stream().map(Intent::name).toList();
        ObjectNode properties = Json.object();
        properties.set("intent", Json.oneOf(names));
        properties.set("confidence", Json.type("number", "0 to 1"));
        properties
                .putObject("evidence")
                .put("type", "array")
                .set("items", Json.object().put("type", "string"));
        return new AnswerForm<>("intent", Json.schema(properties), answer -> read(answer, names));
    }

    private static Choice read(JsonNode answer, List<String> names) throws MalformedAnswerException {
        Json.onlyKeys(answer, List.of("intent", "confidence", "evidence"));
        String intent = Json.text(answer, "intent");
        if (!names.contains(intent)) {
            throw MalformedAnswerException.invalid("\"intent\" was none of " + String.join(", ", names));
        }
        double confidence = answer.path("confidence").asDouble(-1);
        if (!answer.path("confidence").isNumber() || !(confidence >= 0 && confidence <= 1)) {
            throw MalformedAnswerException.invalid("\"confidence\" was not a number within 0 to 1");
        }
        var evidence = new ArrayList<String>();
        for (JsonNode each : answer.path("evidence")) {
            if (each.isTextual() && !each.asText().isBlank() && evidence.size() < MAX_EVIDENCE) {
                evidence.add("model: " + Untrusted.line(each.asText(), 120));
            }
        }
        return new Choice(intent, confidence, evidence.isEmpty() ? List.of("model") : evidence);
    }
}

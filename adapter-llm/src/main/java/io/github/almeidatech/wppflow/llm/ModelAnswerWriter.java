package io.github.almeidatech.wppflow.llm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.almeidatech.wppflow.assistant.AnswerWriter;
import io.github.almeidatech.wppflow.knowledge.KnowledgeAnswer.Source;
import io.github.almeidatech.wppflow.model.TenantId;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Writes answers with the tenant's chat model. Thread-safe; blocks. */
final class ModelAnswerWriter implements AnswerWriter {

    private static final int MAX_PASSAGES = 8;
    private static final int MAX_PASSAGE = 2_500;
    private static final int MAX_LINES = 20;
    private static final int MAX_LINE = 600;
    private static final int MAX_QUESTION = 6_000;
    private static final int MAX_TOKENS = 1_500;
    private static final int MAX_UNANSWERED = 5;
    private static final int MAX_UNANSWERED_LENGTH = 300;

    private final Function<TenantId, @Nullable TenantModels> tenants;

    ModelAnswerWriter(Function<TenantId, @Nullable TenantModels> tenants) {
        this.tenants = tenants;
    }

    @Override
    public Optional<Written> write(Request request) {
        TenantModels models = tenants.apply(request.payer().tenant());
        if (models == null || request.passages().isEmpty() || !models.can(Ability.ANSWER)) {
            return Optional.empty();
        }
        List<Source> passages = request.passages().stream().limit(MAX_PASSAGES).toList();
        Style style = request.style();
        Prompts prompts = models.prompts(request.language());
        String instructions = prompts.answer(style);
        String rules = instructions.substring(instructions.indexOf('\n') + 1); // its own name it may say
        var chat = new ChatRequest<>(
                Ability.ANSWER,
                prompts,
                instructions,
                List.of(passages(passages), history(models, request.history()), question(models, request)),
                // For a model with a small window: the best passages and the question say the most.
                List.of(passages(passages.subList(0, Math.min(2, passages.size()))), question(models, request)),
                null,
                form(passages, new AnswerCheck(rules, style.maxCharacters(), style.lists())),
                MAX_TOKENS);
        return Optional.of(models.chat(chat, request.payer(), models.limits().timeLimit()));
    }

    /** Numbers instead of our ids: a model cannot name a passage it was not given. */
    private static String number(int index) {
        return Integer.toString(index + 1);
    }

    private static String passages(List<Source> passages) {
        ArrayNode list = Json.array();
        for (int i = 0; i < passages.size(); i++) {
            Source each = passages.get(i);
            list.addObject()
                    .put("id", number(i))
                    .put("title", Untrusted.line(each.title(), 200))
                    .put("text", Untrusted.text(each.text(), MAX_PASSAGE));
        }
        return Json.object().set("passages", list).toString();
    }

    private static String history(TenantModels models, List<Line> lines) {
        ArrayNode list = Json.array();
        for (Line each : lines.subList(Math.max(0, lines.size() - MAX_LINES), lines.size())) {
            list.addObject()
                    .put("from", each.fromCustomer() ? "customer" : "business")
                    .put("text", models.words(each.text(), MAX_LINE));
        }
        return Json.object().set("history", list).toString();
    }

    private static String question(TenantModels models, Request request) {
        return Json.object()
                .put("question", models.words(request.question(), MAX_QUESTION))
                .toString();
    }

    private static AnswerForm<Written> form(List<Source> passages, AnswerCheck check) {
        List<String> numbers = IntStream.range(0, passages.size())
                .mapToObj(ModelAnswerWriter::number)
                .toList();
        ObjectNode properties = Json.object();
        properties.set("answered", Json.type("boolean", "whether the passages answer the question"));
        properties.set("text", Json.type("string", "the answer, or empty"));
        properties.putObject("passages").put("type", "array").set("items", Json.oneOf(numbers));
        properties
                .putObject("unanswered")
                .put("type", "array")
                .put("description", "of several questions those that the passages do not answer, else empty")
                .putObject("items")
                .put("type", "string");
        return new AnswerForm<>("answer", Json.schema(properties), answer -> read(answer, passages, numbers, check));
    }

    private static Written read(JsonNode answer, List<Source> given, List<String> numbers, AnswerCheck check)
            throws MalformedAnswerException {
        Json.onlyKeys(answer, List.of("answered", "text", "passages", "unanswered"));
        if (!answer.path("answered").isBoolean()) {
            throw MalformedAnswerException.invalid("\"answered\" was not true or false");
        }
        String text = Json.text(answer, "text").strip();
        if (!answer.path("answered").booleanValue()) {
            return Written.NO_ANSWER;
        }
        var cited = new LinkedHashSet<Source>();
        for (JsonNode each : answer.path("passages")) {
            int index = numbers.indexOf(each.asText());
            if (index < 0) {
                throw MalformedAnswerException.invalid("\"passages\" had ids that were not given");
            }
            cited.add(given.get(index));
        }
        if (cited.isEmpty()) {
            throw MalformedAnswerException.invalid("\"passages\" named none although \"answered\" was true");
        }
        check.refuse(text, new ArrayList<>(cited));
        return new Written(text, cited.stream().map(Source::passageId).toList(), unanswered(answer));
    }

    /** Only people read them; where a model leaves the key out it has answered all. */
    private static List<String> unanswered(JsonNode answer) throws MalformedAnswerException {
        var questions = new ArrayList<String>();
        for (JsonNode each : answer.path("unanswered")) {
            if (!each.isTextual()) {
                throw MalformedAnswerException.invalid("\"unanswered\" had something other than strings");
            }
            questions.add(Untrusted.line(each.textValue(), MAX_UNANSWERED_LENGTH));
        }
        questions.removeIf(String::isBlank);
        return questions.subList(0, Math.min(MAX_UNANSWERED, questions.size()));
    }
}

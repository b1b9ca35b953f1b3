package io.github.almeidatech.wppflow.llm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.almeidatech.wppflow.knowledge.Embedder;
import io.github.almeidatech.wppflow.model.Payer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import okhttp3.MediaType;
import okhttp3.RequestBody;
import org.jspecify.annotations.Nullable;

/**
 * Turns texts into vectors of length 1 with the tenant's embedding model. Only providers with the very same model stand in
 * for each other: vectors of different models cannot be compared. Thread-safe; blocks.
 */
final class ModelEmbedder implements Embedder {

    private static final int ATTEMPTS = 2;
    private static final int MAX_BATCH = 64;
    private static final int MAX_BATCH_CHARACTERS = 200_000;
    /** Below 8,192 tokens also where a token has two characters. */
    private static final int MAX_TEXT = 16_000;
    /** 64 vectors of 3,072 numbers of 20 characters. */
    private static final int MAX_ANSWER_BYTES = 6 << 20;
    /** A customer waits for one; nobody waits for many. */
    private static final Duration FOR_ONE = Duration.ofSeconds(5);

    private static final MediaType JSON = MediaType.get("application/json");

    private final TenantModels models;
    private final String model;

    ModelEmbedder(TenantModels models) {
        this.models = models;
        this.model = models.able(Ability.EMBED)
                .get(0)
                .settings()
                .model(Ability.EMBED)
                .orElseThrow();
    }

    @Override
    public String model() {
        return model;
    }

    @Override
    public List<float[]> embed(Payer payer, List<String> texts) {
        var vectors = new ArrayList<float[]>(texts.size());
        Duration timeLimit = texts.size() == 1 ? FOR_ONE : models.limits().timeLimit();
        for (int begin = 0; begin < texts.size(); ) {
            var batch = new ArrayList<String>();
            int characters = 0;
            while (begin < texts.size() && batch.size() < MAX_BATCH) {
                String text = models.words(texts.get(begin), MAX_TEXT); // a question may hold numbers of its customer
                characters += text.length();
                if (!batch.isEmpty() && characters > MAX_BATCH_CHARACTERS) {
                    break;
                }
                batch.add(text.isEmpty() ? "-" : text); // an empty text is refused
                begin++;
            }
            vectors.addAll(models.first(
                    Ability.EMBED,
                    timeLimit,
                    each -> each.model(Ability.EMBED).filter(model::equals).isPresent(),
                    (client, deadline) -> ask(models, client, batch, payer, deadline)));
        }
        return vectors;
    }

    static List<float[]> ask(
            TenantModels models, ProviderClient client, List<String> batch, Payer payer, Deadline deadline) {
        for (int attempt = 1; ; attempt++) {
            try {
                return client.call(outgoing(client.settings(), batch), payer, deadline);
            } catch (LlmException e) {
                if (attempt == ATTEMPTS
                        || !ChatCaller.mayPass(e)
                        || !models.waiting().before(e, deadline)) {
                    throw e;
                }
            }
        }
    }

    private static Outgoing<List<float[]>> outgoing(ProviderSettings settings, List<String> batch) {
        String model = settings.model(Ability.EMBED).orElseThrow();
        ObjectNode body = Json.object().put("model", model);
        ArrayNode input = body.putArray("input");
        batch.forEach(input::add);
        long bytes = batch.stream()
                .mapToLong(each -> each.getBytes(StandardCharsets.UTF_8).length)
                .sum();
        return new Outgoing<>(
                Ability.EMBED,
                model,
                settings.url("embeddings", model),
                RequestBody.create(Json.bytes(body), JSON),
                Usage.tokens(bytes / 2 + batch.size(), 0),
                MAX_ANSWER_BYTES,
                ModelEmbedder::usage,
                answer -> read(answer, batch.size()));
    }

    private static @Nullable Usage usage(JsonNode answer) {
        JsonNode tokens = answer.path("usage").path("prompt_tokens");
        return tokens.isIntegralNumber() ? Usage.tokens(tokens.asLong(), 0) : null;
    }

    /** Answers need not be in order: the index counts. */
    private static List<float[]> read(JsonNode answer, int wanted) throws MalformedAnswerException {
        JsonNode data = answer.path("data");
        if (data.size() != wanted) {
            throw MalformedAnswerException.unreadable("number of vectors");
        }
        var vectors = new float[wanted][];
        for (int i = 0; i < wanted; i++) {
            int index = data.path(i).path("index").asInt(i);
            if (index < 0 || index >= wanted || vectors[index] != null) {
                throw MalformedAnswerException.unreadable("index");
            }
            vectors[index] = unit(numbers(data.path(i).path("embedding")));
        }
        var all = List.of(vectors);
        if (all.stream().mapToInt(each -> each.length).distinct().count() > 1) {
            throw MalformedAnswerException.unreadable("dimension");
        }
        return all;
    }

    private static float[] numbers(JsonNode embedding) throws MalformedAnswerException {
        if (embedding.isTextual()) {
            return decoded(embedding);
        }
        var numbers = new float[embedding.size()];
        for (int i = 0; i < numbers.length; i++) {
            if (!embedding.path(i).isNumber()) {
                throw MalformedAnswerException.unreadable("vector");
            }
            numbers[i] = embedding.path(i).floatValue();
        }
        return numbers;
    }

    /** Some servers answer with the bytes of the floats in base64 without being asked to. */
    private static float[] decoded(JsonNode embedding) throws MalformedAnswerException {
        try {
            var floats = ByteBuffer.wrap(embedding.binaryValue())
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asFloatBuffer();
            var numbers = new float[floats.remaining()];
            floats.get(numbers);
            return numbers;
        } catch (IOException e) {
            throw MalformedAnswerException.unreadable("vector");
        }
    }

    private static float[] unit(float[] numbers) throws MalformedAnswerException {
        double squares = 0;
        for (float each : numbers) {
            squares += (double) each * each;
        }
        double length = Math.sqrt(squares);
        if (!(length > 0) || Double.isInfinite(length)) {
            throw MalformedAnswerException.unreadable("vector");
        }
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = (float) (numbers[i] / length);
        }
        return numbers;
    }
}

package io.github.almeidatech.wppflow.testkit;

import java.net.URI;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * A language model that says what the test tells it, behind the real protocols: OpenAI-compatible chat with vision and
 * structured output, transcription and embeddings, and Anthropic messages. It is as strict as the providers about what it
 * is sent: a request a real one would refuse is refused here too. Thread-safe. Owns its threads until {@link #close()}.
 */
public final class ScriptedModel implements AutoCloseable {

    /** The key it accepts; any other is 401. */
    public static final String KEY = "sk-test-0001";

    private static final int MAX_REMEMBERED_CALLS = 5_000;

    private final Faults faults = new Faults();
    private final Deque<ModelCall> calls = new ArrayDeque<>();
    private final Deque<ModelReply> queue = new ArrayDeque<>();
    private final Deque<String> transcripts = new ArrayDeque<>();
    private final List<Rule> rules = new ArrayList<>();
    private final LoopbackServer server;
    private ModelReply otherwise = ModelReply.text("Resposta de teste.");
    private boolean usage = true;
    private boolean old;

    private ScriptedModel() {
        var openAi = new OpenAiProtocol(this);
        var anthropic = new AnthropicProtocol(this);
        server = LoopbackServer.start(
                "127.0.0.1",
                0,
                "scripted-model",
                (request, hidden) ->
                        route(request, openAi, anthropic).header("x-request-id", "req_" + Installation.randomToken()),
                faults);
    }

    /** Starts one on any free port of 127.0.0.1. */
    public static ScriptedModel start() {
        return new ScriptedModel();
    }

    private static Answer route(SeenRequest request, OpenAiProtocol openAi, AnthropicProtocol anthropic) {
        if (!request.method().equals("POST")) {
            return OpenAiProtocol.error(405, "invalid_request_error", null, "Method not allowed");
        }
        if (request.path().endsWith("/chat/completions")) {
            return openAi.chat(request);
        }
        if (request.path().endsWith("/audio/transcriptions")) {
            return openAi.transcribe(request);
        }
        if (request.path().endsWith("/embeddings")) {
            return openAi.embed(request);
        }
        return request.path().equals("/v1/messages")
                ? anthropic.messages(request)
                : OpenAiProtocol.error(404, "invalid_request_error", null, "Unknown request URL");
    }

    /** Base URL for OpenAI-compatible clients, ending in {@code /v1}. */
    public URI openAiUrl() {
        return URI.create(server.baseUrl() + "/v1");
    }

    /** Base URL for Anthropic clients. */
    public URI anthropicUrl() {
        return server.baseUrl();
    }

    /** The next chat calls get these, one each, before any rule is asked. */
    public synchronized ScriptedModel next(ModelReply... replies) {
        queue.addAll(List.of(replies));
        return this;
    }

    /** The next chat calls get these texts, one each. */
    public ScriptedModel next(String... texts) {
        for (var text : texts) {
            next(ModelReply.text(text));
        }
        return this;
    }

    /** The next voice notes are heard as these texts; afterwards as "transcrição de teste". */
    public synchronized ScriptedModel nextTranscripts(String... texts) {
        transcripts.addAll(List.of(texts));
        return this;
    }

    /** Chat calls that match get this; the first rule that matches wins. */
    public ScriptedModel when(Predicate<ModelCall> when, ModelReply reply) {
        return when(when, call -> reply);
    }

    /** Chat calls that match get what the function makes of them. */
    public synchronized ScriptedModel when(Predicate<ModelCall> when, Function<ModelCall, ModelReply> reply) {
        rules.add(new Rule(when, reply));
        return this;
    }

    /** What chat calls get that nothing else was said about; "Resposta de teste." by default. */
    public synchronized ScriptedModel otherwise(ModelReply reply) {
        otherwise = reply;
        return this;
    }

    /** Answers without token counts from now on, as some compatible servers do. */
    public synchronized ScriptedModel withoutUsage() {
        usage = false;
        return this;
    }

    /** Knows only {@code max_tokens} and no JSON schema from now on, as older compatible servers. */
    public synchronized ScriptedModel likeAnOldServer() {
        old = true;
        return this;
    }

    /** Faults; besides the general ones see {@link #overloaded} and {@link #quotaExceeded}. */
    public Faults faults() {
        return faults;
    }

    /** Anthropic's 529. */
    public static Fault overloaded() {
        return Fault.answer(
                529,
                "application/json",
                "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"},\"request_id\":\"req_1\"}");
    }

    /** The 429 that never heals. */
    public static Fault quotaExceeded() {
        return Fault.answer(
                429,
                "application/json",
                "{\"error\":{\"message\":\"You exceeded your current quota\",\"type\":\"insufficient_quota\",\"param\":null,\"code\":\"insufficient_quota\"}}");
    }

    /** The well-formed calls so far, oldest first; the last 5,000. */
    public synchronized List<ModelCall> calls() {
        return List.copyOf(calls);
    }

    /** Every request, refused ones too; the last 5,000. */
    public List<SeenRequest> requests() {
        return server.seen();
    }

    /** The most requests that were ever under way at once. */
    public int mostAtOnce() {
        return server.mostAtOnce();
    }

    /** The estimate used for token counts: a quarter of the characters, rounded up. */
    public static int tokens(String text) {
        return (text.length() + 3) / 4;
    }

    synchronized ModelReply reply(ModelCall call) {
        note(call);
        if (!queue.isEmpty()) {
            return queue.removeFirst();
        }
        for (var rule : rules) {
            if (rule.when.test(call)) {
                return rule.reply.apply(call);
            }
        }
        return otherwise;
    }

    synchronized String transcript(ModelCall call) {
        note(call);
        return transcripts.isEmpty() ? "transcrição de teste" : transcripts.removeFirst();
    }

    synchronized void note(ModelCall call) {
        calls.add(call);
        if (calls.size() > MAX_REMEMBERED_CALLS) {
            calls.removeFirst();
        }
    }

    synchronized boolean tellsUsage() {
        return usage;
    }

    synchronized boolean isOld() {
        return old;
    }

    @Override
    public void close() {
        server.close();
    }

    private record Rule(Predicate<ModelCall> when, Function<ModelCall, ModelReply> reply) {}
}

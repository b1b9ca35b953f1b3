package io.github.almeidatech.wppflow.testkit;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Stream;

/** Takes webhooks and answers as told. */
final class Receiver implements AutoCloseable {

    private final AtomicReference<Function<SeenRequest, Answer>> answer =
            new AtomicReference<>(request -> Answer.empty(200));
    private final LoopbackServer server = LoopbackServer.start(
            "127.0.0.1", 0, "receiver", (request, hidden) -> answer.get().apply(request), new Faults());

    URI url(String path) {
        return URI.create(server.baseUrl() + path);
    }

    void answering(int status) {
        answer.set(request -> Answer.empty(status));
    }

    void answering(Function<SeenRequest, Answer> function) {
        answer.set(function);
    }

    List<SeenRequest> all() {
        return server.seen();
    }

    /** Deliveries of one event, in order of arrival. */
    List<SeenRequest> of(String event) {
        return all().stream()
                .filter(request -> request.json().path("event").asText().equals(event))
                .toList();
    }

    Stream<String> events() {
        return all().stream().map(request -> request.json().path("event").asText());
    }

    static Duration limit() {
        return Duration.ofSeconds(10);
    }

    @Override
    public void close() {
        server.close();
    }
}

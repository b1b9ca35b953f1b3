package io.github.almeidatech.wppflow.chatwoot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.almeidatech.wppflow.model.Attachment;
import io.github.almeidatech.wppflow.model.ContentType;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.multimodal.MediaText.Reason;
import io.github.almeidatech.wppflow.multimodal.MediaUnavailableException;
import io.github.almeidatech.wppflow.testkit.SettableClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import okhttp3.Dns;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/** A Chatwoot and its storage that answer as they are told, and who fetches from them on a clock of its own. */
final class FileServers implements AutoCloseable {

    static final TenantId TENANT = new TenantId("pet-hotel");
    static final Duration LIMIT = Duration.ofSeconds(30);
    static final OkHttpClient HTTP = new OkHttpClient();

    final SettableClock clock = SettableClock.at("2026-09-01T12:00:00Z");
    final List<Duration> pauses = new ArrayList<>();
    final MockWebServer chatwoot = MisbehavingChatwoot.started();
    final MockWebServer storage = MisbehavingChatwoot.started();

    @Override
    public void close() {
        chatwoot.close();
        storage.close();
    }

    static String at(MockWebServer server, String path) {
        return "http://127.0.0.1:" + server.getPort() + path;
    }

    FetchPolicy both() {
        return new FetchPolicy(List.of(at(chatwoot, "/"), at(storage, "/")), true);
    }

    ChatwootMediaSource source(FetchPolicy policy, Dns names) {
        return new ChatwootMediaSource(
                HTTP,
                tenant -> tenant.equals(TENANT) ? Optional.of(policy) : Optional.empty(),
                clock,
                pause -> {
                    pauses.add(pause);
                    clock.advance(pause);
                },
                names);
    }

    static Attachment file(@Nullable String url) {
        return new Attachment(71L, ContentType.IMAGE, url, null, null, null, null, null, null, null);
    }

    byte[] fetch(String url) throws MediaUnavailableException {
        return source(both(), Dns.SYSTEM).fetch(TENANT, file(url), 1_000, LIMIT);
    }

    static Reason refused(ThrowingFetch fetch) {
        var failure = catchThrowableOfType(MediaUnavailableException.class, fetch::fetch);
        assertThat(failure).as("a refusal").isNotNull();
        return failure.reason();
    }

    interface ThrowingFetch {
        void fetch() throws Exception;
    }

    static MockResponse redirect(int status, String location) {
        return new MockResponse.Builder()
                .code(status)
                .addHeader("Location", location)
                .build();
    }

    static MockResponse status(int status) {
        return new MockResponse.Builder().code(status).build();
    }
}

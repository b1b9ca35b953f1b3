package io.github.almeidatech.wppflow.chatwoot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.almeidatech.wppflow.model.Attachment;
import io.github.almeidatech.wppflow.model.ContentType;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.multimodal.MediaText.Reason;
import io.github.almeidatech.wppflow.multimodal.MediaUnavailableException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A storage that has a file of a gigabyte and does not say so. The time for it is {@code -Dhostile.seconds} (1), and with
 * it what happened is printed: {@code docs/reliability.md} has the figures.
 */
class HostileDownloadTest {

    private static final TenantId TENANT = new TenantId("pet-hotel");
    private static final Duration LIMIT = Duration.ofSeconds(Integer.getInteger("hostile.seconds", 1));
    private static final int MAX_BYTES = 16 << 20;
    private static final long GIGABYTE = 1L << 30;

    private final AtomicLong sent = new AtomicLong();
    private ServerSocket storage;
    private volatile long pauseNanos;

    @BeforeEach
    void start() throws IOException {
        storage = new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"));
        var thread = new Thread(this::serve, "hostile-storage");
        thread.setDaemon(true);
        thread.start();
    }

    @AfterEach
    void stop() throws IOException {
        storage.close();
    }

    /** Without a length: the file ends with the connection. 1,000 bytes at a time. */
    private void serve() {
        byte[] piece = new byte[1_000];
        try (Socket client = storage.accept();
                OutputStream out = client.getOutputStream()) {
            out.write("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            while (sent.get() < GIGABYTE) {
                out.write(piece);
                sent.addAndGet(piece.length);
                if (pauseNanos > 0) {
                    LockSupport.parkNanos(pauseNanos);
                }
            }
        } catch (IOException e) {
            // The other side has had enough.
        }
    }

    private Reason fetched(String name) {
        var http = new OkHttpClient();
        var policy = new FetchPolicy(List.of("http://127.0.0.1:" + storage.getLocalPort()), true);
        var source = new ChatwootMediaSource(http, tenant -> Optional.of(policy));
        var file = new Attachment(
                1L,
                ContentType.DOCUMENT,
                "http://127.0.0.1:" + storage.getLocalPort() + "/x",
                null,
                null,
                null,
                null,
                null,
                null,
                null);
        long start = System.nanoTime();
        var failure = catchThrowableOfType(
                MediaUnavailableException.class, () -> source.fetch(TENANT, file, MAX_BYTES, LIMIT));
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        if (Integer.getInteger("hostile.seconds") != null) {
            System.out.printf(
                    "| %s | %s after %.1f s, %.1f MB had been sent | heap %d MB at most |%n",
                    name,
                    failure.reason(),
                    took.toMillis() / 1000.0,
                    sent.get() / 1e6,
                    Runtime.getRuntime().maxMemory() >> 20);
        }
        assertThat(took).isLessThan(LIMIT.plusSeconds(5));
        return failure.reason();
    }

    @Test
    void a_gigabyte_that_drips_costs_the_time_for_one_file_and_no_more() {
        pauseNanos = TimeUnit.MILLISECONDS.toNanos(5);

        assertThat(fetched("1 GB, 1,000 bytes every 5 ms")).isEqualTo(Reason.TIMED_OUT);
    }

    @Test
    void a_gigabyte_that_does_not_announce_itself_is_not_read_beyond_the_limit() {
        assertThat(fetched("1 GB, as fast as it goes")).isIn(Reason.TOO_LARGE, Reason.TIMED_OUT);
        assertThat(sent.get()).isLessThan(4L * MAX_BYTES);
    }
}

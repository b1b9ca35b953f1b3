package io.github.almeidatech.wppflow.multimodal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.ErrorCode;
import io.github.almeidatech.wppflow.model.FlowException;
import io.github.almeidatech.wppflow.model.Payer;
import io.github.almeidatech.wppflow.model.TenantId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same file is paid for once. */
class MediaMemoryTest {

    private static final TenantId HOTEL = new TenantId("pet-hotel");
    private static final TenantId CLINIC = new TenantId("clinic");
    private static final ConversationId CONVERSATION = new ConversationId(HOTEL, 1, 7);
    private static final Instant NOW = Instant.parse("2026-09-01T12:00:00Z");
    private static final byte[] VOICE = SampleFiles.latin1("OggS......");

    private static final byte[] AMR = SampleFiles.latin1("#!AMR\nfala");

    @TempDir
    private Path folder;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicInteger asked = new AtomicInteger();
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch mayEnd = new CountDownLatch(1);

    @Test
    void a_file_that_is_being_read_is_waited_for_by_whoever_wants_it_too() throws Exception {
        MediaReader reader = reader((payer, audio, limit) -> {
            begun.countDown();
            await(mayEnd);
            return "fala " + asked.incrementAndGet();
        });
        var first = threads.submit(() -> read(reader, HOTEL));
        await(begun);
        var second = threads.submit(() -> read(reader, HOTEL));
        var others = threads.submit(() -> read(reader, CLINIC));

        mayEnd.countDown();

        assertThat(second.get(10, TimeUnit.SECONDS)).isEqualTo(first.get(10, TimeUnit.SECONDS));
        assertThat(others.get(10, TimeUnit.SECONDS)).isNotEqualTo(first.get());
        assertThat(asked).hasValue(2);
    }

    @Test
    void many_who_send_the_same_file_at_once_pay_once() throws Exception {
        MediaReader reader = reader((payer, audio, limit) -> "fala " + asked.incrementAndGet());

        var all = threads.invokeAll(Collections.nCopies(40, (Callable<MediaText>) () -> read(reader, HOTEL)));

        for (var each : all) {
            assertThat(each.get()).isEqualTo(new MediaText.Read("fala 1"));
        }
        assertThat(asked).hasValue(1);
    }

    @Test
    void a_model_that_is_down_is_not_asked_by_each_of_those_who_wait() throws Exception {
        MediaReader reader = reader((payer, audio, limit) -> {
            asked.incrementAndGet();
            begun.countDown();
            await(mayEnd);
            throw new MediaUnavailableException(MediaText.Reason.UNREACHABLE, null);
        });
        var first = threads.submit(() -> read(reader, HOTEL));
        await(begun);
        var waiting = new Waiting(() -> read(reader, HOTEL));
        waiting.awaitBlocked();

        mayEnd.countDown();

        assertThat(first.get()).isEqualTo(new MediaText.Unreadable(MediaText.Reason.UNREACHABLE));
        assertThat(waiting.result()).isEqualTo(first.get());
        assertThat(asked).hasValue(1);
    }

    @Test
    void whose_turn_has_no_money_left_does_not_spoil_the_file_for_another() throws Exception {
        MediaReader reader = reader((payer, audio, limit) -> {
            if ("poor".equals(payer.turn())) {
                begun.countDown();
                await(mayEnd);
                throw new MediaUnavailableException(MediaText.Reason.OVER_BUDGET, null);
            }
            return "fala";
        });
        var poor = threads.submit(() -> reader.read(Payer.of(CONVERSATION, "poor"), VOICE, NOW.plusSeconds(60)));
        await(begun);
        var rich = new Waiting(() -> reader.read(Payer.of(CONVERSATION, "rich"), VOICE, NOW.plusSeconds(60)));
        rich.awaitBlocked();

        mayEnd.countDown();

        assertThat(poor.get()).isEqualTo(new MediaText.Unreadable(MediaText.Reason.OVER_BUDGET));
        assertThat(rich.result()).isEqualTo(new MediaText.Read("fala"));
    }

    @Test
    void nobody_waits_longer_than_there_is_time() throws Exception {
        MediaReader reader = reader((payer, audio, limit) -> {
            begun.countDown();
            await(mayEnd);
            return "fala";
        });
        var first = threads.submit(() -> read(reader, HOTEL));
        await(begun);

        assertThat(reader.read(Payer.of(HOTEL), VOICE, NOW.plusMillis(50)))
                .isEqualTo(new MediaText.Unreadable(MediaText.Reason.TIMED_OUT));

        mayEnd.countDown();
        assertThat(first.get()).isEqualTo(new MediaText.Read("fala"));
    }

    @Test
    void of_two_processes_that_want_a_file_at_once_one_pays_and_the_other_has_its_text() throws Exception {
        Transcriber transcriber = (payer, audio, limit) -> {
            begun.countDown();
            await(mayEnd);
            return "fala " + asked.incrementAndGet();
        };
        var store = new InMemoryMediaTextStore(10);
        MediaReader one = process(store, transcriber);
        MediaReader two = process(store, transcriber);
        var first = threads.submit(() -> read(one, HOTEL));
        await(begun);
        var second = new Waiting(() -> read(two, HOTEL));
        second.awaitBlocked();

        mayEnd.countDown();

        assertThat(first.get(10, TimeUnit.SECONDS)).isEqualTo(new MediaText.Read("fala 1"));
        assertThat(second.result()).isEqualTo(new MediaText.Read("fala 1"));
        assertThat(asked).hasValue(1);
    }

    @Test
    void a_file_that_one_process_could_not_read_is_read_by_the_other() throws Exception {
        var store = new InMemoryMediaTextStore(10);
        MediaReader poor = process(store, (payer, audio, limit) -> {
            begun.countDown();
            await(mayEnd);
            throw new MediaUnavailableException(MediaText.Reason.OVER_BUDGET, null);
        });
        MediaReader rich = process(store, (payer, audio, limit) -> "fala");
        var first = threads.submit(() -> read(poor, HOTEL));
        await(begun);
        var second = new Waiting(() -> read(rich, HOTEL));
        second.awaitBlocked();

        mayEnd.countDown();

        assertThat(first.get()).isEqualTo(new MediaText.Unreadable(MediaText.Reason.OVER_BUDGET));
        assertThat(second.result()).isEqualTo(new MediaText.Read("fala"));
    }

    @Test
    void a_process_that_died_while_reading_is_waited_for_as_long_as_a_file_may_take_and_not_longer() throws Exception {
        var store = new InMemoryMediaTextStore(10);
        store.claim(HOTEL, MediaMemory.hash(MediaFile.of(VOICE)), "dead", NOW, NOW.plus(MediaLimits.DEFAULT.perFile()));
        var now = new AtomicReference<>(NOW);
        MediaReader reader = process(store, now::get, (payer, audio, limit) -> "fala " + asked.incrementAndGet());
        var waiting = new Waiting(() -> read(reader, HOTEL));
        waiting.awaitBlocked();
        assertThat(asked).hasValue(0);

        now.set(NOW.plus(MediaLimits.DEFAULT.perFile()));

        assertThat(waiting.result()).isEqualTo(new MediaText.Read("fala 1"));
    }

    @Test
    void nobody_waits_for_another_process_longer_than_there_is_time() throws Exception {
        var store = new InMemoryMediaTextStore(10);
        store.claim(HOTEL, MediaMemory.hash(MediaFile.of(VOICE)), "slow", NOW, NOW.plusSeconds(600));
        var now = new AtomicReference<>(NOW);
        MediaReader reader = process(store, now::get, (payer, audio, limit) -> "fala " + asked.incrementAndGet());
        var waiting = new Waiting(() -> read(reader, HOTEL));
        waiting.awaitBlocked();

        now.set(NOW.plusSeconds(60));

        assertThat(waiting.result()).isEqualTo(new MediaText.Unreadable(MediaText.Reason.TIMED_OUT));
        assertThat(asked).hasValue(0);
    }

    @Test
    void a_claim_is_held_while_a_long_document_is_looked_at_page_by_page() {
        var store = new InMemoryMediaTextStore(10);
        var now = new AtomicReference<>(NOW);
        var stolen = new ArrayList<Boolean>();
        byte[] scan = SampleFiles.pdf("", "", "");
        String hash = MediaMemory.hash(MediaFile.of(scan));
        MediaReader reader = MediaReader.builder()
                .source((tenant, attachment, maxBytes, limit) -> scan)
                .describer((payer, picture, limit) -> {
                    now.set(now.get().plusSeconds(19));
                    stolen.add(store.claim(
                            HOTEL, hash, "other", now.get(), now.get().plusSeconds(30)));
                    return "página " + asked.incrementAndGet();
                })
                .texts(store)
                .clock(now::get)
                .build();

        assertThat(reader.read(Payer.of(HOTEL), scan, NOW.plusSeconds(600))).isInstanceOf(MediaText.Read.class);
        assertThat(stolen).containsExactly(false, false, false);
    }

    @Test
    void a_claim_is_held_when_turning_sound_into_another_kind_and_hearing_it_take_longer_than_one_of_them_may()
            throws Exception {
        var store = new InMemoryMediaTextStore(10);
        Path turned = folder.resolve("turned");
        var heardFor = new AtomicReference<>(Duration.ZERO);
        InstantSource clock = () -> Files.exists(turned) ? NOW.plusSeconds(20).plus(heardFor.get()) : NOW;
        var stolen = new ArrayList<Boolean>();
        MediaReader reader = turning(store, clock, turned, (payer, audio, limit) -> {
            heardFor.set(Duration.ofSeconds(29));
            stolen.add(store.claim(HOTEL, MediaMemory.hash(MediaFile.of(AMR)), "other", clock.instant(), NOW));
            return "fala";
        });

        assertThat(reader.read(Payer.of(HOTEL), AMR, NOW.plusSeconds(600))).isEqualTo(new MediaText.Read("fala"));
        assertThat(stolen).containsExactly(false);
    }

    @Test
    void whose_claim_was_taken_over_meanwhile_has_the_others_text_instead_of_paying_too() throws Exception {
        var store = new InMemoryMediaTextStore(10);
        String hash = MediaMemory.hash(MediaFile.of(AMR));
        Path turned = folder.resolve("turned");
        Instant late = NOW.plusSeconds(31);
        InstantSource clock = () -> {
            if (!Files.exists(turned)) {
                return NOW;
            }
            if (store.claim(HOTEL, hash, "other", late, late.plusSeconds(30))) {
                store.save(HOTEL, hash, new MediaText.Read("fala do outro"), late);
            }
            return late;
        };
        MediaReader reader = turning(store, clock, turned, (payer, audio, limit) -> "fala " + asked.incrementAndGet());

        assertThat(reader.read(Payer.of(HOTEL), AMR, NOW.plusSeconds(600)))
                .isEqualTo(new MediaText.Read("fala do outro"));
        assertThat(asked).hasValue(0);
        assertThat(store.claim(HOTEL, hash, "third", late, late)).isFalse();
    }

    /** @param turned is there once the sound was turned into another kind */
    private MediaReader turning(MediaTextStore store, InstantSource clock, Path turned, Transcriber transcriber)
            throws Exception {
        Path ffmpeg = Files.setPosixFilePermissions(
                Files.writeString(
                        folder.resolve("ffmpeg"),
                        "#!/bin/sh\nfor last; do :; done\nprintf 'RIFF....WAVE' >\"$last\"\n: >" + turned + "\n"),
                PosixFilePermissions.fromString("rwx------"));
        return MediaReader.builder()
                .source((tenant, attachment, maxBytes, limit) -> AMR)
                .transcriber(transcriber)
                .ffmpeg(ffmpeg.toString())
                .texts(store)
                .clock(clock)
                .build();
    }

    @Test
    void silence_was_paid_for_too() {
        MediaReader reader = reader((payer, audio, limit) -> {
            asked.incrementAndGet();
            return " ";
        });

        assertThat(read(reader, HOTEL)).isEqualTo(new MediaText.Unreadable(MediaText.Reason.NO_TEXT));
        assertThat(read(reader, HOTEL)).isEqualTo(new MediaText.Unreadable(MediaText.Reason.NO_TEXT));
        assertThat(asked).hasValue(1);
    }

    @Test
    void what_is_forgotten_is_read_anew_and_other_tenants_keep_theirs() {
        MediaReader reader = reader((payer, audio, limit) -> "fala " + asked.incrementAndGet());
        read(reader, HOTEL);
        read(reader, CLINIC);

        assertThat(reader.forget(HOTEL)).isEqualTo(1);

        assertThat(read(reader, HOTEL)).isEqualTo(new MediaText.Read("fala 3"));
        assertThat(read(reader, CLINIC)).isEqualTo(new MediaText.Read("fala 2"));
    }

    @Test
    void a_store_that_is_down_costs_money_and_no_answer() {
        var reader = MediaReader.builder()
                .source((tenant, attachment, maxBytes, limit) -> VOICE)
                .transcriber((payer, audio, limit) -> "fala")
                .texts(new BrokenStore())
                .clock(() -> NOW)
                .build();

        assertThat(read(reader, HOTEL)).isEqualTo(new MediaText.Read("fala"));
    }

    private MediaReader reader(Transcriber transcriber) {
        return process(new InMemoryMediaTextStore(500), transcriber);
    }

    /** One of several readers with the same store, which know nothing else of each other. */
    private static MediaReader process(MediaTextStore store, Transcriber transcriber) {
        return process(store, () -> NOW, transcriber);
    }

    private static MediaReader process(MediaTextStore store, InstantSource clock, Transcriber transcriber) {
        return MediaReader.builder()
                .source((tenant, attachment, maxBytes, limit) -> VOICE)
                .transcriber(transcriber)
                .texts(store)
                .clock(clock)
                .build();
    }

    private static MediaText read(MediaReader reader, TenantId tenant) {
        return reader.read(Payer.of(tenant), VOICE, NOW.plusSeconds(60));
    }

    private static void await(CountDownLatch latch) throws MediaUnavailableException {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new MediaUnavailableException(MediaText.Reason.TIMED_OUT, e);
        }
    }

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    /** A thread that is seen to wait for another. */
    private static final class Waiting {

        private final FutureTask<MediaText> task;
        private final Thread thread;

        Waiting(Callable<MediaText> work) {
            task = new FutureTask<>(work);
            thread = new Thread(task);
            thread.start();
        }

        void awaitBlocked() {
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
            while (thread.getState() != Thread.State.TIMED_WAITING && System.nanoTime() < end) {
                Thread.onSpinWait();
            }
            assertThat(thread.getState()).isEqualTo(Thread.State.TIMED_WAITING);
        }

        MediaText result() throws Exception {
            return task.get(10, TimeUnit.SECONDS);
        }
    }

    private static final class BrokenStore implements MediaTextStore {

        private enum Down implements ErrorCode {
            DOWN;

            @Override
            public String code() {
                return "ERR_INTERNAL";
            }

            @Override
            public boolean retryable() {
                return true;
            }
        }

        @Override
        public Optional<MediaText> find(TenantId tenant, String hash) {
            throw new FlowException(Down.DOWN, "find", null);
        }

        @Override
        public void save(TenantId tenant, String hash, MediaText text, Instant now) {
            throw new FlowException(Down.DOWN, "save", null);
        }

        @Override
        public boolean claim(TenantId tenant, String hash, String reader, Instant now, Instant until) {
            throw new FlowException(Down.DOWN, "claim", null);
        }

        @Override
        public void release(TenantId tenant, String hash, String reader) {
            throw new FlowException(Down.DOWN, "release", null);
        }

        @Override
        public long forget(TenantId tenant) {
            throw new FlowException(Down.DOWN, "forget", null);
        }
    }
}

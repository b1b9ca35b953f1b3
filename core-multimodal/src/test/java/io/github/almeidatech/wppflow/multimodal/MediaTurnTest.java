package io.github.almeidatech.wppflow.multimodal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.model.Attachment;
import io.github.almeidatech.wppflow.model.ContentType;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.Payer;
import io.github.almeidatech.wppflow.model.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What is answered together is read together; and what files say of themselves. */
class MediaTurnTest {

    private static final TenantId TENANT = new TenantId("pet-hotel");
    private static final Instant NOW = Instant.parse("2026-09-01T12:00:00Z");

    @Test
    void the_files_of_a_turn_are_read_beside_each_other_and_told_in_their_order() {
        var together = new CountDownLatch(3);
        MediaSource slow = (tenant, attachment, maxBytes, limit) -> {
            together.countDown();
            try {
                assertThat(together.await(10, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                throw new MediaUnavailableException(MediaText.Reason.TIMED_OUT, e);
            }
            if ("2".equals(attachment.url())) {
                throw new MediaUnavailableException(MediaText.Reason.NOT_FOUND, null);
            }
            return SampleFiles.utf8("text " + attachment.url());
        };
        var threads = Executors.newCachedThreadPool();
        try {
            MediaReader reader = MediaReader.builder()
                    .source(slow)
                    .clock(() -> NOW)
                    .executor(threads)
                    .build();

            assertThat(reader.read(
                            Payer.of(TENANT),
                            List.of(document("1"), document("2"), document("3")),
                            NOW.plusSeconds(60)))
                    .containsExactly(
                            new MediaText.Read("text 1"),
                            new MediaText.Unreadable(MediaText.Reason.NOT_FOUND),
                            new MediaText.Read("text 3"));
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void one_file_that_hangs_costs_the_turns_time_and_no_other_file() throws Exception {
        var interrupted = new CountDownLatch(1);
        MediaSource hanging = (tenant, attachment, maxBytes, limit) -> {
            if ("hangs".equals(attachment.url())) {
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException e) {
                    interrupted.countDown();
                }
            }
            return SampleFiles.utf8("da tempo");
        };
        var threads = Executors.newCachedThreadPool();
        try {
            MediaReader reader = MediaReader.builder()
                    .source(hanging)
                    .clock(() -> NOW)
                    .executor(threads)
                    .build();

            assertThat(reader.read(Payer.of(TENANT), List.of(document("hangs"), document("quick")), NOW.plusMillis(50)))
                    .containsExactly(
                            new MediaText.Unreadable(MediaText.Reason.TIMED_OUT), new MediaText.Read("da tempo"));
            assertThat(interrupted.await(10, TimeUnit.SECONDS)).isTrue();
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void a_turn_has_an_allowance_of_files_but_places_and_cards_cost_nothing() {
        var limits = new MediaLimits(1_000_000, Duration.ofSeconds(30), Duration.ofSeconds(60), 1, 30, 100, 1);
        var fetches = new AtomicInteger();
        MediaReader reader = MediaReader.builder()
                .source((tenant, attachment, maxBytes, limit) -> {
                    fetches.incrementAndGet();
                    return SampleFiles.utf8("a");
                })
                .clock(() -> NOW)
                .limits(limits)
                .build();
        var place = new Attachment(3L, ContentType.LOCATION, null, null, null, null, null, null, null, "Clínica");

        assertThat(reader.read(Payer.of(TENANT), List.of(document("a"), document("a"), place), NOW.plusSeconds(60)))
                .containsExactly(
                        new MediaText.Read("a"),
                        new MediaText.Unreadable(MediaText.Reason.TOO_MANY_FILES),
                        new MediaText.Read("Localização: Clínica"));
        assertThat(fetches).hasValue(1);
    }

    @Test
    void files_that_were_too_dear_together_are_read_one_after_the_other_as_long_as_there_is_money() {
        var money = new AtomicInteger(2);
        var asked = new AtomicInteger();
        MediaReader reader = MediaReader.builder()
                .source((tenant, attachment, maxBytes, limit) -> SampleFiles.latin1("OggS" + attachment.url()))
                .transcriber((payer, audio, limit) -> {
                    boolean together = asked.incrementAndGet() <= 4;
                    if (together && asked.get() > 1 || money.getAndDecrement() <= 0) {
                        throw new MediaUnavailableException(MediaText.Reason.OVER_BUDGET, null);
                    }
                    return "fala de " + payer.turn();
                })
                .clock(() -> NOW)
                .build();
        List<Attachment> voices = List.of(voice("1"), voice("2"), voice("3"), voice("4"));

        assertThat(reader.read(Payer.of(new ConversationId(TENANT, 1, 7), "t"), voices, NOW.plusSeconds(60)))
                .containsExactly(
                        new MediaText.Read("fala de t"),
                        new MediaText.Read("fala de t"),
                        new MediaText.Unreadable(MediaText.Reason.OVER_BUDGET),
                        new MediaText.Unreadable(MediaText.Reason.OVER_BUDGET));
        assertThat(asked).as("who has none left is not asked again and again").hasValue(6);
    }

    @Test
    void what_a_file_says_of_its_size_is_told() {
        MediaReader reader = MediaReader.builder()
                .source((tenant, attachment, maxBytes, limit) -> new byte[0])
                .clock(() -> NOW)
                .transcriber((tenant, audio, limit) -> "fala")
                .describer((tenant, picture, limit) -> "foto")
                .build();

        assertThat(facts(reader, SampleFiles.pdf("um", "dois", "três"))).isEqualTo(MediaFacts.pages(3));
        assertThat(facts(reader, SampleFiles.picture("png", 30, 20))).isEqualTo(new MediaFacts(null, null, 30L, 20L));
        assertThat(facts(reader, SampleFiles.opus(12)).duration()).isEqualTo(Duration.ofSeconds(12));
        assertThat(facts(reader, SampleFiles.utf8("texto"))).isEqualTo(MediaFacts.NONE);
    }

    @Test
    void the_length_of_a_recording_is_believed_only_as_far_as_it_is_possible() {
        assertThat(MediaFile.of(SampleFiles.opus(12)).duration()).contains(Duration.ofSeconds(12));
        assertThat(MediaFile.of(SampleFiles.wav(2)).duration()).contains(Duration.ofSeconds(2));
        assertThat(MediaFile.of(SampleFiles.mp4("isom", false, 90)).duration()).contains(Duration.ofSeconds(90));
        assertThat(MediaFile.of(SampleFiles.mp4("isom", true, 90)).duration()).contains(Duration.ofSeconds(90));
        assertThat(MediaFile.of(SampleFiles.mp4("isom", true, 90_000)).duration())
                .isEmpty();
        assertThat(MediaFile.of(SampleFiles.mp4("M4A ", false, 3_600)).duration())
                .isEmpty();
        assertThat(MediaFile.of(SampleFiles.latin1("....ftypisom....mvhd")).duration())
                .isEmpty();
        assertThat(MediaFile.of(SampleFiles.latin1("OggS    OpusHead")).duration())
                .isEmpty();
        assertThat(MediaFile.of(SampleFiles.latin1("RIFF....WAVE")).duration()).isEmpty();
        assertThat(MediaFile.of(SampleFiles.latin1("ID3")).duration()).isEmpty();
    }

    private static MediaFacts facts(MediaReader reader, byte[] bytes) {
        return reader.read(Payer.of(TENANT), bytes, NOW.plusSeconds(60)).match(MediaText.Read::facts, unreadable -> {
            throw new AssertionError(unreadable.reason());
        });
    }

    private static Attachment voice(String url) {
        return Attachment.file(ContentType.AUDIO, url, null, null);
    }

    private static Attachment document(String url) {
        return Attachment.file(ContentType.DOCUMENT, url, null, null);
    }
}

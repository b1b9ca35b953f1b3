package io.github.almeidatech.wppflow.multimodal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.almeidatech.wppflow.model.Attachment;
import io.github.almeidatech.wppflow.model.ContentType;
import io.github.almeidatech.wppflow.model.Payer;
import io.github.almeidatech.wppflow.model.TenantId;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real files through the real ffmpeg; skipped where it is not installed. */
class FfmpegTest {

    private static final String TONE = "sine=frequency=440:duration=3";

    @TempDir
    private static Path folder;

    private final AtomicReference<@Nullable MediaFile> heard = new AtomicReference<>();
    private final AtomicReference<@Nullable MediaFile> seen = new AtomicReference<>();
    private MediaReader reader = reader(MediaLimits.DEFAULT);

    @BeforeAll
    static void isThere() {
        assumeTrue(
                MediaReader.builder().source(FfmpegTest::fetch).build().takesVideosApart(),
                "ffmpeg is not installed: real videos are not tried");
    }

    private static byte[] fetch(TenantId tenant, Attachment file, long maxBytes, Duration limit) {
        try {
            return Files.readAllBytes(folder.resolve(Objects.requireNonNull(file.url())));
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private MediaReader reader(MediaLimits limits) {
        return MediaReader.builder()
                .source(FfmpegTest::fetch)
                .limits(limits)
                .transcriber((payer, sound, limit) -> {
                    heard.set(sound);
                    return "um bipe";
                })
                .describer((payer, picture, limit) -> {
                    seen.set(picture);
                    return "uma tela de teste";
                })
                .build();
    }

    private MediaText read(ContentType kind, String name) {
        return reader.read(
                Payer.of(new TenantId("pet-hotel")),
                Attachment.file(kind, name, null, null),
                Instant.now().plusSeconds(30));
    }

    @ParameterizedTest
    @CsvSource({
        "clip.mp4, -c:v mpeg4 -c:a aac",
        "clip.webm, -c:v libvpx -c:a libvorbis",
        "clip.3gp, -c:v mpeg4 -c:a aac"
    })
    void of_a_video_the_sound_is_heard_and_a_picture_looked_at(String name, String codecs) throws Exception {
        make(name, "-f lavfi -i testsrc=size=352x288:duration=3:rate=10 -f lavfi -i " + TONE + " " + codecs);

        MediaText text = read(ContentType.VIDEO, name);

        assertThat(text)
                .isInstanceOfSatisfying(
                        MediaText.Read.class, read -> assertThat(read.text()).isEqualTo("um bipe\numa tela de teste"));
        assertSoundOf(3);
        assertThat(seen.get().type()).isEqualTo(FileType.JPEG);
        assertThat(ImageIO.read(new ByteArrayInputStream(seen.get().bytes())).getWidth())
                .isEqualTo(352);
    }

    @Test
    void a_video_without_sound_is_looked_at_and_one_without_pictures_heard() throws Exception {
        make("mute.mp4", "-f lavfi -i testsrc=size=64x64:duration=1:rate=10 -c:v mpeg4");
        make("sound.mp4", "-f lavfi -i " + TONE + " -c:a aac");

        assertThat(text(read(ContentType.VIDEO, "mute.mp4"))).isEqualTo("uma tela de teste");
        assertThat(heard).hasValue(null);
        assertThat(text(read(ContentType.VIDEO, "sound.mp4"))).isEqualTo("um bipe");
    }

    @Test
    void a_black_beginning_is_not_what_is_looked_at() throws Exception {
        make(
                "dark.mp4",
                "-f lavfi -i color=black:size=64x64:duration=0.3:rate=20 -f lavfi -i color=white:size=64x64:duration=3:rate=20"
                        + " -filter_complex [0][1]concat=n=2:v=1:a=0 -c:v mpeg4");

        read(ContentType.VIDEO, "dark.mp4");

        int colour = ImageIO.read(new ByteArrayInputStream(seen.get().bytes())).getRGB(32, 32) & 0xFF;
        assertThat(colour).isGreaterThan(200);
    }

    @Test
    void of_a_large_and_long_video_a_small_picture_and_the_first_minutes_are_taken() throws Exception {
        make(
                "long.mp4",
                "-f lavfi -i testsrc=size=1920x1080:duration=3:rate=5 -f lavfi -i " + TONE + " -c:v mpeg4 -c:a aac");
        reader = reader(new MediaLimits(
                16 << 20,
                Duration.ofSeconds(30),
                Duration.ofSeconds(60),
                1,
                1_000,
                250_000_000,
                1,
                1,
                Duration.ofSeconds(1)));

        read(ContentType.VIDEO, "long.mp4");

        assertSoundOf(1);
        assertThat(ImageIO.read(new ByteArrayInputStream(seen.get().bytes())).getWidth())
                .isEqualTo(1_280);
    }

    @Test
    void a_tall_video_is_scaled_down_before_its_pictures_are_kept_and_keeps_its_shape() throws Exception {
        make("tall.mp4", "-f lavfi -i testsrc=size=160x4000:duration=1:rate=10 -c:v mpeg4");

        read(ContentType.VIDEO, "tall.mp4");

        BufferedImage picture = ImageIO.read(new ByteArrayInputStream(seen.get().bytes()));
        assertThat(picture.getHeight()).isEqualTo(1_280);
        assertThat(picture.getWidth()).isBetween(50, 52);
    }

    @Test
    void what_only_looks_like_a_video_is_damaged() throws Exception {
        make("whole.mp4", "-f lavfi -i testsrc=size=64x64:duration=1:rate=10 -c:v mpeg4");
        byte[] whole = Files.readAllBytes(folder.resolve("whole.mp4"));
        Files.write(folder.resolve("half.mp4"), java.util.Arrays.copyOf(whole, 200));

        assertThat(read(ContentType.VIDEO, "half.mp4")).isEqualTo(new MediaText.Unreadable(MediaText.Reason.DAMAGED));
    }

    /** A list of files of the server, in the form of a video. */
    @Test
    void a_playlist_in_a_video_does_not_open_other_files() throws Exception {
        Files.writeString(folder.resolve("secret.txt"), "segredo");
        Files.writeString(
                folder.resolve("list.mp4"),
                "....ftypisom\n#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:0\n#EXTINF:1,\nfile://" + folder.resolve("secret.txt")
                        + "\n");

        assertThat(read(ContentType.VIDEO, "list.mp4")).isEqualTo(new MediaText.Unreadable(MediaText.Reason.DAMAGED));
    }

    @Test
    void sound_that_transcribers_do_not_take_becomes_wav() throws Exception {
        make("voice.aac", "-f lavfi -i " + TONE + " -c:a aac -f adts");
        Files.write(folder.resolve("voice.amr"), amr(150));

        assertThat(text(read(ContentType.AUDIO, "voice.aac"))).isEqualTo("um bipe");
        assertSoundOf(3);
        assertThat(text(read(ContentType.AUDIO, "voice.amr"))).isEqualTo("um bipe");
        assertSoundOf(3);
    }

    private void assertSoundOf(int seconds) {
        assertThat(heard.get().type()).isEqualTo(FileType.WAV);
        assertThat(heard.get().duration().orElseThrow().toMillis())
                .isBetween(seconds * 1_000L - 150, seconds * 1_000L + 150);
    }

    private static String text(MediaText text) {
        return text.match(MediaText.Read::text, unreadable -> "unreadable: " + unreadable.reason());
    }

    /** Frames of 20 ms each, at 4.75 kbit/s (RFC 4867, 5). */
    private static byte[] amr(int frames) {
        var out = new ByteArrayOutputStream();
        out.writeBytes(SampleFiles.latin1("#!AMR\n"));
        for (int i = 0; i < frames; i++) {
            byte[] frame = new byte[13];
            frame[0] = 0x04;
            out.writeBytes(frame);
        }
        return out.toByteArray();
    }

    private static void make(String name, String how) throws Exception {
        var command = new ArrayList<>(List.of("ffmpeg", "-nostdin", "-v", "error", "-y"));
        command.addAll(List.of(how.split(" ")));
        command.add(folder.resolve(name).toString());
        Process process = new ProcessBuilder(command).inheritIO().start();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(String.join(" ", command)).isZero();
    }
}

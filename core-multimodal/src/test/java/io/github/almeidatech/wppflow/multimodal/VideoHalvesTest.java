package io.github.almeidatech.wppflow.multimodal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.model.Payer;
import io.github.almeidatech.wppflow.model.TenantId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Of a video that has both, sound and pictures, one is enough. */
class VideoHalvesTest {

    private static final Instant NOW = Instant.parse("2026-09-01T12:00:00Z");
    private static final byte[] VIDEO = SampleFiles.latin1("....ftypisom");
    private static final MediaText BOTH = new MediaText.Read("latidos\num cão");

    private final Map<String, MediaText.Reason> failing = new HashMap<>();
    private final List<String> paid = new ArrayList<>();
    private String said = "latidos";
    private boolean hasSound = true;
    private boolean hasPictures = true;
    private final MediaTextStore texts = new InMemoryMediaTextStore(10);

    @TempDir
    private Path folder;

    private MediaReader.Builder reader() throws Exception {
        Path picture = Files.write(folder.resolve("p.jpg"), SampleFiles.picture("jpg", 4, 4));
        Path ffmpeg = Files.writeString(folder.resolve("ffmpeg"), """
                #!/bin/sh
                for last; do :; done
                case "$last" in
                  *.wav) %s && printf 'RIFF....WAVE' >"$last" ;;
                  *) %s && cp %s "$last" ;;
                esac
                """.formatted(hasSound, hasPictures, picture));
        Files.setPosixFilePermissions(ffmpeg, PosixFilePermissions.fromString("rwx------"));
        return MediaReader.builder()
                .source((tenant, attachment, maxBytes, limit) -> VIDEO)
                .clock(() -> NOW)
                .texts(texts)
                .ffmpeg(ffmpeg.toString());
    }

    private String answer(String who, String text) throws MediaUnavailableException {
        if (failing.containsKey(who)) {
            throw new MediaUnavailableException(failing.get(who), null);
        }
        paid.add(who);
        return text;
    }

    private static MediaText read(MediaReader reader) {
        return reader.read(Payer.of(new TenantId("pet-hotel")), VIDEO, NOW.plus(Duration.ofMinutes(1)));
    }

    private MediaReader whole() throws Exception {
        return reader().transcriber((payer, audio, limit) -> answer("ears", audio.type() == FileType.WAV ? said : "?"))
                .describer((payer, picture, limit) -> answer("eyes", picture.type() == FileType.JPEG ? "um cão" : "?"))
                .build();
    }

    private static MediaText unreadable(MediaText.Reason reason) {
        return new MediaText.Unreadable(reason);
    }

    @Test
    void a_video_gives_its_sound_and_its_first_picture_and_is_paid_for_once() throws Exception {
        assertThat(read(whole())).isEqualTo(BOTH);
        assertThat(read(whole())).isEqualTo(BOTH);

        assertThat(paid).containsExactly("ears", "eyes");
    }

    @ParameterizedTest
    @CsvSource({
        "ears, NO_READER, um cão",
        "ears, OVER_BUDGET, um cão",
        "ears, UNREACHABLE, um cão",
        "eyes, NO_READER, latidos",
        "eyes, OVER_BUDGET, latidos",
        "eyes, TIMED_OUT, latidos"
    })
    void when_one_half_fails_the_other_one_counts_and_what_was_paid_for_is_not_paid_for_again(
            String who, MediaText.Reason reason, String rest) throws Exception {
        failing.put(who, reason);

        assertThat(read(whole())).isEqualTo(new MediaText.Read(rest));
        assertThat(read(whole())).isEqualTo(new MediaText.Read(rest));
        assertThat(paid).hasSize(1);

        failing.clear();
        assertThat(read(whole())).isEqualTo(BOTH);
        assertThat(read(whole())).isEqualTo(BOTH);
        assertThat(paid).containsExactlyInAnyOrder("ears", "eyes");
    }

    @Test
    void with_eyes_only_or_ears_only_a_video_is_read_with_them() throws Exception {
        assertThat(read(reader().describer((payer, picture, limit) -> "um cão").build()))
                .isEqualTo(new MediaText.Read("um cão"));
        assertThat(read(reader().texts(new InMemoryMediaTextStore(10))
                        .transcriber((payer, audio, limit) -> "latidos")
                        .build()))
                .isEqualTo(new MediaText.Read("latidos"));
    }

    @ParameterizedTest
    @CsvSource({
        "NO_READER, NO_READER, NO_READER",
        "NO_READER, OVER_BUDGET, OVER_BUDGET",
        "OVER_BUDGET, NO_READER, OVER_BUDGET",
        "UNREACHABLE, OVER_BUDGET, UNREACHABLE"
    })
    void when_both_halves_fail_the_reason_is_one_that_somebody_can_mend(
            MediaText.Reason ears, MediaText.Reason eyes, MediaText.Reason told) throws Exception {
        failing.put("ears", ears);
        failing.put("eyes", eyes);

        assertThat(read(whole())).isEqualTo(unreadable(told));

        failing.clear();
        assertThat(read(whole())).isEqualTo(BOTH);
    }

    @Test
    void a_silent_video_is_what_is_seen_and_one_whose_pictures_fail_as_well_is_not_called_empty() throws Exception {
        said = " ";
        failing.put("eyes", MediaText.Reason.OVER_BUDGET);
        assertThat(read(whole())).isEqualTo(unreadable(MediaText.Reason.OVER_BUDGET));

        failing.clear();
        assertThat(read(whole())).isEqualTo(new MediaText.Read("um cão"));
        assertThat(paid).containsExactly("ears", "eyes");
    }

    @Test
    void a_video_without_one_half_is_whole_with_the_other() throws Exception {
        hasSound = false;
        assertThat(read(whole())).isEqualTo(new MediaText.Read("um cão"));
        hasSound = true;
        assertThat(read(whole())).isEqualTo(new MediaText.Read("um cão"));
    }

    @Test
    void a_video_of_pictures_alone_needs_somebody_who_looks_and_one_without_either_is_damaged() throws Exception {
        hasSound = false;
        failing.put("eyes", MediaText.Reason.NO_READER);
        assertThat(read(whole())).isEqualTo(unreadable(MediaText.Reason.NO_READER));

        hasPictures = false;
        assertThat(read(whole())).isEqualTo(unreadable(MediaText.Reason.DAMAGED));
    }
}

package io.github.almeidatech.wppflow.llm;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.multimodal.MediaFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.OptionalDouble;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SoundTest {

    @Test
    void a_voice_note_says_how_long_it_is() {
        assertThat(new Sound(Voice.note(12)).seconds()).hasValue(12);
        assertThat(new Sound(Voice.wav(2)).seconds()).hasValue(2);
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MAX_VALUE, Long.MIN_VALUE, -1, 0, 48_000L * 86_400})
    void a_length_that_cannot_be_is_not_believed(long position) {
        byte[] lying = Voice.ogg(500, 400);
        int lastPage = lying.length - 400 - 27 - 2;
        ByteBuffer.wrap(lying).order(ByteOrder.LITTLE_ENDIAN).putLong(lastPage + 6, position);

        var sound = new Sound(MediaFile.of(lying));

        assertThat(sound.seconds()).isEqualTo(OptionalDouble.empty());
        assertThat(sound.secondsAtMost()).isGreaterThan(100);
    }

    @Test
    void a_file_that_says_nothing_is_counted_as_rather_long() {
        assertThat(new Sound(Voice.ofBeginning("ID3")).secondsAtMost()).isEqualTo(2);
        assertThat(new Sound(MediaFile.of("OggS".getBytes(StandardCharsets.US_ASCII))).seconds())
                .isEmpty();
        assertThat(new Sound(Voice.ofBeginning("RIFF....WAVE")).seconds()).isEmpty();
        assertThat(new Sound(Voice.ofBeginning("OggS    OpusHead")).seconds()).isEmpty();
    }

    @Test
    void a_webm_file_holds_every_packet_of_the_ogg_file_unchanged() {
        byte[] webm = OpusInWebm.of(Voice.ogg(600, 300)).orElseThrow();

        assertThat(Arrays.copyOf(webm, 4)).containsExactly(0x1A, 0x45, 0xDF, 0xA3);
        assertThat(MediaFile.of(webm).type().extension()).isEqualTo("webm");
        var blocks = new Matroska(webm).blocks();
        assertThat(blocks).hasSize(600);
        for (int i = 0; i < blocks.size(); i++) {
            byte[] packet = new byte[300];
            Arrays.fill(packet, (byte) i);
            packet[0] = 0x48;
            assertThat(blocks.get(i).millis()).isEqualTo(i * 20);
            assertThat(blocks.get(i).packet()).isEqualTo(packet);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0x00, 480",
        "0x08, 960",
        "0x10, 1920",
        "0x18, 2880",
        "0x60, 480",
        "0x68, 960",
        "0x80, 120",
        "0x98, 960",
        "0x99, 1920",
        "0x9A, 1920"
    })
    void a_packet_tells_how_long_it_sounds(String first, int samples) {
        assertThat(OpusInWebm.samples(new byte[] {(byte) (int) Integer.decode(first), 0}))
                .isEqualTo(samples);
    }

    @Test
    void a_packet_of_many_frames_tells_how_many() {
        assertThat(OpusInWebm.samples(new byte[] {(byte) 0x9B, 3})).isEqualTo(3 * 960);
        assertThat(OpusInWebm.samples(new byte[] {(byte) 0x9B})).isZero();
        assertThat(OpusInWebm.samples(new byte[0])).isZero();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void a_broken_file_is_not_turned_into_another(long seed) {
        var random = new Random(seed);
        byte[] good = Voice.ogg(40, 100);
        for (int i = 0; i < 500; i++) {
            byte[] broken = Arrays.copyOf(good, 1 + random.nextInt(good.length));
            for (int flips = random.nextInt(20); flips > 0; flips--) {
                broken[random.nextInt(broken.length)] = (byte) random.nextInt(256);
            }
            OpusInWebm.of(broken)
                    .ifPresent(
                            webm -> assertThat(webm.length).as("seed %d", seed).isLessThan(2 * broken.length + 1_000));
            assertThat(new Sound(MediaFile.of(broken)).secondsAtMost())
                    .as("seed %d", seed)
                    .isNotNegative();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"#!AMR\n", "\u00FF\u00F1P\u0080"})
    void what_no_provider_takes_is_not_offered(String beginning) {
        assertThat(new Sound(MediaFile.of(beginning.getBytes(StandardCharsets.ISO_8859_1))).containers())
                .isEmpty();
    }

    @Test
    void a_file_that_is_not_opus_stays_as_it_is() {
        byte[] other = Voice.ogg(10, 60);
        System.arraycopy("vorbis__".getBytes(StandardCharsets.US_ASCII), 0, other, 28, 8);

        assertThat(OpusInWebm.of(other)).isEmpty();
        assertThat(new Sound(MediaFile.of(other)).containers()).hasSize(1);
    }
}

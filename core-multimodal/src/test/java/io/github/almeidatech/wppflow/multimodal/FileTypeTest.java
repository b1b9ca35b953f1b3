package io.github.almeidatech.wppflow.multimodal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class FileTypeTest {

    static Stream<Arguments> heads() {
        return Stream.of(
                arguments("%PDF-1.7", FileType.PDF),
                arguments("OggS\0", FileType.OGG),
                arguments("RIFF....WAVEfmt", FileType.WAV),
                arguments("RIFF....WEBPVP8 ", FileType.WEBP),
                arguments("RIFF\0...AVI LIST", FileType.UNKNOWN),
                arguments("....ftypM4A ", FileType.M4A),
                arguments("....ftypisom", FileType.MP4),
                arguments("#!AMR", FileType.AMR),
                arguments("\u00FF\u00F1P\u0080", FileType.AAC),
                arguments("\u00FF\u00F9P\u0080", FileType.AAC),
                arguments("ID3\3", FileType.MP3),
                arguments("\u00FF\u00FB\u0090", FileType.MP3),
                arguments("\u00FF\u00D8\u00FF\u00E0", FileType.JPEG),
                arguments("GIF89a", FileType.GIF),
                arguments("\u001A\u0045\u00DF\u00A3", FileType.WEBM),
                arguments("MZ\0\1", FileType.UNKNOWN),
                arguments("PK\3\4", FileType.UNKNOWN),
                arguments("<!DOCTYPE html><p>", FileType.UNKNOWN),
                arguments("<svg onload=alert(1)>", FileType.UNKNOWN),
                arguments("data;hora;valor", FileType.TEXT));
    }

    @ParameterizedTest
    @MethodSource("heads")
    void a_file_is_what_its_first_bytes_say(String head, FileType type) {
        assertThat(FileType.of(SampleFiles.latin1(head))).isEqualTo(type);
    }

    @Test
    void text_may_be_utf8_or_of_an_older_program_but_never_binary() {
        assertThat(FileType.of(SampleFiles.utf8("preço: 10 €\n".repeat(1_000)))).isEqualTo(FileType.TEXT);
        assertThat(FileType.of(SampleFiles.latin1("preço da diária"))).isEqualTo(FileType.TEXT);
        assertThat(FileType.of(new byte[] {'a', 0, 'b'})).isEqualTo(FileType.UNKNOWN);
        assertThat(FileType.of(new byte[0])).isEqualTo(FileType.UNKNOWN);
    }

    @Test
    void a_word_document_is_told_from_any_other_archive() {
        assertThat(FileType.of(SampleFiles.docx("Oi"))).isEqualTo(FileType.DOCX);
        assertThat(FileType.of(SampleFiles.zip("a.txt", new byte[10]))).isEqualTo(FileType.UNKNOWN);
    }

    @Test
    void every_type_has_a_media_type_and_an_ending() {
        for (FileType type : FileType.values()) {
            assertThat(type.mimeType()).contains("/");
            assertThat(type.extension()).matches("[a-z0-9]+");
        }
    }

    @Test
    void pictures_in_the_container_of_films_are_no_films() {
        assertThat(FileType.of(SampleFiles.latin1("\0\0\0\u0018ftypheic"))).isEqualTo(FileType.UNKNOWN);
        assertThat(FileType.of(SampleFiles.latin1("\0\0\0\u0020ftypavif"))).isEqualTo(FileType.UNKNOWN);
        assertThat(FileType.of(SampleFiles.latin1("....ftyp3gp4"))).isEqualTo(FileType.MP4);
        assertThat(FileType.of(SampleFiles.latin1("....ftyp"))).isEqualTo(FileType.MP4);
    }

    @ParameterizedTest
    @CsvSource({"png, 30, 20", "jpg, 30, 20", "gif, 7, 9"})
    void a_pictures_size_is_read_from_its_header(String format, int width, int height) throws Exception {
        assertThat(PictureSize.of(MediaFile.of(SampleFiles.picture(format, width, height))))
                .isEqualTo(new PictureSize(width, height));
    }

    @Test
    void the_three_layouts_of_webp_are_known() throws Exception {
        byte[] lossy = webp(' ');
        lossy[26] = 30;
        lossy[28] = 20;
        byte[] lossless = webp('L');
        lossless[21] = 29;
        lossless[22] = (byte) 0xC0;
        lossless[23] = 4;
        byte[] extended = webp('X');
        extended[24] = 29;
        extended[27] = 19;

        assertThat(PictureSize.of(MediaFile.of(lossy))).isEqualTo(new PictureSize(30, 20));
        assertThat(PictureSize.of(MediaFile.of(lossless))).isEqualTo(new PictureSize(30, 20));
        assertThat(PictureSize.of(MediaFile.of(extended))).isEqualTo(new PictureSize(30, 20));
    }

    @Test
    void a_broken_picture_is_damaged_and_nothing_worse() {
        for (int seed = 0; seed < 300; seed++) {
            var random = new Random(seed);
            byte[] picture = SampleFiles.picture(seed % 2 == 0 ? "png" : "jpg", 10, 10);
            for (int i = 0; i < 5; i++) {
                picture[8 + random.nextInt(picture.length - 8)] = (byte) random.nextInt();
            }
            try {
                PictureSize.of(MediaFile.of(picture));
            } catch (MediaUnavailableException e) {
                assertThat(e.reason()).as("seed " + seed).isEqualTo(MediaText.Reason.DAMAGED);
            }
        }
        assertThatExceptionOfType(MediaUnavailableException.class)
                .isThrownBy(() -> PictureSize.of(MediaFile.of(SampleFiles.latin1("RIFF....WEBPVP8 "))));
    }

    private static byte[] webp(char layout) {
        byte[] bytes = new byte[40];
        byte[] head = SampleFiles.latin1("RIFF....WEBPVP8" + layout);
        System.arraycopy(head, 0, bytes, 0, head.length);
        return bytes;
    }
}

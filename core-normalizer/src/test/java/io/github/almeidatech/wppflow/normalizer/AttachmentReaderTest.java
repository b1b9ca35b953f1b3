package io.github.almeidatech.wppflow.normalizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.almeidatech.wppflow.model.Attachment;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AttachmentReaderTest {

    private static final String STORAGE = "https://chat.example.com/rails/active_storage/blobs/redirect/SIGNED/";

    private static Normalized with(String attachments) {
        return Payload.message()
                .set("content", "null")
                .set("conversation.messages", "[]")
                .set("attachments", "[" + attachments + "]")
                .read();
    }

    private static Attachment only(String attachment) {
        Normalized normalized = with(attachment);
        assertThat(normalized.actionable()).isTrue();
        assertThat(normalized.attachments()).hasSize(1);
        assertThat(normalized.message().orElseThrow().attachments()).isEqualTo(normalized.attachments());
        return normalized.attachments().get(0);
    }

    @Test
    void a_picture() {
        Normalized normalized = with("{'id': 71, 'message_id': 9002, 'file_type': 'image', 'account_id': 1,"
                + " 'extension': 'jpg', 'content_type': 'image/jpeg', 'data_url': '" + STORAGE + "foto%20do%20rex.jpg',"
                + " 'thumb_url': '" + STORAGE + "t/foto.jpg', 'file_size': 81234, 'width': null, 'height': null}");

        assertThat(normalized.type().word()).isEqualTo("image");
        assertThat(normalized.content()).isEmpty();
        assertThat(normalized.attachments().get(0)).satisfies(image -> {
            assertThat(image.id()).isEqualTo(71);
            assertThat(image.kind().word()).isEqualTo("image");
            assertThat(image.url()).isEqualTo(STORAGE + "foto%20do%20rex.jpg");
            assertThat(image.mimeType()).isEqualTo("image/jpeg");
            assertThat(image.fileName()).isEqualTo("foto do rex.jpg");
            assertThat(image.sizeBytes()).isEqualTo(81_234);
            assertThat(image.transcript()).isNull();
        });
    }

    @Test
    void a_picture_with_a_caption_is_a_picture() {
        Normalized normalized = Payload.message()
                .set("attachments", "[{'id': 71, 'file_type': 'image', 'data_url': '" + STORAGE + "rex.webp'}]")
                .read();

        assertThat(normalized.type().word()).isEqualTo("image");
        assertThat(normalized.content()).isEqualTo("Oi, quanto custa a diária?");
    }

    @Test
    void a_voice_note_whose_address_has_a_query_and_that_is_not_transcribed_yet() {
        Attachment voice = only("{'id': 72, 'file_type': 'audio', 'extension': 'ogg', 'content_type': 'audio/ogg',"
                + " 'data_url': '" + STORAGE + "audio.ogg?disposition=inline', 'thumb_url': '', 'file_size': 9120,"
                + " 'transcribed_text': ''}");

        assertThat(voice.kind().word()).isEqualTo("audio");
        assertThat(voice.fileName()).isEqualTo("audio.ogg");
        assertThat(voice.transcript()).isNull();
    }

    @Test
    void a_voice_note_that_chatwoot_transcribed() {
        assertThat(only("{'id': 72, 'file_type': 'audio', 'transcribed_text': 'queria saber o preço'}")
                        .transcript())
                .isEqualTo("queria saber o preço");
    }

    @Test
    void a_location() {
        Normalized normalized = with("{'id': 74, 'file_type': 'location', 'coordinates_lat': -15.79,"
                + " 'coordinates_long': -47.88, 'fallback_title': 'Clínica, SCS Quadra 1', 'data_url': null}");

        assertThat(normalized.type().word()).isEqualTo("location");
        assertThat(normalized.latitude()).isEqualTo(-15.79);
        assertThat(normalized.longitude()).isEqualTo(-47.88);
        assertThat(normalized.attachments().get(0).title()).isEqualTo("Clínica, SCS Quadra 1");
    }

    @Test
    void a_location_written_as_text_or_without_coordinates() {
        assertThat(only("{'file_type': 'location', 'coordinates_lat': '-15.79', 'coordinates_long': 0}")
                        .latitude())
                .isEqualTo(-15.79);
        assertThat(only("{'file_type': 'location'}").longitude()).isNull();
    }

    @Test
    void a_contact_card() {
        Attachment card = only("{'id': 75, 'file_type': 'contact', 'fallback_title': '+55 61 99000-0003',"
                + " 'meta': {'firstName': 'Bia', 'lastName': 'Inventada'}}");

        assertThat(card.kind().word()).isEqualTo("contact");
        assertThat(card.title()).isEqualTo("+55 61 99000-0003");
    }

    @Test
    void a_sticker_is_a_webp_picture_without_words() {
        assertThat(with("{'file_type': 'image', 'content_type': 'image/webp', 'data_url': '" + STORAGE + "s.webp'}")
                        .type()
                        .word())
                .isEqualTo("sticker");
        assertThat(with("{'file_type': 'image', 'extension': null, 'data_url': '" + STORAGE + "s.webp'}")
                        .type()
                        .word())
                .isEqualTo("sticker");
        assertThat(with("{'file_type': 'image', 'content_type': 'image/jpeg', 'extension': 'webp'}")
                        .type()
                        .word())
                .isEqualTo("image");
    }

    @Test
    void chatwoots_own_words_for_stickers_and_calls() {
        assertThat(Payload.message()
                        .set("content_type", "'sticker'")
                        .read()
                        .type()
                        .word())
                .isEqualTo("sticker");
        assertThat(Payload.message()
                        .set("content_type", "'voice_call'")
                        .read()
                        .type()
                        .word())
                .isEqualTo("unsupported");
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "file, application/pdf, exame.pdf, document",
                "file, -, exame.pdf, document",
                "file, -, sem-extensao, document",
                "file, application/octet-stream, x.bin, document",
                "file, image/png, foto.png, image",
                "file, -, foto.JPG, image",
                "file, -, musica.mp3, audio",
                "file, application/vnd.ms-excel, p.xls, document",
                "image, application/pdf, x.jpg, document",
                "image, application/octet-stream, x.jpg, image",
                "video, video/mp4, v.mp4, video",
                "audio, video/mp4, a.mp4, audio",
                "video, audio/ogg, v.ogg, video",
                "audio, application/ogg, a, audio",
                "fallback, -, -, unsupported",
                "fallback, text/html, -, document",
                "share, -, v.mp4, video",
                "story_mention, -, -, unsupported",
                "ig_reel, -, -, unsupported",
                "embed, -, -, unsupported",
                "brand_new, -, -, unsupported",
                "-, -, -, unsupported",
                "-, audio/mpeg, -, audio",
                "application/pdf, -, -, document",
                "IMAGE, -, -, image"
            })
    void what_it_is_is_decided_by_media_type_then_name_then_chatwoots_word(
            String fileType, String mimeType, String name, String expected) {
        String json = "{'id': 1, 'file_type': " + text(fileType) + ", 'content_type': " + text(mimeType)
                + ", 'data_url': " + (name == null ? "null" : text(STORAGE + name)) + "}";

        assertThat(with(json).type().word()).isEqualTo(expected);
    }

    private static String text(String value) {
        return value == null ? "null" : "'" + value + "'";
    }

    @Test
    void words_beside_something_unknown_are_what_counts() {
        assertThat(Payload.message()
                        .set("attachments", "[{'id': 1, 'file_type': 'brand_new'}]")
                        .read()
                        .type()
                        .word())
                .isEqualTo("text");
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "https://x.example.com/a/laudo.pdf#p1, laudo.pdf",
                "https://x.example.com/a/p%C3%A3o+mel.pdf, pão+mel.pdf",
                "https://x.example.com/a/..%2F..%2Fetc%2Fpasswd, ../../etc/passwd",
                "https://x.example.com/a/%ZZ, -",
                "https://x.example.com/a/, -",
                "nothing, nothing"
            })
    void the_name_is_the_last_segment_of_the_address_and_only_a_claim(String url, String expected) {
        assertThat(only("{'id': 1, 'file_type': 'file', 'data_url': '" + url + "'}")
                        .fileName())
                .isEqualTo(expected);
    }

    @Test
    void a_size_that_makes_no_sense_is_none() {
        assertThat(only("{'file_type': 'file', 'file_size': -1}").sizeBytes()).isNull();
        assertThat(only("{'file_type': 'file', 'file_size': 1.5}").sizeBytes()).isNull();
        assertThat(only("{'file_type': 'file', 'file_size': 'x'}").sizeBytes()).isNull();
        assertThat(only("{'file_type': 'file', 'file_size': 0}").sizeBytes()).isZero();
    }

    @Test
    void fifteen_attachments_are_the_most() {
        String one = "{'id': 1, 'file_type': 'image'}";

        assertThat(with(String.join(",", Collections.nCopies(15, one))).attachments())
                .hasSize(15);
        assertThatThrownBy(() -> with(String.join(",", Collections.nCopies(16, one))))
                .isInstanceOfSatisfying(NormalizerException.class, e -> {
                    assertThat(e.error()).isEqualTo(NormalizerError.TOO_MANY);
                    assertThat(e.path()).contains("attachments");
                });
    }

    @ParameterizedTest
    @CsvSource({
        "'{\"file_type\": \"location\", \"coordinates_lat\": 91}', attachments[0].coordinates_lat",
        "'{\"file_type\": \"location\", \"coordinates_long\": -180.1}', attachments[0].coordinates_long",
        "'{\"file_type\": \"location\", \"coordinates_long\": \"x\"}', attachments[0].coordinates_long",
        "'{\"id\": 0}', attachments[0].id",
        "'{\"data_url\": 5}', attachments[0].data_url",
        "'5', attachments[0]"
    })
    void what_cannot_be_is_refused_with_its_place(String attachment, String path) {
        assertThatThrownBy(() -> with(attachment)).isInstanceOfSatisfying(NormalizerException.class, e -> {
            assertThat(e.error().httpStatus()).isEqualTo(422);
            assertThat(e.path()).contains(path);
        });
    }
}

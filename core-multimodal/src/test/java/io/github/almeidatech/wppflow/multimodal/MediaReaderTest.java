package io.github.almeidatech.wppflow.multimodal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.almeidatech.wppflow.model.Attachment;
import io.github.almeidatech.wppflow.model.ContentType;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.InboundMessage;
import io.github.almeidatech.wppflow.model.Language;
import io.github.almeidatech.wppflow.model.Payer;
import io.github.almeidatech.wppflow.model.Sender;
import io.github.almeidatech.wppflow.model.TenantId;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MediaReaderTest {

    private static final TenantId TENANT = new TenantId("pet-hotel");
    private static final Instant NOW = Instant.parse("2026-09-01T12:00:00Z");

    private final Map<String, byte[]> files = new HashMap<>();
    private final AtomicInteger fetches = new AtomicInteger();
    private final MediaSource source = (tenant, attachment, maxBytes, timeLimit) -> {
        fetches.incrementAndGet();
        byte[] bytes = files.get(attachment.url());
        if (bytes == null) {
            throw new MediaUnavailableException(MediaText.Reason.NOT_FOUND, null);
        }
        return bytes;
    };

    @Test
    void text_documents_are_read_in_the_letters_of_their_time() {
        files.put("utf8", SampleFiles.utf8("\uFEFFVacinas: V10 e antirrábica"));
        files.put("old", SampleFiles.latin1("diária;preço\ncão;95"));

        assertThat(read(reader().build(), file(ContentType.DOCUMENT, "utf8"), file(ContentType.DOCUMENT, "old")))
                .containsExactly(
                        new MediaText.Read("Vacinas: V10 e antirrábica"), new MediaText.Read("diária;preço\ncão;95"));
    }

    @Test
    void a_pdf_and_a_word_document_are_read_in_a_child_process() {
        files.put("pdf", SampleFiles.pdf("Carteira de vacina do Rex", "segunda folha"));
        files.put("docx", SampleFiles.docx("Contrato", "de hospedagem"));

        List<MediaText> texts =
                read(reader().build(), file(ContentType.DOCUMENT, "pdf"), file(ContentType.DOCUMENT, "docx"));

        assertThat(textOf(texts.get(0))).contains("Carteira de vacina do Rex", "segunda folha");
        assertThat(textOf(texts.get(1))).contains("Contrato").contains("de hospedagem");
    }

    @Test
    void word_documents_may_be_left_unopened() {
        files.put("docx", SampleFiles.docx("Contrato"));

        assertThat(read(reader().officeFiles(false).build(), file(ContentType.DOCUMENT, "docx")))
                .containsExactly(new MediaText.Unreadable(MediaText.Reason.UNSUPPORTED_TYPE));
    }

    @Test
    void one_file_that_fails_does_not_spoil_the_others() {
        files.put("locked", SampleFiles.lockedPdf("segredo", "x"));
        byte[] broken = SampleFiles.pdf("x");
        files.put("broken", Arrays.copyOf(broken, 60));
        files.put("empty", SampleFiles.utf8("   \n"));
        files.put("zip", SampleFiles.zip("a.txt", new byte[9]));
        files.put("fine", SampleFiles.utf8("tudo certo"));

        List<MediaText> texts = read(
                reader().build(),
                file(ContentType.DOCUMENT, "locked"),
                file(ContentType.DOCUMENT, "broken"),
                file(ContentType.DOCUMENT, "empty"),
                file(ContentType.DOCUMENT, "zip"),
                file(ContentType.DOCUMENT, "nowhere"),
                file(ContentType.DOCUMENT, "fine"));

        assertThat(texts)
                .containsExactly(
                        new MediaText.Unreadable(MediaText.Reason.ENCRYPTED),
                        new MediaText.Unreadable(MediaText.Reason.DAMAGED),
                        new MediaText.Unreadable(MediaText.Reason.NO_TEXT),
                        new MediaText.Unreadable(MediaText.Reason.UNSUPPORTED_TYPE),
                        new MediaText.Unreadable(MediaText.Reason.NOT_FOUND),
                        new MediaText.Read("tudo certo"));
    }

    @Test
    void what_needs_a_model_is_not_even_fetched_without_one() {
        List<MediaText> texts = read(
                reader().build(),
                file(ContentType.AUDIO, "voice"),
                file(ContentType.IMAGE, "photo"),
                file(ContentType.VIDEO, "clip"));

        assertThat(texts)
                .allSatisfy(text -> assertThat(text).isEqualTo(new MediaText.Unreadable(MediaText.Reason.NO_READER)));
        assertThat(fetches).hasValue(0);
    }

    @Test
    void a_voice_note_the_channel_has_transcribed_needs_no_model() {
        var voice =
                new Attachment(1L, ContentType.AUDIO, "voice", null, null, null, " quero agendar ", null, null, null);

        assertThat(read(reader().build(), voice)).containsExactly(new MediaText.Read("quero agendar"));
    }

    @Test
    void places_cards_and_stickers_become_text() {
        assertThat(read(
                        reader().build(),
                        new Attachment(
                                1L, ContentType.LOCATION, null, null, null, null, null, -15.79, -47.88, "Clínica, SCS"),
                        new Attachment(2L, ContentType.LOCATION, null, null, null, null, null, -15.79, -47.88, null),
                        new Attachment(3L, ContentType.LOCATION, null, null, null, null, null, null, null, "Clínica"),
                        new Attachment(4L, ContentType.LOCATION, null, null, null, null, null, null, null, null),
                        new Attachment(
                                5L, ContentType.CONTACT, null, null, null, null, null, null, null, "+55 11 99000-0003"),
                        new Attachment(6L, ContentType.CONTACT, null, null, null, null, null, null, null, null),
                        new Attachment(7L, ContentType.STICKER, "s", null, null, null, null, null, null, null),
                        new Attachment(8L, ContentType.DOCUMENT, null, null, null, null, null, null, null, null)))
                .containsExactly(
                        new MediaText.Read("Localização: Clínica, SCS (-15.79000, -47.88000)"),
                        new MediaText.Read("Localização: -15.79000, -47.88000"),
                        new MediaText.Read("Localização: Clínica"),
                        new MediaText.Unreadable(MediaText.Reason.NO_TEXT),
                        new MediaText.Read("Contato: +55 11 99000-0003"),
                        new MediaText.Unreadable(MediaText.Reason.NO_TEXT),
                        new MediaText.Read("(figurinha)"),
                        new MediaText.Unreadable(MediaText.Reason.NOT_FOUND));
    }

    @ParameterizedTest
    @CsvSource({"EN, Location, Contact, (sticker)", "ES, Ubicación, Contacto, (sticker)"})
    void places_cards_and_stickers_are_named_in_the_tenants_language(
            Language language, String location, String contact, String sticker) {
        assertThat(read(
                        reader().language(tenant -> language).build(),
                        new Attachment(1L, ContentType.LOCATION, null, null, null, null, null, null, null, "SCS"),
                        new Attachment(2L, ContentType.CONTACT, null, null, null, null, null, null, null, "Lia"),
                        new Attachment(3L, ContentType.STICKER, "s", null, null, null, null, null, null, null)))
                .containsExactly(
                        new MediaText.Read(location + ": SCS"),
                        new MediaText.Read(contact + ": Lia"),
                        new MediaText.Read(sticker));
    }

    @Test
    void speech_and_pictures_are_read_by_the_model_once_for_each_tenant_and_content() {
        files.put("voice", SampleFiles.latin1("OggS......"));
        files.put("photo", SampleFiles.picture("png", 20, 20));
        var asked = new AtomicInteger();
        MediaReader reader = reader().transcriber((tenant, audio, limit) -> "fala " + asked.incrementAndGet())
                .describer((tenant, picture, limit) -> "foto " + asked.incrementAndGet())
                .build();

        read(reader, file(ContentType.AUDIO, "voice"), file(ContentType.IMAGE, "photo"));
        List<MediaText> again = read(reader, file(ContentType.AUDIO, "voice"), file(ContentType.IMAGE, "photo"));
        MediaText other =
                reader.read(Payer.of(new TenantId("other")), file(ContentType.AUDIO, "voice"), NOW.plusSeconds(60));

        assertThat(again)
                .containsExactly(
                        new MediaText.Read("fala 1"),
                        new MediaText.Read("foto 2", new MediaFacts(null, null, 20L, 20L)));
        assertThat(other).isEqualTo(new MediaText.Read("fala 3"));
    }

    @Test
    void a_file_that_lies_about_its_kind_is_read_as_what_it_is() {
        files.put("lie", SampleFiles.utf8("sou um texto"));

        assertThat(read(reader().transcriber((t, a, l) -> "nunca").build(), file(ContentType.AUDIO, "lie")))
                .containsExactly(new MediaText.Read("sou um texto"));
    }

    @Test
    void sound_in_a_container_of_videos_is_heard_without_the_program_for_videos() {
        files.put("isom", SampleFiles.latin1("....ftypisom"));
        files.put("webm", SampleFiles.latin1("\u001A\u0045\u00DF\u00A3"));
        MediaReader reader = reader().transcriber(
                        (payer, audio, limit) -> audio.type().mimeType())
                .build();

        assertThat(read(reader, file(ContentType.AUDIO, "isom"), file(ContentType.AUDIO, "webm")))
                .containsExactly(new MediaText.Read("audio/mp4"), new MediaText.Read("audio/webm"));
        assertThat(read(reader, file(ContentType.VIDEO, "isom")))
                .containsExactly(new MediaText.Unreadable(MediaText.Reason.NO_READER));
    }

    @Test
    void sound_no_transcriber_takes_is_turned_into_wav_where_there_is_the_program(@TempDir Path directory)
            throws Exception {
        files.put("amr", SampleFiles.latin1("#!AMR\nfala"));
        files.put("aac", SampleFiles.latin1("\u00FF\u00F1P\u0080"));
        Transcriber transcriber = (payer, audio, limit) -> audio.type().extension();
        Path ffmpeg = program(directory, "for last; do :; done\nprintf 'RIFF....WAVE' >\"$last\"\n");

        assertThat(read(
                        reader().transcriber(transcriber)
                                .ffmpeg(ffmpeg.toString())
                                .build(),
                        file(ContentType.AUDIO, "amr"),
                        file(ContentType.AUDIO, "aac")))
                .containsExactly(new MediaText.Read("wav"), new MediaText.Read("wav"));
        assertThat(read(reader().transcriber(transcriber).build(), file(ContentType.AUDIO, "amr")))
                .containsExactly(new MediaText.Read("amr"));
    }

    @Test
    void a_scanned_document_is_looked_at() {
        files.put("scan", SampleFiles.pdf("", ""));
        MediaReader reader = reader().describer(
                        (tenant, picture, limit) -> picture.type() == FileType.PNG ? "folha" : "?")
                .build();

        assertThat(read(reader, file(ContentType.DOCUMENT, "scan")))
                .containsExactly(new MediaText.Read("folha\nfolha", MediaFacts.pages(2)));
        assertThat(read(reader().build(), file(ContentType.DOCUMENT, "scan")))
                .containsExactly(new MediaText.Unreadable(MediaText.Reason.NO_TEXT));
    }

    @Test
    void of_a_long_scanned_document_it_is_said_how_much_was_read() {
        files.put("scan", SampleFiles.pdf("", "", "", "", ""));
        var limits = new MediaLimits(
                1_000_000,
                Duration.ofSeconds(30),
                Duration.ofSeconds(60),
                10,
                100,
                1 << 24,
                9,
                2,
                Duration.ofMinutes(1));
        MediaReader reader = reader().limits(limits)
                .describer((payer, picture, limit) -> "page")
                .language(tenant -> Language.EN)
                .build();

        assertThat(read(reader, file(ContentType.DOCUMENT, "scan")))
                .containsExactly(
                        new MediaText.Read("(only the first 2 of 5 pages were read)\npage\npage", MediaFacts.pages(5)));
    }

    @Test
    void of_a_scanned_document_that_is_too_dear_what_was_read_counts_until_there_is_money_for_all_of_it() {
        files.put("scan", SampleFiles.pdf("", ""));
        var pagesPaidFor = new AtomicInteger(1);
        MediaReader reader = reader().describer((payer, picture, limit) -> {
                    if (pagesPaidFor.getAndDecrement() == 0) {
                        throw new MediaUnavailableException(MediaText.Reason.OVER_BUDGET, null);
                    }
                    return "folha";
                })
                .build();

        assertThat(read(reader, file(ContentType.DOCUMENT, "scan")))
                .containsExactly(new MediaText.Read("folha\n…", MediaFacts.pages(2)));
        pagesPaidFor.set(2);
        assertThat(read(reader, file(ContentType.DOCUMENT, "scan")))
                .containsExactly(new MediaText.Read("folha\nfolha", MediaFacts.pages(2)));
        pagesPaidFor.set(0);
        assertThat(read(reader, file(ContentType.DOCUMENT, "scan")))
                .containsExactly(new MediaText.Read("folha\nfolha", MediaFacts.pages(2)));
    }

    @Test
    void what_a_database_cannot_keep_is_left_out_and_no_character_is_cut_in_two() {
        var limits = new MediaLimits(1_000_000, Duration.ofSeconds(30), Duration.ofSeconds(60), 10, 5, 100, 15);
        files.put("voice", SampleFiles.latin1("OggS......"));
        MediaReader reader = reader().limits(limits)
                .transcriber((payer, audio, limit) -> "a\0bcd\uD83D\uDC36 fim")
                .build();

        assertThat(read(reader, file(ContentType.AUDIO, "voice"))).containsExactly(new MediaText.Read("abcd…"));
    }

    @Test
    void what_is_too_large_is_refused_before_it_is_fetched_or_decoded() {
        var limits = new MediaLimits(1_000_000, Duration.ofSeconds(30), Duration.ofSeconds(60), 10, 12, 100, 15);
        files.put("wide", SampleFiles.picture("png", 11, 10));
        MediaReader reader =
                reader().limits(limits).describer((t, p, l) -> "nunca").build();

        List<MediaText> texts = read(
                reader,
                new Attachment(1L, ContentType.DOCUMENT, "big", null, null, 1_000_001L, null, null, null, null),
                file(ContentType.IMAGE, "wide"));

        assertThat(texts)
                .allSatisfy(text -> assertThat(text).isEqualTo(new MediaText.Unreadable(MediaText.Reason.TOO_LARGE)));
        assertThat(fetches).hasValue(1);
        assertThat(reader.read(Payer.of(TENANT), new byte[1_000_001], NOW.plusSeconds(1)))
                .isEqualTo(new MediaText.Unreadable(MediaText.Reason.TOO_LARGE));
    }

    @Test
    void long_texts_are_cut_and_pages_beyond_the_limit_left_out() {
        var limits = new MediaLimits(1_000_000, Duration.ofSeconds(30), Duration.ofSeconds(60), 1, 12, 100, 15);
        files.put("long", SampleFiles.utf8("abcdefghijklmnop"));
        files.put("pages", SampleFiles.pdf("um", "dois"));

        assertThat(read(
                        reader().limits(limits).build(),
                        file(ContentType.DOCUMENT, "long"),
                        file(ContentType.DOCUMENT, "pages")))
                .containsExactly(new MediaText.Read("abcdefghijkl…"), new MediaText.Read("um", MediaFacts.pages(2)));
    }

    @Test
    void after_the_turns_time_nothing_more_is_read() {
        files.put("a", SampleFiles.utf8("a"));

        assertThat(reader().build().read(Payer.of(TENANT), file(ContentType.DOCUMENT, "a"), NOW))
                .isEqualTo(new MediaText.Unreadable(MediaText.Reason.TIMED_OUT));
    }

    @Test
    void uploaded_bytes_are_read_like_attachments() {
        assertThat(reader().build().read(Payer.of(TENANT), SampleFiles.utf8("oi"), NOW.plusSeconds(1)))
                .isEqualTo(new MediaText.Read("oi"));
        assertThat(reader().build().read(Payer.of(TENANT), SampleFiles.latin1("OggS..."), NOW.plusSeconds(1)))
                .isEqualTo(new MediaText.Unreadable(MediaText.Reason.NO_READER));
        assertThat(reader().build().read(Payer.of(TENANT), SampleFiles.picture("png", 2, 2), NOW.plusSeconds(1)))
                .isEqualTo(new MediaText.Unreadable(MediaText.Reason.NO_READER));
        assertThat(reader().build().read(Payer.of(TENANT), SampleFiles.latin1("....ftypisom"), NOW.plusSeconds(1)))
                .isEqualTo(new MediaText.Unreadable(MediaText.Reason.NO_READER));
    }

    @Test
    void the_program_for_videos_is_told_how_much_memory_and_output_it_may_take(@TempDir Path directory)
            throws Exception {
        Path told = directory.resolve("told");
        files.put("clip", SampleFiles.latin1("....ftypisom"));
        MediaReader reader = reader().ffmpeg(program(directory, "echo \"$*\" >" + told + "\nexit 1\n")
                        .toString())
                .transcriber((t, a, l) -> "nunca")
                .build();

        read(reader, file(ContentType.VIDEO, "clip"));

        assertThat(told).content().contains("-max_alloc 268435456 ", "-fs " + MediaLimits.DEFAULT.maxBytes() + " ");
    }

    @Test
    void a_class_path_that_is_relative_is_found_from_the_childs_directory() {
        assertThat(ChildJvm.absolute("lib/a.jar" + File.pathSeparator + "classes")
                        .split(File.pathSeparator))
                .containsExactly(
                        Path.of("lib/a.jar").toAbsolutePath().toString(),
                        Path.of("classes").toAbsolutePath().toString());
    }

    @Test
    void a_video_that_cannot_be_taken_apart_is_damaged(@TempDir Path directory) throws Exception {
        files.put("clip", SampleFiles.latin1("....ftypisom"));
        MediaReader reader = reader().ffmpeg(program(directory, "exit 1\n").toString())
                .transcriber((t, a, l) -> "nunca")
                .describer((t, p, l) -> "nunca")
                .build();

        assertThat(read(reader, file(ContentType.VIDEO, "clip")))
                .containsExactly(new MediaText.Unreadable(MediaText.Reason.DAMAGED));
    }

    @Test
    void a_child_that_does_not_end_is_killed(@TempDir Path directory) throws Exception {
        files.put("clip", SampleFiles.latin1("....ftypisom"));
        var limits = new MediaLimits(1_000_000, Duration.ofMillis(200), Duration.ofSeconds(60), 1, 12, 100, 15);
        MediaReader reader = reader().limits(limits)
                .ffmpeg(program(directory, "while :; do :; done\n").toString())
                .transcriber((t, a, l) -> "nunca")
                .build();

        assertThat(read(reader, file(ContentType.VIDEO, "clip")))
                .containsExactly(new MediaText.Unreadable(MediaText.Reason.TIMED_OUT));
    }

    @Test
    void a_compressed_bomb_is_stopped() {
        byte[] xml = new byte[70 * 1024 * 1024];
        Arrays.fill(xml, (byte) ' ');
        System.arraycopy(SampleFiles.utf8("<a>"), 0, xml, 0, 3);
        files.put("bomb", SampleFiles.zip("word/document.xml", xml));

        assertThat(read(reader().build(), file(ContentType.DOCUMENT, "bomb")))
                .containsExactly(new MediaText.Unreadable(MediaText.Reason.DAMAGED));
    }

    @Test
    void an_external_entity_is_not_followed() {
        files.put(
                "xxe",
                SampleFiles.zip(
                        "word/document.xml",
                        SampleFiles.utf8(
                                "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a><t>oi &x;</t></a>")));

        assertThat(read(reader().build(), file(ContentType.DOCUMENT, "xxe"))
                        .get(0)
                        .toString())
                .doesNotContain("root");
    }

    @Test
    void nothing_read_is_printed() {
        assertThat(new MediaText.Read("segredo")).hasToString("Read[7 chars]");
        assertThat(MediaFile.of(SampleFiles.utf8("segredo"))).hasToString("MediaFile[text/plain, 7 bytes]");
    }

    @Test
    void limits_below_one_are_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new MediaLimits(0, Duration.ofSeconds(1), Duration.ofSeconds(1), 1, 1, 1, 1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new MediaLimits(1, Duration.ZERO, Duration.ofSeconds(1), 1, 1, 1, 1));
    }

    private MediaReader.Builder reader() {
        return MediaReader.builder().source(source).clock(() -> NOW).ffmpeg("no-such-program");
    }

    private static List<MediaText> read(MediaReader reader, Attachment... attachments) {
        return reader.read(new InboundMessage(
                new ConversationId(TENANT, 1, 88),
                9001,
                4L,
                NOW,
                ContentType.DOCUMENT,
                "",
                List.of(attachments),
                Sender.UNKNOWN,
                null));
    }

    private static Attachment file(ContentType kind, String url) {
        return Attachment.file(kind, url, null, null);
    }

    private static String textOf(MediaText text) {
        return text.match(MediaText.Read::text, unreadable -> "unreadable: " + unreadable.reason());
    }

    private static Path program(Path directory, String script) throws Exception {
        return Files.setPosixFilePermissions(
                Files.writeString(directory.resolve("ffmpeg"), "#!/bin/sh\n" + script),
                PosixFilePermissions.fromString("rwx------"));
    }
}

package io.github.almeidatech.wppflow.server.knowledge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.almeidatech.wppflow.jdbc.Database;
import io.github.almeidatech.wppflow.knowledge.Document;
import io.github.almeidatech.wppflow.knowledge.DocumentStore;
import io.github.almeidatech.wppflow.knowledge.InMemoryDocumentStore;
import io.github.almeidatech.wppflow.knowledge.LuceneKnowledgeBase;
import io.github.almeidatech.wppflow.knowledge.Question;
import io.github.almeidatech.wppflow.knowledge.StoredDocument;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.multimodal.InMemoryMediaTextStore;
import io.github.almeidatech.wppflow.multimodal.MediaText;
import io.github.almeidatech.wppflow.multimodal.MediaTextStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KnowledgeFolderTest {

    private static final TenantId TENANT = new TenantId("hotel");

    @TempDir
    private Path folder;

    private final InMemoryDocumentStore store = new InMemoryDocumentStore();
    private final LuceneKnowledgeBase knowledge = LuceneKnowledgeBase.on(store);
    private KnowledgeFolder watched;
    private Instant written = Instant.parse("2026-09-01T12:00:00Z");

    @BeforeEach
    void watch() {
        watched = anew();
    }

    @Test
    void files_of_every_kind_become_documents() throws IOException {
        write("precos.md", "# Diárias\n\nA diária do gato custa R$ 75.");
        write("politicas/check-in.txt", "O check-in é das 8h às 18h.");
        write("faq.csv", "pergunta;resposta\nAceitam cartão?;Sim, todos.\n");
        write("mais.jsonl", "{\"id\":\"wifi\",\"title\":\"Wi-Fi\",\"content\":\"Temos wi-fi grátis.\"}");
        write("foto.png", "not for reading");
        write(".oculto.md", "hidden");

        watched.look();

        assertThat(titles()).containsExactlyInAnyOrder("Diárias", "check in", "Aceitam cartão?", "Wi-Fi");
        assertThat(answer("quanto custa a diária do gato?")).contains("R$ 75");
        assertThat(watched.problems()).isEmpty();
        assertThat(watched.readable()).isEqualTo(4);
    }

    @Test
    void a_changed_file_is_answered_from_after_the_next_look_and_unchanged_ones_keep_their_version()
            throws IOException {
        write("gato.md", "A diária do gato custa R$ 75.");
        write("cao.md", "A diária do cachorro custa R$ 95.");
        watched.look();

        write("gato.md", "A diária do gato custa R$ 80.");
        watched.look();

        assertThat(answer("quanto custa a diária do gato?")).contains("R$ 80");
        assertThat(store.stored(TENANT)).extracting(StoredDocument::version).containsExactlyInAnyOrder(1L, 2L);
    }

    @Test
    void a_removed_file_is_gone_and_so_is_a_removed_row() throws IOException {
        write("gato.md", "A diária do gato custa R$ 75.");
        write("faq.csv", "pergunta,resposta\nAceitam cartão?,Sim.\nTem wi-fi?,\"Sim, grátis.\"\n");
        watched.look();

        Files.delete(folder.resolve("gato.md"));
        write("faq.csv", "pergunta,resposta\nTem wi-fi?,\"Sim, grátis.\"\n");
        watched.look();

        assertThat(titles()).containsExactly("Tem wi-fi?");
    }

    @Test
    void what_was_removed_while_the_server_was_down_is_gone_after_its_start() throws IOException {
        write("gato.md", "A diária do gato custa R$ 75.");
        write("cao.md", "A diária do cachorro custa R$ 95.");
        watched.look();
        Files.delete(folder.resolve("gato.md"));

        anew().look();

        assertThat(titles()).containsExactly("cao");
    }

    @Test
    void documents_of_other_origin_are_left_alone() throws IOException {
        knowledge.put(TENANT, List.of(new Document("api", "Do API", "Temos estacionamento.", null)));
        write("gato.md", "A diária do gato custa R$ 75.");
        watched.look();
        Files.delete(folder.resolve("gato.md"));

        watched.look();

        assertThat(titles()).containsExactly("Do API");
    }

    @Test
    void a_bad_file_is_named_and_spoils_neither_the_others_nor_what_it_said_before() throws IOException {
        write("faq.csv", "pergunta,resposta\nTem wi-fi?,Sim.\n");
        watched.look();

        write("faq.csv", "a,b\n1,2\n");
        write("vazio.txt", " ");
        write("precos.pdf", "this is no PDF");
        write("linhas.jsonl", "{\"id\":1}\n");
        write("gato.md", "A diária do gato custa R$ 75.");
        watched.look();

        assertThat(titles()).containsExactlyInAnyOrder("Tem wi-fi?", "gato");
        assertThat(watched.problems()).containsOnlyKeys("faq.csv", "vazio.txt", "precos.pdf", "linhas.jsonl");
        assertThat(watched.problems().get("faq.csv"))
                .isEqualTo("faq.csv, line 1: columns such as pergunta and resposta wanted");
        assertThat(watched.readable()).isEqualTo(1);
    }

    @Test
    void a_bad_file_that_is_mended_is_taken() throws IOException {
        write("faq.csv", "a,b\n1,2\n");
        watched.look();

        write("faq.csv", "pergunta,resposta\nTem wi-fi?,Sim.\n");
        watched.look();

        assertThat(watched.problems()).isEmpty();
        assertThat(titles()).containsExactly("Tem wi-fi?");
    }

    @Test
    void a_folder_that_is_not_there_changes_nothing() throws IOException {
        write("gato.md", "A diária do gato custa R$ 75.");
        watched.look();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }

        watched.look();
        watched.look();
        assertThat(titles()).containsExactly("gato");

        Files.createDirectories(folder);
        watched.look();
        assertThat(titles()).isEmpty();
    }

    @Test
    void a_file_written_again_with_the_same_size_and_time_is_noticed_by_its_content_when_just_written()
            throws IOException {
        written = Instant.now();
        write("gato.md", "A diária do gato custa R$ 75.");
        watched.look();
        Files.writeString(folder.resolve("gato.md"), "A diária do gato custa R$ 80.");
        Files.setLastModifiedTime(folder.resolve("gato.md"), FileTime.from(written));

        watched.look();

        assertThat(answer("quanto custa a diária do gato?")).contains("R$ 80");
    }

    @Test
    void what_is_still_being_copied_is_read_when_two_looks_have_found_it_the_same() throws IOException {
        watched.look();
        written = Instant.now();

        assertThat(watched.arriving()).isFalse();
        write("gato.csv", "pergunta,resp");
        watched.look();
        assertThat(watched.arriving()).isTrue();
        write("gato.csv", "pergunta,resposta\nQuanto custa a diária do gato?,R$ 75.\n");
        watched.look();

        assertThat(titles()).isEmpty();
        assertThat(watched.problems()).as("half a table is none").isEmpty();
        watched.look();
        assertThat(titles()).containsExactly("Quanto custa a diária do gato?");
        assertThat(watched.arriving()).isFalse();
    }

    @Test
    void what_was_moved_there_or_has_rested_for_a_moment_is_read_at_once() throws IOException {
        watched.look();

        write("gato.md", "A diária do gato custa R$ 75.");
        watched.look();

        assertThat(titles()).containsExactly("gato");
    }

    @Test
    void what_could_not_be_stored_is_taken_over_by_the_next_look() throws IOException {
        var broken = new AtomicBoolean();
        var failing = (DocumentStore) Proxy.newProxyInstance(
                DocumentStore.class.getClassLoader(),
                new Class<?>[] {DocumentStore.class},
                (proxy, method, arguments) -> {
                    if (broken.get()) {
                        throw new IllegalStateException("the database is away");
                    }
                    return method.invoke(store, arguments);
                });
        watched =
                new KnowledgeFolder(TENANT, folder, LuceneKnowledgeBase.on(failing), new DocumentFiles(), Instant::now);
        write("gato.md", "A diária do gato custa R$ 75.");
        write("cao.md", "A diária do cachorro custa R$ 95.");
        watched.look();

        broken.set(true);
        write("gato.md", "A diária do gato custa R$ 80.");
        assertThatThrownBy(watched::look).isInstanceOf(IllegalStateException.class);
        Files.delete(folder.resolve("cao.md"));
        assertThatThrownBy(watched::look).isInstanceOf(IllegalStateException.class);
        broken.set(false);
        watched.look();

        assertThat(titles()).containsExactly("gato");
        assertThat(answer("quanto custa a diária do gato?")).contains("R$ 80");
    }

    @Test
    void a_row_keeps_its_id_wherever_it_stands() throws IOException {
        write("faq.csv", "pergunta,resposta\nTem wi-fi?,Sim.\nAceitam pix?,Sim.\n");
        watched.look();
        write("faq.csv", "pergunta,resposta\nTem vaga?,Temos.\nAceitam pix?,Sim.\nTem wi-fi?,Sim.\n");

        watched.look();

        assertThat(store.stored(TENANT))
                .hasSize(3)
                .extracting(StoredDocument::version)
                .containsOnly(1L);
    }

    @Test
    void names_of_any_length_and_with_number_signs_are_told_apart() throws IOException {
        String deep = "pasta-muito-longa/".repeat(6) + "a".repeat(60);
        write(deep + "1.md", "um");
        write(deep + "2.md", "dois");
        write("dúvida #1.txt", "três");

        watched.look();

        assertThat(store.stored(TENANT)).hasSize(3);
        assertThat(watched.problems()).isEmpty();
    }

    @Test
    void after_a_restart_only_documents_of_new_content_are_parsed_whatever_their_size_and_time(@TempDir Path data)
            throws IOException {
        Path database = data.resolve("wppflow.db");
        var parses = new AtomicInteger();
        write("gato.docx", docx("A diária do gato custa R$ 75."));
        write("cao.docx", docx("A diária do cachorro custa R$ 95."));
        lookAfterStart(database, parses);
        assertThat(parses).hasValue(2);

        lookAfterStart(database, parses);
        assertThat(parses).hasValue(2);

        Path replaced = folder.resolve("gato.docx");
        FileTime time = Files.getLastModifiedTime(replaced);
        long size = Files.size(replaced);
        Files.write(replaced, docx("A diária do gato custa R$ 80."));
        Files.setLastModifiedTime(replaced, time);
        assertThat(Files.size(replaced)).isEqualTo(size);
        lookAfterStart(database, parses);

        assertThat(parses).hasValue(3);
        assertThat(answer("quanto custa a diária do gato?")).contains("R$ 80");
    }

    @Test
    void what_was_read_of_a_customers_file_is_not_taken_for_the_document() throws IOException {
        byte[] price = docx("A diária do gato custa R$ 75.");
        var texts = new InMemoryMediaTextStore(10);
        texts.save(TENANT, KnowledgeFolder.hash(price), new MediaText.Read("cut"), Instant.now());

        assertThat(new DocumentFiles(TENANT, texts).read("gato.docx", price))
                .extracting(Document::content)
                .containsExactly("A diária do gato custa R$ 75.");
    }

    /** The server's database and files anew; what is parsed is what is saved. */
    private void lookAfterStart(Path file, AtomicInteger parses) {
        try (var database = Database.open("sqlite:" + file)) {
            MediaTextStore texts = database.mediaTexts();
            var counting = new MediaTextStore() {
                @Override
                public Optional<MediaText> find(TenantId tenant, String hash) {
                    return texts.find(tenant, hash);
                }

                @Override
                public void save(TenantId tenant, String hash, MediaText text, Instant now) {
                    parses.incrementAndGet();
                    texts.save(tenant, hash, text, now);
                }

                @Override
                public boolean claim(TenantId tenant, String hash, String reader, Instant now, Instant until) {
                    return texts.claim(tenant, hash, reader, now, until);
                }

                @Override
                public void release(TenantId tenant, String hash, String reader) {
                    texts.release(tenant, hash, reader);
                }

                @Override
                public long forget(TenantId tenant) {
                    return texts.forget(tenant);
                }
            };
            new KnowledgeFolder(TENANT, folder, knowledge, new DocumentFiles(TENANT, counting), Instant::now).look();
        }
        assertThat(titles()).containsExactlyInAnyOrder("gato", "cao");
    }

    /** Not compressed, so that texts of the same length make files of the same size. */
    private static byte[] docx(String text) throws IOException {
        byte[] xml = ("<w:document xmlns:w=\"w\"><w:body><w:p><w:r><w:t>" + text
                        + "</w:t></w:r></w:p></w:body></w:document>")
                .getBytes(StandardCharsets.UTF_8);
        var sum = new CRC32();
        sum.update(xml);
        var entry = new ZipEntry("word/document.xml");
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(xml.length);
        entry.setCrc(sum.getValue());
        var out = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(out)) {
            zip.putNextEntry(entry);
            zip.write(xml);
        }
        return out.toByteArray();
    }

    private KnowledgeFolder anew() {
        return new KnowledgeFolder(TENANT, folder, knowledge, new DocumentFiles(), Instant::now);
    }

    private void write(String name, String content) throws IOException {
        write(name, content.getBytes(StandardCharsets.UTF_8));
    }

    private void write(String name, byte[] content) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, content);
        written = written.plusSeconds(1);
        Files.setLastModifiedTime(file, FileTime.from(written));
    }

    private List<String> titles() {
        return store.all(TENANT).stream().map(Document::title).toList();
    }

    private String answer(String question) {
        return knowledge.query(TENANT, Question.of(question)).text();
    }
}

package io.github.almeidatech.wppflow.multimodal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The child's own code, run here: what it does in a child process the reader's tests show. */
class DocumentExtractorTest {

    @TempDir
    private Path directory;

    private final StringWriter out = new StringWriter();

    @Test
    void a_pdf_is_written_up_to_its_last_wanted_page() throws Exception {
        assertThat(run("pdf", SampleFiles.pdf("um", "dois", "três"), "2", "1000"))
                .isEqualTo(DocumentExtractor.DONE);
        assertThat(out.toString()).contains("um", "dois").doesNotContain("três");
    }

    @Test
    void enough_text_is_enough() throws Exception {
        assertThat(run("docx", SampleFiles.docx("abcdef", "ghi"), "9", "4")).isEqualTo(DocumentExtractor.DONE);
        assertThat(out).hasToString("abcd");
    }

    @Test
    void paragraphs_and_tabs_of_a_word_document_are_kept() throws Exception {
        run("docx", SampleFiles.docx("um", "dois"), "9", "1000");

        assertThat(out).hasToString("um\t\ndois\t\n");
    }

    @Test
    void pages_become_pictures() throws Exception {
        assertThat(run(
                        "pages",
                        SampleFiles.pdf("um", "dois"),
                        "1",
                        directory.resolve("p").toString()))
                .isEqualTo(DocumentExtractor.DONE);
        assertThat(FileType.of(Files.readAllBytes(directory.resolve("p0.png")))).isEqualTo(FileType.PNG);
        assertThat(directory.resolve("p1.png")).doesNotExist();
    }

    @Test
    void failures_are_told_apart() throws Exception {
        assertThat(run("pdf", SampleFiles.lockedPdf("x", "y"), "1", "10")).isEqualTo(DocumentExtractor.ENCRYPTED);
        assertThat(run("pdf", SampleFiles.utf8("%PDF-"), "1", "10")).isEqualTo(DocumentExtractor.FAILED);
        assertThat(run("docx", SampleFiles.zip("a", new byte[1]), "1", "10")).isEqualTo(DocumentExtractor.FAILED);
    }

    private int run(String mode, byte[] document, String pages, String last) throws Exception {
        Path file = Files.write(directory.resolve("in"), document);
        return DocumentExtractor.run(new String[] {mode, file.toString(), pages, last}, out);
    }
}

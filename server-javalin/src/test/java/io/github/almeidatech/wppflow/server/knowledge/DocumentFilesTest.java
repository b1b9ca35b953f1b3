package io.github.almeidatech.wppflow.server.knowledge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.almeidatech.wppflow.knowledge.Document;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DocumentFilesTest {

    private final DocumentFiles files = new DocumentFiles();

    @Test
    void the_first_heading_of_markdown_is_the_title() throws IOException {
        assertThat(read("a/precos.md", "# Preços\n\n## Gatos\n\nR$ 75"))
                .containsExactly(new Document("a/precos.md", "Preços", "## Gatos\n\nR$ 75", null));
        assertThat(read("tabela_de-precos.md", "## Gatos\n\nR$ 75"))
                .extracting(Document::title)
                .containsExactly("tabela de precos");
        assertThat(read("x.md", "# Só um título")).extracting(Document::content).containsExactly("# Só um título");
    }

    @Test
    void a_table_may_be_quoted_and_in_any_order_of_its_columns() throws IOException {
        List<Document> rows = read(
                "faq.csv",
                "\uFEFFid,Resposta,Pergunta,domain\r\n"
                        + "7,\"Sim, \"\"todas\"\".\nAté parcelado.\",Aceitam cartão?,hotel\r\n\r\n"
                        + ",Sim.,Tem pix?,\r\n");

        assertThat(rows.get(0))
                .isEqualTo(new Document("faq.csv#7", "Aceitam cartão?", "Sim, \"todas\".\nAté parcelado.", "hotel"));
        assertThat(rows.get(1).domain()).isNull();
        assertThat(rows.get(1).id()).matches("faq\\.csv#[0-9a-f]{8}");
    }

    @Test
    void the_same_question_twice_makes_two_documents() throws IOException {
        assertThat(read("faq.csv", "question\tanswer\nQ?\tA\nQ?\tB\n"))
                .extracting(Document::id)
                .doesNotHaveDuplicates()
                .hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sep=;\r\n", "\"sep=;\"\n", "SEP=;\n", "\uFEFFsep=;;\n"})
    void a_line_that_tells_excel_the_separator_is_no_row(String first) throws IOException {
        assertThat(read("faq.csv", first + "pergunta;resposta\nTem ração, petisco, areia?;Sim, de tudo.\n"))
                .extracting(Document::content)
                .containsExactly("Sim, de tudo.");
    }

    @Test
    void what_older_spreadsheets_write_is_read_too() throws IOException {
        byte[] latin = "pergunta;resposta\nTem café?;Não há café.\n".getBytes(Charset.forName("windows-1252"));

        assertThat(files.read("faq.csv", latin)).extracting(Document::content).containsExactly("Não há café.");
    }

    @ParameterizedTest
    @CsvSource({
        "a.csv, '', no rows",
        "a.csv, 'x,y', line 1",
        "a.csv, 'pergunta,resposta\nTem wi-fi?,', a row without question or answer",
        "a.csv, 'pergunta,resposta\n,Uma resposta bem longa que ninguém perguntou ainda', a row without",
        "a.txt, ' ', no text",
        "a.md, '', no text",
        "a.pdf, 'no pdf', damaged",
        "a.pdf, '%PDF-1.4 broken', a.pdf: ",
        "a.docx, 'no docx', damaged",
        "a.jsonl, '{}', line 1",
        "a.exe, 'x', none of"
    })
    void what_is_wrong_is_said(String name, String content, String problem) {
        assertThatThrownBy(() -> read(name, content))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(problem);
    }

    @Test
    void a_file_that_is_too_large_is_refused() {
        assertThatThrownBy(() -> files.read("a.txt", new byte[DocumentFiles.MAX_BYTES + 1]))
                .hasMessageContaining("16 MiB");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.md", "b/c.PDF", "faq.csv", "x.docx"})
    void these_are_documents(String name) {
        assertThat(DocumentFiles.isOne(name)).isTrue();
        assertThat(DocumentFiles.isOne(name + ".bak")).isFalse();
    }

    private List<Document> read(String name, String content) throws IOException {
        return files.read(name, content.getBytes(StandardCharsets.UTF_8));
    }
}

package io.github.almeidatech.wppflow.server.knowledge;

import io.github.almeidatech.wppflow.knowledge.Document;
import io.github.almeidatech.wppflow.model.Payer;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.multimodal.InMemoryMediaTextStore;
import io.github.almeidatech.wppflow.multimodal.MediaLimits;
import io.github.almeidatech.wppflow.multimodal.MediaReader;
import io.github.almeidatech.wppflow.multimodal.MediaTextStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * What owners keep their knowledge in: Markdown, text, PDF, DOCX, CSV with a question and an answer in each row, JSON Lines.
 * Thread-safe; blocks while a PDF is read, in a child process.
 */
public final class DocumentFiles {

    /** A larger file is not read. */
    public static final int MAX_BYTES = 16 << 20;

    private static final Set<String> ENDINGS = Set.of("md", "markdown", "txt", "pdf", "docx", "csv", "jsonl");
    private static final TenantId NOBODY = new TenantId("files");
    private static final Duration PER_FILE = Duration.ofSeconds(60);
    private static final int MAX_CHARACTERS = 500_000;
    private static final List<String> QUESTION =
            List.of("pergunta", "question", "pregunta", "titulo", "título", "title", "assunto");
    private static final List<String> ANSWER =
            List.of("resposta", "answer", "respuesta", "conteudo", "conteúdo", "content", "texto", "text");
    private static final List<String> DOMAIN = List.of("domain", "dominio", "domínio");

    private final TenantId tenant;
    private final MediaReader reader;

    /** Parses every PDF and DOCX it is given. */
    public DocumentFiles() {
        this(NOBODY, new InMemoryMediaTextStore(0));
    }

    /** A tenant's: a PDF or DOCX of known content is not parsed again. */
    public DocumentFiles(TenantId tenant, MediaTextStore known) {
        this.tenant = tenant;
        this.reader = MediaReader.builder()
                .source((owner, attachment, maxBytes, time) -> new byte[0])
                .limits(new MediaLimits(MAX_BYTES, PER_FILE, PER_FILE, 500, MAX_CHARACTERS, 1, 1))
                .texts(new DocumentTexts(known))
                .build();
    }

    /** Whether a file of that name is one. */
    public static boolean isOne(String name) {
        return ENDINGS.contains(ending(name));
    }

    /**
     * The documents of a file. A file of one document has the file's name as id; rows have {@code name#…}, by their own id
     * or by their question, so that the order of the rows does not matter.
     *
     * @param name with folders, {@code /} between them
     * @throws IOException saying what is wrong, and in which line
     */
    public List<Document> read(String name, byte[] bytes) throws IOException {
        if (bytes.length > MAX_BYTES) {
            throw new IOException(name + ": larger than " + (MAX_BYTES >> 20) + " MiB");
        }
        List<Document> documents = switch (ending(name)) {
            case "md", "markdown" -> markdown(name, text(bytes));
            case "txt" -> List.of(whole(name, title(name), text(bytes)));
            case "pdf" -> List.of(whole(name, title(name), extracted(name, bytes, "%PDF")));
            case "docx" -> List.of(whole(name, title(name), extracted(name, bytes, "PK")));
            case "csv" -> rows(name, text(bytes));
            case "jsonl" ->
                KnowledgeFile.read(new ByteArrayInputStream(bytes), name).stream()
                        .map(each -> new Document(name + "#" + each.id(), each.title(), each.content(), each.domain()))
                        .toList();
            default -> throw new IOException(name + ": none of " + ENDINGS);
        };
        return documents;
    }

    private static String ending(String name) {
        return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    }

    /** {@code politica-de-cancelamento.md} is about "politica de cancelamento". */
    private static String title(String name) {
        String file = name.substring(name.lastIndexOf('/') + 1);
        return file.substring(0, file.lastIndexOf('.')).replaceAll("[-_]+", " ").strip();
    }

    private static Document whole(String name, String title, String content) throws IOException {
        if (content.isBlank()) {
            throw new IOException(name + ": no text in it");
        }
        return new Document(name, title, content.strip(), null);
    }

    /** The first heading is the title, if it is of the first level and nothing stands above it. */
    private static List<Document> markdown(String name, String text) throws IOException {
        String body = text.strip();
        int end = body.indexOf('\n');
        if (body.startsWith("# ") && end > 0) {
            return List.of(whole(name, body.substring(2, end).strip(), body.substring(end)));
        }
        return List.of(whole(name, title(name), body));
    }

    private String extracted(String name, byte[] bytes, String beginning) throws IOException {
        String start = new String(bytes, 0, Math.min(bytes.length, 1_024), StandardCharsets.ISO_8859_1);
        if (!start.contains(beginning)) {
            throw new IOException(name + ": damaged");
        }
        var failure = new ArrayList<String>();
        String text = reader.read(Payer.of(tenant), bytes, Instant.now().plus(PER_FILE))
                .match(read -> read.text(), unreadable -> {
                    failure.add(unreadable.reason().word());
                    return "";
                });
        if (!failure.isEmpty()) {
            throw new IOException(name + ": " + failure.get(0));
        }
        return text;
    }

    private static List<Document> rows(String name, String text) throws IOException {
        List<List<String>> table = CsvTable.read(text);
        if (table.isEmpty()) {
            throw new IOException(name + ": no rows in it");
        }
        List<String> head = table.get(0).stream()
                .map(each -> each.strip().toLowerCase(Locale.ROOT))
                .toList();
        int question = column(head, QUESTION);
        int answer = column(head, ANSWER);
        if (question < 0 || answer < 0) {
            throw new IOException(name + ", line 1: columns such as pergunta and resposta wanted");
        }
        int id = head.indexOf("id");
        int domain = column(head, DOMAIN);
        var documents = new ArrayList<Document>();
        Map<String, Integer> seen = new HashMap<>();
        for (List<String> row : table.subList(1, table.size())) {
            String asked = cell(row, question);
            String answered = cell(row, answer);
            if (!asked.isEmpty() && !answered.isEmpty()) {
                String own = cell(row, id).isEmpty() ? mark(asked) : cell(row, id);
                int times = seen.merge(own, 1, Integer::sum);
                documents.add(new Document(
                        name + "#" + own + (times == 1 ? "" : "-" + times),
                        asked,
                        answered,
                        cell(row, domain).isEmpty() ? null : cell(row, domain)));
            } else if (row.stream().anyMatch(each -> !each.isBlank())) {
                throw new IOException(name + ": a row without question or answer: "
                        + (asked.isEmpty() ? "answer" : "question") + " \"" + shortened(asked + answered) + "\"");
            }
        }
        return documents;
    }

    private static int column(List<String> head, List<String> names) {
        return names.stream()
                .mapToInt(head::indexOf)
                .filter(at -> at >= 0)
                .findFirst()
                .orElse(-1);
    }

    private static String cell(List<String> row, int column) {
        return column < 0 || column >= row.size() ? "" : row.get(column).strip();
    }

    private static String shortened(String text) {
        return text.length() <= 40 ? text : text.substring(0, 40) + "…";
    }

    private static String mark(String question) {
        var sum = new CRC32();
        sum.update(question.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().toHexDigits((int) sum.getValue());
    }

    /** UTF-8, with or without byte order mark; what is none is taken for what older spreadsheets write. */
    private static String text(byte[] bytes) {
        String text = decoded(bytes, StandardCharsets.UTF_8);
        if (text == null) {
            text = new String(bytes, Charset.forName("windows-1252"));
        }
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    private static @Nullable String decoded(byte[] bytes, Charset charset) {
        try {
            return charset.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }
}

package io.github.almeidatech.wppflow.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.almeidatech.wppflow.knowledge.Document;
import io.github.almeidatech.wppflow.server.knowledge.DocumentFiles;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The knowledge base of a running server. */
@Command(
        name = "kb",
        mixinStandardHelpOptions = true,
        description = "The knowledge base of the running server.",
        subcommands = {
            KbCommand.Ingest.class,
            KbCommand.Search.class,
            KbCommand.List.class,
            KbCommand.Remove.class,
            KbCommand.Duplicates.class,
            KbCommand.Unanswered.class
        })
final class KbCommand implements Runnable {

    private static final String DOCUMENTS = "/api/v1/knowledge-base/documents";
    private static final String UNANSWERED = "/api/v1/knowledge/unanswered";

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "ingest, search, list, remove, duplicates or unanswered is wanted");
    }

    private static ObjectNode body(ApiOptions api) {
        ObjectNode body = JsonLines.MAPPER.createObjectNode();
        if (api.tenant() != null) {
            body.put("tenant_id", api.tenant());
        }
        return body;
    }

    private static Map<String, @Nullable Object> query(ApiOptions api) {
        var query = new HashMap<String, @Nullable Object>();
        query.put("tenant_id", api.tenant());
        return query;
    }

    @Command(
            name = "ingest",
            mixinStandardHelpOptions = true,
            description = {
                "Adds or replaces documents from files and folders.",
                "Markdown, text, PDF, DOCX, JSON Lines, CSV with the columns pergunta and resposta. A document's id is its file's",
                "name, and that of its row.",
                "Exit code 1 when a file could not be read; the others are stored all the same."
            })
    static final class Ingest implements Callable<Integer> {

        private static final int BATCH_CHARACTERS = 200_000;
        private static final int BATCH = 500;

        @Mixin
        private final ApiOptions api = new ApiOptions();

        @Parameters(paramLabel = "FILE", arity = "1..*", description = "files and folders")
        private java.util.List<Path> paths;

        @Option(names = "--domain", description = "the area of all these documents, unless a row names its own")
        private @Nullable String domain;

        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() throws IOException {
            var documents = new ArrayList<Document>();
            int failed = 0;
            try (Progress progress = api.progress("reading files")) {
                for (Path path : paths) {
                    failed += read(path, documents, progress);
                }
            }
            int stored;
            try (Progress progress = api.progress("storing documents")) {
                stored = send(documents, progress);
            }
            ObjectNode done = JsonLines.MAPPER.createObjectNode();
            done.put("stored", stored);
            done.put("files_failed", failed);
            api.print(done, data -> stored + (stored == 1 ? " document stored" : " documents stored"));
            return failed == 0 ? 0 : 1;
        }

        /** How many of its files could not be read. */
        private int read(Path path, java.util.List<Document> documents, Progress progress) throws IOException {
            var files = new DocumentFiles();
            Path root = Files.isDirectory(path) ? path : path.toAbsolutePath().resolveSibling("");
            int failed = 0;
            for (Path file : filesOf(path)) {
                String name = root.relativize(Files.isDirectory(path) ? file : file.toAbsolutePath())
                        .toString()
                        .replace('\\', '/');
                try {
                    documents.addAll(files.read(name, Files.readAllBytes(file)));
                } catch (IOException e) {
                    failed++;
                    PrintWriter err = spec.commandLine().getErr();
                    err.println(Failures.sentence(e));
                    err.flush();
                }
                progress.step();
            }
            return failed;
        }

        private static java.util.List<Path> filesOf(Path path) throws IOException {
            if (!Files.isDirectory(path)) {
                return java.util.List.of(path);
            }
            try (Stream<Path> found = Files.walk(path)) {
                return found.filter(file -> Files.isRegularFile(file) && DocumentFiles.isOne(file.toString()))
                        .sorted()
                        .toList();
            }
        }

        private int send(java.util.List<Document> documents, Progress progress) throws IOException {
            int sent = 0;
            while (sent < documents.size()) {
                ObjectNode body = body(api);
                ArrayNode batch = body.putArray("documents");
                int characters = 0;
                while (sent < documents.size() && batch.size() < BATCH && characters < BATCH_CHARACTERS) {
                    Document each = documents.get(sent++);
                    characters += each.content().length();
                    batch.addObject()
                            .put("id", each.id())
                            .put("title", each.title())
                            .put("content", each.content())
                            .put("domain", each.domain() == null ? domain : each.domain());
                }
                api.client().post(DOCUMENTS, body);
                progress.at(sent, documents.size());
            }
            return sent;
        }
    }

    @Command(name = "search", mixinStandardHelpOptions = true, description = "Asks as a customer would.")
    static final class Search implements Callable<Integer> {

        @Mixin
        private final ApiOptions api = new ApiOptions();

        @Parameters(paramLabel = "QUESTION", arity = "1..*", description = "in quotes or not")
        private java.util.List<String> words;

        @Option(names = "--top", defaultValue = "3", description = "how many passages (${DEFAULT-VALUE})")
        private int top;

        @Override
        public Integer call() throws IOException {
            ObjectNode body = body(api).put("query", String.join(" ", words)).put("top_k", top);
            api.print(api.client().post("/api/v1/knowledge-base/query", body), Search::text);
            return 0;
        }

        private static String text(JsonNode found) {
            var text = new StringBuilder();
            text.append(
                    found.path("answered").asBoolean()
                            ? found.path("answer").asText()
                            : "no answer good enough: a person would be called");
            text.append(
                    "\n(confidence %.2f)\n".formatted(found.path("confidence").asDouble()));
            found.path("sources")
                    .forEach(each -> text.append("  %.2f  %s  %s\n"
                            .formatted(
                                    each.path("similarity").asDouble(),
                                    each.path("document").asText(),
                                    each.path("title").asText())));
            return text.toString();
        }
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "All documents, and the files of the folder that cannot be read.")
    static final class List implements Callable<Integer> {

        @Mixin
        private final ApiOptions api = new ApiOptions();

        @Override
        public Integer call() throws IOException {
            api.print(api.client().get(DOCUMENTS, query(api)), List::text);
            return 0;
        }

        private static String text(JsonNode data) {
            var text = new StringBuilder();
            data.path("documents")
                    .forEach(each -> text.append("%s  v%s  %s  %s\n"
                            .formatted(
                                    each.path("updated_at").asText(),
                                    each.path("version").asText(),
                                    each.path("id").asText(),
                                    each.path("title").asText())));
            data.path("files_failed")
                    .forEach(each -> text.append("left out: %s: %s\n"
                            .formatted(
                                    each.path("file").asText(),
                                    each.path("problem").asText())));
            return text.length() == 0 ? "no documents" : text.toString();
        }
    }

    @Command(name = "remove", mixinStandardHelpOptions = true, description = "Removes documents.")
    static final class Remove implements Callable<Integer> {

        @Mixin
        private final ApiOptions api = new ApiOptions();

        @Parameters(paramLabel = "ID", arity = "1..*", description = "as listed")
        private java.util.List<String> ids;

        @Override
        public Integer call() throws IOException {
            ObjectNode body = body(api);
            ids.forEach(body.putArray("ids")::add);
            JsonNode done = api.client().send("DELETE", DOCUMENTS, body);
            api.print(done, data -> {
                int removed = data.path("removed").asInt();
                return removed
                        + (removed == 1 ? " document removed" : " documents removed")
                        + (removed < ids.size() ? "; the others are not there ('wppflow kb list')" : "");
            });
            return 0;
        }
    }

    @Command(
            name = "duplicates",
            mixinStandardHelpOptions = true,
            description = "Documents that say nearly the same: of such, one is usually out of date.")
    static final class Duplicates implements Callable<Integer> {

        @Mixin
        private final ApiOptions api = new ApiOptions();

        @Override
        public Integer call() throws IOException {
            api.print(api.client().get("/api/v1/knowledge-base/duplicates", query(api)), Duplicates::text);
            return 0;
        }

        private static String text(JsonNode data) {
            var text = new StringBuilder();
            data.path("pairs")
                    .forEach(each -> text.append("%.2f  %s  %s\n"
                            .formatted(
                                    each.path("similarity").asDouble(),
                                    each.path("first").asText(),
                                    each.path("second").asText())));
            return text.length() == 0 ? "none" : text.toString();
        }
    }

    @Command(
            name = "unanswered",
            mixinStandardHelpOptions = true,
            description = "Questions that had no answer, most asked first; or closes one of them.")
    static final class Unanswered implements Callable<Integer> {

        @Mixin
        private final ApiOptions api = new ApiOptions();

        @Option(
                names = "--resolve",
                paramLabel = "ID",
                description = "the answer is in the knowledge base now; asked again without one, it comes back")
        private @Nullable String resolve;

        @Option(names = "--dismiss", paramLabel = "ID", description = "nothing to be answered; it stays away")
        private @Nullable String dismiss;

        @Override
        public Integer call() throws IOException {
            if (resolve != null) {
                close(resolve, "resolve");
            }
            if (dismiss != null) {
                close(dismiss, "dismiss");
            }
            if (resolve == null && dismiss == null) {
                api.print(api.client().get(UNANSWERED, query(api)), Unanswered::text);
            }
            return 0;
        }

        private void close(String id, String how) throws IOException {
            api.print(
                    api.client().post(UNANSWERED + "/" + ApiClient.encoded(id) + "/" + how, body(api)),
                    done -> id + " is closed");
        }

        private static String text(JsonNode data) {
            var text = new StringBuilder();
            data.path("questions")
                    .forEach(each -> text.append("%s, last %s  %s\n    %s\n    %s\n"
                            .formatted(
                                    each.path("count").asInt() == 1
                                            ? "once"
                                            : each.path("count").asText() + " times",
                                    each.path("last_at").asText(),
                                    each.path("id").asText(),
                                    each.path("question").asText(),
                                    each.path("conversation_url").asText())));
            return text.length() == 0 ? "no unanswered questions" : text.toString();
        }
    }
}

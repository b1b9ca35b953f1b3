package io.github.almeidatech.wppflow.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The event log of a running server. */
@Command(
        name = "events",
        mixinStandardHelpOptions = true,
        description = "What happened, as the running server has written it down.",
        subcommands = {EventsCommand.Latest.class, EventsCommand.Verify.class, EventsCommand.Export.class})
final class EventsCommand implements Runnable {

    private static final String PATH = "/api/v1/events";

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "list, verify or export is wanted");
    }

    /** Which events are wanted. */
    static final class Filter {

        @Option(names = "--conversation", paramLabel = "ID", description = "only this conversation's")
        private @Nullable Long conversation;

        @Option(names = "--phone", description = "only this person's, however the number is written")
        private @Nullable String phone;

        @Option(names = "--contact", paramLabel = "ID", description = "about this contact, by any of its numbers")
        private @Nullable String contact;

        @Option(names = "--type", description = "a type such as turn.completed, or a prefix such as turn.*")
        private @Nullable String type;

        @Option(names = "--from", paramLabel = "TIME", description = "ISO 8601, such as 2026-01-31T00:00:00Z")
        private @Nullable String from;

        @Option(names = "--to", paramLabel = "TIME", description = "before this time")
        private @Nullable String to;

        Map<String, @Nullable Object> query(ApiOptions api) {
            var query = new HashMap<String, @Nullable Object>();
            query.put("tenant_id", api.tenant());
            query.put("conversation_id", conversation);
            query.put("phone", phone);
            query.put("contact_id", contact);
            query.put("event_type", type);
            query.put("from", from);
            query.put("to", to);
            return query;
        }
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "The newest first.")
    static final class Latest implements Callable<Integer> {

        @Mixin
        private final ApiOptions api = new ApiOptions();

        @Mixin
        private final Filter filter = new Filter();

        @Option(names = "--limit", defaultValue = "50", description = "how many at most (${DEFAULT-VALUE})")
        private int limit;

        @Option(names = "--cursor", description = "where the list before ended")
        private @Nullable String cursor;

        @Override
        public Integer call() throws IOException {
            Map<String, @Nullable Object> query = filter.query(api);
            query.put("limit", limit);
            query.put("cursor", cursor);
            api.print(api.client().get(PATH, query), Latest::words);
            return 0;
        }

        private static String words(JsonNode data) {
            var text = new StringBuilder();
            data.path("events")
                    .forEach(event -> text.append("%s  %s  %s  %s  %s%n"
                            .formatted(
                                    Instant.ofEpochMilli(event.path("timestamp").asLong()),
                                    event.path("conversation_id").asText("-"),
                                    event.path("source").asText(),
                                    event.path("event_type").asText(),
                                    event.path("payload"))));
            if (data.path("next_cursor").isTextual()) {
                text.append("more with --cursor %s%n"
                        .formatted(data.path("next_cursor").asText()));
            }
            return text.length() == 0 ? "no events" : text.toString();
        }
    }

    @Command(
            name = "verify",
            mixinStandardHelpOptions = true,
            description = {
                "Checks that no event was changed, removed or slipped in; ends with 1 when one was.",
                "Keep what --json says outside the database: with it, --noted also shows a chain cut short or rewritten."
            })
    static final class Verify implements Callable<Integer> {

        @Mixin
        private final ApiOptions api = new ApiOptions();

        @Option(names = "--noted", paramLabel = "FILE", description = "what an earlier verify --json said")
        private @Nullable Path noted;

        @Override
        public Integer call() throws IOException {
            var query = new HashMap<String, @Nullable Object>();
            query.put("tenant_id", api.tenant());
            if (noted != null) {
                JsonNode earlier = JsonLines.MAPPER.readTree(Files.readString(noted));
                query.put("events", earlier.path("events").asText());
                query.put("head", earlier.path("head").asText());
            }
            JsonNode found = api.client().get(PATH + "/verify", query);
            api.print(found, Verify::words);
            return found.path("intact").asBoolean() ? 0 : 1;
        }

        private static String words(JsonNode found) {
            return found.path("intact").asBoolean()
                    ? "intact: %s events, head %s"
                            .formatted(
                                    found.path("events").asText(),
                                    found.path("head").asText())
                    : "BROKEN at event %s: %s"
                            .formatted(
                                    found.path("position").asText(),
                                    found.path("reason").asText());
        }
    }

    @Command(
            name = "export",
            mixinStandardHelpOptions = true,
            description = "All events, or those wanted, as JSON Lines in the order in which they were written down.")
    static final class Export implements Callable<Integer> {

        @Mixin
        private final ApiOptions api = new ApiOptions();

        @Mixin
        private final Filter filter = new Filter();

        @Option(names = "--out", paramLabel = "FILE", description = "a new file; without it, the standard output")
        private @Nullable Path file;

        @Override
        public Integer call() throws IOException {
            try (InputStream in = api.client().stream(PATH + "/export", filter.query(api));
                    Progress progress = api.progress("exporting events");
                    var lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
                if (file == null) {
                    copy(lines, api.out(), progress);
                } else {
                    NewFile.write(file, out -> copy(lines, out, progress));
                }
                return 0;
            }
        }

        private static void copy(BufferedReader lines, PrintWriter out, Progress progress) throws IOException {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("{\"success\":false")
                        || line.contains("\"success\":false") && line.length() < 200) {
                    throw new IOException("the server broke off: what was written is not all");
                }
                out.print(line);
                out.print('\n');
                progress.step();
            }
            out.flush();
            if (out.checkError()) {
                throw new IOException("it could not be written");
            }
        }
    }
}

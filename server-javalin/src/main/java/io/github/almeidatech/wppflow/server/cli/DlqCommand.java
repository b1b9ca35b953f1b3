package io.github.almeidatech.wppflow.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
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
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Commands that were given up, of a running server. */
@Command(
        name = "dlq",
        mixinStandardHelpOptions = true,
        description =
                "Dead letters of the running server: what could not be done in Chatwoot and waits for a decision.",
        subcommands = {DlqCommand.List.class, DlqCommand.Show.class, DlqCommand.Retry.class, DlqCommand.Discard.class})
final class DlqCommand implements Runnable {

    private static final String PATH = "/api/v1/dead-letters";

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "list, show, retry or discard is wanted");
    }

    private static String line(JsonNode letter) {
        return "%s  conversation %s  %s  %s  since %s, %s attempts"
                .formatted(
                        letter.path("id").asText(),
                        letter.path("conversation_id").asText(),
                        letter.path("command").asText(),
                        letter.path("reason").asText(),
                        Instant.ofEpochMilli(letter.path("since").asLong()),
                        letter.path("attempts").asText());
    }

    private static Map<String, @Nullable Object> query(ApiOptions api) {
        var query = new HashMap<String, @Nullable Object>();
        query.put("tenant_id", api.tenant());
        return query;
    }

    private static Map<String, Object> body(ApiOptions api) {
        var body = new HashMap<String, Object>();
        String tenant = api.tenant();
        if (tenant != null) {
            body.put("tenant_id", tenant);
        }
        return body;
    }

    private static ApiClient client(ApiOptions api, long id) throws IOException {
        return api.client().wanting("dead letter " + id + "; 'wppflow dlq list' shows those that wait");
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "The oldest first.")
    static final class List implements Callable<Integer> {

        @Mixin
        private final ApiOptions api = new ApiOptions();

        @Option(names = "--limit", defaultValue = "100", description = "how many at most (${DEFAULT-VALUE})")
        private int limit;

        @Option(names = "--cursor", description = "where the list before ended")
        private @Nullable String cursor;

        @Override
        public Integer call() throws IOException {
            var query = query(api);
            query.put("limit", limit);
            query.put("cursor", cursor);
            api.print(api.client().get(PATH, query), List::words);
            return 0;
        }

        private static String words(JsonNode data) {
            var text = new StringBuilder();
            data.path("dead_letters")
                    .forEach(letter -> text.append(line(letter)).append('\n'));
            if (data.path("next_cursor").isTextual()) {
                text.append("more with --cursor ")
                        .append(data.path("next_cursor").asText())
                        .append('\n');
            }
            return text.length() == 0 ? "no dead letters" : text.toString();
        }
    }

    @Command(name = "show", mixinStandardHelpOptions = true, description = "One of them with its content.")
    static final class Show implements Callable<Integer> {

        @Mixin
        private final ApiOptions api = new ApiOptions();

        @Parameters(paramLabel = "ID", description = "as listed")
        private long id;

        @Override
        public Integer call() throws IOException {
            api.print(client(api, id).get(PATH + "/" + id, query(api)), Show::words);
            return 0;
        }

        private static String words(JsonNode letter) {
            String meanwhile = letter.path("answered_meanwhile").asBoolean()
                    ? "the customer was answered meanwhile by a %s at %s"
                            .formatted(
                                    letter.path("answered_by").asText(),
                                    Instant.ofEpochMilli(
                                            letter.path("answered_at").asLong()))
                    : "nothing was said to the customer since then";
            return line(letter) + "\n" + meanwhile + "\n"
                    + letter.path("content").toPrettyString();
        }
    }

    @Command(
            name = "retry",
            mixinStandardHelpOptions = true,
            description = {
                "Tries one again. It is looked for in Chatwoot first, so it is not sent twice.",
                "When the customer was answered meanwhile, --yes says that it is wanted all the same."
            })
    static final class Retry implements Callable<Integer> {

        @Mixin
        private final ApiOptions api = new ApiOptions();

        @Parameters(paramLabel = "ID", description = "as listed")
        private long id;

        @Option(names = "--yes", description = "also when the customer was answered meanwhile")
        private boolean yes;

        @Override
        public Integer call() throws IOException {
            var body = body(api);
            body.put("confirm", yes);
            api.print(client(api, id).post(PATH + "/" + id + "/retry", body), done -> id + " is tried again");
            return 0;
        }
    }

    @Command(
            name = "discard",
            mixinStandardHelpOptions = true,
            description = "Throws one away for good; needs a token with the scope admin.")
    static final class Discard implements Callable<Integer> {

        @Mixin
        private final ApiOptions api = new ApiOptions();

        @Parameters(paramLabel = "ID", description = "as listed")
        private long id;

        @Override
        public Integer call() throws IOException {
            api.print(client(api, id).post(PATH + "/" + id + "/discard", body(api)), done -> id + " is discarded");
            return 0;
        }
    }
}

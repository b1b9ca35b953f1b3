package io.github.almeidatech.wppflow.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** A person's rights over their data. */
@Command(
        name = "lgpd",
        mixinStandardHelpOptions = true,
        description = {
            "What is stored of a person, as the law lets them ask: to see it, and to have it erased.",
            "Needs a token with the scope admin. A number is found whichever way it is written."
        },
        subcommands = {
            LgpdCommand.Export.class,
            LgpdCommand.Erase.class,
            LgpdCommand.Receipts.class,
            LgpdCommand.Repeat.class
        })
final class LgpdCommand implements Runnable {

    private static final String PATH = "/api/v1/lgpd/";
    /** What one call gives or takes. */
    private static final int AT_ONCE = 1_000;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "export, erase, receipts or repeat is wanted");
    }

    private static Map<String, Object> person(ApiOptions api, String phone) {
        var body = new HashMap<String, Object>();
        body.put("phone", phone);
        String tenant = api.tenant();
        if (tenant != null) {
            body.put("tenant_id", tenant);
        }
        return body;
    }

    private static String words(JsonNode receipt) {
        var text = new StringBuilder("%s  %s"
                .formatted(receipt.path("id").asText(), receipt.path("state").asText()));
        if (receipt.path("requested_at").isTextual()) {
            text.append("  wanted ")
                    .append(receipt.path("requested_at").asText())
                    .append(" by ")
                    .append(receipt.path("requested_by").asText());
        }
        if (receipt.path("problem").isTextual()) {
            text.append("  (").append(receipt.path("problem").asText()).append("; is repeated by itself)");
        }
        text.append('\n');
        receipt.properties().forEach(field -> {
            if (field.getValue().isIntegralNumber()) {
                text.append("  %-12s %s%n"
                        .formatted(field.getKey(), field.getValue().asText()));
            }
        });
        text.append("  not erased   ").append(receipt.path("not_erased")).append('\n');
        return text.toString();
    }

    @Command(
            name = "export",
            mixinStandardHelpOptions = true,
            description =
                    "Everything stored of a person, as JSON. Handing it over is written down, without the number.")
    static final class Export implements Callable<Integer> {

        @Mixin
        private final ApiOptions api = new ApiOptions();

        @Option(names = "--phone", required = true, description = "the person's number")
        private String phone;

        @Option(
                names = "--chatwoot",
                description = "also what Chatwoot's contact says, with its conversations' numbers")
        private boolean chatwoot;

        @Option(names = "--out", paramLabel = "FILE", description = "a new file; without it, the standard output")
        private @Nullable Path file;

        @Override
        public Integer call() throws IOException {
            Map<String, Object> body = person(api, phone);
            body.put("chatwoot", chatwoot);
            JsonNode data = api.client().post(PATH + "export", body);
            if (file == null) {
                api.out().println(data.toPrettyString());
            } else {
                NewFile.write(file, out -> out.print(data.toPrettyString() + "\n"));
                api.note("written: " + file);
            }
            if (!data.has("id")
                    && data.path("messages").isEmpty()
                    && data.path("events").isEmpty()) {
                api.note("nothing is stored of this number: is it complete, with its area code?");
            }
            return 0;
        }
    }

    @Command(
            name = "erase",
            mixinStandardHelpOptions = true,
            description = {
                "Erases a person for good: messages, commands that wait, the content of events, the contact, caches.",
                "Repeating it is harmless; what cannot be done now (Chatwoot is down) is repeated by the server."
            })
    static final class Erase implements Callable<Integer> {

        @Mixin
        private final ApiOptions api = new ApiOptions();

        @Spec
        private CommandSpec spec;

        @Option(names = "--phone", required = true, description = "the person's number")
        private String phone;

        @Option(names = "--chatwoot", description = "also Chatwoot's contact, with its conversations")
        private boolean chatwoot;

        @Option(names = "--yes", description = "it cannot be taken back: say so")
        private boolean yes;

        @Override
        public Integer call() throws IOException {
            if (!yes) {
                throw new ParameterException(spec.commandLine(), "erasing cannot be taken back: --yes is wanted");
            }
            Map<String, Object> body = person(api, phone);
            body.put("chatwoot", chatwoot);
            JsonNode receipt = api.client().post(PATH + "erase", body);
            api.print(receipt, LgpdCommand::words);
            return receipt.path("state").asText().equals("done") ? 0 : 1;
        }
    }

    @Command(
            name = "receipts",
            mixinStandardHelpOptions = true,
            description = "The receipts of erasures, the newest first; or one of them.")
    static final class Receipts implements Callable<Integer> {

        @Mixin
        private final ApiOptions api = new ApiOptions();

        @Parameters(arity = "0..1", paramLabel = "ID", description = "only this one")
        private @Nullable String id;

        @Override
        public Integer call() throws IOException {
            var query = new HashMap<String, @Nullable Object>();
            query.put("tenant_id", api.tenant());
            if (id != null) {
                api.print(
                        api.client()
                                .wanting("receipt " + id + "; 'wppflow lgpd receipts' shows them all")
                                .get(PATH + "erasures/" + ApiClient.encoded(id), query),
                        LgpdCommand::words);
                return 0;
            }
            api.print(all(query), data -> {
                var text = new StringBuilder();
                data.path("erasures").forEach(receipt -> text.append(words(receipt)));
                return text.length() == 0 ? "nobody was erased" : text.toString();
            });
            return 0;
        }

        /** Page by page: after a restore they may be all that tells who was erased. */
        private JsonNode all(Map<String, @Nullable Object> query) throws IOException {
            ObjectNode all = JsonLines.MAPPER.createObjectNode();
            ArrayNode erasures = all.putArray("erasures");
            query.put("limit", AT_ONCE);
            JsonNode page;
            do {
                page = api.client().get(PATH + "erasures", query);
                page.path("erasures").forEach(erasures::add);
                query.put("cursor", page.path("next_cursor").asText());
            } while (page.path("next_cursor").isTextual());
            return all;
        }
    }

    @Command(
            name = "repeat",
            mixinStandardHelpOptions = true,
            description = {
                "Carries out erasures again that a restored database does not know of, and waits for it.",
                "With an erasure journal (on SQLite always) the server does so by itself at its start; this is for PostgreSQL",
                "without one, and for lost journals."
            })
    static final class Repeat implements Callable<Integer> {

        @Mixin
        private final ApiOptions api = new ApiOptions();

        @Spec
        private CommandSpec spec;

        @Parameters(
                paramLabel = "FILE",
                description = "what 'lgpd receipts --json' has written before, or an erasures.jsonl")
        private Path file;

        @Override
        public Integer call() throws IOException {
            List<JsonNode> all = receipts();
            ObjectNode answer = JsonLines.MAPPER.createObjectNode();
            ArrayNode erasures = answer.putArray("erasures");
            long known = 0;
            for (int from = 0; from < all.size(); from += AT_ONCE) {
                JsonNode taken = takenDown(all.subList(from, Math.min(all.size(), from + AT_ONCE)));
                erasures.addAll(carriedOut(taken.path("erasures")));
                known += taken.path("known").asLong();
            }
            answer.put("known", known);
            api.print(answer, data -> {
                var text = new StringBuilder();
                data.path("erasures").forEach(receipt -> text.append(words(receipt)));
                return text.append("%s repeated, %s were known%n"
                                .formatted(
                                        data.path("erasures").size(),
                                        data.path("known").asText()))
                        .toString();
            });
            for (JsonNode receipt : answer.path("erasures")) {
                if (!receipt.path("state").asText().equals("done")) {
                    return 1;
                }
            }
            return 0;
        }

        private JsonNode takenDown(List<JsonNode> receipts) throws IOException {
            var body = new HashMap<String, Object>();
            body.put("erasures", receipts.stream().map(Repeat::earlier).toList());
            String tenant = api.tenant();
            if (tenant != null) {
                body.put("tenant_id", tenant);
            }
            return api.client().post(PATH + "erasures/repeat", body);
        }

        /** The receipts when each is done or could not be done at once. */
        private ArrayNode carriedOut(JsonNode begun) throws IOException {
            var query = new HashMap<String, @Nullable Object>();
            query.put("tenant_id", api.tenant());
            ArrayNode receipts = JsonLines.MAPPER.createArrayNode();
            for (JsonNode each : begun) {
                JsonNode receipt = each;
                while (receipt.path("state").asText().equals("open")
                        && !receipt.path("problem").isTextual()) {
                    pause();
                    String id = receipt.path("id").asText();
                    receipt = api.client().get(PATH + "erasures/" + ApiClient.encoded(id), query);
                }
                receipts.add(receipt);
            }
            return receipts;
        }

        private static void pause() throws InterruptedIOException {
            try {
                TimeUnit.MILLISECONDS.sleep(200);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted; the server goes on");
            }
        }

        /** A receipt counts what was removed in Chatwoot; a line of the journal says whether that was wanted. */
        private static Map<String, Object> earlier(JsonNode receipt) {
            JsonNode chatwoot = receipt.path("chatwoot");
            return Map.of(
                    "id", receipt.path("id"),
                    "person", receipt.path("person"),
                    "requested_by", receipt.path("requested_by"),
                    "requested_at", receipt.path("requested_at"),
                    "chatwoot", chatwoot.isNumber() || chatwoot.asBoolean());
        }

        /** Of the tenant that is asked for, when lines say whose they are. */
        private List<JsonNode> receipts() throws IOException {
            var receipts = new ArrayList<JsonNode>();
            try (MappingIterator<JsonNode> values =
                    JsonLines.MAPPER.readerFor(JsonNode.class).readValues(file.toFile())) {
                values.forEachRemaining(value -> {
                    if (value.has("erasures")) {
                        value.path("erasures").forEach(receipts::add);
                    } else {
                        receipts.add(value);
                    }
                });
            } catch (FileNotFoundException e) { // says why by itself
                throw e;
            } catch (IOException | RuntimeException e) {
                throw new ParameterException(spec.commandLine(), file + ": receipts as JSON wanted", e);
            }
            receipts.removeIf(receipt -> api.tenant() != null
                    && receipt.hasNonNull("tenant_id")
                    && !receipt.path("tenant_id").asText().equals(api.tenant()));
            return receipts;
        }
    }
}

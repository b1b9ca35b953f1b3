package io.github.almeidatech.wppflow.server.cli;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.SpendLedger;
import io.github.almeidatech.wppflow.server.config.Config;
import io.github.almeidatech.wppflow.server.config.ConfigReader;
import io.github.almeidatech.wppflow.server.policy.PolicyFiles;
import io.github.almeidatech.wppflow.server.policy.PolicySource;
import io.github.almeidatech.wppflow.server.replay.ConfiguredReplay;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What a recorded conversation would have come to. */
@Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        description = {
            "Answers the turns of a recorded conversation again, and tells what would be different.",
            "By the running server's configuration as it is now, or that of a file. Nothing is sent, nothing is written.",
            "Exit code 0: all the same, 3: something would be different, 1: failed."
        })
final class ReplayCommand implements Callable<Integer> {

    private static final int DIFFERENT = 3;

    private static final ObjectMapper YAML = new YAMLMapper();

    @Spec
    private CommandSpec spec;

    @Mixin
    private final ApiOptions api = new ApiOptions();

    @Option(
            names = "--conversation",
            required = true,
            paramLabel = "ID",
            description = "Chatwoot's number of the conversation")
    private long conversation;

    @Option(names = "--message", paramLabel = "ID", description = "only the turn that answered this message")
    private @Nullable Long message;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "another wppflow.yaml to answer by, with its policies, documents and models")
    private @Nullable Path file;

    @Option(
            names = "--policies",
            paramLabel = "FILE",
            description = "policies in place of those in force: YAML or JSON, or a folder of such files")
    private @Nullable Path policies;

    @Option(
            names = "--settings",
            paramLabel = "FILE",
            description =
                    "YAML or JSON with what of the tenant's settings is to be other: routing, hours, handoff, replies,"
                            + " models, name, language, time_zone")
    private @Nullable Path settings;

    @Option(names = "--models", description = "also ask the language models, which costs what they cost")
    private boolean models;

    @Option(
            names = "--max-dollars",
            paramLabel = "USD",
            defaultValue = "0.50",
            description = "what the models may cost at most (${DEFAULT-VALUE}); turns beyond it are not replayed")
    private BigDecimal maxDollars;

    @Option(
            names = "--max-tokens",
            paramLabel = "N",
            defaultValue = "200000",
            description = "how many tokens at most (${DEFAULT-VALUE})")
    private long maxTokens;

    @Override
    public Integer call() throws IOException {
        if (file != null && (policies != null || settings != null)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--config has policies and settings of its own: leave --policies and --settings out");
        }
        JsonNode report = file == null ? byTheServer() : byFile(file);
        api.print(report, ReplayCommand::words);
        return report.path("changed").asLong() == 0 ? 0 : DIFFERENT;
    }

    private JsonNode byTheServer() throws IOException {
        var body = new HashMap<String, @Nullable Object>();
        body.put("tenant_id", api.tenant());
        body.put("conversation_id", conversation);
        body.put("message_id", message);
        body.put("policies", policies == null ? null : documents(policies));
        body.put("settings", settings == null ? null : YAML.readTree(settings.toFile()));
        body.put("models", models);
        body.put("max_dollars", maxDollars);
        body.put("max_tokens", maxTokens);
        return api.client()
                .wanting("recorded turn of it; 'wppflow explain' says what has happened")
                .post("/api/v1/replay", body);
    }

    private Object documents(Path from) {
        PolicyFiles.Content content = PolicyFiles.read(from);
        if (!content.problems().isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(),
                    content.problems().stream().map(Object::toString).collect(Collectors.joining("\n")));
        }
        return content.documents().stream().map(PolicySource::document).toList();
    }

    private JsonNode byFile(Path other) throws IOException {
        SpendLedger.Amount most = models
                ? new SpendLedger.Amount(maxTokens, maxDollars.movePointRight(6).longValue())
                : null;
        Config config = new ConfigReader(Map.copyOf(System.getenv())).read(other);
        try (var replay = new ConfiguredReplay(config, tenant(config), most, InstantSource.system())) {
            ConversationId id = replay.conversation(conversation);
            var report = replay.of(id, recorded(id), message);
            if (report.turns().isEmpty()) {
                throw new IOException("no turn of this conversation was recorded");
            }
            return JsonLines.MAPPER.valueToTree(report.toPlainData());
        }
    }

    private String tenant(Config config) {
        String named = api.tenant();
        if (named == null && config.tenants().size() == 1) {
            return config.tenants().keySet().iterator().next();
        }
        if (named == null || !config.tenants().containsKey(named)) {
            throw new ParameterException(
                    spec.commandLine(), "--tenant: one of " + config.tenants().keySet() + " wanted");
        }
        return named;
    }

    /** All that the running server knows of the conversation, the oldest first. */
    private List<Event> recorded(ConversationId id) throws IOException {
        var found = new ArrayList<Event>();
        var query = new HashMap<String, @Nullable Object>();
        query.put("tenant_id", api.tenant());
        query.put("conversation_id", conversation);
        query.put("limit", 1_000);
        do {
            JsonNode page = api.client().get("/api/v1/events", query);
            page.path("events").forEach(event -> found.add(event(event, id)));
            query.put("cursor", page.path("next_cursor").textValue());
        } while (query.get("cursor") != null);
        Collections.reverse(found);
        return found;
    }

    private static Event event(JsonNode event, ConversationId conversation) {
        Map<String, Object> payload =
                JsonLines.MAPPER.convertValue(event.path("payload"), new TypeReference<Map<String, Object>>() {});
        return new Event(
                event.path("id").asText(),
                conversation.tenant(),
                conversation,
                null,
                event.path("event_type").asText(),
                event.path("version").asInt(1),
                payload,
                Event.Source.valueOf(event.path("source").asText().toUpperCase(Locale.ROOT)),
                event.path("confidence").isNumber() ? event.path("confidence").doubleValue() : null,
                event.path("cause_id").textValue(),
                event.path("depth").asInt(),
                Instant.ofEpochMilli(event.path("timestamp").asLong()));
    }

    private static String words(JsonNode report) {
        var text = new StringBuilder();
        for (JsonNode turn : report.path("outcomes")) {
            text.append("%s  \"%s\"%n"
                    .formatted(
                            Instant.ofEpochMilli(turn.path("at").asLong()),
                            turn.path("heard").asText()));
            if (turn.path("skipped").isTextual()) {
                text.append("  not replayed: ")
                        .append(turn.path("skipped").asText())
                        .append('\n');
            } else if (turn.path("differences").isEmpty()) {
                text.append("  same: %s %s%n"
                        .formatted(
                                turn.at("/now/outcome").asText(),
                                turn.at("/now/reason").asText()));
            }
            for (JsonNode name : turn.path("differences")) {
                if (name.asText().equals("commands")) {
                    commands(text, turn);
                    continue;
                }
                text.append("  %-9s then %s%n            now  %s%n"
                        .formatted(
                                name.asText(),
                                turn.path("recorded").path(name.asText()),
                                turn.path("now").path(name.asText())));
            }
        }
        if (report.at("/spent/tokens").asLong() > 0) {
            text.append("%s tokens, US$ %s%n"
                    .formatted(
                            report.at("/spent/tokens").asText(),
                            report.at("/spent/dollars").asText()));
        }
        return text.append("%s: %s the same, %s different, %s not replayed%n"
                        .formatted(
                                report.path("turns").asInt() == 1
                                        ? "1 turn"
                                        : report.path("turns").asText() + " turns",
                                report.path("same").asText(),
                                report.path("changed").asText(),
                                report.path("skipped").asText()))
                .toString();
    }

    /** What is not done any more, and what is done in its place. */
    private static void commands(StringBuilder text, JsonNode turn) {
        List<String> then = lines(turn.at("/recorded/commands"));
        List<String> now = lines(turn.at("/now/commands"));
        var gone = new ArrayList<>(then);
        now.forEach(gone::remove);
        var added = new ArrayList<>(now);
        then.forEach(added::remove);
        text.append(gone.isEmpty() && added.isEmpty() ? "  commands  in another order\n" : "  commands\n");
        gone.forEach(each -> text.append("    - ").append(each).append('\n'));
        added.forEach(each -> text.append("    + ").append(each).append('\n'));
    }

    private static List<String> lines(JsonNode commands) {
        var lines = new ArrayList<String>();
        commands.forEach(each -> lines.add(each.toString()));
        return lines;
    }
}

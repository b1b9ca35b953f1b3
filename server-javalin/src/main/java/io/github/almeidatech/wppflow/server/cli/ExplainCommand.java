package io.github.almeidatech.wppflow.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.HashMap;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Why the bot did what it did, or did nothing. */
@Command(
        name = "explain",
        mixinStandardHelpOptions = true,
        description = {
            "Tells why the bot answered a message as it did, or why not, in the language of the system.",
            "The numbers stand in Chatwoot's addresses: /conversations/88."
        })
final class ExplainCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private final ApiOptions api = new ApiOptions();

    @Option(names = "--conversation", paramLabel = "ID", description = "Chatwoot's number of the conversation")
    private @Nullable Long conversation;

    @Option(names = "--message", paramLabel = "ID", description = "Chatwoot's number of one message")
    private @Nullable Long message;

    @Option(names = "--phone", description = "the person's latest conversation, by any of their numbers")
    private @Nullable String phone;

    @Option(names = "--limit", defaultValue = "200", description = "how many events at most (${DEFAULT-VALUE})")
    private int limit;

    @Override
    public Integer call() throws IOException {
        if (conversation == null && message == null && phone == null) {
            throw new ParameterException(spec.commandLine(), "--conversation, --message or --phone is wanted");
        }
        var query = new HashMap<String, @Nullable Object>();
        query.put("tenant_id", api.tenant());
        query.put("conversation_id", conversation);
        query.put("message_id", message);
        query.put("phone", phone);
        query.put("limit", limit);
        String sought = message != null ? "message " + message : "conversation of this person";
        ApiClient client = api.client()
                .wanting(sought + " here: it has not arrived, was erased, or is older than retention.events");
        api.print(client.get("/api/v1/explain", query), ExplainCommand::words);
        return 0;
    }

    private static String words(JsonNode data) {
        var text = new StringBuilder()
                .append(data.path("sentence").asText())
                .append('\n')
                .append(data.at("/owner/sentence").asText())
                .append('\n');
        if (!data.path("timeline").isEmpty()) {
            text.append('\n');
        }
        if (!data.path("complete").asBoolean()) {
            text.append("…\n");
        }
        data.path("timeline")
                .forEach(event -> text.append("%s  %s%n"
                        .formatted(
                                event.path("time").asText(),
                                event.path("sentence").asText())));
        data.path("turns").forEach(turn -> decision(text, turn));
        JsonNode spent = data.path("spent_today");
        if (spent.path("tokens").asLong() > 0 || spent.path("dollars").asDouble() > 0) {
            text.append("%nmodels today  %s of %s tokens, %s of %s dollars%n"
                    .formatted(
                            spent.path("tokens").asText(),
                            spent.path("max_tokens").asText(),
                            spent.path("dollars").asText(),
                            spent.path("max_dollars").asText()));
        }
        if (!data.path("ignored").isEmpty()) {
            text.append('\n');
        }
        data.path("ignored")
                .forEach(each -> text.append(each.path("sentence").asText()).append('\n'));
        return text.toString();
    }

    private static void decision(StringBuilder text, JsonNode turn) {
        text.append("%n%s  %s %s%n"
                .formatted(
                        turn.path("turn_id").asText(),
                        turn.path("outcome").asText(),
                        turn.path("reason").asText()));
        line(text, "intent", turn.path("intent"), turn.path("confidence"));
        turn.path("evidence").forEach(evidence -> line(text, "evidence", evidence, null));
        turn.path("passages")
                .forEach(passage -> line(text, "passage", passage.path("passage"), passage.path("similarity")));
        line(text, "embedding", turn.path("embedding"), null);
        line(text, "model", turn.path("model"), null);
        if (turn.has("cost")) {
            line(text, "cost", turn.path("cost"), null);
        }
        turn.path("policies").forEach(policy -> {
            done(text, "policy", policy.path("policy"), policy.path("outcome"), policy.path("time"));
            policy.path("results").forEach(command -> result(text, "  ", command));
        });
        turn.path("commands").forEach(command -> result(text, "", command));
    }

    private static void result(StringBuilder text, String indent, JsonNode command) {
        done(
                text,
                indent + command.path("state").asText(),
                command.path("command"),
                command.path("reason"),
                command.path("time"));
    }

    private static void done(StringBuilder text, String name, JsonNode what, JsonNode why, JsonNode time) {
        text.append("  %-12s %s%s  %s%n"
                .formatted(name, what.asText(), why.isTextual() ? "  " + why.asText() : "", time.asText()));
    }

    private static String rounded(JsonNode value) {
        return value.isFloatingPointNumber() ? String.format(Locale.ROOT, "%.2f", value.asDouble()) : value.asText();
    }

    private static void line(StringBuilder text, String name, JsonNode value, @Nullable JsonNode more) {
        if (!value.isMissingNode() && !value.isNull()) {
            String beside = more == null || more.isNull() || more.isMissingNode() ? "" : "  " + rounded(more);
            text.append("  %-12s %s%s%n".formatted(name, value.isValueNode() ? value.asText() : value, beside));
        }
    }
}

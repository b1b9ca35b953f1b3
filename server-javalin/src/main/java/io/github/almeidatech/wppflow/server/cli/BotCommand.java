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
import picocli.CommandLine.Spec;

/** The switch for an emergency. */
@Command(
        name = "bot",
        mixinStandardHelpOptions = true,
        description = {
            "Switches all automatic replies of a business off and on again, or those of all businesses at once.",
            "Within a second nothing more is said; what was on its way is dropped, and people get the conversations."
        },
        subcommands = {BotCommand.Off.class, BotCommand.On.class, BotCommand.Status.class})
final class BotCommand implements Runnable {

    private static final String PATH = "/api/v1/bot";

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "off, on or status is wanted");
    }

    private static Map<String, Object> whose(ApiOptions api, boolean all) {
        var body = new HashMap<String, Object>();
        body.put("all", all);
        String tenant = api.tenant();
        if (tenant != null && !all) {
            body.put("tenant_id", tenant);
        }
        return body;
    }

    private static String words(JsonNode state) {
        if (state.path("on").asBoolean()) {
            return "on";
        }
        var text = new StringBuilder();
        for (JsonNode each : state.path("off")) {
            text.append("off   %-20s since %s, by %s: %s%n"
                    .formatted(
                            each.path("all").asBoolean()
                                    ? "all tenants"
                                    : each.path("tenant_id").asText(),
                            Instant.ofEpochMilli(each.path("since").asLong()),
                            each.path("by").asText("the operator"),
                            each.path("reason").asText("for all tenants")));
        }
        return text.toString();
    }

    @Command(
            name = "off",
            mixinStandardHelpOptions = true,
            description = {
                "Nothing is said automatically from now on. Customers' messages go to people, with a note.",
                "Needs a token with the scope admin; --all, one without a tenant."
            })
    static final class Off implements Callable<Integer> {

        @Mixin
        private final ApiOptions api = new ApiOptions();

        @Option(names = "--all", description = "all businesses at once")
        private boolean all;

        @Option(names = "--reason", required = true, description = "why, for those who ask later; no names")
        private String reason;

        @Override
        public Integer call() throws IOException {
            Map<String, Object> body = whose(api, all);
            body.put("reason", reason);
            api.print(api.client().post(PATH + "/off", body), BotCommand::words);
            return 0;
        }
    }

    @Command(
            name = "on",
            mixinStandardHelpOptions = true,
            description = {
                "The next messages are answered again. What was given to people meanwhile stays theirs until they resolve it.",
                "--all takes back 'off --all', and leaves off who was off by itself. Without it, exit code 1 says that it stays off",
                "because all are."
            })
    static final class On implements Callable<Integer> {

        @Mixin
        private final ApiOptions api = new ApiOptions();

        @Option(names = "--all", description = "what was switched off for all businesses at once")
        private boolean all;

        @Override
        public Integer call() throws IOException {
            JsonNode state = api.client().post(PATH + "/on", whose(api, all));
            boolean stillOff = !all && !state.path("on").asBoolean();
            api.print(state, each -> (stillOff ? "still off, with all tenants:\n" : "") + words(each));
            return stillOff ? 1 : 0;
        }
    }

    @Command(
            name = "status",
            mixinStandardHelpOptions = true,
            description =
                    "Whether it is on; else since when, who switched it off, and why. Exit code 3 when it is off.")
    static final class Status implements Callable<Integer> {

        @Mixin
        private final ApiOptions api = new ApiOptions();

        @Override
        public Integer call() throws IOException {
            var query = new HashMap<String, @Nullable Object>();
            query.put("tenant_id", api.tenant());
            JsonNode state = api.client().get(PATH, query);
            api.print(state, BotCommand::words);
            return state.path("on").asBoolean() ? 0 : 3;
        }
    }
}

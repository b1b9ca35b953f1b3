package io.github.almeidatech.wppflow.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.almeidatech.wppflow.eventlog.Policies;
import io.github.almeidatech.wppflow.eventlog.PolicyCycle;
import io.github.almeidatech.wppflow.eventlog.PolicyProblem;
import io.github.almeidatech.wppflow.server.Tenants;
import io.github.almeidatech.wppflow.server.config.Config;
import io.github.almeidatech.wppflow.server.config.ConfigReader;
import io.github.almeidatech.wppflow.server.policy.PolicyFiles;
import io.github.almeidatech.wppflow.server.policy.PolicySource;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Rules about what happens: checked, listed, rehearsed. */
@Command(
        name = "policies",
        mixinStandardHelpOptions = true,
        description = "Policies: checks a file, lists what is in force, rehearses a file over what has happened.",
        subcommands = {PoliciesCommand.Lint.class, PoliciesCommand.Listing.class, PoliciesCommand.Rehearse.class})
final class PoliciesCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "lint, list or dry-run is wanted");
    }

    @Command(
            name = "lint",
            mixinStandardHelpOptions = true,
            description = "Checks policies without a server. Exit code 1 when something is wrong.")
    static final class Lint implements Callable<Integer> {

        @Spec
        private CommandSpec spec;

        @Parameters(paramLabel = "FILE", description = "YAML or JSON, or a folder of such files")
        private Path file;

        @Option(
                names = "--config",
                paramLabel = "FILE",
                description = "wppflow.yaml: with it, addresses of files are judged too")
        private @Nullable Path config;

        @Option(names = "--tenant", paramLabel = "ID", description = "whose policies, where there are several")
        private @Nullable String tenant;

        @Option(names = "--json", description = "answers as JSON")
        private boolean json;

        private final Map<String, String> environment;

        Lint() {
            this(System.getenv());
        }

        Lint(Map<String, String> environment) {
            this.environment = environment;
        }

        @Override
        public Integer call() {
            PolicyFiles.Content content = PolicyFiles.read(file);
            PolicySource.Read read = PolicySource.read(content.documents(), sendable());
            var problems = new ArrayList<>(content.problems());
            problems.addAll(read.problems());
            Policies policies = read.policies();
            List<PolicyCycle> cycles = policies == null ? List.of() : policies.cycles();
            int number = content.documents().size();
            PrintWriter out = spec.commandLine().getOut();
            out.println(json ? json(number, problems, cycles) : words(number, problems, cycles));
            out.flush();
            return problems.isEmpty() ? 0 : 1;
        }

        private Predicate<String> sendable() {
            if (config == null) {
                return url -> true;
            }
            Map<String, Config.Tenant> tenants =
                    new ConfigReader(environment).read(config).tenants();
            String whose = tenant == null && tenants.size() == 1
                    ? tenants.keySet().iterator().next()
                    : tenant;
            Config.Tenant found = whose == null ? null : tenants.get(whose);
            if (found == null) {
                throw new ParameterException(spec.commandLine(), "--tenant: one of " + tenants.keySet() + " wanted");
            }
            return Tenants.sendableFrom(found.chatwoot())::permits;
        }

        private static String words(int number, List<PolicyProblem> problems, List<PolicyCycle> cycles) {
            var text = new StringBuilder();
            problems.forEach(problem -> text.append(problem).append('\n'));
            cycles.forEach(cycle -> text.append(cycle).append('\n'));
            return text.append(number)
                    .append(number == 1 ? " policy, " : " policies, ")
                    .append(problems.size())
                    .append(problems.size() == 1 ? " problem" : " problems")
                    .toString();
        }

        private static JsonNode json(int number, List<PolicyProblem> problems, List<PolicyCycle> cycles) {
            ObjectNode data = JsonLines.MAPPER.createObjectNode();
            data.put("policies", number);
            ArrayNode list = data.putArray("problems");
            problems.forEach(problem -> list.addObject()
                    .put("field", problem.path())
                    .put("problem", problem.message())
                    .put("kind", problem.kind().word()));
            data.set("cycles", JsonLines.MAPPER.valueToTree(cycles));
            return data;
        }
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "What is in force in the running server.")
    static final class Listing implements Callable<Integer> {

        @Mixin
        private final ApiOptions api = new ApiOptions();

        @Override
        public Integer call() throws IOException {
            var query = new HashMap<String, @Nullable Object>();
            query.put("tenant_id", api.tenant());
            api.print(api.client().get("/api/v1/policies", query), Listing::words);
            return 0;
        }

        private static String words(JsonNode data) {
            var text = new StringBuilder();
            data.path("policies")
                    .forEach(policy -> text.append("%-24s v%-3s %-6s %-28s %s%n"
                            .formatted(
                                    policy.path("id").asText(),
                                    policy.path("version").asText(),
                                    policy.path("enabled").asText(),
                                    policy.path("event").asText(),
                                    policy.path("origin").asText())));
            data.path("problems")
                    .forEach(problem -> text.append("not in force: %s: %s%n"
                            .formatted(
                                    problem.path("field").asText(),
                                    problem.path("problem").asText())));
            return text.length() == 0 ? "no policies" : text.toString();
        }
    }

    @Command(
            name = "dry-run",
            mixinStandardHelpOptions = true,
            description = {
                "What the policies of a file would have done about what has happened.",
                "Tells what would be different from the policies in force. Nothing is sent, nothing is written."
            })
    static final class Rehearse implements Callable<Integer> {

        @Spec
        private CommandSpec spec;

        @Mixin
        private final ApiOptions api = new ApiOptions();

        @Parameters(paramLabel = "FILE", description = "YAML or JSON, or a folder of such files")
        private Path file;

        @Option(names = "--days", description = "how far back; everything by default")
        private @Nullable Integer days;

        @Option(names = "--from", paramLabel = "TIME", description = "from when, such as 2026-11-01T00:00:00Z")
        private @Nullable String from;

        @Option(names = "--to", paramLabel = "TIME", description = "until when")
        private @Nullable String to;

        @Override
        public Integer call() throws IOException {
            PolicyFiles.Content content = PolicyFiles.read(file);
            if (!content.problems().isEmpty()) {
                throw new ParameterException(
                        spec.commandLine(), content.problems().get(0).toString());
            }
            var body = new HashMap<String, @Nullable Object>();
            body.put("tenant_id", api.tenant());
            body.put(
                    "policies",
                    content.documents().stream().map(PolicySource::document).toList());
            body.put("against", "present");
            body.put(
                    "from",
                    days == null
                            ? time("--from", from)
                            : Instant.now().minus(Duration.ofDays(days)).toString());
            body.put("to", time("--to", to));
            JsonNode report;
            try (Progress ignored = api.progress("rehearsing")) {
                report = api.client().post("/api/v1/policies/dry-run", body);
            }
            api.print(report, Rehearse::words);
            return 0;
        }

        private @Nullable String time(String option, @Nullable String text) {
            try {
                return text == null ? null : Instant.parse(text).toString();
            } catch (DateTimeParseException e) {
                throw new ParameterException(
                        spec.commandLine(), option + ": an instant such as 2026-11-01T00:00:00Z wanted");
            }
        }

        private static String words(JsonNode report) {
            var text = new StringBuilder("%s events, %s matched, %s would lead to something else than now%n"
                    .formatted(
                            report.path("events").asText(),
                            report.path("matched").asText(),
                            report.path("differing").asText()));
            report.path("policies")
                    .properties()
                    .forEach(policy -> text.append(line(policy.getKey(), policy.getValue())));
            report.path("differences")
                    .forEach(each -> text.append("  %s %s: now %s, then %s%n"
                            .formatted(
                                    each.path("event_type").asText(),
                                    each.path("event_id").asText(),
                                    each.path("present"),
                                    each.path("proposed"))));
            report.path("cycles")
                    .forEach(cycle -> text.append(JsonLines.MAPPER.convertValue(cycle, PolicyCycle.class))
                            .append('\n'));
            return text.toString();
        }

        private static String line(String id, JsonNode tally) {
            Map<String, Object> actions = JsonLines.MAPPER.convertValue(
                    tally.path("actions"),
                    JsonLines.MAPPER.getTypeFactory().constructMapType(Map.class, String.class, Object.class));
            return "  %-24s fired %s, stopped %s, failed %s %s%n"
                    .formatted(
                            id,
                            tally.path("fired").asText(),
                            tally.path("stopped").asText(),
                            tally.path("failed").asText(),
                            actions);
        }
    }
}

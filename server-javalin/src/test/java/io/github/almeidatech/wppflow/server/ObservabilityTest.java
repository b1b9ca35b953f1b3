package io.github.almeidatech.wppflow.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.github.almeidatech.wppflow.contacts.CopyBacklog;
import io.github.almeidatech.wppflow.eventlog.Firing;
import io.github.almeidatech.wppflow.flow.FlowStats;
import io.github.almeidatech.wppflow.jdbc.Database;
import io.github.almeidatech.wppflow.llm.Ability;
import io.github.almeidatech.wppflow.llm.LanguageModels;
import io.github.almeidatech.wppflow.llm.ModelCallListener;
import io.github.almeidatech.wppflow.llm.ModelSettings;
import io.github.almeidatech.wppflow.llm.Provider;
import io.github.almeidatech.wppflow.llm.ProviderSettings;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.server.log.Masking;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The alert rules and the dashboard ask for figures the server really has. What they say of them is promtool's to test. */
class ObservabilityTest {

    private static final Path FOLDER = Path.of("../deploy/observability");
    private static final TenantId TENANT = new TenantId("pet-hotel");
    /** Made by Prometheus and its blackbox exporter. */
    private static final Set<String> FROM_OTHERS = Set.of("up", "probe_ssl_earliest_cert_expiry");

    private static final Set<String> EVERYWHERE = Set.of("job", "instance", "le");
    private static final Set<String> WORDS = Set.of("and", "or", "unless", "by", "on");
    private static final Pattern SAMPLE = Pattern.compile("(?m)^([a-z_]+)(?:\\{(.*)})? [^ ]+$");
    private static final Pattern LABEL = Pattern.compile("([a-z_]+)(?:=~|!~|!=|=)\"");
    private static final Pattern SELECTOR = Pattern.compile("([a-z_]+)\\{([^}]*)}");

    @TempDir
    private static Path data;

    private static Map<String, Set<String>> figures;

    @BeforeAll
    static void everything_that_can_be_counted_is_counted_once() {
        var metrics = new Metrics();
        metrics.begin(TENANT);
        metrics.answered("/health", 200, Duration.ofMillis(1));
        metrics.refused(Optional.empty(), "invalid_signature");
        for (var receipt : List.of(
                new Intake.Receipt(true, false, "customer_message", 1L, 1L),
                new Intake.Receipt(false, true, "customer_message", 1L, 1L),
                new Intake.Receipt(false, false, "private_note", 1L, 1L))) {
            metrics.received(TENANT, receipt, Duration.ofMillis(1));
        }
        metrics.turn(TENANT, "completed", Duration.ofSeconds(1));
        List.of("answered", "handed_off", "silent").forEach(outcome -> metrics.decided(TENANT, outcome, "reason"));
        metrics.calls("chatwoot").called("message", Duration.ofMillis(1), "ok");
        metrics.modelCalled(new ModelCallListener.Call(
                TENANT, "openai", Ability.ANSWER, "gpt-4.1-mini", "ok", Duration.ofSeconds(1), 10, 10, 100));
        metrics.watch(() -> new FlowStats(0, 0, 0, null, 0, null, 0), InstantSource.system());
        metrics.watchModels(
                TENANT,
                LanguageModels.builder()
                        .tenant(
                                TENANT,
                                ModelSettings.of(ProviderSettings.of(Provider.OPENAI)
                                        .apiKey("key-of-the-test-suite")
                                        .chatModel("gpt-4.1-mini")
                                        .build()))
                        .build());
        metrics.watchBreaker(TENANT, "chatwoot", () -> "closed");
        metrics.watchBot(TENANT, () -> false);
        metrics.policiesFired(
                TENANT, List.of(new Firing("greet", 1, "event", Firing.Outcome.FIRED, List.of(), List.of())));
        metrics.synced(TENANT, "contacts", "ok");
        metrics.watchTables(TENANT, () -> new TableState(List.of(), "", null), InstantSource.system());
        metrics.watchCopies(TENANT, () -> new CopyBacklog(0, null), InstantSource.system());
        metrics.watchFiles(TENANT, () -> 1, () -> 0);
        metrics.expired(TENANT, "events", 1);
        metrics.authentic(TENANT, "0a1b2c3d");
        metrics.watchSecrets(TENANT.value(), () -> 86_400);
        metrics.notStarted(0);
        metrics.watchLog(new Masking());
        metrics.watchRetention(TENANT, () -> null, InstantSource.system());
        try (Database database = Database.open("sqlite:" + data.resolve("wppflow.db"))) {
            metrics.watchStorage(database, data);
            figures = figuresOf(metrics.scrape());
        }
    }

    @Test
    void no_figure_of_the_server_is_left_out_here() throws IOException {
        String source = Files.readString(Path.of("src/main/java/io/github/almeidatech/wppflow/server/Metrics.java"));

        assertThat(Pattern.compile("\"(wppflow_[a-z_]+)\"")
                        .matcher(source)
                        .results()
                        .map(name -> name.group(1)))
                .hasSizeGreaterThan(40)
                .filteredOn(name -> !figures.containsKey(name)
                        && !figures.containsKey(name + "_total")
                        && !figures.containsKey(name + "_count"))
                .isEmpty();
    }

    @Test
    void every_figure_an_alert_asks_for_exists_with_the_labels_it_asks_for() throws IOException {
        for (JsonNode rule : rules()) {
            assertThat(unknown(rule.path("expr").asText()))
                    .as(rule.path("alert").asText())
                    .isEmpty();
        }
    }

    @Test
    void every_figure_the_dashboard_shows_exists_with_the_labels_it_asks_for() throws IOException {
        for (JsonNode expression : dashboard().findValues("expr")) {
            assertThat(unknown(expression.asText().replace("$__rate_interval", "5m")))
                    .as(expression.asText())
                    .isEmpty();
        }
    }

    @Test
    void the_dashboard_shows_every_figure_there_is() throws IOException {
        String shown = String.join(" ", dashboard().findValuesAsText("expr"));

        assertThat(figures.keySet())
                .filteredOn(name -> name.startsWith("wppflow_") && !name.matches(".*_(count|sum|max|created)"))
                .hasSizeGreaterThan(30)
                .allSatisfy(name -> assertThat(shown).contains(name));
    }

    @Test
    void every_alert_says_how_urgent_it_is_and_where_to_read_on_and_was_seen_to_fire() throws IOException {
        String runbook = Files.readString(Path.of("../docs/runbook.md"));
        var fired = new HashSet<String>();
        for (String file : List.of("alerts_test.yml", "alerts_slow_test.yml")) {
            for (JsonNode test : yaml(file).findValues("alert_rule_test")) {
                for (JsonNode each : test) {
                    if (!each.path("exp_alerts").isEmpty()) {
                        fired.add(each.path("alertname").asText());
                    }
                }
            }
        }

        assertThat(rules()).hasSizeGreaterThan(15).allSatisfy(rule -> {
            String name = rule.path("alert").asText();
            assertThat(rule.at("/labels/severity").asText()).isIn("critical", "warning");
            assertThat(rule.at("/annotations/summary").asText()).isNotBlank();
            assertThat(rule.at("/annotations/runbook").asText())
                    .isEqualTo("docs/runbook.md#" + name.toLowerCase(java.util.Locale.ROOT));
            assertThat(runbook).contains("\n### " + name + "\n");
            assertThat(fired).contains(name);
        });
    }

    @Test
    void the_dashboard_can_be_imported_as_it_is() throws IOException {
        JsonNode dashboard = dashboard();
        var ids = new HashSet<Integer>();
        for (JsonNode panel : dashboard.path("panels")) {
            assertThat(ids.add(panel.path("id").asInt())).isTrue();
            JsonNode place = panel.path("gridPos");
            assertThat(place.path("x").asInt() + place.path("w").asInt()).isBetween(1, 24);
            assertThat(panel.path("type").asText().equals("row")
                            || panel.at("/datasource/uid").asText().equals("${datasource}"))
                    .isTrue();
        }

        assertThat(dashboard.path("uid").asText()).isEqualTo("wppflow");
        assertThat(dashboard.at("/templating/list").findValuesAsText("name"))
                .contains("datasource", "instance", "tenant");
    }

    private static JsonNode dashboard() throws IOException {
        return new ObjectMapper()
                .readTree(FOLDER.resolve("grafana-dashboard.json").toFile());
    }

    private static List<JsonNode> rules() throws IOException {
        var rules = new ArrayList<JsonNode>();
        yaml("alerts.yml").at("/groups/0/rules").forEach(rules::add);
        return rules;
    }

    private static JsonNode yaml(String file) throws IOException {
        return new YAMLMapper().readTree(FOLDER.resolve(file).toFile());
    }

    private static Map<String, Set<String>> figuresOf(String scrape) {
        var found = new HashMap<String, Set<String>>();
        SAMPLE.matcher(scrape).results().forEach(sample -> {
            Set<String> labels = found.computeIfAbsent(sample.group(1), name -> new HashSet<>(EVERYWHERE));
            if (sample.group(2) != null) {
                LABEL.matcher(sample.group(2)).results().forEach(label -> labels.add(label.group(1)));
            }
        });
        return found;
    }

    /** Names the server has no figure for, and labels the figure does not have. */
    private static Set<String> unknown(String expression) {
        var unknown = new TreeSet<String>();
        SELECTOR.matcher(expression).results().forEach(selector -> {
            Set<String> labels = figures.getOrDefault(selector.group(1), EVERYWHERE);
            LABEL.matcher(selector.group(2)).results().forEach(label -> {
                if (!labels.contains(label.group(1))) {
                    unknown.add(selector.group(1) + "{" + label.group(1) + "}");
                }
            });
        });
        String names = expression
                .replaceAll("\"[^\"]*\"", "")
                .replaceAll("\\{[^}]*}|\\[[^]]*]", "")
                .replaceAll("\\b(by|on|group_left) \\([^)]*\\)", "");
        Pattern.compile("(?<![\\w.])([a-z_]+)\\b(?! *\\()")
                .matcher(names)
                .results()
                .map(name -> name.group(1))
                .filter(name -> !WORDS.contains(name) && !FROM_OTHERS.contains(name) && !figures.containsKey(name))
                .forEach(unknown::add);
        return unknown;
    }
}

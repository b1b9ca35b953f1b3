package io.github.almeidatech.wppflow.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.github.almeidatech.wppflow.server.config.ConfigReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Element;

/** The ways to run the server are as careful as the security defaults want, and all of one mind. */
class DeployTest {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Path DEPLOY = ROOT.resolve("deploy");
    private static final Map<String, String> SECRETS = Map.of(
            "WPPFLOW_TOKEN_OPERATOR", "operator-token-of-the-test-suite-0001",
            "CHATWOOT_BOT_TOKEN", "bot-token-of-the-test-suite-00000001",
            "CHATWOOT_USER_TOKEN", "user-token-of-the-test-suite-0000001",
            "CHATWOOT_WEBHOOK_SECRET", "webhook-secret-of-the-test-suite-01");

    @ParameterizedTest
    @ValueSource(strings = {"docker/wppflow.yaml", "k8s/wppflow.yaml"})
    void the_configurations_that_are_shipped_are_accepted(String file) {
        var config = new ConfigReader(SECRETS).read(DEPLOY.resolve(file));

        assertThat(config.tenants()).containsOnlyKeys("pet-hotel");
    }

    @Test
    void in_compose_the_server_has_no_rights_and_chatwoots_worker_may_reach_it() throws IOException {
        JsonNode services = yaml("docker/docker-compose.yml").get(0).path("services");
        JsonNode ours = services.path("wppflow");

        assertThat(ours.path("user").asText()).isEqualTo("10001:10001");
        assertThat(ours.path("read_only").asBoolean()).isTrue();
        assertThat(ours.path("cap_drop").toString()).isEqualTo("[\"ALL\"]");
        assertThat(ours.path("security_opt").toString()).contains("no-new-privileges:true");
        assertThat(ours.path("tmpfs").toString()).contains("noexec");
        assertThat(ours.at("/networks/default/aliases/0").asText()).contains(".");
        assertThat(services.at("/postgres/image").asText()).startsWith("pgvector/pgvector:");
        services.forEach(service ->
                service.path("ports").forEach(port -> assertThat(port.asText()).startsWith("127.0.0.1:")));
        assertThat(Files.readString(DEPLOY.resolve("docker/docker-compose.yml")))
                .contains("SAFE_FETCH_ALLOW_PRIVATE_NETWORK: \"true\"")
                .containsPattern("chatwoot-worker:\\s+<<: \\*chatwoot");
    }

    @Test
    void every_variable_compose_asks_for_is_in_the_example_and_none_has_a_value_that_is_secret() throws IOException {
        String example = Files.readString(DEPLOY.resolve("docker/.env.example"));
        var wanted = java.util.regex.Pattern.compile("\\$\\{([A-Z_]+)")
                .matcher(Files.readString(DEPLOY.resolve("docker/docker-compose.yml")))
                .results()
                .map(name -> name.group(1))
                .distinct()
                .toList();

        assertThat(wanted)
                .hasSizeGreaterThan(8)
                .allSatisfy(name -> assertThat(example).containsPattern("(?m)^" + name + "="));
        assertThat(example).doesNotContainPattern("(?m)^\\w*(TOKEN|SECRET|PASSWORD|KEY)\\w*=.");
    }

    @Test
    void in_kubernetes_it_is_probed_without_a_token_and_has_no_rights() throws IOException {
        JsonNode pod = yaml("k8s/deployment.yaml").get(0).at("/spec/template/spec");
        JsonNode container = pod.at("/containers/0");

        assertThat(container.at("/livenessProbe/httpGet/path").asText()).isEqualTo("/health");
        assertThat(container.at("/startupProbe/httpGet/path").asText()).isEqualTo("/health");
        assertThat(container.at("/readinessProbe/httpGet/path").asText()).isEqualTo("/health/ready");
        assertThat(pod.at("/securityContext/runAsUser").asInt()).isEqualTo(10001);
        assertThat(pod.at("/securityContext/seccompProfile/type").asText()).isEqualTo("RuntimeDefault");
        assertThat(pod.path("automountServiceAccountToken").asBoolean(true)).isFalse();
        assertThat(container.at("/securityContext/readOnlyRootFilesystem").asBoolean())
                .isTrue();
        assertThat(container.at("/securityContext/allowPrivilegeEscalation").asBoolean(true))
                .isFalse();
        assertThat(container.at("/securityContext/capabilities/drop").toString())
                .isEqualTo("[\"ALL\"]");
        for (JsonNode resource : yaml("k8s/kustomization.yaml").get(0).path("resources")) {
            assertThat(DEPLOY.resolve("k8s").resolve(resource.asText())).exists();
        }
    }

    @Test
    void the_image_runs_as_nobody_and_archives_its_classes() throws IOException {
        String dockerfile = Files.readString(DEPLOY.resolve("docker/Dockerfile"));

        assertThat(dockerfile)
                .contains("\nUSER 10001:10001\n")
                .contains("wppflow warm-up")
                .contains("HEALTHCHECK")
                .doesNotContain(":latest");
        assertThat(Files.readString(ROOT.resolve("server-javalin/pom.xml")))
                .contains("<user>10001:10001</user>")
                .contains("<image>eclipse-temurin:21-jre-noble</image>");
        assertThat(dockerfile).contains("FROM eclipse-temurin:21-jre-noble\n");
    }

    @Test
    void both_units_of_systemd_are_equally_careful() throws IOException {
        List<String> one = hardening("wppflow.service");

        assertThat(one)
                .contains(
                        "NoNewPrivileges=yes",
                        "ProtectSystem=strict",
                        "CapabilityBoundingSet=",
                        "PrivateTmp=yes",
                        "SystemCallFilter=@system-service");
        assertThat(hardening("wppflow@.service")).isEqualTo(one);
    }

    @ParameterizedTest
    @ValueSource(strings = {"caddy/Caddyfile", "nginx/wppflow.conf"})
    void proxies_show_webhooks_only_repeat_nothing_and_take_more_than_we_do(String file) throws IOException {
        String proxy = Files.readString(DEPLOY.resolve(file));

        assertThat(proxy)
                .contains("/webhooks/")
                .contains("404")
                .containsAnyOf("max_size 3MB", "client_max_body_size 3m")
                .containsAnyOf("read_header 10s", "client_header_timeout 10s")
                .containsAnyOf("read_body 20s", "client_body_timeout 20s")
                .containsAnyOf("request_buffers 3MB", "proxy_request_buffering on")
                .containsAnyOf("lb_try_duration 4s", "proxy_next_upstream off")
                .containsAnyOf("versions 1.1", "proxy_http_version 1.1")
                .doesNotContain("/api/", "/metrics", "lb_retry_match");
    }

    @Test
    void workflows_have_no_more_rights_than_they_say_and_limits_of_time() throws IOException {
        for (Path workflow : files(ROOT.resolve(".github/workflows"))) {
            JsonNode read = new YAMLMapper().readTree(workflow.toFile());
            assertThat(read.at("/permissions/contents").asText())
                    .as(workflow.toString())
                    .isEqualTo("read");
            read.path("jobs")
                    .forEach(job -> assertThat(job.has("timeout-minutes") || job.has("uses"))
                            .as(workflow.toString())
                            .isTrue());
            assertThat(Files.readString(workflow)).doesNotContainPattern("run: .*\\$\\{\\{ ?(github|inputs)\\.");
        }
    }

    @Test
    void every_module_says_what_maven_central_wants_to_know() throws Exception {
        Element parent = pom(ROOT.resolve("pom.xml"));
        for (String wanted : List.of("name", "description", "url", "licenses", "developers", "scm")) {
            assertThat(child(parent, wanted)).as(wanted).isNotBlank();
        }
        for (Path folder : files(ROOT)) {
            if (Files.exists(folder.resolve("pom.xml"))) {
                Element module = pom(folder.resolve("pom.xml"));
                assertThat(child(module, "name")).as(folder.toString()).isNotBlank();
                assertThat(child(module, "description")).as(folder.toString()).isNotBlank();
                assertThat(child(module, "artifactId")).isEqualTo("wppflow-" + folder.getFileName());
            }
        }
    }

    @Test
    void logs_are_kept_for_thirty_days() throws IOException {
        assertThat(Files.readString(DEPLOY.resolve("systemd/journald@wppflow.conf")))
                .contains("\nMaxRetentionSec=30day\n");
        assertThat(hardening("wppflow.service")).contains("LogNamespace=wppflow");
        assertThat(Files.readString(DEPLOY.resolve("docker/journald.conf"))).contains("\nMaxRetentionSec=30day\n");
        assertThat(yaml("docker/docker-compose.yml")
                        .get(0)
                        .at("/services/wppflow/logging/driver")
                        .asText())
                .isEqualTo("${LOG_DRIVER:-journald}");
    }

    @Test
    void whoever_stops_it_waits_until_its_work_is_done() throws IOException {
        long enough = 45;
        long preStop = 5;
        assertThat(new ConfigReader(SECRETS)
                        .read(DEPLOY.resolve("k8s/wppflow.yaml"))
                        .server()
                        .shutdownTimeout())
                .isLessThanOrEqualTo(Duration.ofSeconds(enough - 20));

        assertThat(hardening("wppflow.service")).contains("TimeoutStopSec=" + enough);
        assertThat(yaml("docker/docker-compose.yml")
                        .get(0)
                        .at("/services/wppflow/stop_grace_period")
                        .asText())
                .isEqualTo(enough + "s");
        JsonNode pod = yaml("k8s/deployment.yaml").get(0).at("/spec/template/spec");
        assertThat(pod.at("/containers/0/lifecycle/preStop/exec/command/1").asLong())
                .isEqualTo(preStop);
        assertThat(pod.path("terminationGracePeriodSeconds").asLong()).isEqualTo(enough + preStop);
    }

    @Test
    void memory_that_ends_takes_the_process_that_reads_a_file_and_not_the_server() throws IOException {
        assertThat(hardening("wppflow.service")).contains("OOMPolicy=continue", "MemoryMax=700M");
        assertThat(yaml("docker/docker-compose.yml")
                        .get(0)
                        .at("/services/wppflow/mem_limit")
                        .asText())
                .isEqualTo("768m");
        assertThat(yaml("k8s/deployment.yaml")
                        .get(0)
                        .at("/spec/template/spec/containers/0/resources/limits/memory")
                        .asText())
                .isEqualTo("1Gi");
    }

    @Test
    void the_image_without_a_docker_daemon_is_started_and_set_like_all_others() throws IOException {
        String pom = Files.readString(ROOT.resolve("server-javalin/pom.xml"));

        assertThat(pom)
                .containsPattern("<entrypoint>\\s+<arg>/opt/wppflow/wppflow</arg>\\s+</entrypoint>")
                .contains("<WPPFLOW_NATIVE>/data</WPPFLOW_NATIVE>")
                .doesNotContain("jvmFlag");
        assertThat(Files.readString(DEPLOY.resolve("docker/Dockerfile")))
                .contains("ENTRYPOINT [\"/opt/wppflow/wppflow\"]")
                .contains("WPPFLOW_NATIVE=/data");
        assertThat(yaml("docker/docker-compose.yml")
                        .get(0)
                        .at("/services/wppflow/healthcheck/test/1")
                        .asText())
                .isEqualTo("/opt/wppflow/healthy");
    }

    private static List<String> hardening(String unit) throws IOException {
        return Files.readAllLines(DEPLOY.resolve("systemd").resolve(unit)).stream()
                .dropWhile(line -> !line.startsWith("DynamicUser"))
                .toList();
    }

    private static List<JsonNode> yaml(String file) throws IOException {
        var documents = new ArrayList<JsonNode>();
        var mapper = new YAMLMapper();
        try (var parser = new YAMLFactory().createParser(DEPLOY.resolve(file).toFile())) {
            mapper.readValues(parser, JsonNode.class).forEachRemaining(documents::add);
        }
        return documents;
    }

    private static List<Path> files(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    private static Element pom(Path file) throws Exception {
        return DocumentBuilderFactory.newDefaultInstance()
                .newDocumentBuilder()
                .parse(file.toFile())
                .getDocumentElement();
    }

    private static String child(Element element, String name) {
        for (var node = element.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element found && found.getTagName().equals(name)) {
                return found.getTextContent();
            }
        }
        return "";
    }
}

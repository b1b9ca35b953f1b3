package io.github.almeidatech.wppflow.server.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.github.almeidatech.wppflow.server.TestServer;
import io.github.almeidatech.wppflow.server.log.Masking;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/**
 * Everything an attacker may send is refused precisely or taken, never with our failure; honest customers notice nothing,
 * and nothing of what was sent stands in a log line.
 */
class HostileInputTest {

    @TempDir
    private static Path data;

    private static TestServer server;
    private static RawHttp raw;
    private static Attacker attacker;
    private static final ListAppender<ILoggingEvent> LOG = new ListAppender<>();

    static List<HostileCase> cases() {
        return HostileCase.all(FramingCases.all(), DoorCases.all(), BodyCases.all());
    }

    @BeforeAll
    static void start() throws IOException {
        LOG.start();
        rootLogger().addAppender(LOG);
        server = TestServer.start(data, Map.of("WPPFLOW_SERVER__REFUSED_PER_MINUTE", "10000"));
        raw = new RawHttp(server.sandbox().server());
        attacker = new Attacker(
                server.sandbox().webhookSecret(),
                server.sandbox().token(),
                server.chatwoot().accountId());
    }

    @AfterAll
    static void stop() {
        server.close();
        rootLogger().detachAppender(LOG);
    }

    private static Logger rootLogger() {
        return (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void each_is_answered_as_it_deserves(HostileCase hostile) throws IOException {
        RawHttp.Answer answer = raw.exchange(hostile.request().apply(attacker));

        assertThat(hostile.statuses()).as(answer.text()).contains(answer.status());
        assertThat(answer.text())
                .doesNotContain("Exception")
                .doesNotContain("at io.github")
                .doesNotContain(Attacker.CANARY)
                .doesNotContain(attacker.token())
                .doesNotContainIgnoringCase("access-control-allow")
                .doesNotContainIgnoringCase("server: jetty")
                .as("nobody's page but ours")
                .doesNotContainIgnoringCase("<html");
        if (answer.status() != RawHttp.CLOSED) {
            assertThat(answer.text()).containsIgnoringCase("x-content-type-options: nosniff");
        }
    }

    @Test
    void honest_customers_between_the_attacks_are_all_answered_and_no_log_line_tells_of_anybody() throws Exception {
        var conversations = new ArrayList<Long>();
        List<HostileCase> cases = cases();
        assertThat(cases).hasSizeGreaterThan(150).doesNotHaveDuplicates();
        for (int i = 0; i < cases.size(); i++) {
            raw.exchange(cases.get(i).request().apply(attacker));
            if (i % 20 == 0) {
                conversations.add(server.chatwoot()
                        .customer("+55119900010" + (10 + i / 20), "Iara Exemplo")
                        .writes("quanto custa a diária?")
                        .conversation());
            }
        }

        for (long conversation : conversations) {
            server.awaitReplies(conversation, 1);
        }
        assertThat(server.get("/ready").status()).isEqualTo(200);
        var unmasked = new JsonEncoder();
        unmasked.start();
        var lastFilter = new Masking();
        lastFilter.conceal(List.of(attacker.token(), server.sandbox().webhookSecret(), Attacker.CANARY));
        for (ILoggingEvent event : List.copyOf(LOG.list)) {
            String line = new String(unmasked.encode(event), StandardCharsets.UTF_8);
            assertThat(lastFilter.mask(line)).as("nothing is left to mask").isEqualTo(line);
            assertThat(line)
                    .doesNotContain(Attacker.CANARY)
                    .doesNotContain("990000077")
                    .doesNotContain("Zuleica")
                    .doesNotContain(attacker.token())
                    .doesNotContain(server.sandbox().webhookSecret());
        }
    }
}

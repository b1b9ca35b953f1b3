package io.github.almeidatech.wppflow.chatwoot;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.chatwoot.SignatureDiagnosis.Cause;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SignatureDiagnosisTest {

    private static final Instant NOW = Instant.parse("2026-09-01T12:00:00Z");
    private static final byte[] BODY = "{\"id\":1}".getBytes(UTF_8);
    private static final String BOT_SECRET = "secret-of-the-agent-bot-01";
    private static final String ACCOUNT_SECRET = "secret-of-the-account-0001";
    private static final Map<WebhookKind, List<WebhookSecret>> SECRETS = Map.of(
            WebhookKind.AGENT_BOT, List.of(WebhookSecret.of(BOT_SECRET)),
            WebhookKind.ACCOUNT, List.of(WebhookSecret.of(ACCOUNT_SECRET)));

    private final WebhookSignature genuine = WebhookSignature.of(BOT_SECRET, NOW, BODY);

    private static SignatureDiagnosis diagnose(
            List<String> timestamps, List<String> signatures, byte[] body, Instant now) {
        return SignatureDiagnosis.of(SECRETS, WebhookKind.AGENT_BOT, timestamps, signatures, body, now);
    }

    private SignatureDiagnosis diagnose(WebhookSignature signature, byte[] body, Instant now) {
        return diagnose(List.of(signature.timestamp()), List.of(signature.signature()), body, now);
    }

    @Test
    void a_genuine_delivery_has_nothing_wrong() {
        assertThat(diagnose(genuine, BODY, NOW).cause()).isEqualTo(Cause.NONE);
    }

    @Test
    void a_wrong_clock_is_told_with_its_error() {
        var diagnosis = diagnose(genuine, BODY, NOW.plusSeconds(3_600));

        assertThat(diagnosis.cause()).isEqualTo(Cause.CLOCK);
        assertThat(diagnosis.clockAhead()).isEqualTo(Duration.ofHours(1));
    }

    @Test
    void headers_that_are_missing_or_doubled_are_told_apart() {
        var timestamp = List.of(genuine.timestamp());
        var signature = List.of(genuine.signature());
        var twice = List.of(genuine.signature(), genuine.signature());

        assertThat(diagnose(List.of(), List.of(), BODY, NOW).cause()).isEqualTo(Cause.NO_HEADERS);
        assertThat(diagnose(timestamp, List.of(), BODY, NOW).cause()).isEqualTo(Cause.ONE_HEADER_MISSING);
        assertThat(diagnose(List.of(), signature, BODY, NOW).cause()).isEqualTo(Cause.ONE_HEADER_MISSING);
        assertThat(diagnose(timestamp, twice, BODY, NOW).cause()).isEqualTo(Cause.REPEATED_HEADER);
        assertThat(diagnose(twice, signature, BODY, NOW).cause()).isEqualTo(Cause.REPEATED_HEADER);
    }

    @Test
    void malformed_headers_are_told_apart() {
        assertThat(diagnose(List.of("1788264000000"), List.of(genuine.signature()), BODY, NOW)
                        .cause())
                .isEqualTo(Cause.MALFORMED_TIMESTAMP);
        assertThat(diagnose(List.of(genuine.timestamp()), List.of("abc"), BODY, NOW)
                        .cause())
                .isEqualTo(Cause.MALFORMED_SIGNATURE);
    }

    @Test
    void the_secret_of_another_webhook_is_recognised() {
        var diagnosis = diagnose(WebhookSignature.of(ACCOUNT_SECRET, NOW, BODY), BODY, NOW);

        assertThat(diagnosis.cause()).isEqualTo(Cause.OTHER_KIND);
        assertThat(diagnosis.kind()).isEqualTo(WebhookKind.ACCOUNT);
    }

    @Test
    void a_line_break_added_on_the_way_is_recognised() {
        assertThat(diagnose(genuine, "{\"id\":1}\n".getBytes(UTF_8), NOW).cause())
                .isEqualTo(Cause.WHITE_SPACE);
    }

    @Test
    void a_blank_copied_with_the_secret_is_recognised() {
        var pasted = Map.of(WebhookKind.AGENT_BOT, List.of(WebhookSecret.of(BOT_SECRET + " ")));

        var diagnosis = SignatureDiagnosis.of(
                pasted, WebhookKind.AGENT_BOT, List.of(genuine.timestamp()), List.of(genuine.signature()), BODY, NOW);

        assertThat(diagnosis.cause()).isEqualTo(Cause.WHITE_SPACE);
    }

    @Test
    void anything_else_is_a_wrong_secret() {
        var diagnosis = diagnose(WebhookSignature.of("nobody-knows-this-secret-1", NOW, BODY), BODY, NOW);

        assertThat(diagnosis.cause()).isEqualTo(Cause.WRONG_SECRET);
        assertThat(diagnosis.cause().word()).isEqualTo("wrong_secret");
    }
}

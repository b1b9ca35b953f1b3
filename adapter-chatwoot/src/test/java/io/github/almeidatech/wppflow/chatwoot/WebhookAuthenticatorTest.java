package io.github.almeidatech.wppflow.chatwoot;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.almeidatech.wppflow.testkit.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookAuthenticatorTest {

    private static final String SECRET = "segredo-de-exemplo-000001";
    private static final String OTHER_SECRET = "outro-segredo-de-exemplo-02";
    private static final String PATH_SECRET = "b7c1e2f4a6d8091b2c3d4e5f60718293";
    private static final String TIMESTAMP = "1788264001";
    private static final byte[] BODY =
            "{\"event\":\"message_created\",\"id\":9001,\"content\":\"preço \\u003c 50 \\u0026 frete\"}"
                    .getBytes(UTF_8);
    private static final String SIGNATURE = "sha256=05faf15a4250dd16d9887fb1952e827df660448c7fa6c703f5d5ca80fd9566b5";

    private final SettableClock clock = new SettableClock(Instant.ofEpochSecond(1_788_264_001));

    private WebhookAuthenticator authenticator(WebhookSecret... secrets) {
        return WebhookAuthenticator.bySignature(Map.of(WebhookKind.AGENT_BOT, List.of(secrets)), clock);
    }

    private static String verdict(Authenticity authenticity) {
        return authenticity.match(
                Authenticity.Authentic::keyId, rejected -> rejected.reason().word());
    }

    private String judge(
            WebhookAuthenticator authenticator, List<String> timestamps, List<String> signatures, byte[] body) {
        return verdict(authenticator.authenticate(WebhookKind.AGENT_BOT, timestamps, signatures, null, body));
    }

    private String judge(String timestamp, String signature) {
        return judge(authenticator(WebhookSecret.of(SECRET)), List.of(timestamp), List.of(signature), BODY);
    }

    @Test
    void the_published_vector_is_authentic_and_names_its_key() {
        WebhookSecret secret = WebhookSecret.of(SECRET);

        assertThat(judge(TIMESTAMP, SIGNATURE)).isEqualTo(secret.keyId()).hasSize(8);
        assertThat(secret.toString()).doesNotContain(SECRET);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"event":"message_created","id":1} | 44b1f8859a65924b16a8ca8e1577394222d89dea9627b98e1dee45d631959337
            {"event":"message_created","content":"Olá, preço? 😀"} | b6c1dfa90f4d33d49ad0be0749e463edb0b57d350bf7be67e9c95837c480495c
            '' | d45d5be773d3e52dcbb6355f129cc017a73a32f34c2bb3855ea032d4e4c1f605
            """)
    void signatures_are_over_the_bytes_as_they_are(String body, String expected) {
        var signature = WebhookSignature.of(
                "cw-test-secret-0123456789abcdef", Instant.ofEpochSecond(1_700_000_000), body.getBytes(UTF_8));

        assertThat(signature.timestamp()).isEqualTo("1700000000");
        assertThat(signature.signature()).isEqualTo("sha256=" + expected);
    }

    @Test
    void one_changed_byte_is_noticed_anywhere_in_the_body() {
        var authenticator = authenticator(WebhookSecret.of(SECRET));
        for (int i = 0; i < BODY.length; i++) {
            byte[] changed = BODY.clone();
            changed[i] ^= 1;

            assertThat(judge(authenticator, List.of(TIMESTAMP), List.of(SIGNATURE), changed))
                    .as("byte %d", i)
                    .isEqualTo("invalid_signature");
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {-300, -299, 0, 299, 300})
    void a_delivery_of_the_last_or_next_five_minutes_is_of_now(long ahead) {
        clock.set(Instant.ofEpochSecond(1_788_264_001 + ahead));

        assertThat(judge(TIMESTAMP, SIGNATURE)).hasSize(8);
    }

    @ParameterizedTest
    @ValueSource(longs = {-86_400, -301, 301, 86_400})
    void a_genuine_delivery_of_another_time_is_stale(long ahead) {
        clock.set(Instant.ofEpochSecond(1_788_264_001 + ahead));

        assertThat(judge(TIMESTAMP, SIGNATURE)).isEqualTo("stale_signature");
    }

    @Test
    void a_missing_header_is_told_from_a_wrong_one() {
        var authenticator = authenticator(WebhookSecret.of(SECRET));

        assertThat(judge(authenticator, List.of(), List.of(), BODY)).isEqualTo("missing_signature");
        assertThat(judge(authenticator, List.of(TIMESTAMP), List.of(), BODY)).isEqualTo("missing_signature");
        assertThat(judge(authenticator, List.of(), List.of(SIGNATURE), BODY)).isEqualTo("missing_signature");
        assertThat(judge(authenticator, List.of(TIMESTAMP), List.of("sha256=" + "0".repeat(64)), BODY))
                .isEqualTo("invalid_signature");
    }

    @Test
    void a_repeated_header_is_refused_even_when_both_are_right() {
        var authenticator = authenticator(WebhookSecret.of(SECRET));

        assertThat(judge(authenticator, List.of(TIMESTAMP, TIMESTAMP), List.of(SIGNATURE), BODY))
                .isEqualTo("invalid_signature");
        assertThat(judge(authenticator, List.of(TIMESTAMP), List.of(SIGNATURE, SIGNATURE), BODY))
                .isEqualTo("invalid_signature");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " 1788264001",
                "1788264001 ",
                "+1788264001",
                "-1788264001",
                "01788264001",
                "1788264001.0",
                "1788264001000",
                "1.788264e9",
                "0x6A96B5C1",
                "١٧٨٨٢٦٤٠٠١",
                "abc",
                "12345678"
            })
    void only_plain_epoch_seconds_are_a_timestamp(String timestamp) {
        var signature = "sha256="
                + HexFormat.of()
                        .formatHex(Digests.hmacSha256(SECRET.getBytes(UTF_8), (timestamp + ".").getBytes(UTF_8), BODY));

        assertThat(judge(timestamp, signature)).isEqualTo("invalid_signature");
    }

    @Test
    void only_chatwoots_own_spelling_of_a_signature_counts() {
        String hex = SIGNATURE.substring("sha256=".length());

        for (String signature : List.of(
                hex,
                "SHA256=" + hex,
                "sha256:" + hex,
                "sha1=" + hex,
                "sha256=" + hex.toUpperCase(Locale.ROOT),
                "sha256= " + hex,
                SIGNATURE + " ",
                SIGNATURE + "," + SIGNATURE,
                SIGNATURE.substring(0, SIGNATURE.length() - 1),
                SIGNATURE + "0",
                "")) {
            assertThat(judge(TIMESTAMP, signature)).as(signature).isEqualTo("invalid_signature");
        }
    }

    @Test
    void while_a_secret_is_replaced_both_are_accepted_and_afterwards_only_the_new_one() {
        Instant end = clock.instant().plusSeconds(60);
        WebhookSecret previous = WebhookSecret.of(SECRET).until(end);
        WebhookSecret current = WebhookSecret.of(OTHER_SECRET);
        var authenticator = authenticator(current, previous);
        var byNew = WebhookSignature.of(OTHER_SECRET, clock.instant(), BODY);

        assertThat(judge(authenticator, List.of(TIMESTAMP), List.of(SIGNATURE), BODY))
                .isEqualTo(previous.keyId());
        assertThat(judge(authenticator, List.of(byNew.timestamp()), List.of(byNew.signature()), BODY))
                .isEqualTo(current.keyId());

        clock.set(end);

        assertThat(judge(authenticator, List.of(TIMESTAMP), List.of(SIGNATURE), BODY))
                .isEqualTo("invalid_signature");
        assertThat(judge(authenticator, List.of(byNew.timestamp()), List.of(byNew.signature()), BODY))
                .isEqualTo(current.keyId());
    }

    @Test
    void secrets_that_are_replaced_count_from_the_next_delivery_on() {
        var present = new AtomicReference<>(List.of(WebhookSecret.of(OTHER_SECRET)));
        var authenticator = WebhookAuthenticator.bySignature(() -> Map.of(WebhookKind.AGENT_BOT, present.get()), clock);
        assertThat(judge(authenticator, List.of(TIMESTAMP), List.of(SIGNATURE), BODY))
                .isEqualTo("invalid_signature");

        present.set(List.of(WebhookSecret.of(SECRET)));

        assertThat(judge(authenticator, List.of(TIMESTAMP), List.of(SIGNATURE), BODY))
                .isEqualTo(WebhookSecret.of(SECRET).keyId());

        var path = new AtomicReference<>(List.of(WebhookSecret.of(OTHER_SECRET)));
        var byPath = WebhookAuthenticator.byPathSecrets(path::get, clock);
        path.set(List.of(
                WebhookSecret.of(PATH_SECRET),
                WebhookSecret.of(OTHER_SECRET).until(clock.instant().plusSeconds(1))));
        assertThat(verdict(byPath.authenticate(WebhookKind.ACCOUNT, List.of(), List.of(), OTHER_SECRET, BODY)))
                .isEqualTo("path");
        clock.advance(Duration.ofSeconds(1));
        assertThat(verdict(byPath.authenticate(WebhookKind.ACCOUNT, List.of(), List.of(), PATH_SECRET, BODY)))
                .isEqualTo("path");
        assertThat(verdict(byPath.authenticate(WebhookKind.ACCOUNT, List.of(), List.of(), OTHER_SECRET, BODY)))
                .isNotEqualTo("path");
    }

    @Test
    void each_kind_of_webhook_has_its_own_secrets() {
        var authenticator = WebhookAuthenticator.bySignature(
                Map.of(
                        WebhookKind.AGENT_BOT, List.of(WebhookSecret.of(SECRET)),
                        WebhookKind.ACCOUNT, List.of(WebhookSecret.of(OTHER_SECRET))),
                clock);

        for (WebhookKind kind : WebhookKind.values()) {
            boolean authentic =
                    verdict(authenticator.authenticate(kind, List.of(TIMESTAMP), List.of(SIGNATURE), null, BODY))
                                    .length()
                            == 8;
            assertThat(authentic).as(kind.word()).isEqualTo(kind == WebhookKind.AGENT_BOT);
        }
    }

    @Test
    void a_tenant_with_signatures_never_takes_a_path_secret_instead() {
        var authenticator = authenticator(WebhookSecret.of(SECRET));

        for (String path : List.of(SECRET, PATH_SECRET, "")) {
            assertThat(verdict(authenticator.authenticate(WebhookKind.AGENT_BOT, List.of(), List.of(), path, BODY)))
                    .isEqualTo("invalid_signature");
        }
    }

    @Test
    void a_tenant_with_a_path_secret_takes_only_that() {
        var authenticator = WebhookAuthenticator.byPathSecret(PATH_SECRET, clock);

        assertThat(verdict(authenticator.authenticate(WebhookKind.INBOX, List.of(), List.of(), PATH_SECRET, BODY)))
                .isEqualTo("path");
        assertThat(verdict(
                        authenticator.authenticate(WebhookKind.INBOX, List.of(), List.of(), PATH_SECRET + "0", BODY)))
                .isEqualTo("invalid_signature");
        assertThat(verdict(authenticator.authenticate(
                        WebhookKind.INBOX, List.of(TIMESTAMP), List.of(SIGNATURE), null, BODY)))
                .isEqualTo("invalid_signature");
    }

    /** Security default A8: who asks must not learn which tenants exist, or which mode they are in. */
    @Test
    void a_stranger_hears_the_same_from_every_tenant_and_from_none() {
        var tenants = List.of(
                authenticator(WebhookSecret.of(SECRET)),
                authenticator(WebhookSecret.of(OTHER_SECRET), WebhookSecret.of(SECRET + "x")),
                WebhookAuthenticator.byPathSecret(PATH_SECRET, clock),
                WebhookAuthenticator.decoy(clock));
        var forged = WebhookSignature.of("a-secret-nobody-has-00000000", clock.instant(), BODY);
        for (String path : Arrays.asList(null, "guessed-path-secret-0000000000")) {
            for (var timestamps :
                    List.of(List.<String>of(), List.of(forged.timestamp()), List.of("1"), List.of("1", "2"))) {
                for (var signatures : List.of(List.<String>of(), List.of(forged.signature()), List.of("x"))) {
                    Set<String> answers = new HashSet<>();
                    tenants.forEach(tenant -> answers.add(
                            verdict(tenant.authenticate(WebhookKind.AGENT_BOT, timestamps, signatures, path, BODY))));

                    assertThat(answers)
                            .as("%s %s %s", path, timestamps, signatures)
                            .hasSize(1);
                    assertThat(answers).isSubsetOf("missing_signature", "invalid_signature");
                }
            }
        }
    }

    @Test
    void a_decoy_cannot_be_satisfied() {
        var decoy = WebhookAuthenticator.decoy(clock);

        assertThat(judge(decoy, List.of(TIMESTAMP), List.of(SIGNATURE), BODY)).isEqualTo("invalid_signature");
        assertThat(verdict(decoy.authenticate(WebhookKind.ACCOUNT, List.of(), List.of(), "", BODY)))
                .isEqualTo("invalid_signature");
    }

    @Test
    void weak_or_too_many_secrets_are_refused_at_once() {
        WebhookSecret secret = WebhookSecret.of(SECRET);

        assertThatThrownBy(() -> WebhookSecret.of("short"))
                .hasMessageContaining("24")
                .hasMessageNotContaining("short");
        assertThatThrownBy(() -> WebhookAuthenticator.byPathSecret("short", clock))
                .hasMessageContaining("24");
        assertThatThrownBy(() -> authenticator(secret, secret, secret)).hasMessageContaining("at most 2");
        assertThatThrownBy(() -> authenticator()).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void kinds_are_found_by_the_word_in_the_address() {
        assertThat(WebhookKind.ofWord("agent-bot")).contains(WebhookKind.AGENT_BOT);
        assertThat(WebhookKind.ofWord("account")).contains(WebhookKind.ACCOUNT);
        assertThat(WebhookKind.ofWord("inbox")).contains(WebhookKind.INBOX);
        assertThat(WebhookKind.ofWord("AGENT_BOT")).isEmpty();
    }

    @Test
    void secrets_are_equal_by_value() {
        assertThat(WebhookSecret.of(SECRET)).isEqualTo(WebhookSecret.of(SECRET).until(Instant.EPOCH));
        assertThat(WebhookSecret.of(SECRET).hashCode())
                .isEqualTo(WebhookSecret.of(SECRET).hashCode());
        assertThat(WebhookSecret.of(SECRET))
                .isNotEqualTo(WebhookSecret.of(OTHER_SECRET))
                .isNotEqualTo(SECRET);
    }
}

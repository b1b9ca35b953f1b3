package io.github.almeidatech.wppflow.server.cli;

import io.github.almeidatech.wppflow.chatwoot.SignatureDiagnosis;
import io.github.almeidatech.wppflow.chatwoot.WebhookKind;
import io.github.almeidatech.wppflow.chatwoot.WebhookSecret;
import io.github.almeidatech.wppflow.server.config.Config;
import io.github.almeidatech.wppflow.server.config.Secret;
import io.github.almeidatech.wppflow.server.doctor.Finding;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A webhook as it was written down on its way, by a proxy or a packet capture: request line, headers, an empty line, and the
 * body byte for byte.
 */
final class CapturedRequest {

    private static final Pattern ADDRESS = Pattern.compile("/webhooks/chatwoot/([a-z0-9_-]+)/([a-z-]+)");

    private final String head;
    private final byte[] body;

    private CapturedRequest(String head, byte[] body) {
        this.head = head;
        this.body = body;
    }

    static CapturedRequest read(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        Matcher end = Pattern.compile("\\r?\\n\\r?\\n").matcher(text);
        if (!end.find()) {
            throw new IOException(file + ": request line, headers, an empty line and the body wanted");
        }
        var request =
                new CapturedRequest(text.substring(0, end.start()), Arrays.copyOfRange(bytes, end.end(), bytes.length));
        List<String> length = request.header("Content-Length");
        int announced = length.size() == 1 && length.get(0).matches("\\d{1,8}")
                ? Integer.parseInt(length.get(0))
                : request.body.length;
        // an editor adds a line break at the end
        return announced < request.body.length
                ? new CapturedRequest(request.head, Arrays.copyOf(request.body, announced))
                : request;
    }

    /** Why its signature is or is not accepted. */
    Finding explain(Config config, @Nullable String tenantGiven, Instant now) throws IOException {
        Matcher address = ADDRESS.matcher(head);
        String tenant = tenantGiven;
        WebhookKind kind = WebhookKind.AGENT_BOT;
        if (address.find()) {
            tenant = tenantGiven == null ? address.group(1) : tenantGiven;
            kind = WebhookKind.ofWord(address.group(2)).orElse(kind);
        }
        Config.Tenant settings = tenant == null ? null : config.tenants().get(tenant);
        if (settings == null) {
            throw new IOException("the request line names no tenant of the configuration: give --tenant");
        }
        Map<WebhookKind, List<WebhookSecret>> secrets = new EnumMap<>(WebhookKind.class);
        secrets.put(WebhookKind.AGENT_BOT, secrets(settings.webhooks().agentBotSecrets()));
        secrets.put(WebhookKind.ACCOUNT, secrets(settings.webhooks().accountSecrets()));
        secrets.put(WebhookKind.INBOX, secrets(settings.webhooks().inboxSecrets()));
        var diagnosis = SignatureDiagnosis.of(
                secrets, kind, header("X-Chatwoot-Timestamp"), header("X-Chatwoot-Signature"), body, now);
        return finding(tenant, kind, diagnosis);
    }

    private static Finding finding(@Nullable String tenant, WebhookKind kind, SignatureDiagnosis diagnosis) {
        String sender = kind.word();
        return switch (diagnosis.cause()) {
            case NONE -> finding(tenant, Finding.Level.OK, "genuine, and of now", null);
            case CLOCK ->
                finding(
                        tenant,
                        Finding.Level.NOTE,
                        "genuine, and stamped " + age(diagnosis) + " from now: more than the 300 s that are accepted",
                        "Right for an old capture. For one of now the clocks are apart: synchronise both machines.");
            case NO_HEADERS ->
                problem(
                        tenant,
                        "there is no signature",
                        "Chatwoot before 4.12 (account webhooks) or 4.13 (bots, inboxes) and automation rules do not sign:"
                                + " webhooks.mode path_secret. Or a proxy in between drops the headers.");
            case ONE_HEADER_MISSING ->
                problem(tenant, "one of the two headers is missing", "A proxy in between drops it.");
            case REPEATED_HEADER ->
                problem(tenant, "a header came twice", "A proxy in between adds its own: let it pass Chatwoot's only.");
            case MALFORMED_TIMESTAMP ->
                problem(tenant, "the timestamp is not in seconds", "This is not Chatwoot's, or something rewrites it.");
            case MALFORMED_SIGNATURE ->
                problem(tenant, "the signature is not sha256= and 64 hex digits", "Something rewrites it on its way.");
            case OTHER_KIND ->
                problem(
                        tenant,
                        "the secret of "
                                + (diagnosis.kind() == null
                                        ? "another kind"
                                        : diagnosis.kind().word()) + " fits, not one of " + sender,
                        "Each kind of webhook has a secret of its own: they are mixed up in webhooks.*_secrets.");
            case WHITE_SPACE ->
                problem(
                        tenant,
                        "it would fit but for white space at the end",
                        "The body was changed on its way or while it was captured, or the secret copied with a blank.");
            case WRONG_SECRET ->
                problem(
                        tenant,
                        "no known secret fits",
                        "Copy the secret of " + sender
                                + " again from Chatwoot. If it is right, something changes the body:"
                                + " a proxy that rewrites JSON, or n8n in between.");
        };
    }

    private static String age(SignatureDiagnosis diagnosis) {
        return diagnosis.clockAhead() == null
                ? "?"
                : diagnosis.clockAhead().abs().toSeconds() + " s";
    }

    private static Finding problem(@Nullable String tenant, String message, String advice) {
        return finding(tenant, Finding.Level.PROBLEM, message, advice);
    }

    private static Finding finding(
            @Nullable String tenant, Finding.Level level, String message, @Nullable String advice) {
        return new Finding("signature", tenant, level, message, advice);
    }

    private static List<WebhookSecret> secrets(List<Secret> secrets) {
        return secrets.stream().map(each -> WebhookSecret.of(each.reveal())).toList();
    }

    private List<String> header(String name) {
        var values = new ArrayList<String>();
        head.lines().skip(1).forEach(line -> {
            int colon = line.indexOf(':');
            if (colon > 0
                    && line.substring(0, colon)
                            .strip()
                            .toLowerCase(Locale.ROOT)
                            .equals(name.toLowerCase(Locale.ROOT))) {
                values.add(line.substring(colon + 1).strip());
            }
        });
        return values;
    }
}

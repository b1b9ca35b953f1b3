import io.github.almeidatech.wppflow.chatwoot.WebhookAuthenticator;
import io.github.almeidatech.wppflow.chatwoot.WebhookKind;
import io.github.almeidatech.wppflow.chatwoot.WebhookSecret;
import io.github.almeidatech.wppflow.chatwoot.WebhookSignature;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/** M6: a webhook proved to come from Chatwoot, and one that does not. */
final class Example {

    public static void main(String[] args) {
        var secret = "an-invented-secret-of-32-letters";
        var authenticator = WebhookAuthenticator.bySignature(
                Map.of(WebhookKind.AGENT_BOT, List.of(WebhookSecret.of(secret))), InstantSource.system());
        byte[] body = "{\"event\": \"message_created\"}".getBytes(StandardCharsets.UTF_8);

        System.out.println(judged(authenticator, WebhookSignature.of(secret, Instant.now(), body), body));
        System.out.println(judged(authenticator, WebhookSignature.of("somebody-else", Instant.now(), body), body));
    }

    private static Object judged(WebhookAuthenticator authenticator, WebhookSignature signed, byte[] body) {
        return authenticator.authenticate(
                WebhookKind.AGENT_BOT, List.of(signed.timestamp()), List.of(signed.signature()), null, body);
    }
}

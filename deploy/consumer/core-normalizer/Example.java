import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.normalizer.Delivery;
import io.github.almeidatech.wppflow.normalizer.DeliverySource;
import io.github.almeidatech.wppflow.normalizer.Normalizer;
import io.github.almeidatech.wppflow.normalizer.OwnershipMode;
import java.nio.charset.StandardCharsets;

/** M1: what a webhook of Chatwoot means. */
final class Example {

    private static final String WEBHOOK = """
            {"event": "message_created", "id": 9001, "content": "Oi, quanto custa a diária?", "message_type": "incoming",
             "private": false, "content_type": "text", "content_attributes": {}, "created_at": "2026-09-01T12:00:00.412Z",
             "account": {"id": 1}, "inbox": {"id": 4, "name": "WhatsApp"},
             "sender": {"id": 27, "name": "Joana Inventada", "phone_number": "+5561990000002"},
             "conversation": {"id": 88, "inbox_id": 4, "channel": "Channel::Whatsapp", "status": "pending",
               "contact_inbox": {"source_id": "5561990000002"},
               "meta": {"sender": {"id": 27, "phone_number": "+5561990000002"}, "assignee": null}}}
            """;

    public static void main(String[] args) {
        var normalizer = Normalizer.builder()
                .phoneRegion("BR")
                .ownership(OwnershipMode.AGENT_BOT)
                .build();

        var normalized = normalizer.normalize(Delivery.of(
                new TenantId("pet-hotel"), DeliverySource.AGENT_BOT, WEBHOOK.getBytes(StandardCharsets.UTF_8)));

        System.out.println(normalized.reason().word() + ": " + normalized.message().orElseThrow().text());
    }
}

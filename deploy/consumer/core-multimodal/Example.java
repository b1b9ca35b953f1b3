import io.github.almeidatech.wppflow.model.Attachment;
import io.github.almeidatech.wppflow.model.ContentType;
import io.github.almeidatech.wppflow.model.Payer;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.multimodal.MediaReader;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/** M2: what customers send besides text, as text. */
final class Example {

    public static void main(String[] args) {
        var reader = MediaReader.builder()
                .source((tenant, attachment, maxBytes, timeLimit) ->
                        "Vacinas: V10, raiva".getBytes(StandardCharsets.UTF_8))
                .build();
        var file = Attachment.file(ContentType.DOCUMENT, "https://chat.example.com/vacinas.txt", "text/plain", "vacinas.txt");

        var texts = reader.read(
                Payer.of(new TenantId("pet-hotel")), List.of(file), Instant.now().plusSeconds(20));

        System.out.println(texts.get(0).<String>match(read -> read.text(), unread -> unread.reason().word()));
    }
}

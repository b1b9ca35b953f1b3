import io.github.almeidatech.wppflow.contacts.Contacts;
import io.github.almeidatech.wppflow.contacts.InMemoryContactLists;
import io.github.almeidatech.wppflow.contacts.InMemoryContactStore;
import io.github.almeidatech.wppflow.contacts.Pseudonyms;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.Sender;
import io.github.almeidatech.wppflow.model.TenantId;
import java.time.Instant;

/** M3: one contact per person, found again however it writes. */
final class Example {

    public static void main(String[] args) {
        var contacts = new Contacts(new InMemoryContactStore(), new InMemoryContactLists(), new Pseudonyms(new byte[32]));
        var conversation = new ConversationId(new TenantId("pet-hotel"), 1, 88);
        var joana = new Sender(27L, "Joana Inventada", "5561990000002", "+5561990000002", "BR:61990000002");

        contacts.remember(conversation, joana, Instant.now());
        var again = contacts.remember(conversation, joana, Instant.now()).orElseThrow();

        System.out.println(again.name() + ", of " + contacts.list(conversation.tenant(), 10, null).contacts().size());
    }
}

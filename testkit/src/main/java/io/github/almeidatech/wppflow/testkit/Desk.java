package io.github.almeidatech.wppflow.testkit;

import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What people do in and around the installation, each as one change. */
final class Desk {

    private final Installation installation;
    private final Conversations conversations;
    private final People people;
    private final Webhooks webhooks;
    private final Witness witness;

    Desk(Installation installation, Conversations conversations, People people, Webhooks webhooks, Witness witness) {
        this.installation = installation;
        this.conversations = conversations;
        this.people = people;
        this.webhooks = webhooks;
        this.witness = witness;
    }

    Conversations conversations() {
        return conversations;
    }

    Rows.Attachment store(Upload upload) {
        return MessageRoutes.store(installation, upload);
    }

    /** A customer's message comes in through an inbox; the first one when none is named. */
    ChatMessage receive(
            People.Writer writer, @Nullable Long inboxId, @Nullable String text, Consumer<Rows.Message> also) {
        webhooks.awaitRoom();
        return installation.change(changes -> {
            long id = inboxId == null ? installation.inboxes.keySet().iterator().next() : inboxId;
            var inbox = Installation.row(installation.inboxes, id);
            var place = people.arrive(changes, inbox, writer);
            var contact = Installation.row(installation.contacts, place.contactId);
            if (contact.blocked && installation.settings().version().atLeast("4.13.0")) {
                throw new IllegalStateException("the contact is blocked: what they write is dropped");
            }
            var conversation = conversations.current(changes, place);
            var message = new Rows.Message();
            message.messageType = Rows.INCOMING;
            message.content = text;
            message.senderType = "Contact";
            message.senderId = place.contactId;
            message.sourceId = "wamid.IN" + Installation.randomToken();
            also.accept(message);
            conversations.add(changes, conversation, message);
            people.active(changes, contact);
            return witness.view(message);
        });
    }

    String sourceIdOf(long message) {
        return installation.read(() -> Optional.ofNullable(Installation.row(installation.messages, message).sourceId)
                .orElseThrow());
    }

    ChatMessage write(long conversation, Rows.User user, String text, boolean note) {
        var message = new Rows.Message();
        message.messageType = Rows.OUTGOING;
        message.content = text;
        message.isPrivate = note;
        message.senderType = "User";
        message.senderId = user.id;
        return add(conversation, message);
    }

    /** Typed on the paired phone: outgoing, without a sender. */
    ChatMessage echo(long conversation, String text) {
        var message = new Rows.Message();
        message.messageType = Rows.OUTGOING;
        message.content = text;
        message.sourceId = "wamid.ECHO" + Installation.randomToken();
        message.contentAttributes.put("external_echo", true);
        return add(conversation, message);
    }

    /** Written by an automation rule: outgoing, without a sender. */
    ChatMessage automate(long conversation, String text) {
        var message = new Rows.Message();
        message.messageType = Rows.OUTGOING;
        message.content = text;
        message.contentAttributes.put("automation_rule_id", 3);
        return add(conversation, message);
    }

    /** A greeting or out-of-office text. */
    ChatMessage greet(long conversation, String text) {
        var message = new Rows.Message();
        message.messageType = Rows.TEMPLATE;
        message.content = text;
        return add(conversation, message);
    }

    private ChatMessage add(long conversation, Rows.Message message) {
        webhooks.awaitRoom();
        return installation.change(changes -> {
            var row = Installation.row(installation.conversations, conversation);
            return witness.view(conversations.add(changes, row, message));
        });
    }

    void deleteMessage(long message) {
        installation.changing(
                changes -> conversations.delete(changes, Installation.row(installation.messages, message)));
    }

    void change(long conversation, BiConsumer<Changes, Rows.Conversation> work) {
        installation.changing(changes -> {
            var row = Installation.row(installation.conversations, conversation);
            work.accept(changes, changes.touch(row));
        });
    }
}

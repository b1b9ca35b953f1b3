package io.github.almeidatech.wppflow.server;

import io.github.almeidatech.wppflow.contacts.Contact;
import io.github.almeidatech.wppflow.contacts.Contacts;
import io.github.almeidatech.wppflow.eventlog.EventLog;
import io.github.almeidatech.wppflow.eventlog.EventQuery;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.Event;
import java.util.Objects;
import java.util.function.Predicate;

/** Whether who writes in a conversation wants no automatic messages any more. Thread-safe. */
final class OptOuts implements Predicate<ConversationId> {

    private final EventLog events;
    private final Contacts contacts;

    OptOuts(EventLog events, Contacts contacts) {
        this.events = events;
        this.contacts = contacts;
    }

    @Override
    public boolean test(ConversationId conversation) {
        var latest = new EventQuery(conversation.tenant(), conversation, null, "message.received", null, null, 1, null);
        return events.query(latest).events().stream()
                .map(Event::personKey)
                .filter(Objects::nonNull)
                .flatMap(person -> contacts.findPerson(conversation.tenant(), person).stream())
                .anyMatch(Contact::optedOut);
    }
}

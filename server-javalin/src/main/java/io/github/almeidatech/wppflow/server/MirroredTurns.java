package io.github.almeidatech.wppflow.server;

import io.github.almeidatech.wppflow.contacts.Contact;
import io.github.almeidatech.wppflow.contacts.Contacts;
import io.github.almeidatech.wppflow.flow.Turn;
import io.github.almeidatech.wppflow.flow.TurnHandler;
import io.github.almeidatech.wppflow.flow.TurnResult;
import io.github.almeidatech.wppflow.model.OutboundCommand;
import io.github.almeidatech.wppflow.model.OutboundCommand.UpdateContact;
import io.github.almeidatech.wppflow.model.TenantId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Adds to a turn's commands what is to be written down in the tenant's tables: what the turn has changed about the person,
 * and its events. They are stored with the turn and carried out by workers of their own.
 */
final class MirroredTurns implements TurnHandler {

    private final TurnHandler assistant;
    private final Contacts contacts;
    private final Records records;

    MirroredTurns(TurnHandler assistant, Contacts contacts, Records records) {
        this.assistant = assistant;
        this.contacts = contacts;
        this.records = records;
    }

    @Override
    public TurnResult answer(Turn turn) {
        Optional<Contact> before = contact(turn);
        return mirrored(turn, assistant.answer(turn), before);
    }

    @Override
    public TurnResult giveUp(Turn turn, RuntimeException failure) {
        Optional<Contact> before = contact(turn);
        return mirrored(turn, assistant.giveUp(turn, failure), before);
    }

    private TurnResult mirrored(Turn turn, TurnResult result, Optional<Contact> before) {
        if (result.waitUntil() != null || !records.has(turn.conversation().tenant())) {
            return result;
        }
        var commands = new ArrayList<>(result.commands());
        contact(turn).flatMap(now -> change(turn, before, now)).ifPresent(commands::add);
        commands.addAll(records.rowsOf(turn, result.events()));
        return new TurnResult(commands, result.events(), result.ownership(), null, result.plan());
    }

    private Optional<Contact> contact(Turn turn) {
        TenantId tenant = turn.conversation().tenant();
        return records.mirrorsContacts(tenant)
                ? personKey(turn).flatMap(person -> contacts.findPerson(tenant, person))
                : Optional.empty();
    }

    private static Optional<String> personKey(Turn turn) {
        return turn.messages().stream()
                .map(message -> message.sender().personKey())
                .filter(Objects::nonNull)
                .reduce((first, last) -> last);
    }

    /** Somebody without a row gets one; afterwards only what the turn has changed is written. */
    private Optional<OutboundCommand> change(Turn turn, Optional<Contact> before, Contact now) {
        var known = before.orElse(now);
        var fields = new LinkedHashMap<String, String>();
        now.customFields().forEach((field, value) -> {
            if (!value.equals(known.customFields().get(field))) {
                fields.put(field, value);
            }
        });
        var update = new UpdateContact(
                personKey(turn).orElseThrow(),
                changed(known.name(), now.name()),
                changed(known.email(), now.email()),
                fields,
                // An earlier try of this turn may have remembered it already.
                known.optedOut() != now.optedOut() || turn.attempt() > 1 ? (Boolean) now.optedOut() : null);
        boolean something = update.name() != null
                || update.email() != null
                || update.optedOut() != null
                || !update.customFields().isEmpty();
        return something || !records.hasRow(now) ? Optional.of(update) : Optional.empty();
    }

    private static @Nullable String changed(@Nullable String before, @Nullable String now) {
        return Objects.equals(before, now) ? null : now;
    }
}

package io.github.almeidatech.wppflow.jdbc;

import io.github.almeidatech.wppflow.eventlog.SealedEvent;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.TenantId;

/**
 * An event as it will be a row, but for its place in the chain. Made by who writes it, before the writing thread takes it
 * up: hashing and JSON are a tenth of what that one thread would otherwise do.
 *
 * @param given what it was made of
 * @param sealed as it can be stored
 * @param payload as JSON
 */
record NewEvent(Event given, SealedEvent sealed, String payload) {

    /** An event's id inside its tenant. */
    record Ref(TenantId tenant, String id) {}

    static NewEvent of(Event given) {
        Event storable = EventRow.storable(given);
        return new NewEvent(given, SealedEvent.of(storable), Json.write(storable.payload()));
    }

    Ref ref() {
        return new Ref(sealed.event().tenant(), sealed.event().id());
    }

    TenantId tenant() {
        return given.tenant();
    }
}

/**
 * M3: who writes to us. One contact per person and tenant, found by any of its identities. Begin with {@link
 * io.github.almeidatech.wppflow.contacts.Contacts}:
 *
 * <pre>{@code
 * var contacts = new Contacts(new InMemoryContactStore(), new InMemoryContactLists(), new Pseudonyms(key));
 * Optional<Contact> ana = contacts.remember(message.conversation(), message.sender(), now);
 * contacts.findPerson(tenant, personKey).ifPresent(found -> contacts.optOut(tenant, found.id(), now));
 * }</pre>
 *
 * Stores implement {@link io.github.almeidatech.wppflow.contacts.ContactStore} and {@link
 * io.github.almeidatech.wppflow.contacts.ContactLists}.
 */
@NullMarked
package io.github.almeidatech.wppflow.contacts;

import org.jspecify.annotations.NullMarked;

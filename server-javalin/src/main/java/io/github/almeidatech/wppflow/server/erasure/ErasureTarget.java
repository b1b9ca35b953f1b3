package io.github.almeidatech.wppflow.server.erasure;

import io.github.almeidatech.wppflow.contacts.Contact;
import io.github.almeidatech.wppflow.model.FlowException;

/**
 * A place besides our own database where something of a person may lie. Repeating is harmless; may block. It gets what
 * the person is recognised by: identities and number, no more.
 */
@FunctionalInterface
public interface ErasureTarget {

    /**
     * Removes it.
     *
     * @return how many records there were
     * @throws FlowException when that is not possible now; it is repeated later
     */
    long erase(Contact person);
}

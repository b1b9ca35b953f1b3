package io.github.almeidatech.wppflow.contacts;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A part of all contacts.
 *
 * @param contacts in the order of their ids
 * @param nextCursor to be given for the following page; null at the end
 */
public record ContactPage(List<Contact> contacts, @Nullable String nextCursor) {

    public ContactPage {
        contacts = List.copyOf(contacts);
    }
}

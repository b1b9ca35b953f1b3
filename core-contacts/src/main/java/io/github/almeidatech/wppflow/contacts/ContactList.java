package io.github.almeidatech.wppflow.contacts;

import java.util.Locale;

/** The lists a tenant keeps of identities. */
public enum ContactList {
    /** When not empty, only these people are answered automatically. */
    ALLOW,
    /** These people are never answered automatically. */
    DENY,
    /** People who wanted no automatic messages and were erased since: pseudonyms only. */
    OPTED_OUT;

    /** The lower-case word used in JSON. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}

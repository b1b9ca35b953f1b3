package io.github.almeidatech.wppflow.contacts;

/**
 * One way to recognise a person inside a tenant.
 *
 * @param kind what the value is
 * @param value for {@link Kind#PERSON} the canonical person key of the phone module, else the id as delivered
 */
public record Identity(Kind kind, String value) {

    /** The kinds of identity. */
    public enum Kind {
        /** Canonical key: equal for the same phone with and without the ninth digit. */
        PERSON,
        /** Chatwoot's contact id, as {@code account/contact}. */
        CHATWOOT,
        /** The channel's own address, as delivered. */
        ADDRESS,
        /** A row of the tenant's Baserow table. */
        BASEROW
    }

    public Identity {
        if (value.isBlank()) {
            throw new IllegalArgumentException("a blank identity");
        }
    }

    /** The canonical key of a person. */
    public static Identity person(String key) {
        return new Identity(Kind.PERSON, key);
    }

    /** Chatwoot's contact id. */
    public static Identity chatwoot(long account, long contactId) {
        return new Identity(Kind.CHATWOOT, account + "/" + contactId);
    }

    @Override
    public String toString() {
        return "Identity[" + kind + "]";
    }
}

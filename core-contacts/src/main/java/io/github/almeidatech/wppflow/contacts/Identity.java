package io.github.almeidatech.wppflow.contacts;

import java.util.Locale;

/**
 * One way to recognise a person inside a tenant.
 *
 * @param kind what the value is
 * @param value for {@link Kind#PERSON} the canonical person key of the phone module, else the id as delivered
 */
public record Identity(Kind kind, String value) {

    /** The kinds of identity. */
    public enum Kind {
        /** Canonical key: equal for the same phone with and without the ninth digit. A person may have several. */
        PERSON,
        /** Chatwoot's contact id, as {@code account/contact}. */
        CHATWOOT,
        /** The channel's own address, as delivered. */
        ADDRESS,
        /** WhatsApp's linked id, which hides the number: {@code …@lid}. */
        LID,
        /** WhatsApp's business-scoped user id, for people without a visible number. */
        BSUID,
        /** A row of the tenant's Baserow table, as {@code table/row}. */
        BASEROW,
        /** What is left of an identity after its person was erased: a keyed hash. */
        PSEUDONYM;

        /** The lower-case word used in JSON. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
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

    /** A row of a Baserow table. */
    public static Identity baserow(String table, long row) {
        return new Identity(Kind.BASEROW, table + "/" + row);
    }

    /** A channel's address, recognised by its form: a linked id, a business-scoped id, or any other. */
    public static Identity address(String address) {
        if (address.endsWith("@lid")) {
            return new Identity(Kind.LID, address);
        }
        String bare = address.startsWith("whatsapp:") ? address.substring("whatsapp:".length()) : address;
        boolean businessScoped = bare.matches("[A-Z]{2}\\.(ENT\\.)?[A-Za-z0-9]+");
        return new Identity(businessScoped ? Kind.BSUID : Kind.ADDRESS, businessScoped ? bare : address);
    }

    @Override
    public String toString() {
        return "Identity[" + kind + "]";
    }
}

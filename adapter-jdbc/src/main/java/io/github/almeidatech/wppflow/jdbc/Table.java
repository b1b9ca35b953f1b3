package io.github.almeidatech.wppflow.jdbc;

import java.util.Locale;

/** The tables that hold tenants' rows, in the order in which they can be copied. */
enum Table {
    SEEN("tenant, high, low"),
    CONVERSATION("tenant, conversation"),
    INBOX("tenant, id"),
    OUTBOX("tenant, id"),
    EVENT("tenant, position"),
    EVENT_CHAIN("tenant"),
    CONTACT("tenant, id"),
    CONTACT_IDENTITY("tenant, kind, value"),
    CONTACT_MERGE("tenant, id"),
    CONTACT_LIST("tenant, kind, value, list"),
    DOCUMENT("tenant, id"),
    DOCUMENT_VERSION("tenant"),
    PASSAGE_VECTOR("tenant, model, hash"),
    MEDIA_TEXT("tenant, hash"),
    MEDIA_CLAIM("tenant, hash"),
    POLICY("tenant, id"),
    SPENDING("tenant, day, account"),
    POLICY_CURSOR("tenant"),
    API_TOKEN("tenant, id"),
    ERASURE("tenant, id"),
    IGNORED("tenant, conversation, event, reason"),
    ERASED_CONVERSATION("tenant, conversation, person"),
    EVENT_MIRROR("tenant"),
    BOT_OFF("tenant"),
    ERASED_TENANT("tenant, erased, begun_at");

    /** Stands for a tenant in rows that are no tenant's. */
    static final String NOBODY = "*";

    private final String key;

    Table(String key) {
        this.key = key;
    }

    String sqlName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The columns that tell a row from all others. */
    String key() {
        return key;
    }

    /** Whether the database gives the ids. */
    boolean hasGivenIds() {
        return this == INBOX || this == OUTBOX || this == CONTACT_MERGE;
    }
}

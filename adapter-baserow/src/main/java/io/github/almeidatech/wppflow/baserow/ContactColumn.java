package io.github.almeidatech.wppflow.baserow;

/** What a column of the contacts table can hold. */
public enum ContactColumn {
    /** The number, in any spelling; required. New ones are written as E.164; in a column of numbers without the plus. */
    PHONE("phone"),
    /** The person's key: ours, text, best unique. Makes people without a phone number possible. */
    KEY("person_key"),
    NAME("name"),
    EMAIL("email"),
    /** Ticked for people who want no automatic messages. */
    OPTED_OUT("opted_out"),
    /** A JSON object of all custom fields without a column of their own. */
    CUSTOM_FIELDS("custom_fields"),
    /** Whose row it is, in a table that several tenants share. */
    TENANT("tenant_id"),
    /** Baserow's "last modified": lets a synchronisation read only what is new. */
    LAST_MODIFIED("last_modified");

    private final String usualName;

    ContactColumn(String usualName) {
        this.usualName = usualName;
    }

    /** The name it has when nothing else is said. */
    public String usualName() {
        return usualName;
    }
}

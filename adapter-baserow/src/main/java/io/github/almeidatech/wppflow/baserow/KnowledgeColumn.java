package io.github.almeidatech.wppflow.baserow;

/** What a column of the knowledge table can hold. */
public enum KnowledgeColumn {
    /** The tenant's own id of a document; without it, or when the cell is empty, the row's number is taken. */
    ID("doc_id"),
    TITLE("title"),
    /** Plain text or Markdown; required. */
    CONTENT("content"),
    /** The area a document belongs to; empty for all. */
    DOMAIN("domain"),
    /** Ticked for documents that are used; without the column all are. */
    ENABLED("enabled"),
    /** Whose row it is, in a table that several tenants share. */
    TENANT("tenant_id"),
    /** Baserow's "last modified": lets a synchronisation read only what is new. */
    LAST_MODIFIED("last_modified");

    private final String usualName;

    KnowledgeColumn(String usualName) {
        this.usualName = usualName;
    }

    /** The name it has when nothing else is said. */
    public String usualName() {
        return usualName;
    }
}

package io.github.almeidatech.wppflow.knowledge;

import java.time.Instant;

/**
 * A document and when it became what it is.
 *
 * @param version 1 when it was first put there, one more with each change; a document that comes back after its removal
 *     begins anew
 * @param updatedAt of the last change
 */
public record StoredDocument(Document document, long version, Instant updatedAt) {}

/**
 * Contacts, events, knowledge and policies in a tenant's own Baserow tables: what is read from them and what is written to
 * them. Begin with {@link io.github.almeidatech.wppflow.server.records.Records}.
 */
@NullMarked
package io.github.almeidatech.wppflow.server.records;

import org.jspecify.annotations.NullMarked;

/**
 * Baserow tables: contacts, events, knowledge, policies, and rows that policies write. Everything goes through one
 * {@link io.github.almeidatech.wppflow.baserow.BaserowClient} for each database token. Commands of the flow are carried out
 * by {@link io.github.almeidatech.wppflow.baserow.BaserowCommandSender}; what people change in tables is read by
 * {@link io.github.almeidatech.wppflow.baserow.BaserowContactMirror},
 * {@link io.github.almeidatech.wppflow.baserow.BaserowKnowledgeSync} and
 * {@link io.github.almeidatech.wppflow.baserow.BaserowPolicies}, on the caller's thread and as often as it calls. Whether
 * the tables have the columns for it is said by {@link io.github.almeidatech.wppflow.baserow.SchemaCheck}.
 *
 * <pre>{@code
 * var client = BaserowClient.builder(new OkHttpClient(), URI.create("https://api.baserow.io"), token).build();
 * var knowledge = BaserowKnowledgeSync.of(client, tenant, KnowledgeColumns.in(703), knowledgeBase);
 * SyncReport report = knowledge.sync();
 * }</pre>
 */
@NullMarked
package io.github.almeidatech.wppflow.baserow;

import org.jspecify.annotations.NullMarked;

/**
 * A tenant's documents on their way into its knowledge base, and the questions that it could not answer. Begin with
 * {@link io.github.almeidatech.wppflow.server.knowledge.KnowledgeFolder}.
 */
@NullMarked
package io.github.almeidatech.wppflow.server.knowledge;

import org.jspecify.annotations.NullMarked;

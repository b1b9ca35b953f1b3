/**
 * M7: documents to passages to an answer with its sources, or an honest "don't know". Begin with
 * {@link io.github.almeidatech.wppflow.knowledge.KnowledgeBase}.
 */
@NullMarked
package io.github.almeidatech.wppflow.knowledge;

import org.jspecify.annotations.NullMarked;

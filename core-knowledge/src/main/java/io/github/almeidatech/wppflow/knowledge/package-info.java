/**
 * M7: documents to passages to an answer with its sources, or an honest "don't know". Begin with
 * {@link io.github.almeidatech.wppflow.knowledge.KnowledgeBase}:
 *
 * <pre>{@code
 * var base = KnowledgeBase.inMemory();
 * base.put(tenant, List.of(new Document("diaria", "Diárias", "A diária para cães custa R$ 95.", null)));
 * var answer = base.query(tenant, Question.of("quanto custa a diária?"));
 * }</pre>
 *
 * <p>No model is needed. A question becomes units (words, phrases, corrected spellings); each unit is met by the same
 * word, its stem, or a concept of the lexicon, which are plain lists under {@code lexicon/}: Portuguese, English and
 * Spanish words of one meaning a line, with the wider meaning after {@code <}. The words are everyday language; they
 * never come from one tenant's documents. Whether the best passage is good enough is decided by a logistic model over
 * how much of the question is met. {@link io.github.almeidatech.wppflow.knowledge.Grounding} checks what a language
 * model wrote against the passages it was given.
 */
@NullMarked
package io.github.almeidatech.wppflow.knowledge;

import org.jspecify.annotations.NullMarked;

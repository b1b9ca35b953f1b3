package io.github.almeidatech.wppflow.knowledge;

import io.github.almeidatech.wppflow.model.Payer;
import java.util.List;

/**
 * Turns texts into vectors that are near each other when the texts mean alike. The knowledge base calls it with a
 * tenant's new passages, at most 64 at a time, and with the question while it answers. Implementations are
 * thread-safe and may block.
 */
@FunctionalInterface
public interface Embedder {

    /**
     * One vector for each text, in the same order, all of the same dimension as in every other call.
     *
     * @param payer the tenant for passages; for a question whoever has it answered
     * @throws io.github.almeidatech.wppflow.model.FlowException when the model cannot be asked, or the payer's budget is used up; the knowledge base
     *     then goes on with its text search alone, and asks again for missing passages with the next change
     */
    List<float[]> embed(Payer payer, List<String> texts);

    /** What tells vectors that can be compared from others; stored vectors of another model are not used. */
    default String model() {
        return "";
    }
}

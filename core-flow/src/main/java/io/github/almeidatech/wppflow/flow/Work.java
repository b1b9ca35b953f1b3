package io.github.almeidatech.wppflow.flow;

import io.github.almeidatech.wppflow.model.ConversationId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A kind of claimed work and how one piece of it is done. The only parts a {@link Lane} needs to know. */
interface Work<T> {

    /** Pieces that can be done now by the free workers. */
    List<T> claim(FreeWorkers free);

    /** When the next piece can be claimed. */
    Optional<Instant> nextDue();

    /**
     * Does one piece. Whatever happens in it stays in it.
     *
     * @param mayGoOn asked when the piece is done: whether the worker may go on with its conversation
     * @return the conversation's next piece, claimed already, to be done at once; null when there is none
     */
    @Nullable
    T run(T piece, BooleanSupplier mayGoOn);

    ConversationId conversation(T piece);

    String turnId(T piece);

    Instant leaseUntil(T piece);
}

package io.github.almeidatech.wppflow.jdbc;

import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.FlowException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Claims of one kind, and those of which nobody heard whether they were stored: who asked for such a one has nothing in hand, so
 * the next claim gives back first what of it was stored after all, as if it had never been claimed. A process that ends before
 * that leaves it to the end of its lease. Thread-safe.
 */
final class UnheardClaims<T> {

    private static final String THIS_ONE = "tenant = ? and conversation = ?";

    /** Claims in a transaction. */
    @FunctionalInterface
    interface Claiming<T> {
        List<T> in(Tx tx) throws SQLException;
    }

    /** Gives a piece back, unless its conversation is not held for it any more. */
    @FunctionalInterface
    interface GivingBack<T> {
        void in(Tx tx, ConversationRow row, T piece) throws SQLException;
    }

    private final Writer writer;
    private final Function<T, ConversationId> conversation;
    private final GivingBack<T> givingBack;
    private final Queue<Claim<T>> unheard = new ConcurrentLinkedQueue<>();

    UnheardClaims(Writer writer, Function<T, ConversationId> conversation, GivingBack<T> givingBack) {
        this.writer = writer;
        this.conversation = conversation;
        this.givingBack = givingBack;
    }

    private static final class Claim<T> {
        private final Instant at;
        private final Instant leaseUntil;
        /** As it was done last; complete before the next claim is begun, for all of them are done by one thread. */
        private volatile List<T> pieces = List.of();

        Claim(Instant at, Instant leaseUntil) {
            this.at = at;
            this.leaseUntil = leaseUntil;
        }
    }

    private record Claimed<T>(List<T> pieces, List<Claim<T>> settled) {}

    /** @throws FlowException when nothing was claimed, or it is not known; then the next call sees to it */
    List<T> claim(Instant now, Duration lease, Claiming<T> claiming) {
        var claim = new Claim<T>(now, now.plus(lease));
        try {
            Claimed<T> claimed = writer.write(tx -> {
                List<Claim<T>> settled = giveBack(tx, now);
                claim.pieces = claiming.in(tx);
                return new Claimed<>(claim.pieces, settled);
            });
            unheard.removeAll(claimed.settled());
            return claimed.pieces();
        } catch (FlowException e) {
            if (e.code() == StorageError.UNCLEAR) {
                unheard.add(claim);
            }
            throw e;
        }
    }

    /** Since when something is due that may be claimed for nobody. */
    Optional<Instant> since() {
        return Optional.ofNullable(unheard.peek()).map(claim -> claim.at);
    }

    /** Those with which there is no more to do. */
    private List<Claim<T>> giveBack(Tx tx, Instant now) throws SQLException {
        var settled = new ArrayList<Claim<T>>();
        for (Claim<T> claim : unheard) {
            Map<ConversationId, T> left = new HashMap<>();
            claim.pieces.forEach(piece -> left.put(conversation.apply(piece), piece));
            for (ConversationRow row : tx.conversationsOfEach(THIS_ONE, keys(left.keySet()))) {
                T piece = left.remove(row.id);
                if (piece != null) {
                    givingBack.in(tx, row, piece);
                }
            }
            // the others are being changed, if only by that very claim: what its server has not ended yet
            if (left.isEmpty() || !now.isBefore(claim.leaseUntil)) {
                settled.add(claim);
            }
            tx.saveConversations(); // what is due now is looked for in the database
        }
        return settled;
    }

    private static List<@Nullable Object[]> keys(Collection<ConversationId> ids) {
        var keys = new ArrayList<@Nullable Object[]>();
        ids.forEach(id -> keys.add(new Object[] {id.tenant().value(), id.key()}));
        return keys;
    }
}

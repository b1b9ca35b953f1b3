package io.github.almeidatech.wppflow.llm;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Counts what is spent. Implementations are thread-safe, and {@link #take} is atomic over all its accounts: that is what
 * keeps calls under way at the same time below a ceiling. {@link #inMemory} forgets with its process and counts for it
 * alone; a ledger in a database makes ceilings hold over restarts and several instances.
 */
public interface SpendLedger {

    /**
     * Adds to every account, or, when one would pass its ceiling, to none.
     *
     * @return empty when it was added, else the name of the first account that has no room
     */
    Optional<String> take(List<Charge> charges);

    /** Adds without asking; amounts may be negative. Ceilings do not matter here. */
    void correct(List<Charge> charges);

    /** What was added so far; zero for an account never heard of. */
    Amount spent(String account);

    /** One that keeps the accounts used last, up to 20,000. */
    static SpendLedger inMemory() {
        return new InMemory(20_000);
    }

    /**
     * An amount for an account.
     *
     * @param account {@code <tenant>/<day>}, {@code <tenant>/<day>/<conversation>} or {@code <tenant>/turn/<id>}
     */
    record Charge(String account, Amount amount, Amount ceiling) {}

    /**
     * Tokens and money.
     *
     * @param tokens in and out
     * @param micros millionths of a US dollar
     */
    record Amount(long tokens, long micros) {

        static final Amount ZERO = new Amount(0, 0);

        Amount plus(Amount other) {
            return new Amount(Math.addExact(tokens, other.tokens), Math.addExact(micros, other.micros));
        }

        Amount minus(Amount other) {
            return plus(new Amount(-other.tokens, -other.micros));
        }

        boolean within(Amount ceiling) {
            return tokens <= ceiling.tokens && micros <= ceiling.micros;
        }
    }

    /** Keeps the accounts in memory, the ones used last. */
    final class InMemory implements SpendLedger {

        private final Map<String, Amount> accounts;

        InMemory(int most) {
            this.accounts = new LinkedHashMap<>(64, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Amount> eldest) {
                    return size() > most;
                }
            };
        }

        @Override
        public synchronized Optional<String> take(List<Charge> charges) {
            for (Charge each : charges) {
                if (!spent(each.account()).plus(each.amount()).within(each.ceiling())) {
                    return Optional.of(each.account());
                }
            }
            correct(charges);
            return Optional.empty();
        }

        @Override
        public synchronized void correct(List<Charge> charges) {
            for (Charge each : charges) {
                accounts.merge(each.account(), each.amount(), Amount::plus);
            }
        }

        @Override
        public synchronized Amount spent(String account) {
            return accounts.getOrDefault(account, Amount.ZERO);
        }
    }
}

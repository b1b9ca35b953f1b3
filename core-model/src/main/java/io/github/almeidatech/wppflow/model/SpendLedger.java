package io.github.almeidatech.wppflow.model;

import java.time.LocalDate;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Counts what is spent, such as on language models. Thread-safe. {@link #take} is atomic over all its accounts: that is what
 * keeps calls under way at the same time below a ceiling. A call in the middle of which the process dies stays counted as
 * it was taken. {@link #inMemory} forgets with its process and counts for it alone; with a ledger in a database ceilings
 * hold over restarts, and over all instances on that database together.
 *
 * <p>A port of its own here because those who spend and those who keep the books know nothing of each other.
 */
public interface SpendLedger {

    /**
     * Adds to every account, or, when one would pass its ceiling, to none.
     *
     * @param charges for different accounts of one tenant, at least one
     * @return empty when it was added, else the first account that has no room
     * @throws FlowException when it is not known whether there is room; then nothing may be spent
     */
    Optional<Account> take(List<Charge> charges);

    /** Adds without asking; amounts may be negative. Ceilings do not matter here. */
    void correct(List<Charge> charges);

    /** What was added so far; {@link Amount#ZERO} for an account never heard of. */
    Amount spent(Account account);

    /** One that keeps the accounts used last, up to 20,000. */
    static SpendLedger inMemory() {
        return inMemory(20_000);
    }

    /** One that keeps the accounts used last. */
    static SpendLedger inMemory(int accounts) {
        return new InMemory(accounts);
    }

    /**
     * Who pays. Accounts of days long past are forgotten.
     *
     * @param day by the tenant's calendar
     * @param name what of the tenant's; empty for all of it
     */
    record Account(TenantId tenant, LocalDate day, String name) {}

    /** An amount for an account. */
    record Charge(Account account, Amount amount, Amount ceiling) {}

    /**
     * Tokens and money.
     *
     * @param tokens in and out
     * @param micros millionths of a US dollar
     */
    record Amount(long tokens, long micros) {

        /** Nothing. */
        public static final Amount ZERO = new Amount(0, 0);

        /** Both together. */
        public Amount plus(Amount other) {
            return new Amount(Math.addExact(tokens, other.tokens), Math.addExact(micros, other.micros));
        }

        /** What is left of it. */
        public Amount minus(Amount other) {
            return plus(new Amount(-other.tokens, -other.micros));
        }

        /** Whether neither is more than the ceiling's. */
        public boolean within(Amount ceiling) {
            return tokens <= ceiling.tokens && micros <= ceiling.micros;
        }
    }

    /** Keeps the accounts in memory, the ones used last. */
    final class InMemory implements SpendLedger {

        private final Map<Account, Amount> accounts;

        private InMemory(int most) {
            this.accounts = new LinkedHashMap<>(64, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<Account, Amount> eldest) {
                    return size() > most;
                }
            };
        }

        @Override
        public synchronized Optional<Account> take(List<Charge> charges) {
            var accounts = new HashSet<Account>();
            for (Charge each : charges) {
                if (!accounts.add(each.account())) {
                    throw new IllegalArgumentException("one charge for an account wanted");
                }
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
        public synchronized Amount spent(Account account) {
            return accounts.getOrDefault(account, Amount.ZERO);
        }
    }
}

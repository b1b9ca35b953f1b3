package io.github.almeidatech.wppflow.server.replay;

import io.github.almeidatech.wppflow.model.SpendLedger;
import java.util.List;
import java.util.Optional;

/**
 * What one replay may spend on models. It counts for the tenant's day like every other call, but not for the conversation
 * that is replayed. Thread-safe.
 */
final class ReplayBudget implements SpendLedger {

    /** For a replay that asks no model. */
    static final ReplayBudget NOTHING = new ReplayBudget(SpendLedger.inMemory(), Amount.ZERO);

    private final SpendLedger books;
    private final SpendLedger here = SpendLedger.inMemory();
    private final Amount most;
    private Amount spent = Amount.ZERO;
    private boolean refused;

    /**
     * A budget.
     *
     * @param books where the tenant's days are counted
     * @param most what may be spent at most
     */
    ReplayBudget(SpendLedger books, Amount most) {
        this.books = books;
        this.most = most;
    }

    /** What was spent so far. */
    synchronized Amount spent() {
        return spent;
    }

    /** Whether a call could not be paid for, out of this budget or the tenant's day: what came of it then says nothing. */
    synchronized boolean isExhausted() {
        return refused;
    }

    @Override
    public Optional<Account> take(List<Charge> charges) {
        Charge first = charges.get(0);
        if (!reserve(first.amount())) {
            return Optional.of(first.account());
        }
        Optional<Account> full = takeAll(charges);
        if (full.isPresent()) {
            change(Amount.ZERO.minus(first.amount()));
        }
        return full;
    }

    private Optional<Account> takeAll(List<Charge> charges) {
        List<Charge> ours = charges.stream().filter(each -> !isDay(each)).toList();
        List<Charge> days = charges.stream().filter(ReplayBudget::isDay).toList();
        Optional<Account> full = ours.isEmpty() ? Optional.empty() : here.take(ours);
        if (full.isPresent() || days.isEmpty()) {
            return full;
        }
        full = books.take(days);
        if (full.isPresent()) {
            here.correct(ours.stream()
                    .map(each -> new Charge(each.account(), Amount.ZERO.minus(each.amount()), each.ceiling()))
                    .toList());
            refuse();
        }
        return full;
    }

    @Override
    public void correct(List<Charge> charges) {
        change(charges.get(0).amount());
        here.correct(charges.stream().filter(each -> !isDay(each)).toList());
        books.correct(charges.stream().filter(ReplayBudget::isDay).toList());
    }

    @Override
    public Amount spent(Account account) {
        return account.name().isEmpty() ? books.spent(account) : here.spent(account);
    }

    private static boolean isDay(Charge charge) {
        return charge.account().name().isEmpty();
    }

    private synchronized boolean reserve(Amount amount) {
        if (!spent.plus(amount).within(most)) {
            refused = true;
            return false;
        }
        spent = spent.plus(amount);
        return true;
    }

    private synchronized void change(Amount difference) {
        spent = spent.plus(difference);
    }

    private synchronized void refuse() {
        refused = true;
    }
}

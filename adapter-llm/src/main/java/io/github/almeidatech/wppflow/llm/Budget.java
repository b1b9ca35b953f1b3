package io.github.almeidatech.wppflow.llm;

import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.FlowException;
import io.github.almeidatech.wppflow.model.Payer;
import io.github.almeidatech.wppflow.model.SpendLedger;
import io.github.almeidatech.wppflow.model.SpendLedger.Account;
import io.github.almeidatech.wppflow.model.SpendLedger.Amount;
import io.github.almeidatech.wppflow.model.SpendLedger.Charge;
import io.github.almeidatech.wppflow.model.TenantId;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A tenant's allowance: taken before a call, corrected after it. Thread-safe. */
final class Budget {

    private static final Logger LOG = LoggerFactory.getLogger(Budget.class);
    private static final long UNLIMITED = Long.MAX_VALUE;

    private final TenantId tenant;
    private final ModelLimits limits;
    private final SpendLedger ledger;
    private final InstantSource clock;

    Budget(TenantId tenant, ModelLimits limits, SpendLedger ledger, InstantSource clock) {
        this.tenant = tenant;
        this.limits = limits;
        this.ledger = ledger;
        this.clock = clock;
    }

    /** What was taken, to be corrected once. */
    final class Taken {
        private final List<Charge> charges;
        private final Amount amount;

        private Taken(List<Charge> charges, Amount amount) {
            this.charges = charges;
            this.amount = amount;
        }

        /** The call is over and used this. When that cannot be written down, the estimate stays: never too little. */
        void settle(Amount used) {
            Amount difference = used.minus(amount);
            if (difference.equals(Amount.ZERO)) {
                return;
            }
            try {
                ledger.correct(charges.stream()
                        .map(each -> new Charge(each.account(), difference, each.ceiling()))
                        .toList());
            } catch (FlowException e) {
                LOG.warn("what a call of {} has really cost is not written down: its estimate counts", tenant, e);
            }
        }
    }

    /**
     * Takes the amount from every account that pays.
     *
     * @throws LlmException {@link LlmError#OVER_BUDGET} when one of them has not got it: nothing is taken then
     * @throws FlowException when the ledger cannot be asked
     */
    Taken take(Payer payer, Ability ability, Amount amount) {
        if (!payer.tenant().equals(tenant)) {
            throw new IllegalArgumentException("a payer of " + tenant + " wanted, got " + payer);
        }
        var charges = new ArrayList<Charge>();
        charges.add(new Charge(account(""), amount, new Amount(limits.tokensPerDay(), micros(limits.dollarsPerDay()))));
        if (payer.conversation() != null) {
            charges.add(new Charge(
                    account(conversation(payer.conversation())),
                    amount,
                    new Amount(limits.tokensPerConversation(), micros(limits.dollarsPerConversation()))));
        }
        if (payer.turn() != null) {
            charges.add(new Charge(account(turn(payer.turn())), amount, new Amount(limits.tokensPerTurn(), UNLIMITED)));
            if (ability.readsFiles()) {
                charges.add(new Charge(
                        account("media/" + payer.turn()),
                        amount,
                        new Amount(UNLIMITED, micros(limits.mediaDollarsPerTurn()))));
            }
        }
        ledger.take(charges).ifPresent(full -> {
            throw LlmException.of(LlmError.OVER_BUDGET, ability, which(full));
        });
        return new Taken(charges, amount);
    }

    /** {@code day}, {@code conversation}, {@code turn} or {@code media}. */
    private static String which(Account account) {
        String name = account.name();
        return name.isEmpty() ? "day" : name.substring(0, name.indexOf('/'));
    }

    /** What a payer's own account was charged: of a turn ever, of a conversation or the tenant today. */
    Amount spent(Payer payer) {
        if (payer.turn() != null) { // it may have begun before midnight
            String name = turn(payer.turn());
            return ledger.spent(account(name)).plus(ledger.spent(new Account(tenant, today().minusDays(1), name)));
        }
        return ledger.spent(account(payer.conversation() == null ? "" : conversation(payer.conversation())));
    }

    private static String conversation(ConversationId conversation) {
        return "conversation/" + conversation.key();
    }

    private static String turn(String id) {
        return "turn/" + id;
    }

    private Account account(String name) {
        return new Account(tenant, today(), name);
    }

    private LocalDate today() {
        return clock.instant().atZone(limits.zone()).toLocalDate();
    }

    private static long micros(BigDecimal dollars) {
        return dollars.movePointRight(6)
                .setScale(0, RoundingMode.DOWN)
                .min(BigDecimal.valueOf(UNLIMITED))
                .longValue();
    }
}

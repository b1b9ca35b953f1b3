package io.github.almeidatech.wppflow.llm;

import io.github.almeidatech.wppflow.model.FlowException;
import io.github.almeidatech.wppflow.model.SpendLedger;
import io.github.almeidatech.wppflow.model.SpendLedger.Account;
import io.github.almeidatech.wppflow.model.SpendLedger.Amount;
import io.github.almeidatech.wppflow.model.SpendLedger.Charge;
import io.github.almeidatech.wppflow.model.TenantId;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
     * Takes the amount from every account that pays; empty when one of them has not got it.
     *
     * @throws FlowException when the ledger cannot be asked
     */
    Optional<Taken> take(Payer payer, Amount amount) {
        var charges = new ArrayList<Charge>();
        charges.add(new Charge(account(""), amount, new Amount(limits.tokensPerDay(), micros(limits.dollarsPerDay()))));
        if (payer.conversation() != null) {
            charges.add(new Charge(
                    account("conversation/" + payer.conversation().key()),
                    amount,
                    new Amount(limits.tokensPerConversation(), UNLIMITED)));
        }
        if (payer.turn() != null) {
            charges.add(
                    new Charge(account("turn/" + payer.turn()), amount, new Amount(limits.tokensPerTurn(), UNLIMITED)));
        }
        if (payer.mediaOf() != null) {
            charges.add(new Charge(
                    account("media/" + payer.mediaOf()),
                    amount,
                    new Amount(UNLIMITED, micros(limits.mediaDollarsPerTurn()))));
        }
        return ledger.take(charges).isEmpty() ? Optional.of(new Taken(charges, amount)) : Optional.empty();
    }

    /** The tenant's spending today. */
    Amount today() {
        return ledger.spent(account(""));
    }

    private Account account(String name) {
        return new Account(tenant, clock.instant().atZone(limits.zone()).toLocalDate(), name);
    }

    private static long micros(BigDecimal dollars) {
        return dollars.movePointRight(6)
                .setScale(0, RoundingMode.DOWN)
                .min(BigDecimal.valueOf(UNLIMITED))
                .longValue();
    }
}

package io.github.almeidatech.wppflow.llm;

import io.github.almeidatech.wppflow.llm.SpendLedger.Amount;
import io.github.almeidatech.wppflow.llm.SpendLedger.Charge;
import io.github.almeidatech.wppflow.model.TenantId;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A tenant's allowance: taken before a call, corrected after it. Thread-safe. */
final class Budget {

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

        /** The call is over and used this. */
        void settle(Amount used) {
            Amount difference = used.minus(amount);
            if (!difference.equals(Amount.ZERO)) {
                ledger.correct(charges.stream()
                        .map(each -> new Charge(each.account(), difference, each.ceiling()))
                        .toList());
            }
        }
    }

    /** Takes the amount from every account that pays; empty when one of them has not got it. */
    Optional<Taken> take(Payer payer, Amount amount) {
        var charges = new ArrayList<Charge>();
        charges.add(new Charge(day(), amount, new Amount(limits.tokensPerDay(), micros(limits.dollarsPerDay()))));
        if (payer.conversation() != null) {
            charges.add(new Charge(
                    day() + "/" + payer.conversation().key(),
                    amount,
                    new Amount(limits.tokensPerConversation(), UNLIMITED)));
        }
        if (payer.turn() != null) {
            charges.add(new Charge(
                    tenant.value() + "/turn/" + payer.turn(), amount, new Amount(limits.tokensPerTurn(), UNLIMITED)));
        }
        return ledger.take(charges).isEmpty() ? Optional.of(new Taken(charges, amount)) : Optional.empty();
    }

    /** The tenant's spending today. */
    Amount today() {
        return ledger.spent(day());
    }

    private String day() {
        return tenant.value() + "/" + clock.instant().atZone(limits.zone()).toLocalDate();
    }

    private static long micros(BigDecimal dollars) {
        return dollars.movePointRight(6)
                .setScale(0, RoundingMode.DOWN)
                .min(BigDecimal.valueOf(UNLIMITED))
                .longValue();
    }
}

package io.github.almeidatech.wppflow.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.model.SpendLedger;
import io.github.almeidatech.wppflow.model.SpendLedger.Account;
import io.github.almeidatech.wppflow.model.SpendLedger.Amount;
import io.github.almeidatech.wppflow.model.SpendLedger.Charge;
import io.github.almeidatech.wppflow.model.TenantId;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;

class InMemorySpendLedgerTest extends SpendLedgerContract {

    @Override
    protected SpendLedger emptyLedger() {
        return SpendLedger.inMemory();
    }

    @Test
    void the_accounts_used_longest_ago_are_forgotten() {
        var ledger = SpendLedger.inMemory(2);
        for (String name : List.of("old", "newer", "newest")) {
            ledger.correct(List.of(new Charge(account(name), new Amount(7, 7), Amount.ZERO)));
        }

        assertThat(ledger.spent(account("old"))).isEqualTo(Amount.ZERO);
        assertThat(ledger.spent(account("newest")).tokens()).isEqualTo(7);
    }

    private static Account account(String name) {
        return new Account(new TenantId("hotel"), LocalDate.parse("2026-09-01"), name);
    }
}

package io.github.almeidatech.wppflow.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.almeidatech.wppflow.model.SpendLedger.Account;
import io.github.almeidatech.wppflow.model.SpendLedger.Amount;
import io.github.almeidatech.wppflow.model.SpendLedger.Charge;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;

class SpendLedgerTest {

    private static final Amount CEILING = new Amount(100, 1_000);

    private final SpendLedger ledger = SpendLedger.inMemory(2);

    @Test
    void what_fits_is_taken_from_all_accounts_and_what_does_not_from_none() {
        Account whole = account("");
        Account conversation = account("88");
        assertThat(ledger.take(List.of(charge(whole, 60), charge(conversation, 60))))
                .isEmpty();

        assertThat(ledger.take(List.of(charge(whole, 41), charge(conversation, 1))))
                .contains(whole);

        assertThat(ledger.spent(whole)).isEqualTo(new Amount(60, 0));
        assertThat(ledger.spent(conversation)).isEqualTo(new Amount(60, 0));
        assertThat(ledger.take(List.of(charge(whole, 40)))).isEmpty();
        assertThat(ledger.take(List.of(new Charge(whole, new Amount(0, 1_001), CEILING))))
                .contains(whole);
    }

    @Test
    void what_was_estimated_too_high_is_given_back() {
        ledger.take(List.of(charge(account(""), 60)));

        ledger.correct(List.of(new Charge(account(""), new Amount(20, 5).minus(new Amount(60, 0)), CEILING)));

        assertThat(ledger.spent(account(""))).isEqualTo(new Amount(20, 5));
    }

    @Test
    void an_account_stands_once_in_a_call_and_those_used_long_ago_are_forgotten() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ledger.take(List.of(charge(account(""), 1), charge(account(""), 1))));

        ledger.take(List.of(charge(account("1"), 1)));
        ledger.take(List.of(charge(account("2"), 1)));
        ledger.take(List.of(charge(account("3"), 1)));

        assertThat(ledger.spent(account("1"))).isEqualTo(Amount.ZERO);
        assertThat(SpendLedger.inMemory().spent(account("1"))).isEqualTo(Amount.ZERO);
    }

    private static Account account(String name) {
        return new Account(new TenantId("hotel"), LocalDate.of(2026, 9, 1), name);
    }

    private static Charge charge(Account account, long tokens) {
        return new Charge(account, new Amount(tokens, 0), CEILING);
    }
}

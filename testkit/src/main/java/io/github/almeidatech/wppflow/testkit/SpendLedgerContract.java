package io.github.almeidatech.wppflow.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.almeidatech.wppflow.model.SpendLedger;
import io.github.almeidatech.wppflow.model.SpendLedger.Account;
import io.github.almeidatech.wppflow.model.SpendLedger.Amount;
import io.github.almeidatech.wppflow.model.SpendLedger.Charge;
import io.github.almeidatech.wppflow.model.TenantId;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link SpendLedger} does. A subclass gives an empty one for each test. */
public abstract class SpendLedgerContract {

    private static final TenantId TENANT = new TenantId("hotel");
    private static final LocalDate DAY = LocalDate.parse("2026-09-01");
    private static final Amount MUCH = new Amount(1_000_000, 1_000_000);

    private SpendLedger ledger;

    /** A new ledger without any account. */
    protected abstract SpendLedger emptyLedger();

    /**
     * Another way to the same accounts, as a second process has it; the same ledger where there can be only one process.
     */
    protected SpendLedger beside(SpendLedger first) {
        return first;
    }

    @BeforeEach
    void open() {
        ledger = emptyLedger();
    }

    private static Account account(String name) {
        return new Account(TENANT, DAY, name);
    }

    private static Charge charge(String account, long tokens, long micros, Amount ceiling) {
        return new Charge(account(account), new Amount(tokens, micros), ceiling);
    }

    @Test
    void what_is_taken_adds_up() {
        assertThat(ledger.take(List.of(charge("", 3, 5, MUCH), charge("a", 3, 5, MUCH))))
                .isEmpty();
        assertThat(ledger.take(List.of(charge("", 4, 6, MUCH)))).isEmpty();

        assertThat(ledger.spent(account(""))).isEqualTo(new Amount(7, 11));
        assertThat(ledger.spent(account("a"))).isEqualTo(new Amount(3, 5));
        assertThat(ledger.spent(account("never heard of"))).isEqualTo(Amount.ZERO);
    }

    @Test
    void when_one_account_has_no_room_it_is_named_and_none_pays() {
        var full = new Amount(10, 10);

        assertThat(ledger.take(List.of(charge("", 5, 5, MUCH), charge("a", 11, 1, full))))
                .contains(account("a"));
        assertThat(ledger.take(List.of(charge("", 5, 5, MUCH), charge("a", 1, 11, full))))
                .contains(account("a"));

        assertThat(ledger.spent(account(""))).isEqualTo(Amount.ZERO);
        assertThat(ledger.take(List.of(charge("a", 10, 10, full)))).isEmpty();
    }

    @Test
    void a_correction_asks_nobody() {
        ledger.take(List.of(charge("", 100, 100, MUCH)));

        ledger.correct(List.of(charge("", -60, -70, Amount.ZERO), charge("new", 5, 5, Amount.ZERO)));

        assertThat(ledger.spent(account(""))).isEqualTo(new Amount(40, 30));
        assertThat(ledger.spent(account("new"))).isEqualTo(new Amount(5, 5));
    }

    @Test
    void tenants_and_days_have_accounts_of_their_own() {
        ledger.take(List.of(charge("", 1, 1, MUCH)));

        assertThat(ledger.spent(new Account(new TenantId("clinic"), DAY, ""))).isEqualTo(Amount.ZERO);
        assertThat(ledger.spent(new Account(TENANT, DAY.plusDays(1), ""))).isEqualTo(Amount.ZERO);
    }

    @Test
    void one_account_cannot_be_charged_twice_at_once() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ledger.take(List.of(charge("a", 1, 1, MUCH), charge("a", 1, 1, MUCH))));
    }

    @Test
    void no_account_ever_passes_its_ceiling() {
        for (long seed = 1; seed <= 3; seed++) {
            var random = new Random(seed);
            var expected = new HashMap<Account, Amount>();
            var ceiling = new Amount(1_000, 5_000);
            for (int i = 0; i < 200; i++) {
                var charges = new ArrayList<Charge>();
                var amount = new Amount(random.nextInt(120), random.nextInt(600));
                for (String name : List.of("", "a/1", "a/2", "turn")) {
                    if (name.isEmpty() || random.nextBoolean()) {
                        charges.add(new Charge(account(seed + name), amount, ceiling));
                    }
                }
                boolean fits = charges.stream()
                        .allMatch(each -> expected.getOrDefault(each.account(), Amount.ZERO)
                                .plus(amount)
                                .within(ceiling));

                assertThat(ledger.take(charges).isEmpty())
                        .as("seed %d, step %d", seed, i)
                        .isEqualTo(fits);

                if (fits) {
                    charges.forEach(each -> expected.merge(each.account(), amount, Amount::plus));
                }
                if (random.nextInt(10) == 0) {
                    expected.forEach((account, spent) ->
                            ledger.correct(List.of(new Charge(account, Amount.ZERO.minus(spent), ceiling))));
                    expected.clear();
                }
            }
        }
    }

    @Test
    void a_hundred_that_take_at_the_same_moment_in_two_processes_get_exactly_what_there_is() throws Exception {
        SpendLedger other = beside(ledger);
        int takers = 100;
        var threads = Executors.newFixedThreadPool(takers);
        try {
            var together = new CyclicBarrier(takers);
            var all = new ArrayList<Callable<Integer>>();
            for (int i = 0; i < takers; i++) {
                SpendLedger mine = i % 2 == 0 ? ledger : other;
                String turn = "turn/" + i;
                all.add(() -> {
                    together.await();
                    int taken = 0;
                    for (int j = 0; j < 3; j++) {
                        var charges = List.of(charge(turn, 10, 1, MUCH), charge("", 10, 1, new Amount(1_500, 1_000)));
                        taken += mine.take(charges).isEmpty() ? 1 : 0;
                    }
                    return taken;
                });
            }
            int taken = 0;
            for (var each : threads.invokeAll(all)) {
                taken += got(each);
            }

            assertThat(taken).isEqualTo(150);
            assertThat(ledger.spent(account(""))).isEqualTo(new Amount(1_500, 150));
            assertThat(other.spent(account(""))).isEqualTo(new Amount(1_500, 150));
        } finally {
            threads.shutdownNow();
        }
    }

    private static int got(Future<Integer> future) throws InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw new AssertionError("a taker failed", e.getCause());
        }
    }
}

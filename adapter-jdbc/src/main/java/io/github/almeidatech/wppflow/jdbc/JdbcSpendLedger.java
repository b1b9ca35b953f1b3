package io.github.almeidatech.wppflow.jdbc;

import io.github.almeidatech.wppflow.model.SpendLedger;
import io.github.almeidatech.wppflow.model.TenantId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/** What all tenants spend, on SQL: for all processes together. Accounts are kept for 31 days. Thread-safe. */
final class JdbcSpendLedger implements SpendLedger {

    private static final int DAYS_KEPT = 31;

    private static final String SELECT =
            "select tokens, micros from spending where tenant = ? and day = ? and account = ?";

    private final Writer writer;
    private final Reader reader;

    JdbcSpendLedger(Writer writer, Reader reader) {
        this.writer = writer;
        this.reader = reader;
    }

    @Override
    public Optional<Account> take(List<Charge> charges) {
        if (charges.stream().map(Charge::account).distinct().count() < charges.size()) {
            throw new IllegalArgumentException("one charge for an account wanted");
        }
        return write(charges, tx -> {
            for (Charge each : charges) {
                if (!spent(tx, each.account()).plus(each.amount()).within(each.ceiling())) {
                    return Optional.of(each.account());
                }
            }
            add(tx, charges);
            return Optional.empty();
        });
    }

    @Override
    public void correct(List<Charge> charges) {
        write(charges, tx -> {
            add(tx, charges);
            return true;
        });
    }

    /** Nobody else changes accounts of the tenant before this is committed. */
    private <T> T write(List<Charge> charges, Writer.Work<T> work) {
        TenantId tenant = charges.get(0).account().tenant();
        if (!charges.stream().allMatch(each -> each.account().tenant().equals(tenant))) {
            throw new IllegalArgumentException("charges of one tenant wanted");
        }
        return writer.write(Reads.locking(tenant, List.of("spending")), work);
    }

    private static Amount spent(Tx tx, Account account) throws SQLException {
        return tx.first(SELECT, JdbcSpendLedger::amount, key(account)).orElse(Amount.ZERO);
    }

    private static Amount amount(ResultSet row) throws SQLException {
        return new Amount(row.getLong("tokens"), row.getLong("micros"));
    }

    private static Object[] key(Account account) {
        return new Object[] {account.tenant().value(), account.day().toString(), account.name()};
    }

    private static void add(Tx tx, List<Charge> charges) throws SQLException {
        for (Charge each : charges) {
            Account account = each.account();
            Amount amount = each.amount();
            int known = tx.update(
                    "update spending set tokens = tokens + ?, micros = micros + ?"
                            + " where tenant = ? and day = ? and account = ?",
                    amount.tokens(),
                    amount.micros(),
                    account.tenant().value(),
                    account.day().toString(),
                    account.name());
            if (known == 0) {
                tx.update(
                        "insert into spending (tenant, day, account, tokens, micros) values (?, ?, ?, ?, ?)",
                        account.tenant().value(),
                        account.day().toString(),
                        account.name(),
                        amount.tokens(),
                        amount.micros());
                forget(tx, account);
            }
        }
    }

    private static void forget(Tx tx, Account beside) throws SQLException {
        LocalDate first = beside.day().minusDays(DAYS_KEPT);
        tx.update(
                "delete from spending where tenant = ? and day < ?",
                beside.tenant().value(),
                first.toString());
    }

    @Override
    public Amount spent(Account account) {
        return reader.read(
                account.tenant(),
                session -> session.first(SELECT, JdbcSpendLedger::amount, key(account))
                        .orElse(Amount.ZERO));
    }
}

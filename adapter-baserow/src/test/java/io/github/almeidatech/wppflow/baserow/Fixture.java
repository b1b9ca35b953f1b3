package io.github.almeidatech.wppflow.baserow;

import io.github.almeidatech.wppflow.contacts.Contacts;
import io.github.almeidatech.wppflow.contacts.InMemoryContactLists;
import io.github.almeidatech.wppflow.contacts.InMemoryContactStore;
import io.github.almeidatech.wppflow.contacts.Pseudonyms;
import io.github.almeidatech.wppflow.flow.CommandAttempt;
import io.github.almeidatech.wppflow.flow.CommandResult;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.OutboundCommand;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.testkit.SeenRequest;
import io.github.almeidatech.wppflow.testkit.SettableClock;
import io.github.almeidatech.wppflow.testkit.SimulatedBaserow;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/** A simulated Baserow, a client for it, a clock, and an outbox that hands the same command out again. */
final class Fixture implements AutoCloseable {

    static final TenantId TENANT = new TenantId("lar-dos-pets");
    static final Predicate<SeenRequest> CREATE =
            request -> request.method().equals("POST") && request.path().matches(".*/rows/table/\\d+/");
    static final Predicate<SeenRequest> UPDATE = request -> request.method().equals("PATCH");
    static final Predicate<SeenRequest> LIST =
            request -> request.method().equals("GET") && request.path().matches(".*/rows/table/\\d+/");
    static final Predicate<SeenRequest> ANY = request -> true;

    private static final OkHttpClient HTTP = new OkHttpClient();

    final SettableClock clock = SettableClock.at("2026-09-01T12:00:00Z");
    final SimulatedBaserow baserow = SimulatedBaserow.start(clock);
    final BaserowClient client = client(Duration.ofSeconds(10));
    private int commands;

    BaserowClient client(Duration timeLimit) {
        return settings().timeLimit(timeLimit).build();
    }

    BaserowClient.Builder settings() {
        return BaserowClient.builder(HTTP, baserow.baseUrl(), baserow.token())
                .clock(clock)
                .breakerDelay(Duration.ofMillis(1))
                .maxPerSecond(1_000);
    }

    /** Numbers of Brazil with and without the ninth digit, as the phone module reads them. */
    static Optional<ContactPhone> phone(String written) {
        String digits = written.replaceAll("[^0-9]", "");
        if (digits.length() == 10 || digits.length() == 11 && !written.startsWith("+")) {
            digits = "55" + digits;
        }
        if (!digits.matches("55\\d{10,11}")) {
            return Optional.empty();
        }
        String shorter = digits.length() == 13 ? digits.substring(0, 4) + digits.substring(5) : digits;
        String longer = shorter.substring(0, 4) + "9" + shorter.substring(4);
        return Optional.of(new ContactPhone("+" + digits, "+" + longer, Set.of("+" + shorter, "+" + longer)));
    }

    static Contacts contacts() {
        return new Contacts(
                new InMemoryContactStore(TENANT::equals), new InMemoryContactLists(), new Pseudonyms(new byte[32]));
    }

    CommandAttempt attempt(OutboundCommand command) {
        return attempt(command, "turn-1/" + commands++, 1, null);
    }

    CommandAttempt attempt(OutboundCommand command, String key, int number, @Nullable Instant unclearSince) {
        return new CommandAttempt(
                commands,
                new ConversationId(TENANT, 1, 88),
                "turn-1",
                key,
                command,
                number,
                unclearSince,
                clock.instant().plus(Duration.ofMinutes(1)),
                "token-" + number);
    }

    /** The next try of the same, as the store hands it out. */
    CommandAttempt again(CommandAttempt before, CommandResult result) {
        Instant unclear = result instanceof CommandResult.Unclear ? clock.instant() : before.unclearSince();
        return attempt(before.command(), before.key(), before.attempt() + 1, unclear);
    }

    @Override
    public void close() {
        baserow.close();
    }
}

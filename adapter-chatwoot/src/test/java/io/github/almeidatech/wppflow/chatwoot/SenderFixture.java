package io.github.almeidatech.wppflow.chatwoot;

import io.github.almeidatech.wppflow.flow.CommandAttempt;
import io.github.almeidatech.wppflow.flow.CommandResult;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.OutboundCommand;
import io.github.almeidatech.wppflow.model.OutboundCommand.Purpose;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.testkit.ChatwootBuilder;
import io.github.almeidatech.wppflow.testkit.Customer;
import io.github.almeidatech.wppflow.testkit.SeenRequest;
import io.github.almeidatech.wppflow.testkit.SettableClock;
import io.github.almeidatech.wppflow.testkit.SimulatedChatwoot;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import java.util.function.Predicate;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/** A simulated Chatwoot with a bot, one customer's pending conversation, and a sender for it, all on one clock. */
final class SenderFixture implements AutoCloseable {

    static final TenantId TENANT = new TenantId("pet-hotel");
    static final Predicate<SeenRequest> CREATING = SeenRequest.matching("POST", "/messages");
    static final Predicate<SeenRequest> LISTING = SeenRequest.matching("GET", "/messages");
    static final Predicate<SeenRequest> SHOWING = SeenRequest.matching("GET", "/conversations/*");

    private static final OkHttpClient HTTP = new OkHttpClient();
    private static final Duration LEASE = Duration.ofSeconds(60);

    final SettableClock clock = SettableClock.at("2026-09-01T12:00:00Z");
    final SimulatedChatwoot chatwoot;
    final Customer customer;
    final long conversation;
    final ChatwootClient client;
    final ChatwootCommandSender sender;
    private int commands;

    SenderFixture() {
        this(chatwoot -> {}, sender -> {}, true);
    }

    SenderFixture(
            Consumer<ChatwootBuilder> chatwootSettings,
            Consumer<ChatwootCommandSender.Builder> senderSettings,
            boolean withUserToken) {
        ChatwootBuilder builder = SimulatedChatwoot.builder().clock(clock).keepPendingWhenBotFails(true);
        chatwootSettings.accept(builder);
        chatwoot = builder.start();
        chatwoot.connectAgentBot(URI.create("http://127.0.0.1:1/nobody"));
        customer = chatwoot.customer("+5511900000001", "Ana");
        conversation = customer.writes("oi").conversation();
        client = client(withUserToken, Duration.ofSeconds(15));
        ChatwootCommandSender.Builder settings =
                ChatwootCommandSender.builder(client).clock(clock);
        senderSettings.accept(settings);
        sender = settings.build();
    }

    ChatwootClient client(boolean withUserToken, Duration timeLimit) {
        return ChatwootClient.builder(HTTP, chatwoot.baseUrl(), chatwoot.accountId(), chatwoot.botToken())
                .userToken(withUserToken ? chatwoot.userToken() : null)
                .clock(clock)
                .timeLimit(timeLimit)
                .breakerDelay(Duration.ofMillis(1))
                .maxPerSecond(1_000)
                .build();
    }

    static OutboundCommand.SendMessage answer(String text) {
        return new OutboundCommand.SendMessage(text, null, Purpose.ANSWER);
    }

    static OutboundCommand.SendMessage handoff(String text) {
        return new OutboundCommand.SendMessage(text, null, Purpose.HANDOFF);
    }

    CommandAttempt attempt(OutboundCommand command) {
        return attempt(command, "turn-1/" + commands++, 1, null);
    }

    CommandAttempt attempt(OutboundCommand command, String key, int number, @Nullable Instant unclearSince) {
        return new CommandAttempt(
                commands,
                new ConversationId(TENANT, chatwoot.accountId(), conversation),
                "turn-1",
                key,
                command,
                number,
                unclearSince,
                clock.instant().plus(LEASE),
                "token-" + commands);
    }

    CommandResult send(OutboundCommand command) {
        return sender.send(attempt(command));
    }

    /** The next try of the same, as the store hands it out. */
    CommandAttempt again(CommandAttempt before, CommandResult result) {
        Instant unclear = result instanceof CommandResult.Unclear ? clock.instant() : before.unclearSince();
        return attempt(before.command(), before.key(), before.attempt() + 1, unclear);
    }

    @Override
    public void close() {
        chatwoot.close();
    }
}

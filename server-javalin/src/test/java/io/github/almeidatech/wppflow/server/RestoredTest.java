package io.github.almeidatech.wppflow.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.assistant.ForgottenAnswers.Told;
import io.github.almeidatech.wppflow.chatwoot.NewMessage;
import io.github.almeidatech.wppflow.jdbc.Restoration;
import io.github.almeidatech.wppflow.llm.LanguageModels;
import io.github.almeidatech.wppflow.model.ContentType;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.InboundMessage;
import io.github.almeidatech.wppflow.model.Sender;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.server.config.ConfigReader;
import io.github.almeidatech.wppflow.testkit.ChatMessage;
import io.github.almeidatech.wppflow.testkit.SettableClock;
import io.github.almeidatech.wppflow.testkit.SimulatedChatwoot;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What Chatwoot shows as said after a message, and whether it was the database that was lost that said it. */
class RestoredTest {

    private static final Instant RESTORED = Instant.parse("2026-09-01T12:00:00Z");
    private static final Set<String> OURS = Set.of("our-turn-1");

    private final SettableClock clock = new SettableClock(RESTORED.minus(Duration.ofHours(1)));
    private final SimulatedChatwoot chatwoot = SimulatedChatwoot.builder()
            .clock(clock)
            .keepPendingWhenBotFails(true)
            .start();
    private Tenants tenants;
    private Restored restored;

    @BeforeEach
    void restore() {
        chatwoot.connectAgentBot(URI.create("http://127.0.0.1:1/nobody"));
        tenants = Tenants.of(
                new ConfigReader(Map.of(
                                "TENANT_ID", "pet-hotel",
                                "CHATWOOT_BASE_URL", chatwoot.baseUrl().toString(),
                                "CHATWOOT_ACCOUNT_ID", String.valueOf(chatwoot.accountId()),
                                "CHATWOOT_API_TOKEN", chatwoot.botToken(),
                                "CHATWOOT_USER_TOKEN", chatwoot.userToken(),
                                "CHATWOOT_WEBHOOK_SECRET", "a-webhook-secret-of-chatwoot"))
                        .read(null),
                LanguageModels.builder().build(),
                new OkHttpClient(),
                new Metrics(),
                clock);
        restored = new Restored(
                new Restoration(RESTORED.minus(Duration.ofDays(1)), RESTORED),
                tenants,
                (conversation, key) -> OURS.contains(key));
    }

    @AfterEach
    void close() {
        chatwoot.close();
    }

    @Test
    void what_was_said_since_the_backup_answers_what_was_asked_before() {
        InboundMessage asked = customerWrites("quanto custa?");
        clock.advance(Duration.ofMinutes(1));
        says("lost-turn-1", "R$ 90 por dia");

        assertThat(restored.about(List.of(asked))).isEqualTo(new Told(1, "R$ 90 por dia"));
    }

    @Test
    void a_new_answer_does_not_answer_what_is_found_of_the_outage_later() {
        InboundMessage missed = customerWrites("quanto custa?");
        clock.set(RESTORED.plus(Duration.ofMinutes(2)));
        customerWrites("alô?");
        says("our-turn-1", "Oi! Como posso ajudar?");

        assertThat(restored.about(List.of(missed))).isEqualTo(Told.NOTHING);
    }

    @Test
    void a_message_written_right_before_our_own_first_answer_is_not_answered_by_it() {
        clock.set(RESTORED.plusSeconds(20));
        customerWrites("oi");
        InboundMessage second = customerWrites("quanto custa?");
        says("our-turn-1", "Oi! Como posso ajudar?");
        says("our-turn-1-caption", "Veja a tabela");

        assertThat(restored.about(List.of(second))).isEqualTo(Told.NOTHING);
        says("lost-turn-1", "R$ 90 por dia");
        assertThat(restored.about(List.of(second)))
                .as("by a Chatwoot whose clock is ahead")
                .isEqualTo(new Told(1, "R$ 90 por dia"));
    }

    private InboundMessage customerWrites(String text) {
        ChatMessage written = chatwoot.customer("+5511900000001", "Ana Exemplo").writes(text);
        return new InboundMessage(
                new ConversationId(new TenantId("pet-hotel"), chatwoot.accountId(), written.conversation()),
                written.id(),
                chatwoot.inboxId(),
                clock.instant(),
                ContentType.TEXT,
                text,
                List.of(),
                new Sender(5L, "Ana Exemplo", "5511900000001", "+5511900000001", "phone:+5511900000001"),
                null);
    }

    private void says(String key, String text) {
        tenants.get(new TenantId("pet-hotel"))
                .chatwoot()
                .messages()
                .create(chatwoot.conversations().get(0), NewMessage.text(text).withKey(key));
    }
}

package io.github.almeidatech.wppflow.server.explain;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.Language;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.server.explain.Verdict.Code;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ResourceBundle;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class WordsTest {

    private static final Instant AT = Instant.parse("2026-03-01T17:03:22Z");
    private static final ZoneId SAO_PAULO = ZoneId.of("America/Sao_Paulo");

    /** Why somebody has a conversation, as {@code ownership.changed} and {@code turn.silenced} say it. */
    private static final List<String> OWNERSHIP = List.of(
            "initial",
            "human_agent_message",
            "human_owned",
            "person_assigned",
            "bot_assigned",
            "bot_on_command",
            "bot_off_command",
            "conversation_pending",
            "conversation_opened",
            "conversation_opened_unattended",
            "conversation_snoozed",
            "conversation_resolved",
            "customer_message",
            "customer_replied",
            "handoff",
            "policy_handoff",
            "policy_pause",
            "taken_back");

    private final Words portuguese = new Words(Language.PT_BR, SAO_PAULO);
    private final Words english = new Words(Language.EN, SAO_PAULO);

    @Test
    void a_silence_is_told_in_one_plain_sentence() {
        Verdict verdict = Verdict.of(Code.HUMAN_OWNED, 1001L, "human_agent_message", AT);

        assertThat(portuguese.of(verdict))
                .isEqualTo("O robô ficou em silêncio em 01/03 14:03:22, porque a conversa é de uma pessoa:"
                        + " uma pessoa escreveu ao cliente.");
        assertThat(english.of(verdict))
                .isEqualTo("The bot kept silent at 2026-03-01 14:03:22, because the conversation is a person's:"
                        + " a person wrote to the customer.");
    }

    @Test
    void what_failed_besides_is_added() {
        var verdict = new Verdict(Code.HANDED_OFF, 1L, "urgent", AT, 0, List.of("assign: no_such_team"));

        assertThat(english.of(verdict))
                .isEqualTo("The bot called a person at 2026-03-01 14:03:22, because it sounds urgent."
                        + " Besides, this failed: assign: no_such_team.");
    }

    @Test
    void every_outcome_and_every_reason_has_words_in_every_language() {
        var missing = new ArrayList<String>();
        for (Locale locale : List.of(Locale.ROOT, Locale.ENGLISH, Locale.forLanguageTag("es"))) {
            var bundle = ResourceBundle.getBundle(
                    "io.github.almeidatech.wppflow.server.explain.words",
                    locale,
                    ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES));
            var wanted = new TreeSet<String>();
            for (Code code : Code.values()) {
                wanted.add("verdict." + code.word());
            }
            for (var reason : io.github.almeidatech.wppflow.normalizer.Reason.values()) {
                wanted.add("reason." + reason.word());
            }
            OWNERSHIP.forEach(reason -> wanted.add("reason." + reason));
            wanted.addAll(ResourceBundle.getBundle("io.github.almeidatech.wppflow.server.explain.words", Locale.ROOT)
                    .keySet());
            wanted.removeAll(bundle.keySet());
            wanted.forEach(key -> missing.add(locale + " " + key));
        }

        assertThat(missing).isEmpty();
    }

    @Test
    void events_of_other_systems_are_named_and_long_texts_are_cut() {
        assertThat(english.of(event("order.paid", Map.of()))).isEqualTo("Event order.paid (customer)");
        assertThat(english.of(event(
                        "message.received",
                        Map.of("message_id", 7, "type", "text", "text", "a\n b $1 {reason} " + "x".repeat(200)))))
                .startsWith("The customer's message 7 came (text): a b $1 {reason} xxx")
                .endsWith("…")
                .hasSizeLessThan(140);
        assertThat(english.of(event("policy.fired", Map.of("policy", "vip", "actions", List.of("send", "label")))))
                .isEqualTo("Policy vip acted: send, label");
        assertThat(english.of(event("turn.completed", Map.of("outcome", "odd", "reason", "odd_reason"))))
                .isEqualTo("Decision: odd_reason");
    }

    @Test
    void the_owner_is_told_with_the_end_of_a_pause() {
        assertThat(english.owner("paused", "bot_off_command", null, AT))
                .isEqualTo("The bot is paused: somebody wrote \"#bot off\". Until 2026-03-01 14:03:22.");
        assertThat(portuguese.owner("bot", "initial", null, null)).isEqualTo("A conversa é do robô.");
    }

    private static Event event(String type, Map<String, Object> payload) {
        return new Event(
                "e", new TenantId("t"), null, null, type, 1, payload, Event.Source.CUSTOMER, null, null, 0, AT);
    }
}

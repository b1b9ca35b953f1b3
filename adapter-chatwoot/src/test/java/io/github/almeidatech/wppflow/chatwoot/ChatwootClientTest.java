package io.github.almeidatech.wppflow.chatwoot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.github.almeidatech.wppflow.model.ConversationStatus;
import io.github.almeidatech.wppflow.testkit.SeenRequest;
import io.github.almeidatech.wppflow.testkit.SettableClock;
import io.github.almeidatech.wppflow.testkit.SimulatedChatwoot;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Every call, against a Chatwoot that behaves like the real one. */
class ChatwootClientTest {

    private static final OkHttpClient HTTP = new OkHttpClient();

    private final SettableClock clock = SettableClock.at("2026-09-01T12:00:00Z");
    private SimulatedChatwoot chatwoot =
            SimulatedChatwoot.builder().clock(clock).start();
    private ChatwootClient client = client(true);

    @AfterEach
    void stop() {
        chatwoot.close();
    }

    private ChatwootClient client(boolean withUser) {
        return ChatwootClient.builder(HTTP, chatwoot.baseUrl(), chatwoot.accountId(), chatwoot.botToken())
                .userToken(withUser ? chatwoot.userToken() : null)
                .clock(clock)
                .maxPerSecond(1_000)
                .build();
    }

    private long newConversation() {
        return chatwoot.customer("+5511900000001", "Ana").writes("oi").conversation();
    }

    private SeenRequest lastRequest() {
        List<SeenRequest> all = chatwoot.requests();
        return all.get(all.size() - 1);
    }

    private static ChatwootError errorOf(Runnable call) {
        var failure = catchThrowableOfType(ChatwootException.class, call::run);
        assertThat(failure).as("a failure").isNotNull();
        return failure.error();
    }

    @Test
    void a_message_is_created_as_the_bots() {
        long conversation = newConversation();

        var made = client.messages()
                .create(
                        conversation,
                        NewMessage.text("O hemograma custa R$ 30.").withKey("t1/0"));

        var stored = chatwoot.transcript(conversation).get(1);
        assertThat(stored.id()).isEqualTo(made.id());
        assertThat(stored.author()).isEqualTo("AgentBot");
        assertThat(stored.text()).isEqualTo("O hemograma custa R$ 30.");
        assertThat(made.contentAttribute(NewMessage.KEY)).isEqualTo("t1/0");
        assertThat(made.author()).isEqualTo(ChatwootMessage.Author.AGENT_BOT);
        assertThat(made.isHumanSpeech()).isFalse();
        assertThat(made.toString()).doesNotContain("hemograma");
        assertThat(lastRequest().json().has("source_id"))
                .as("would never be delivered")
                .isFalse();
        assertThat(lastRequest().header("Api-Access-Token")).contains(chatwoot.botToken());
    }

    @Test
    void a_token_that_is_replaced_counts_from_the_next_call_on() {
        long conversation = newConversation();
        var bot = new AtomicReference<>("a-token-that-was-revoked");
        var user = new AtomicReference<>("a-token-that-was-revoked-too");
        var rotating = ChatwootClient.builder(HTTP, chatwoot.baseUrl(), chatwoot.accountId(), bot::get)
                .userToken(user::get)
                .clock(clock)
                .build();
        assertThat(errorOf(() -> rotating.messages().newest(conversation))).isEqualTo(ChatwootError.UNAUTHORIZED);

        bot.set(chatwoot.botToken());
        user.set(chatwoot.userToken());

        rotating.messages().create(conversation, NewMessage.text("oi"));
        assertThat(rotating.messages().newest(conversation)).hasSize(2);
    }

    @Test
    void a_reply_quotes_a_message() {
        var question = chatwoot.customer("+5511900000001", "Ana").writes("quanto?");

        client.messages()
                .create(question.conversation(), NewMessage.text("R$ 30").inReplyTo(question.id()));

        assertThat(chatwoot.transcript(question.conversation())
                        .get(1)
                        .contentAttributes()
                        .path("in_reply_to")
                        .asLong())
                .isEqualTo(question.id());
    }

    @Test
    void a_note_is_seen_by_the_people_only() {
        long conversation = newConversation();

        var made = client.messages().create(conversation, NewMessage.note("Resumo"));

        assertThat(made.privateNote()).isTrue();
        assertThat(chatwoot.notesIn(conversation)).containsExactly("Resumo");
        assertThat(chatwoot.messagesIn(conversation)).isEmpty();
    }

    @Test
    void a_file_goes_as_a_form_with_our_key() {
        long conversation = newConversation();
        var file = new OutgoingFile("../etc/tabela \"2026\".pdf", "application/pdf", new byte[] {1, 2, 3});

        client.messages()
                .create(
                        conversation,
                        NewMessage.file(file, "A tabela").withKey("t1/1").inReplyTo(5L));

        var stored = chatwoot.transcript(conversation).get(1);
        assertThat(stored.files()).containsExactly("tabela 2026.pdf");
        assertThat(stored.text()).isEqualTo("A tabela");
        assertThat(stored.contentAttributes().path(NewMessage.KEY).asText()).isEqualTo("t1/1");
        assertThat(lastRequest().header("Content-Type").orElseThrow()).startsWith("multipart/form-data");
        assertThat(lastRequest().body()).contains("Content-Type: application/pdf");
    }

    @Test
    void files_need_neither_caption_nor_name_nor_known_type() {
        long conversation = newConversation();

        client.messages().create(conversation, NewMessage.file(new OutgoingFile("", "no type", new byte[] {1}), ""));

        assertThat(chatwoot.transcript(conversation).get(1).files()).containsExactly("file");
        assertThat(lastRequest().body()).contains("application/octet-stream").doesNotContain("name=\"content\"");
    }

    @Test
    void a_template_carries_its_parameters() {
        long conversation = newConversation();
        var params = JsonNodeFactory.instance
                .objectNode()
                .put("name", "exame_pronto")
                .put("language", "pt_BR");

        client.messages().create(conversation, NewMessage.template("Seu exame está pronto", params));

        assertThat(lastRequest().json().path("template_params").path("name").asText())
                .isEqualTo("exame_pronto");
    }

    @Test
    void empty_and_oversized_messages_are_not_even_made() {
        assertThatThrownBy(() -> NewMessage.text(" ")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> NewMessage.text("x".repeat(150_001))).isInstanceOf(IllegalArgumentException.class);
        assertThat(NewMessage.text("geheim")).hasToString("NewMessage[6 chars, 0 files]");
        assertThat(new OutgoingFile("a", "b", new byte[3])).hasToString("OutgoingFile[b, 3 bytes]");
    }

    @Test
    void messages_are_listed_by_pages_oldest_first() {
        long conversation = newConversation();
        for (int i = 1; i <= 30; i++) {
            client.messages().create(conversation, NewMessage.text("m" + i));
        }

        List<ChatwootMessage> newest = client.messages().newest(conversation);
        List<ChatwootMessage> earlier =
                client.messages().before(conversation, newest.get(0).id());
        List<ChatwootMessage> later =
                client.messages().after(conversation, newest.get(18).id());

        assertThat(newest)
                .hasSize(20)
                .last()
                .extracting(ChatwootMessage::content)
                .isEqualTo("m30");
        assertThat(newest).extracting(ChatwootMessage::id).isSorted();
        assertThat(earlier)
                .hasSize(11)
                .first()
                .extracting(ChatwootMessage::type)
                .isEqualTo(ChatwootMessage.Type.INCOMING);
        assertThat(later).extracting(ChatwootMessage::content).containsExactly("m30");
        assertThat(lastRequest().header("Api-Access-Token")).contains(chatwoot.userToken());
    }

    @Test
    void a_conversation_is_shown_with_what_decides_about_it() {
        long number = newConversation();

        var shown = client.conversations().show(number);

        assertThat(shown.number()).isEqualTo(number);
        assertThat(shown.channel()).isEqualTo("Channel::Whatsapp");
        assertThat(shown.inboxId()).isEqualTo(chatwoot.inboxId());
        assertThat(shown.canReply()).isTrue();
        assertThat(shown.assignedPerson()).isNull();
        assertThat(shown.contactId()).isEqualTo(chatwoot.conversation(number).contact());
        assertThat(shown.lastMessage()).isNotNull();
        assertThat(shown.lastActivityAt()).isEqualTo(clock.instant());
        assertThat(shown.toString()).doesNotContain("Ana");

        chatwoot.agent().takes(number);
        clock.advance(Duration.ofHours(25));

        assertThat(client.conversations().show(number).assignedPerson())
                .isEqualTo(chatwoot.agent().id());
        assertThat(client.conversations().show(number).canReply()).isFalse();
        assertThat(errorOf(() -> client.conversations().show(999))).isEqualTo(ChatwootError.NOT_FOUND);
    }

    @Test
    void conversations_are_listed_latest_first_whatever_their_status() {
        long first = newConversation();
        clock.advance(Duration.ofMinutes(1));
        long second = chatwoot.customer("+5511900000002", "Bia").writes("oi").conversation();
        chatwoot.agent().resolves(first);

        assertThat(client.conversations().latest(1))
                .extracting(ChatwootConversation::number)
                .containsExactlyInAnyOrder(first, second);
        assertThat(client.conversations().latest(2)).isEmpty();
        assertThat(client.conversations()
                        .ofContact(chatwoot.conversation(second).contact()))
                .extracting(ChatwootConversation::number)
                .containsExactly(second);
    }

    @Test
    void conversations_are_filtered() {
        long number = newConversation();
        chatwoot.agent().resolves(number);
        var conditions = JsonNodeFactory.instance.arrayNode();
        conditions
                .addObject()
                .put("attribute_key", "status")
                .put("filter_operator", "equal_to")
                .putArray("values")
                .add("resolved");

        assertThat(client.conversations().filter(conditions, 1))
                .extracting(ChatwootConversation::number)
                .containsExactly(number);
    }

    @Test
    void a_handoff_is_judged_by_the_status_because_success_is_null() {
        chatwoot.connectAgentBot(URI.create("http://127.0.0.1:1/nobody"));
        long number = newConversation();
        assertThat(client.conversations().setStatus(number, ConversationStatus.PENDING))
                .isEqualTo("pending");

        assertThat(client.conversations().setStatus(number, ConversationStatus.OPEN))
                .isEqualTo("open");

        assertThat(chatwoot.conversation(number).status()).isEqualTo("open");
        assertThat(chatwoot.conversation(number).assignee())
                .as("a bot's token assigns nobody")
                .isNull();
    }

    @Test
    void people_and_teams_are_assigned_in_calls_of_their_own() {
        long number = newConversation();

        assertThat(client.conversations().assignTeam(number, chatwoot.teamId("financeiro")))
                .isTrue();
        assertThat(client.conversations().assignAgent(number, chatwoot.agent().id()))
                .isTrue();
        assertThat(chatwoot.conversation(number).team()).isEqualTo("financeiro");
        assertThat(chatwoot.conversation(number).assignee())
                .isEqualTo(chatwoot.agent().name());

        assertThat(client.conversations().assignAgent(number, 12_345L))
                .as("Chatwoot unassigns silently")
                .isFalse();
        assertThat(client.conversations().assignTeam(number, null)).isFalse();
        assertThat(chatwoot.conversation(number).assignee()).isNull();
        assertThat(chatwoot.conversation(number).team()).isNull();
    }

    @Test
    void labels_are_added_and_removed_without_losing_the_others() {
        long number = newConversation();
        chatwoot.agent().labels(number, "vip", "novo");

        assertThat(client.conversations().changeLabels(number, List.of("Orçamento", "VIP"), List.of("NOVO")))
                .isTrue();
        assertThat(chatwoot.conversation(number).labels()).containsExactly("vip", "orçamento");

        int before = chatwoot.requests().size();
        assertThat(client.conversations().changeLabels(number, List.of("vip"), List.of("novo")))
                .isFalse();
        assertThat(chatwoot.requests()).as("read only").hasSize(before + 1);
    }

    @Test
    void attributes_are_merged_although_chatwoot_replaces_them() {
        long number = newConversation();

        client.conversations().mergeAttributes(number, Map.of("plano", "mensal", "visitas", 3));
        client.conversations().mergeAttributes(number, Map.of("plano", "anual"));

        assertThat(chatwoot.conversation(number).customAttributes())
                .isEqualTo(JsonNodeFactory.instance
                        .objectNode()
                        .put("plano", "anual")
                        .put("visitas", 3));
    }

    @Test
    void priority_is_set_and_taken_away() {
        long number = newConversation();

        client.conversations().setPriority(number, "urgent");
        assertThat(chatwoot.conversation(number).priority()).isEqualTo("urgent");
        client.conversations().setPriority(number, null);
        assertThat(chatwoot.conversation(number).priority()).isNull();
    }

    @Test
    void typing_and_reading_are_shown() {
        long number = newConversation();

        client.conversations().typing(number, true);
        assertThat(lastRequest().json().path("typing_status").asText()).isEqualTo("on");
        client.conversations().typing(number, false);
        assertThat(lastRequest().json().path("typing_status").asText()).isEqualTo("off");
        client.conversations().markSeen(number);
        assertThat(lastRequest().path()).endsWith("/update_last_seen");
    }
}

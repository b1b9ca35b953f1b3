package io.github.almeidatech.wppflow.server.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.contacts.ContactUpdate;
import io.github.almeidatech.wppflow.contacts.Contacts;
import io.github.almeidatech.wppflow.contacts.Identity;
import io.github.almeidatech.wppflow.contacts.InMemoryContactLists;
import io.github.almeidatech.wppflow.contacts.InMemoryContactStore;
import io.github.almeidatech.wppflow.contacts.Pseudonyms;
import io.github.almeidatech.wppflow.flow.CommandAttempt;
import io.github.almeidatech.wppflow.flow.CommandResult;
import io.github.almeidatech.wppflow.llm.LanguageModels;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.OutboundCommand;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.server.Metrics;
import io.github.almeidatech.wppflow.server.OptOuts;
import io.github.almeidatech.wppflow.server.Tenants;
import io.github.almeidatech.wppflow.server.config.ConfigReader;
import io.github.almeidatech.wppflow.testkit.SettableClock;
import io.github.almeidatech.wppflow.testkit.SimulatedChatwoot;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is configured about the way out reaches it. */
class ChannelsTest {

    private static final TenantId TENANT = new TenantId("pet-hotel");
    private static final String KEYS = "WPPFLOW_TENANTS__PET_HOTEL__CHATWOOT__";

    private final SettableClock clock = SettableClock.at("2026-09-01T12:00:00Z");
    private final Contacts contacts =
            new Contacts(new InMemoryContactStore(), new InMemoryContactLists(), new Pseudonyms(new byte[32]));
    private final SimulatedChatwoot chatwoot = SimulatedChatwoot.builder()
            .clock(clock)
            .keepPendingWhenBotFails(true)
            .start();
    private long conversation;

    @BeforeEach
    void aCustomerWritesAndADayPasses() {
        chatwoot.connectAgentBot(URI.create("http://127.0.0.1:1/nobody"));
        conversation = chatwoot.customer("+5511900000001", "Ana").writes("oi").conversation();
        clock.advance(Duration.ofHours(25));
    }

    @AfterEach
    void close() {
        chatwoot.close();
    }

    private CommandResult send(OutboundCommand command, Map<String, String> more) {
        var environment = new HashMap<String, String>();
        environment.put("TENANT_ID", TENANT.value());
        environment.put("CHATWOOT_BASE_URL", chatwoot.baseUrl().toString());
        environment.put("CHATWOOT_ACCOUNT_ID", String.valueOf(chatwoot.accountId()));
        environment.put("CHATWOOT_API_TOKEN", chatwoot.botToken());
        environment.put("CHATWOOT_USER_TOKEN", chatwoot.userToken());
        environment.put("CHATWOOT_WEBHOOK_SECRET", "a-webhook-secret-of-chatwoot");
        environment.putAll(more);
        var http = new OkHttpClient();
        var tenants = Tenants.of(
                new ConfigReader(environment).read(null),
                LanguageModels.builder().build(),
                http,
                new Metrics(),
                clock);
        try (var channels = new Channels(
                tenants,
                http,
                Duration.ofSeconds(30),
                new OptOuts(conversation -> Optional.of("ana"), contacts, conversation -> List.of()),
                tenant -> false,
                attempt -> new CommandResult.Refused("not_for_chatwoot"),
                clock)) {
            return channels.send(new CommandAttempt(
                    1,
                    id(),
                    "turn-1",
                    "turn-1/1",
                    command,
                    1,
                    null,
                    clock.instant().plusSeconds(60),
                    "token"));
        }
    }

    private ConversationId id() {
        return new ConversationId(TENANT, chatwoot.accountId(), conversation);
    }

    private static OutboundCommand answer() {
        return new OutboundCommand.SendMessage("O Rex está bem", null, OutboundCommand.Purpose.ANSWER);
    }

    private OutboundCommand followUp() {
        return new OutboundCommand.FollowUp(clock.instant(), "Ainda posso ajudar?", null, false);
    }

    @Test
    void after_a_day_an_answer_is_given_up_by_default() {
        assertThat(send(answer(), Map.of())).isEqualTo(new CommandResult.Refused("outside_window"));
    }

    @Test
    void after_a_day_an_answer_can_be_left_as_a_note() {
        send(answer(), Map.of(KEYS + "OUTSIDE_WINDOW", "note"));

        assertThat(chatwoot.notesIn(conversation)).singleElement().asString().contains("24 horas", "O Rex está bem");
        assertThat(chatwoot.conversation(conversation).status()).isEqualTo("pending");
    }

    @Test
    void after_a_day_a_person_can_be_called() {
        send(answer(), Map.of(KEYS + "OUTSIDE_WINDOW", "handoff"));

        assertThat(chatwoot.notesIn(conversation)).hasSize(1);
        assertThat(chatwoot.conversation(conversation).status()).isEqualTo("open");
    }

    @Test
    void after_a_day_an_answer_can_be_put_into_a_template() {
        String template = KEYS + "OUTSIDE_WINDOW_TEMPLATE__";

        CommandResult result = send(
                answer(),
                Map.of(
                        KEYS + "OUTSIDE_WINDOW", "template",
                        template + "NAME", "retomada",
                        template + "LANGUAGE", "pt_BR",
                        template + "CATEGORY", "UTILITY",
                        template + "BODY__1", "{reply}",
                        template + "TEXT", "Oi! {reply}"));

        assertThat(result).isInstanceOf(CommandResult.Done.class);
        assertThat(chatwoot.requests()).anySatisfy(request -> {
            var params = request.json().path("template_params");
            assertThat(params.path("name").asText()).isEqualTo("retomada");
            assertThat(params.at("/processed_params/body/1").asText()).isEqualTo("O Rex está bem");
        });
    }

    @Test
    void the_template_may_have_a_header_and_buttons() {
        String template = KEYS + "OUTSIDE_WINDOW_TEMPLATE__";
        var keys = new HashMap<>(Map.of(
                KEYS + "OUTSIDE_WINDOW", "template",
                template + "NAME", "retomada",
                template + "LANGUAGE", "pt_BR",
                template + "BODY__1", "{reply}",
                template + "TEXT", "Oi! {reply}"));
        keys.put(template + "HEADER__MEDIA_URL", "https://files.example.com/tabela.pdf");
        keys.put(template + "HEADER__MEDIA_TYPE", "document");
        keys.put(template + "BUTTONS", "[{type: url, parameter: reservas}, {type: copy_code, parameter: VOLTA10}]");

        assertThat(send(answer(), keys)).isInstanceOf(CommandResult.Done.class);

        assertThat(chatwoot.requests()).anySatisfy(request -> {
            var params = request.json().at("/template_params/processed_params");
            assertThat(params.at("/body/1").asText()).isEqualTo("O Rex está bem");
            assertThat(params.at("/header/media_url").asText()).isEqualTo("https://files.example.com/tabela.pdf");
            assertThat(params.at("/header/media_type").asText()).isEqualTo("document");
            assertThat(params.at("/buttons/0/type").asText()).isEqualTo("url");
            assertThat(params.at("/buttons/0/parameter").asText()).isEqualTo("reservas");
            assertThat(params.at("/buttons/1/type").asText()).isEqualTo("copy_code");
            assertThat(params.at("/buttons/1/parameter").asText()).isEqualTo("VOLTA10");
        });
    }

    @Test
    void nobody_who_opted_out_is_followed_up() {
        var ana = new ContactUpdate(Set.of(Identity.person("ana")), null, null, null, Map.of(), null);
        var contact = contacts.upsert(TENANT, ana, clock.instant());
        assertThat(send(followUp(), Map.of())).isEqualTo(new CommandResult.Refused("outside_window"));

        contacts.optOut(TENANT, contact.id(), clock.instant());

        assertThat(send(followUp(), Map.of())).isEqualTo(new CommandResult.Refused("opted_out"));
    }

    @Test
    void nobody_who_opted_out_and_was_erased_is_followed_up_until_they_opt_in_again() {
        var ana = Identity.person("ana");
        contacts.upsert(TENANT, new ContactUpdate(Set.of(ana), null, null, null, Map.of(), true), clock.instant());
        Function<ConversationId, Optional<String>> nobody = conversation -> Optional.empty();
        Function<ConversationId, List<Identity>> erased =
                conversation -> conversation.equals(id()) ? List.of(ana) : List.of();
        contacts.erase(TENANT, contacts.findPerson(TENANT, "ana").orElseThrow().id());

        assertThat(new OptOuts(nobody, contacts, erased).test(id())).isTrue();
        assertThat(new OptOuts(conversation -> Optional.of("bia"), contacts, erased).test(id()))
                .isFalse();
        assertThat(new OptOuts(nobody, contacts, erased).test(new ConversationId(TENANT, chatwoot.accountId(), 99)))
                .isFalse();

        contacts.upsert(TENANT, new ContactUpdate(Set.of(ana), null, null, null, Map.of(), false), clock.instant());
        assertThat(new OptOuts(nobody, contacts, erased).test(id())).isFalse();
    }
}

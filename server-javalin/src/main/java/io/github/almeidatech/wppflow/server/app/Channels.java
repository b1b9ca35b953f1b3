package io.github.almeidatech.wppflow.server.app;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.almeidatech.wppflow.assistant.Phrases;
import io.github.almeidatech.wppflow.chatwoot.ChatwootCommandSender;
import io.github.almeidatech.wppflow.chatwoot.ChatwootMediaSource;
import io.github.almeidatech.wppflow.chatwoot.FetchPolicy;
import io.github.almeidatech.wppflow.chatwoot.OutsideWindow;
import io.github.almeidatech.wppflow.chatwoot.PersonsWords;
import io.github.almeidatech.wppflow.flow.CommandAttempt;
import io.github.almeidatech.wppflow.flow.CommandResult;
import io.github.almeidatech.wppflow.flow.CommandSender;
import io.github.almeidatech.wppflow.flow.FlowEngine;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.Language;
import io.github.almeidatech.wppflow.model.OutboundCommand;
import io.github.almeidatech.wppflow.model.OutboundCommand.Assign;
import io.github.almeidatech.wppflow.model.OwnershipSignal;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.multimodal.MediaSource;
import io.github.almeidatech.wppflow.normalizer.OwnershipMode;
import io.github.almeidatech.wppflow.server.HeldWhileOff;
import io.github.almeidatech.wppflow.server.Intake;
import io.github.almeidatech.wppflow.server.Tenants;
import io.github.almeidatech.wppflow.server.config.Config;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/**
 * Each tenant's way out: its commands to its own Chatwoot, its files from its own Chatwoot and from where it keeps what is sent.
 * Thread-safe.
 */
final class Channels implements CommandSender, AutoCloseable {

    /** An answer that is there sooner is not announced. */
    private static final Duration SOON = Duration.ofMillis(500);

    private final Map<TenantId, ChatwootCommandSender> senders = new HashMap<>();
    private final Map<TenantId, FetchPolicy> fetching = new HashMap<>();
    private final Map<TenantId, FetchPolicy> sending = new HashMap<>();
    private final MediaSource media;
    private volatile @Nullable Listening listening;
    private final TypingSigns typing = new TypingSigns(this::show, SOON);

    Channels(
            Tenants tenants,
            OkHttpClient http,
            Duration settleTime,
            Predicate<ConversationId> optedOut,
            Predicate<TenantId> isOff,
            CommandSender others,
            InstantSource clock) {
        this.media = new ChatwootMediaSource(http, tenant -> Optional.ofNullable(fetching.get(tenant)));
        var files = new ChatwootMediaSource(http, tenant -> Optional.ofNullable(sending.get(tenant)));
        for (Tenants.Tenant tenant : tenants.all()) {
            Config.Chatwoot chatwoot = tenant.config().chatwoot();
            fetching.put(tenant.id(), tenant.storage());
            sending.put(tenant.id(), tenant.sendableFrom());
            senders.put(
                    tenant.id(),
                    ChatwootCommandSender.builder(tenant.chatwoot())
                            .ownership(OwnershipMode.of(chatwoot.ownership()))
                            .humanPause(tenant.humanPause())
                            .checkOwnershipBeforeSend(chatwoot.checkOwnershipBeforeSend())
                            .settleTime(settleTime)
                            .outsideWindow(outsideWindow(tenant.config()))
                            .optedOut(optedOut)
                            .silenced(() -> isOff.test(tenant.id()) ? HeldWhileOff.REASON : null)
                            .assignOtherwise(new Assign(
                                    tenant.config().handoff().agentId(),
                                    tenant.config().handoff().teamId()))
                            .files(files)
                            .words(wordsIn(tenant))
                            .others(others)
                            .clock(clock)
                            .build());
        }
    }

    private record Listening(Intake intake, FlowEngine engine) {}

    /** Who takes in what people wrote, and says whether the bot may speak; until it is called, nobody does. */
    void listen(Intake intake, FlowEngine engine) {
        listening = new Listening(intake, engine);
    }

    private PersonsWords wordsIn(Tenants.Tenant tenant) {
        return new PersonsWords() {
            @Override
            public void take(JsonNode conversation, JsonNode message) {
                Listening to = listening;
                if (to != null) {
                    to.intake().heard(tenant, conversation, message);
                }
            }

            @Override
            public Optional<OwnershipSignal> holdsBack(CommandAttempt attempt) {
                Listening to = listening;
                return to == null ? Optional.empty() : to.engine().holdsBack(attempt);
            }
        };
    }

    private static OutsideWindow outsideWindow(Config.Tenant tenant) {
        String heading = new Phrases(tenant.name(), tenant.replies().phrases())
                .say("note_outside_window", Language.ofTag(tenant.language()));
        Config.WindowTemplate template = tenant.chatwoot().outsideWindowTemplate();
        return switch (tenant.chatwoot().outsideWindow()) {
            case "note" -> new OutsideWindow.Note(heading, false);
            case "handoff" -> new OutsideWindow.Note(heading, true);
            case "template" -> new OutsideWindow.Template(command(Objects.requireNonNull(template)));
            default -> new OutsideWindow.Refuse();
        };
    }

    private static OutboundCommand.SendTemplate command(Config.WindowTemplate template) {
        return new OutboundCommand.SendTemplate(
                template.name(),
                template.language(),
                template.category() == null ? "" : template.category(),
                params(template),
                template.text(),
                OutboundCommand.Purpose.ANSWER);
    }

    private static Map<String, Object> params(Config.WindowTemplate template) {
        Map<String, Object> params = new HashMap<>();
        params.put("body", template.body());
        if (template.header() != null) {
            params.put("header", template.header());
        }
        if (template.buttons() != null) {
            params.put(
                    "buttons",
                    template.buttons().stream()
                            .map(button -> Map.of("type", button.type(), "parameter", button.parameter()))
                            .toList());
        }
        return params;
    }

    @Override
    public CommandResult send(CommandAttempt attempt) {
        ChatwootCommandSender sender = senderOf(attempt.conversation());
        return sender == null
                ? new CommandResult.NotDone("tenant_not_configured", Duration.ofMinutes(1))
                : sender.send(attempt);
    }

    /** Shows that somebody writes an answer, when it takes a while, and that it is written. Returns at once. */
    void typing(ConversationId conversation, boolean on) {
        typing.typing(conversation, on);
    }

    /** Why a file could not be sent to a customer now; empty when it could. */
    Optional<String> fileObstacle(ConversationId conversation, String url, Duration limit) {
        ChatwootCommandSender sender = senderOf(conversation);
        return sender == null
                ? Optional.of("tenant_not_configured")
                : sender.fileObstacle(conversation.tenant(), url, limit);
    }

    private void show(ConversationId conversation, boolean on) {
        ChatwootCommandSender sender = senderOf(conversation);
        if (sender != null) {
            sender.typing(conversation, on);
        }
    }

    MediaSource media() {
        return media;
    }

    private @Nullable ChatwootCommandSender senderOf(ConversationId conversation) {
        return senders.get(conversation.tenant());
    }

    @Override
    public void close() {
        typing.close();
    }
}

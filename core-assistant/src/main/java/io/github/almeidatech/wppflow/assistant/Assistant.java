package io.github.almeidatech.wppflow.assistant;

import io.github.almeidatech.wppflow.contacts.Contact;
import io.github.almeidatech.wppflow.contacts.Contacts;
import io.github.almeidatech.wppflow.eventlog.EventLog;
import io.github.almeidatech.wppflow.flow.Turn;
import io.github.almeidatech.wppflow.flow.TurnHandler;
import io.github.almeidatech.wppflow.flow.TurnResult;
import io.github.almeidatech.wppflow.knowledge.KnowledgeBase;
import io.github.almeidatech.wppflow.model.Attachment;
import io.github.almeidatech.wppflow.model.ContentType;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.InboundMessage;
import io.github.almeidatech.wppflow.model.Payer;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.multimodal.MediaReader;
import io.github.almeidatech.wppflow.multimodal.MediaText;
import io.github.almeidatech.wppflow.router.Classification;
import io.github.almeidatech.wppflow.router.Mode;
import io.github.almeidatech.wppflow.router.Utterance;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The standard answer to a turn: reads what was sent, remembers who sent it, understands what is wanted, and replies from
 * the tenant's knowledge base, calls a person, or stays silent for a reason. Works without any model; with an
 * {@link AnswerWriter} the passages are put into words, and when that fails they are quoted.
 *
 * <p>Thread-safe; blocks while media are fetched and models asked. What it stores by itself (the contact) may be stored
 * again after a crash without harm; everything else is in its {@link TurnResult}.
 */
public final class Assistant implements TurnHandler {

    private final MediaReader media;
    private final Contacts contacts;
    private final Planner planner;
    private final Assignments assignments;
    private final Consultation consultation;
    private final EventLog events;
    private final Function<TenantId, AssistantSettings> settings;
    private final Presence presence;
    private final ForgottenAnswers forgotten;
    private final Predicate<TenantId> switchedOff;
    private final InstantSource clock;

    private Assistant(Builder builder) {
        this.media = Objects.requireNonNull(builder.media, "media");
        this.contacts = Objects.requireNonNull(builder.contacts, "contacts");
        this.planner = new Planner(Objects.requireNonNull(builder.knowledge, "knowledge"), builder.writer);
        this.consultation =
                new Consultation(builder.workflow, Objects.requireNonNull(builder.events, "events"), builder.files);
        this.events = Objects.requireNonNull(builder.events, "events");
        this.assignments = new Assignments(events, builder.availability);
        this.settings = Objects.requireNonNull(builder.settings, "settings");
        this.presence = builder.presence;
        this.forgotten = builder.forgotten;
        this.switchedOff = builder.switchedOff;
        this.clock = builder.clock;
    }

    /** Media, contacts, knowledge, events and settings must be given. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public TurnResult answer(Turn turn) {
        ForgottenAnswers.Told told = forgotten.about(turn.messages());
        if (told.answered() == 0) {
            return answer(turn, List.of());
        }
        List<InboundMessage> messages = turn.messages();
        TurnResult known = unread(
                turn.of(messages.subList(0, told.answered())),
                now -> new Plan.Silence(Reason.ANSWERED_BEFORE_RESTORE, told.said()));
        return told.answered() == messages.size()
                ? known
                : answer(turn.of(messages.subList(told.answered(), messages.size())), known.events());
    }

    /** @param before what is to be written down about earlier messages of the same turn */
    private TurnResult answer(Turn turn, List<Event> before) {
        if (switchedOff.test(turn.conversation().tenant())) {
            return withEvents(unread(turn, now -> new Plan.Handoff(Reason.BOT_OFF, null)), before);
        }
        presence.typing(turn.conversation(), true);
        try {
            AssistantSettings tenant = settings.apply(turn.conversation().tenant());
            Heard heard = listen(turn);
            InboundMessage newest = turn.messages().get(turn.messages().size() - 1);
            Instant now = clock.instant();
            Contact contact =
                    contacts.remember(turn.conversation(), newest.sender(), now).orElse(null);
            History history = History.of(events, turn.conversation(), tenant.maxRepliesPerHour())
                    .with(before);
            Classification heardAs = tenant.router()
                    .classify(new Utterance(
                            heard.text(),
                            history.customerLines(),
                            contact == null ? Map.of() : contact.customFields(),
                            Payer.of(turn.conversation(), turn.id())));
            var situation = new Situation(turn, tenant, heard, contact, history, heardAs, now);
            Plan plan = planner.beforeAnswering(
                            situation, heardAs, contacts.admission(turn.conversation(), newest.sender()))
                    .orElse(null);
            List<Event> asked = before;
            if (plan == null) {
                WorkflowBot outside = tenant.workflow(situation.intent());
                if (outside != null) {
                    Consultation.Result result = consultation.of(situation, heardAs, outside);
                    if (result.waitUntil() != null) {
                        return TurnResult.waiting(result.waitUntil(), result.events());
                    }
                    asked = joined(before, result.events());
                    plan = planOf(situation, outside, result);
                }
            }
            if (plan == null) {
                plan = planner.answer(situation, heardAs);
            }
            if (situation.optsOut(plan.reason()) && contact != null) {
                contacts.optOut(contact.tenant(), contact.id(), now);
            }
            if (plan.reason() == Reason.OPTED_IN && contact != null) {
                contacts.optIn(contact.tenant(), contact.id(), now);
            }
            return withEvents(new TurnComposer(situation, assignments).compose(plan), asked);
        } finally {
            presence.typing(turn.conversation(), false);
        }
    }

    /** What a program outside wants done; null when our own answer is to be given instead. */
    private static @Nullable Plan planOf(Situation now, WorkflowBot bot, Consultation.Result result) {
        WorkflowAnswer answer = result.answer();
        if (answer == null) {
            return switch (bot.fallback()) {
                case KNOWLEDGE -> null;
                case HANDOFF -> new Plan.Handoff(Reason.WORKFLOW_FAILED, now.calling("handoff"));
            };
        }
        boolean draft = now.tenant().router().modeOf(now.intent()) == Mode.DRAFT;
        Reason reason = Reason.WORKFLOW;
        if (answer.handoff()) {
            reason = Reason.WORKFLOW_HANDOFF;
        } else if (answer.silence() != null) {
            reason = Reason.WORKFLOW_SILENT;
        } else if (draft) {
            reason = Reason.DRAFT;
        }
        return new Plan.Outside(reason, answer, draft);
    }

    private static TurnResult withEvents(TurnResult result, List<Event> before) {
        if (before.isEmpty()) {
            return result;
        }
        return new TurnResult(result.commands(), joined(before, result.events()), result.ownership());
    }

    private static List<Event> joined(List<Event> before, List<Event> after) {
        var events = new ArrayList<>(before);
        events.addAll(after);
        return events;
    }

    /** A person, with a word to the customer: a failure of ours is never the customer's silence. */
    @Override
    public TurnResult giveUp(Turn turn, RuntimeException failure) {
        return unread(turn, now -> new Plan.Handoff(Reason.TECHNICAL_FAILURE, now.calling("handoff_failure")));
    }

    /** What needs no look at the messages. */
    private TurnResult unread(Turn turn, Function<Situation, Plan> plan) {
        AssistantSettings tenant = settings.apply(turn.conversation().tenant());
        var situation = new Situation(turn, tenant, written(turn), null, History.NONE, null, clock.instant());
        return new TurnComposer(situation, assignments).compose(plan.apply(situation));
    }

    /** Every message as text, in order; what cannot be read leaves its reason. */
    private Heard listen(Turn turn) {
        List<Attachment> attachments = turn.messages().stream()
                .flatMap(message -> message.attachments().stream())
                .toList();
        Iterator<MediaText> read = media.read(Payer.of(turn.conversation(), turn.id()), attachments, media.deadline())
                .iterator();
        var lines = new ArrayList<String>();
        var transcripts = new ArrayList<String>();
        var unreadable = new ArrayList<String>();
        for (InboundMessage message : turn.messages()) {
            if (!message.text().isBlank()) {
                lines.add(message.text().strip());
            }
            for (Attachment attachment : message.attachments()) {
                String text = read.next().<@Nullable String>match(MediaText.Read::text, missing -> {
                    unreadable.add(missing.reason().word());
                    return null;
                });
                if (text != null) {
                    lines.add(text);
                    if (attachment.kind() == ContentType.AUDIO && attachment.transcript() == null) {
                        transcripts.add(text);
                    }
                }
            }
        }
        return new Heard(String.join("\n", lines), transcripts, unreadable);
    }

    private static Heard written(Turn turn) {
        List<String> lines = turn.messages().stream().map(InboundMessage::text).toList();
        return new Heard(String.join("\n", lines).strip(), List.of(), List.of());
    }

    /** Collects the parts. */
    public static final class Builder {

        private @Nullable MediaReader media;
        private @Nullable Contacts contacts;
        private @Nullable KnowledgeBase knowledge;
        private @Nullable EventLog events;
        private @Nullable Function<TenantId, AssistantSettings> settings;
        private AnswerWriter writer = AnswerWriter.NONE;
        private Workflow workflow = Workflow.NONE;
        private OutgoingFiles files = OutgoingFiles.UNCHECKED;
        private Presence presence = Presence.NONE;
        private Availability availability = Availability.UNKNOWN;
        private ForgottenAnswers forgotten = ForgottenAnswers.NONE;
        private Predicate<TenantId> switchedOff = tenant -> false;
        private InstantSource clock = InstantSource.system();

        private Builder() {}

        /** Reads attachments. */
        public Builder media(MediaReader value) {
            this.media = value;
            return this;
        }

        /** Remembers who writes. */
        public Builder contacts(Contacts value) {
            this.contacts = value;
            return this;
        }

        /** Holds the answers. */
        public Builder knowledge(KnowledgeBase value) {
            this.knowledge = value;
            return this;
        }

        /** Where earlier turns are looked up. */
        public Builder events(EventLog value) {
            this.events = value;
            return this;
        }

        /** The settings of each tenant; called for every turn. */
        public Builder settings(Function<TenantId, AssistantSettings> value) {
            this.settings = value;
            return this;
        }

        /** Puts passages into words; {@link AnswerWriter#NONE} by default. */
        public Builder writer(AnswerWriter value) {
            this.writer = value;
            return this;
        }

        /** Programs outside that answer for tenants who want it; {@link Workflow#NONE} by default. */
        public Builder workflow(Workflow value) {
            this.workflow = value;
            return this;
        }

        /** Asked about answers of a workflow that are nothing but files; {@link OutgoingFiles#UNCHECKED} by default. */
        public Builder files(OutgoingFiles value) {
            this.files = value;
            return this;
        }

        /** Who can take a conversation; {@link Availability#UNKNOWN} by default. */
        public Builder availability(Availability value) {
            this.availability = value;
            return this;
        }

        /** Shows that an answer is being written; {@link Presence#NONE} by default. */
        public Builder presence(Presence value) {
            this.presence = value;
            return this;
        }

        /** Asked before each turn what of it was answered already; {@link ForgottenAnswers#NONE} by default. */
        public Builder forgotten(ForgottenAnswers value) {
            this.forgotten = value;
            return this;
        }

        /**
         * Whether nothing is to be said automatically at present; asked before each turn. Its conversation then goes to
         * people without a word, and nothing is read, looked up or asked outside for it. Never by default.
         */
        public Builder switchedOff(Predicate<TenantId> value) {
            this.switchedOff = value;
            return this;
        }

        /** The system's clock by default. */
        public Builder clock(InstantSource value) {
            this.clock = value;
            return this;
        }

        /** The assistant. */
        public Assistant build() {
            return new Assistant(this);
        }
    }
}

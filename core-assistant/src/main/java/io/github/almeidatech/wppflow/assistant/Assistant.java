package io.github.almeidatech.wppflow.assistant;

import io.github.almeidatech.wppflow.contacts.Contact;
import io.github.almeidatech.wppflow.contacts.Contacts;
import io.github.almeidatech.wppflow.eventlog.EventLog;
import io.github.almeidatech.wppflow.flow.Turn;
import io.github.almeidatech.wppflow.flow.TurnHandler;
import io.github.almeidatech.wppflow.flow.TurnResult;
import io.github.almeidatech.wppflow.knowledge.KnowledgeAnswer;
import io.github.almeidatech.wppflow.knowledge.KnowledgeBase;
import io.github.almeidatech.wppflow.knowledge.Question;
import io.github.almeidatech.wppflow.model.InboundMessage;
import io.github.almeidatech.wppflow.model.Language;
import io.github.almeidatech.wppflow.model.Sender;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.multimodal.MediaReader;
import io.github.almeidatech.wppflow.multimodal.MediaText;
import io.github.almeidatech.wppflow.router.Classification;
import io.github.almeidatech.wppflow.router.Utterance;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Answers a turn without any model: reads what was sent, remembers who sent it, understands what is wanted, and replies
 * from the tenant's knowledge base, calls a person, or stays silent for a reason. Thread-safe; blocks while media are
 * fetched. What it stores by itself (the contact) may be stored again after a crash without harm; everything else is in
 * its {@link TurnResult}.
 */
public final class Assistant implements TurnHandler {

    private final MediaReader media;
    private final Contacts contacts;
    private final KnowledgeBase knowledge;
    private final EventLog events;
    private final Function<TenantId, AssistantSettings> settings;
    private final Presence presence;
    private final InstantSource clock;

    private Assistant(Builder builder) {
        this.media = Objects.requireNonNull(builder.media, "media");
        this.contacts = Objects.requireNonNull(builder.contacts, "contacts");
        this.knowledge = Objects.requireNonNull(builder.knowledge, "knowledge");
        this.events = Objects.requireNonNull(builder.events, "events");
        this.settings = Objects.requireNonNull(builder.settings, "settings");
        this.presence = builder.presence;
        this.clock = builder.clock;
    }

    /** Everything but {@link Builder#presence} and {@link Builder#clock} must be given. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public TurnResult answer(Turn turn) {
        presence.typing(turn.conversation(), true);
        try {
            AssistantSettings tenant = settings.apply(turn.conversation().tenant());
            Heard heard = listen(turn);
            Optional<Contact> contact = remember(turn);
            History history = History.of(events, turn.conversation());
            Classification classification =
                    tenant.router().classify(new Utterance(heard.text(), history.customerLines()));
            Plan plan = plan(turn, tenant, heard, contact, history, classification);
            if (plan.reason() == Reason.OPTED_OUT) {
                contact.ifPresent(who -> contacts.optOut(who.tenant(), who.id(), clock.instant()));
            }
            return new TurnComposer(turn, tenant, heard, history, classification, clock.instant()).compose(plan);
        } finally {
            presence.typing(turn.conversation(), false);
        }
    }

    /** A person, with a word to the customer: a failure of ours is never the customer's silence. */
    @Override
    public TurnResult giveUp(Turn turn, RuntimeException failure) {
        AssistantSettings tenant = settings.apply(turn.conversation().tenant());
        String text = tenant.phrases().say("handoff_failure", tenant.language());
        return new TurnComposer(turn, tenant, written(turn), new History(List.of()), null, clock.instant())
                .compose(new Plan.Handoff(Reason.TECHNICAL_FAILURE, text));
    }

    /** M2: every message as text, in order; what cannot be read leaves its reason. */
    private Heard listen(Turn turn) {
        var lines = new ArrayList<String>();
        var unreadable = new ArrayList<String>();
        for (InboundMessage message : turn.messages()) {
            if (!message.text().isBlank()) {
                lines.add(message.text().strip());
            }
            for (MediaText read : media.read(message)) {
                read.match(
                        text -> lines.add(text.text()),
                        missing -> unreadable.add(missing.reason().word()));
            }
        }
        return new Heard(String.join("\n", lines), unreadable);
    }

    private static Heard written(Turn turn) {
        List<String> lines = turn.messages().stream().map(InboundMessage::text).toList();
        return new Heard(String.join("\n", lines).strip(), List.of());
    }

    /** M3: the contact, updated with what the newest message says of it; empty when nothing identifies the sender. */
    private Optional<Contact> remember(Turn turn) {
        InboundMessage newest = turn.messages().get(turn.messages().size() - 1);
        Sender sender = newest.sender();
        return contacts.remember(turn.conversation(), sender, clock.instant());
    }

    /** M4 and M7: what to do. The first rule that holds decides. */
    private Plan plan(
            Turn turn,
            AssistantSettings tenant,
            Heard heard,
            Optional<Contact> contact,
            History history,
            Classification heardAs) {
        Language language = heard.nothingReadable() ? tenant.language() : heardAs.language();
        Function<String, String> say = key -> tenant.phrases().say(key, language);
        if (contact.isPresent() && contact.get().optedOut()) {
            return new Plan.Handoff(Reason.CONTACT_OPTED_OUT, null);
        }
        if (heard.nothingReadable()) {
            return history.lastWas(Reason.ASKED_TO_WRITE)
                    ? new Plan.Handoff(Reason.UNREADABLE_MEDIA, say.apply("handoff"))
                    : Plan.Reply.of(Reason.ASKED_TO_WRITE, say.apply("ask_to_write"));
        }
        if (heardAs.optOut()) {
            return Plan.Reply.of(Reason.OPTED_OUT, say.apply("opted_out"));
        }
        if (heardAs.wantsPerson()) {
            return new Plan.Handoff(Reason.CUSTOMER_ASKED, say.apply("handoff"));
        }
        if (heardAs.urgent()) {
            return new Plan.Handoff(Reason.URGENT, say.apply("handoff_urgent"));
        }
        if (heardAs.complaint()) {
            return new Plan.Handoff(Reason.COMPLAINT, say.apply("handoff_complaint"));
        }
        if (heardAs.greetingOnly()) {
            return Plan.Reply.of(Reason.GREETING, say.apply("greeting"));
        }
        if (heardAs.thanksOnly()) {
            return new Plan.Silence(Reason.THANKS_ONLY);
        }
        return fromKnowledge(turn, tenant, heard, history, heardAs, say);
    }

    private Plan fromKnowledge(
            Turn turn,
            AssistantSettings tenant,
            Heard heard,
            History history,
            Classification heardAs,
            Function<String, String> say) {
        var mode = tenant.router().modeOf(heardAs.intent());
        if (mode == io.github.almeidatech.wppflow.router.Mode.OFF) {
            return new Plan.Handoff(Reason.INTENT_OFF, say.apply("handoff"));
        }
        String context = String.join("\n", history.customerLines());
        KnowledgeAnswer found = knowledge.query(
                turn.conversation().tenant(), new Question(heard.text(), context, 3, tenant.knowledgeDomain()));
        if (!found.answered()) {
            return dontKnow(heard, history, heardAs, say);
        }
        String text = found.text();
        if (tenant.showSources() && !found.sources().isEmpty()) {
            text += "\n\n_" + say.apply("source") + " " + found.sources().get(0).title() + "_";
        }
        return mode == io.github.almeidatech.wppflow.router.Mode.DRAFT
                ? new Plan.Draft(Reason.DRAFT, text, found.sources())
                : new Plan.Reply(Reason.KNOWLEDGE, text, found.sources());
    }

    /** Small talk without a question is asked about once; everything else the knowledge base lacks goes to a person. */
    private static Plan dontKnow(
            Heard heard, History history, Classification heardAs, Function<String, String> say) {
        boolean asksNothing = heardAs.intent().equals("general") && !heard.text().contains("?");
        if (!asksNothing) {
            return new Plan.Handoff(Reason.NO_ANSWER, say.apply("handoff_no_answer"));
        }
        return history.lastWas(Reason.CLARIFICATION)
                ? new Plan.Handoff(Reason.NOT_UNDERSTOOD, say.apply("handoff"))
                : Plan.Reply.of(Reason.CLARIFICATION, say.apply("clarification"));
    }

    /** Collects the parts. */
    public static final class Builder {

        private @Nullable MediaReader media;
        private @Nullable Contacts contacts;
        private @Nullable KnowledgeBase knowledge;
        private @Nullable EventLog events;
        private @Nullable Function<TenantId, AssistantSettings> settings;
        private Presence presence = Presence.NONE;
        private InstantSource clock = InstantSource.system();

        private Builder() {}

        /** Reads attachments. */
        public Builder media(MediaReader media) {
            this.media = media;
            return this;
        }

        /** Remembers who writes. */
        public Builder contacts(Contacts contacts) {
            this.contacts = contacts;
            return this;
        }

        /** Answers questions. */
        public Builder knowledge(KnowledgeBase knowledge) {
            this.knowledge = knowledge;
            return this;
        }

        /** Where earlier turns are looked up. */
        public Builder events(EventLog events) {
            this.events = events;
            return this;
        }

        /** The settings of each tenant; called for every turn. */
        public Builder settings(Function<TenantId, AssistantSettings> settings) {
            this.settings = settings;
            return this;
        }

        /** Shows that an answer is being written; {@link Presence#NONE} by default. */
        public Builder presence(Presence presence) {
            this.presence = presence;
            return this;
        }

        /** The system's clock by default. */
        public Builder clock(InstantSource clock) {
            this.clock = clock;
            return this;
        }

        /** The assistant. */
        public Assistant build() {
            return new Assistant(this);
        }
    }
}

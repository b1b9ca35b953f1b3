package io.github.almeidatech.wppflow.assistant;

import io.github.almeidatech.wppflow.model.Language;
import io.github.almeidatech.wppflow.router.BusinessHours;
import io.github.almeidatech.wppflow.router.Mode;
import io.github.almeidatech.wppflow.router.Router;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How the assistant behaves for one tenant. Immutable. */
public final class AssistantSettings {

    private final Phrases phrases;
    private final Router router;
    private final Language language;
    private final @Nullable String knowledgeDomain;
    private final String handoffLabel;
    private final @Nullable Long handoffTeamId;
    private final @Nullable Long handoffAgentId;
    private final boolean introduce;
    private final boolean showSources;
    private final boolean noteTranscripts;
    private final int maxBubble;
    private final Duration staleAfter;
    private final int maxRepliesPerMinute;
    private final int maxRepliesPerHour;
    private final AnswerWriter.Style style;
    private final Map<String, Persona> personas;
    private final @Nullable BusinessHours hours;
    private final Duty duty;
    private final @Nullable WorkflowBot workflow;
    private final Map<String, Optional<WorkflowBot>> workflows;

    private AssistantSettings(Builder builder) {
        this.phrases = builder.phrases;
        this.router = builder.router;
        this.language = builder.language;
        this.knowledgeDomain = builder.knowledgeDomain;
        this.handoffLabel = builder.handoffLabel;
        this.handoffTeamId = builder.handoffTeamId;
        this.handoffAgentId = builder.handoffAgentId;
        this.introduce = builder.introduce;
        this.showSources = builder.showSources;
        this.noteTranscripts = builder.noteTranscripts;
        this.maxBubble = builder.maxBubble;
        this.staleAfter = builder.staleAfter;
        this.maxRepliesPerMinute = builder.maxRepliesPerMinute;
        this.maxRepliesPerHour = builder.maxRepliesPerHour;
        this.personas = Map.copyOf(builder.personas);
        this.hours = builder.hours;
        this.duty = builder.duty;
        this.workflow = builder.workflow;
        this.workflows = Map.copyOf(builder.workflows);
        this.style = Objects.requireNonNullElseGet(
                builder.style, () -> new AnswerWriter.Style(phrases.business(), "", false, 700));
    }

    /** The tenant's wordings and routing; everything else has a default. */
    public static Builder builder(Phrases phrases, Router router) {
        return new Builder(phrases, router);
    }

    Phrases phrases() {
        return phrases;
    }

    Router router() {
        return router;
    }

    Language language() {
        return language;
    }

    @Nullable
    String knowledgeDomain() {
        return knowledgeDomain;
    }

    String handoffLabel() {
        return handoffLabel;
    }

    @Nullable
    Long handoffTeamId() {
        return handoffTeamId;
    }

    @Nullable
    Long handoffAgentId() {
        return handoffAgentId;
    }

    boolean introduce() {
        return introduce;
    }

    boolean showSources() {
        return showSources;
    }

    boolean noteTranscripts() {
        return noteTranscripts;
    }

    int maxBubble() {
        return maxBubble;
    }

    Duration staleAfter() {
        return staleAfter;
    }

    int maxRepliesPerMinute() {
        return maxRepliesPerMinute;
    }

    int maxRepliesPerHour() {
        return maxRepliesPerHour;
    }

    AnswerWriter.Style style() {
        return style;
    }

    /** Who speaks for an intent. */
    Persona persona(String intent) {
        return personas.getOrDefault(router.route(intent).bot(), Persona.NONE);
    }

    /** When people are there; null when always. */
    public @Nullable BusinessHours hours() {
        return hours;
    }

    Duty duty() {
        return duty;
    }

    /** The program outside that answers an intent; null for our own knowledge, and where people answer. */
    @Nullable
    WorkflowBot workflow(String intent) {
        if (router.modeOf(intent) == Mode.OFF) {
            return null;
        }
        Optional<WorkflowBot> own = workflows.get(intent);
        return own == null ? workflow : own.orElse(null);
    }

    /** Collects the settings. */
    public static final class Builder {

        private final Phrases phrases;
        private final Router router;
        private Language language = Language.PT_BR;
        private @Nullable String knowledgeDomain;
        private String handoffLabel = "humano";
        private @Nullable Long handoffTeamId;
        private @Nullable Long handoffAgentId;
        private boolean introduce = true;
        private boolean showSources = true;
        private boolean noteTranscripts;
        private int maxBubble = 900;
        private Duration staleAfter = Duration.ofMinutes(30);
        private int maxRepliesPerMinute = 20;
        private int maxRepliesPerHour = 60;
        private AnswerWriter.@Nullable Style style;
        private Map<String, Persona> personas = Map.of();
        private @Nullable BusinessHours hours;
        private Duty duty = Duty.ALWAYS;
        private @Nullable WorkflowBot workflow;
        private Map<String, Optional<WorkflowBot>> workflows = Map.of();

        private Builder(Phrases phrases, Router router) {
            this.phrases = phrases;
            this.router = router;
        }

        /** Used when a message's own language cannot be told, and for notes; {@link Language#PT_BR} by default. */
        public Builder language(Language value) {
            this.language = value;
            return this;
        }

        /** The part of the knowledge base that is answered from; null, the default, for all. */
        public Builder knowledgeDomain(@Nullable String value) {
            this.knowledgeDomain = value;
            return this;
        }

        /** Put on conversations a person was called to; {@code humano} by default. */
        public Builder handoffLabel(String value) {
            this.handoffLabel = value;
            return this;
        }

        /** Assigned at a handoff unless the route names another; nobody by default. */
        public Builder handoffTo(@Nullable Long teamId, @Nullable Long agentId) {
            this.handoffTeamId = teamId;
            this.handoffAgentId = agentId;
            return this;
        }

        /** Whether the first message says that it is automatic; true by default (security default G7). */
        public Builder introduce(boolean value) {
            this.introduce = value;
            return this;
        }

        /** Whether an answer names the document it is from; true by default. */
        public Builder showSources(boolean value) {
            this.showSources = value;
            return this;
        }

        /** Whether what was understood of a voice note is left as a private note; false by default. */
        public Builder noteTranscripts(boolean value) {
            this.noteTranscripts = value;
            return this;
        }

        /** Characters in one message, at least 100; 900 by default. */
        public Builder maxBubble(int value) {
            this.maxBubble = value;
            return this;
        }

        /** Messages older than this are left to people; 30 minutes by default (fault F22). */
        public Builder staleAfter(Duration value) {
            this.staleAfter = value;
            return this;
        }

        /** Beyond these in one conversation a person is called; 20 and 60 by default (security default E8). */
        public Builder maxReplies(int perMinute, int perHour) {
            this.maxRepliesPerMinute = perMinute;
            this.maxRepliesPerHour = perHour;
            return this;
        }

        /** How a model is to write; the business's name and at most 700 characters without lists by default. */
        public Builder style(AnswerWriter.Style value) {
            this.style = value;
            return this;
        }

        /** Who speaks, by the bot of a route; by default none has a name. */
        public Builder personas(Map<String, Persona> byBot) {
            this.personas = byBot;
            return this;
        }

        /** When people are there, which changes what is said when one is called; null, the default, for always. */
        public Builder hours(@Nullable BusinessHours value) {
            this.hours = value;
            return this;
        }

        /** When the bot answers by itself; {@link Duty#ALWAYS} by default, and without {@link #hours} in any case. */
        public Builder duty(Duty value) {
            this.duty = value;
            return this;
        }

        /**
         * Programs outside that answer instead of the knowledge base; none by default.
         *
         * @param any for intents that are not in the map; null for none
         * @param byIntent empty for an intent that is answered by ourselves
         */
        public Builder workflows(@Nullable WorkflowBot any, Map<String, Optional<WorkflowBot>> byIntent) {
            this.workflow = any;
            this.workflows = byIntent;
            return this;
        }

        /**
         * The settings.
         *
         * @throws IllegalArgumentException naming what is out of range
         */
        public AssistantSettings build() {
            if (maxBubble < 100) {
                throw new IllegalArgumentException("a bubble of at least 100 characters wanted, not " + maxBubble);
            }
            if (maxRepliesPerMinute < 1 || maxRepliesPerHour < 1 || maxRepliesPerHour > 900) {
                throw new IllegalArgumentException("1 or more replies a minute and 1 to 900 an hour wanted");
            }
            return new AssistantSettings(this);
        }
    }
}

package io.github.almeidatech.wppflow.chatwoot;

import com.fasterxml.jackson.databind.JsonNode;
import dev.failsafe.RateLimiter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds what webhooks missed: Chatwoot delivers most of them once, and what came while nobody listened is gone. Each run
 * lists the conversations with recent activity, the latest first, and hands over every message of them, oldest first, that
 * no earlier run has handed over; whoever takes them must know by their ids which are new. Messages of the last moments are
 * left to their webhooks.
 *
 * <p>A walk goes from the conversation with the latest activity back to where the last walk that read everything began; the
 * first one, back over the whole reach. Afterwards an idle account costs one call. A run paces itself, so that answers are not
 * held up, and ends after a number of calls, or when Chatwoot fails or asks to wait. A walk it could not end is gone on with by
 * the next run, at the conversation where it stopped: what is written meanwhile belongs to the next walk. So nothing within
 * reach when its walk began is left out, only later. All this is in memory: after a restart the whole reach is read again.
 *
 * <p>Needs a user token. Not thread-safe: one run at a time, for one tenant; blocks.
 */
public final class CatchUpReader {

    /** Takes what was found. */
    @FunctionalInterface
    public interface Sink {

        /**
         * Takes one message, in the forms of Chatwoot's API. Called again with the same one after a restart, and when it
         * threw.
         *
         * @return whether it was new
         */
        boolean offer(JsonNode conversation, JsonNode message);
    }

    private static final Logger LOG = LoggerFactory.getLogger(CatchUpReader.class);
    private static final Duration CLOCKS_APART = Duration.ofMinutes(10);
    private static final int MAX_KNOWN = 20_000;
    private static final int FULL_PAGE = 20;
    private static final int FAILURES_IN_A_ROW = 5;

    private final ChatwootClient client;
    private final Set<Long> inboxes;
    private final Duration reach;
    private final Duration grace;
    private final Instant listeningSince;
    private final int maxCalls;
    private final RateLimiter<Object> pace;
    private final InstantSource clock;
    private final Map<Long, Long> handedOver = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Long> eldest) {
            return size() > MAX_KNOWN;
        }
    };
    private @Nullable Walk open;
    private @Nullable Instant coveredTo;
    private boolean someFailed;

    private CatchUpReader(Builder settings) {
        this.client = settings.client;
        this.inboxes = settings.inboxes;
        this.reach = settings.reach;
        this.grace = settings.grace;
        this.listeningSince = settings.listeningSince;
        this.maxCalls = settings.maxCalls;
        this.pace = RateLimiter.smoothBuilder(settings.maxPerSecond, Duration.ofSeconds(1))
                .build();
        this.clock = settings.clock;
    }

    /** A reader still to be set up. */
    public static Builder builder(ChatwootClient client) {
        return new Builder(client);
    }

    /** Looks once. Never throws for what Chatwoot or the sink does: the report says how far it came. */
    public CatchUpReport run(Sink sink) {
        Instant now = clock.instant();
        forgetWhatWasAhead(now);
        Walk walk = open == null ? new Walk(now, since(now)) : open;
        open = walk;
        var run = new Run(sink, walk, now);
        try {
            run.goOn();
        } catch (ChatwootException e) {
            run.stoppedBy = e;
            LOG.debug("catching up stopped: {}", e.getMessage());
        }
        if (run.complete) {
            open = null;
            someFailed = !walk.failed.isEmpty();
            if (!someFailed) {
                coveredTo = walk.begin;
            }
        }
        return run.report();
    }

    /** The clock has been set back: what it was ahead tells nothing of how far was read. */
    private void forgetWhatWasAhead(Instant now) {
        if (open != null && open.begin.isAfter(now)) {
            open = null;
        }
        if (coveredTo != null && coveredTo.isAfter(now)) {
            coveredTo = null;
        }
    }

    private Instant since(Instant now) {
        Instant atMost = now.minus(reach);
        if (coveredTo == null) {
            return atMost;
        }
        // What an earlier walk left to its webhook is looked at again, by Chatwoot's clock, which may be slow.
        Instant last = coveredTo.minus(grace).minus(CLOCKS_APART);
        // What can never be taken must not hold the mark for ever.
        return someFailed && last.isBefore(atMost) ? atMost : last;
    }

    /** The way back through the conversations, and how far it has been gone. */
    private static final class Walk {

        private final Instant begin;
        private final Instant since;
        private final Set<Long> failed = new HashSet<>();
        private int page = 1;
        private Instant reached = Instant.MAX;
        private long brokeOffAt;

        Walk(Instant begin, Instant since) {
            this.begin = begin;
            this.since = since;
        }
    }

    private final class Run {

        private final Sink sink;
        private final Walk walk;
        private final Instant until;
        private final Instant horizon;
        private int conversations;
        private int read;
        private int offered;
        private int missed;
        private int failed;
        private int failedInARow;
        private int calls;
        private boolean complete;
        private @Nullable ChatwootException stoppedBy;

        Run(Sink sink, Walk walk, Instant now) {
            this.sink = sink;
            this.walk = walk;
            this.until = now.minus(grace);
            // A conversation that moved up under the last walk's feet owes older messages than this walk's.
            Instant atMost = now.minus(reach);
            this.horizon = walk.since.isBefore(atMost) ? walk.since : atMost;
        }

        private void goOn() {
            while (mayCall()) {
                List<ChatwootConversation> listed = client.conversations().latest(walk.page);
                for (ChatwootConversation conversation : listed) {
                    if (conversation.lastActivityAt().isBefore(walk.since)) {
                        complete = true;
                        return;
                    }
                    if (!passed(conversation) && !take(conversation)) {
                        return;
                    }
                }
                if (listed.isEmpty()) {
                    complete = true;
                    return;
                }
                walk.page++;
            }
        }

        /** Whether this walk has been here; what moved up since has become the next walk's. */
        private boolean passed(ChatwootConversation conversation) {
            return conversation.lastActivityAt().isAfter(walk.reached) || walk.failed.contains(conversation.number());
        }

        /** False when the run has to stop. */
        private boolean take(ChatwootConversation conversation) {
            if (inboxes.isEmpty() || inboxes.contains(conversation.inboxId())) {
                conversations++;
                if (isNew(conversation) && !read(conversation)) {
                    return false;
                }
            }
            walk.reached = conversation.lastActivityAt();
            return true;
        }

        private boolean isNew(ChatwootConversation conversation) {
            ChatwootMessage last = conversation.lastMessage();
            Long known = handedOver.get(conversation.number());
            return last == null || known == null || last.id() > known;
        }

        /** False when the run has to stop. */
        private boolean read(ChatwootConversation conversation) {
            try {
                List<ChatwootMessage> messages = messagesOf(conversation);
                if (messages == null) {
                    return false;
                }
                read++;
                for (ChatwootMessage message : messages) {
                    offered++;
                    if (sink.offer(conversation.json(), message.json())) {
                        missed++;
                    }
                    handedOver.put(conversation.number(), message.id());
                }
                failedInARow = 0;
                return true;
            } catch (ChatwootException e) {
                if (mayBeOfAll(conversation, e.error())) {
                    throw e;
                }
                return failed(conversation, e);
            } catch (RuntimeException e) { // whatever one message does, the others are to be handed over
                return failed(conversation, e);
            }
        }

        /** Whether others would fare no better. What breaks a run off twice at the same conversation is of that one. */
        private boolean mayBeOfAll(ChatwootConversation conversation, ChatwootError error) {
            return switch (error) {
                case RATE_LIMITED, CIRCUIT_OPEN, BUSY, UNREACHABLE, UNAUTHORIZED, REDIRECTED, NO_TOKEN -> true;
                case UNREADABLE_ANSWER, ANSWER_TOO_LARGE, FORBIDDEN, NOT_FOUND, INVALID_REQUEST -> false;
                case TIMED_OUT, BROKEN, SERVER_ERROR -> {
                    boolean again = walk.brokeOffAt == conversation.number();
                    walk.brokeOffAt = conversation.number();
                    yield !again;
                }
            };
        }

        private boolean failed(ChatwootConversation conversation, RuntimeException e) {
            LOG.warn(
                    "catching up: conversation {} failed ({})",
                    conversation.number(),
                    e.getClass().getSimpleName());
            walk.failed.add(conversation.number());
            failed++;
            failedInARow++;
            return failedInARow < FAILURES_IN_A_ROW;
        }

        /** What is to be handed over, oldest first; null when the calls are used up. */
        private @Nullable List<ChatwootMessage> messagesOf(ChatwootConversation conversation) {
            long number = conversation.number();
            Long known = handedOver.get(number);
            var found = new ArrayList<ChatwootMessage>();
            List<ChatwootMessage> page = null;
            do {
                if (!mayCall()) {
                    return null;
                }
                page = page == null
                        ? client.messages().newest(number)
                        : client.messages().before(number, page.get(0).id());
                found.addAll(0, page);
            } while (page.size() >= FULL_PAGE && reachesBack(page.get(0), known));
            found.removeIf(message -> isLeftToItsWebhook(message)
                    || (known == null ? message.createdAt().isBefore(horizon) : message.id() <= known));
            return found;
        }

        private boolean isLeftToItsWebhook(ChatwootMessage message) {
            return message.createdAt().isAfter(until) && !message.createdAt().isBefore(listeningSince);
        }

        private boolean reachesBack(ChatwootMessage oldest, @Nullable Long known) {
            return known == null ? !oldest.createdAt().isBefore(horizon) : oldest.id() > known;
        }

        private boolean mayCall() {
            if (calls == maxCalls) {
                return false;
            }
            try {
                pace.acquirePermit();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
            calls++;
            return true;
        }

        private CatchUpReport report() {
            return new CatchUpReport(
                    conversations,
                    read,
                    offered,
                    missed,
                    failed,
                    calls,
                    complete,
                    stoppedBy == null ? null : stoppedBy.error(),
                    stoppedBy == null ? null : stoppedBy.retryAfter().orElse(null));
        }
    }

    /** What a reader is made of; every setting has a default. */
    public static final class Builder {

        private final ChatwootClient client;
        private Set<Long> inboxes = Set.of();
        private Duration reach = Duration.ofHours(24);
        private Duration grace = Duration.ofSeconds(30);
        private Instant listeningSince = Instant.MIN;
        private int maxCalls = 300;
        private int maxPerSecond = 10;
        private InstantSource clock = InstantSource.system();

        private Builder(ChatwootClient client) {
            this.client = client;
        }

        /** The inboxes looked at. Default: all the token's user sees. */
        public Builder inboxes(Set<Long> ids) {
            this.inboxes = Set.copyOf(ids);
            return this;
        }

        /** How far back the first walk goes, and how long what failed is tried again. Default: 24 hours. */
        public Builder reach(Duration duration) {
            this.reach = duration;
            return this;
        }

        /** How old a message must be, because a younger one's webhook may still be on its way. Default: 30 seconds. */
        public Builder grace(Duration duration) {
            this.grace = duration;
            return this;
        }

        /**
         * Since when webhooks find somebody. What was written before has none to wait for, and is handed over however
         * young it is. Default: since ever.
         */
        public Builder listeningSince(Instant instant) {
            this.listeningSince = instant;
            return this;
        }

        /** How many calls one run makes at most. Default: 300. */
        public Builder maxCalls(int calls) {
            if (calls < 2) {
                throw new IllegalArgumentException("at least 2 calls wanted, got " + calls);
            }
            this.maxCalls = calls;
            return this;
        }

        /** How many calls begin in one second at most, evenly spread. Default: 10. */
        public Builder maxPerSecond(int calls) {
            if (calls < 1) {
                throw new IllegalArgumentException("at least 1 call wanted, got " + calls);
            }
            this.maxPerSecond = calls;
            return this;
        }

        /** The clock ages are measured by. Default: the system's. */
        public Builder clock(InstantSource clock) {
            this.clock = clock;
            return this;
        }

        /** The reader. */
        public CatchUpReader build() {
            return new CatchUpReader(this);
        }
    }
}

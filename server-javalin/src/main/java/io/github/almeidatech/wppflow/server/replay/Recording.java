package io.github.almeidatech.wppflow.server.replay;

import io.github.almeidatech.wppflow.assistant.Reason;
import io.github.almeidatech.wppflow.eventlog.Firing;
import io.github.almeidatech.wppflow.flow.Turn;
import io.github.almeidatech.wppflow.model.Attachment;
import io.github.almeidatech.wppflow.model.ContentType;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.InboundMessage;
import io.github.almeidatech.wppflow.model.Sender;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.multimodal.MediaText;
import io.github.almeidatech.wppflow.multimodal.MediaUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What was written down of one conversation, read as turns. Immutable. */
final class Recording {

    static final String RECEIVED = "message.received";
    static final String COMPLETED = "turn.completed";
    /** What the types of events about policies begin with. */
    private static final String ABOUT_POLICIES = "policy.";
    /** What an answered turn writes and policies may be about. */
    private static final Set<String> ABOUT_A_TURN =
            Set.of(COMPLETED, "knowledge.unanswered", "conversation.assigned", "contact.opted_out", "contact.opted_in");
    /** Decided by what the recording does not hold: how old a message was, lists, a failure. */
    private static final Set<String> CIRCUMSTANCES = Stream.of(
                    Reason.STALE,
                    Reason.TECHNICAL_FAILURE,
                    Reason.ANSWERED_BEFORE_RESTORE,
                    Reason.CONTACT_OPTED_OUT,
                    Reason.OPTED_IN,
                    Reason.CONTACT_DENIED,
                    Reason.CONTACT_NOT_ALLOWED)
            .map(Reason::word)
            .collect(Collectors.toUnmodifiableSet());

    private final List<Event> events;
    private final Map<String, Event> byId = new HashMap<>();
    private final Map<Long, Instant> arrivals = new HashMap<>();
    private final Map<String, Instant> decisions = new HashMap<>();

    /** @param events of one conversation, the oldest first */
    Recording(List<Event> events) {
        this.events = List.copyOf(events);
        for (Event event : events) {
            byId.put(event.id(), event);
            if (event.type().startsWith(ABOUT_POLICIES) && event.causeId() != null) {
                decisions.putIfAbsent(event.causeId(), event.at());
            }
            Long message = messageOf(event);
            if (event.type().equals(RECEIVED) && message != null) {
                arrivals.putIfAbsent(message, event.at());
            }
        }
    }

    List<Event> events() {
        return events;
    }

    /** Which message an arrival is about. */
    static @Nullable Long messageOf(Event event) {
        return event.payload().get("message_id") instanceof Number id ? id.longValue() : null;
    }

    /** Which messages a turn answered. */
    static List<Long> messagesOf(Event completed) {
        var ids = new ArrayList<Long>();
        if (completed.payload().get("message_ids") instanceof List<?> list) {
            for (Object each : list) {
                if (each instanceof Number id) {
                    ids.add(id.longValue());
                }
            }
        }
        return ids;
    }

    /** Why a turn cannot be answered again from what was written down; null when it can. */
    static @Nullable String unrepeatable(Event completed) {
        if (!(completed.payload().get("heard") instanceof String)
                || messagesOf(completed).isEmpty()) {
            return "erased";
        }
        String reason = String.valueOf(completed.payload().get("reason"));
        return CIRCUMSTANCES.contains(reason) ? reason : null;
    }

    /** The turn as it was claimed; what was heard stands in its last message. */
    Turn turn(Event completed, ConversationId conversation) {
        List<Long> ids = messagesOf(completed);
        var messages = new ArrayList<InboundMessage>();
        for (Long id : ids) {
            boolean last = messages.size() == ids.size() - 1;
            messages.add(new InboundMessage(
                    conversation,
                    id,
                    null,
                    arrivals.getOrDefault(id, completed.at()),
                    ContentType.TEXT,
                    last ? String.valueOf(completed.payload().get("heard")) : "",
                    last ? unreadable(completed) : List.of(),
                    new Sender(null, null, null, null, completed.personKey()),
                    null));
        }
        String turnId = completed.causeId() == null ? completed.id() : completed.causeId();
        return new Turn(conversation, turnId, messages, 1, 0, 0, completed.at(), "", 0);
    }

    private static List<Attachment> unreadable(Event completed) {
        return completed.payload().get("unreadable") instanceof List<?> reasons
                ? reasons.stream()
                        .map(reason -> Attachment.file(ContentType.DOCUMENT, String.valueOf(reason), null, null))
                        .toList()
                : List.of();
    }

    /** What could not be read then is not fetched again: it cannot be read for the same reason. */
    @SuppressWarnings("DoNotCallSuggester") // it stands for one that fetches
    static byte[] fetch(TenantId tenant, Attachment attachment, long maxBytes, Duration timeLimit)
            throws MediaUnavailableException {
        throw new MediaUnavailableException(
                Stream.of(MediaText.Reason.values())
                        .filter(reason -> reason.word().equals(attachment.url()))
                        .findFirst()
                        .orElse(MediaText.Reason.NOT_FOUND),
                null);
    }

    /** Whether policies are asked about it when a turn is replayed. */
    static boolean isAboutATurn(Event event) {
        return ABOUT_A_TURN.contains(event.type());
    }

    /** Whether it tells that a policy has acted. */
    static boolean isFiring(Event event) {
        return event.type().equals(Firing.Outcome.FIRED.eventType());
    }

    /** When policies decided about an arrival or an ended turn, as what one of them wrote down tells; else its own time. */
    Instant decidedAt(Event event) {
        Instant decided = decisions.get(event.id());
        if (decided != null) {
            return decided;
        }
        return event.causeId() == null || !event.type().equals(COMPLETED)
                ? event.at()
                : events.stream()
                        .filter(each -> isAboutATurn(each) && event.causeId().equals(each.causeId()))
                        .filter(each -> decisions.containsKey(each.id()))
                        .map(each -> decisions.get(each.id()))
                        .findFirst()
                        .orElse(event.at());
    }

    /** The policies that acted because of a turn or its messages. */
    List<Event> firingsOf(Event completed) {
        List<Long> messages = messagesOf(completed);
        return events.stream()
                .filter(Recording::isFiring)
                .filter(firing -> belongs(firstCause(firing), completed, messages))
                .toList();
    }

    private static boolean belongs(Event cause, Event completed, List<Long> messages) {
        if (cause.type().equals(RECEIVED)) {
            return messages.contains(messageOf(cause));
        }
        boolean sameTurn = cause.causeId() != null && cause.causeId().equals(completed.causeId());
        return cause.id().equals(completed.id()) || isAboutATurn(cause) && sameTurn;
    }

    private Event firstCause(Event firing) {
        Event cause = firing;
        for (int i = 0; i < events.size(); i++) {
            Event before = cause.causeId() == null ? null : byId.get(cause.causeId());
            if (before == null) {
                break;
            }
            cause = before;
        }
        return cause;
    }
}

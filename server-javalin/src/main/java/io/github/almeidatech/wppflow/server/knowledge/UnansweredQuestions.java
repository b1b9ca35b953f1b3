package io.github.almeidatech.wppflow.server.knowledge;

import io.github.almeidatech.wppflow.eventlog.EventLog;
import io.github.almeidatech.wppflow.eventlog.EventPage;
import io.github.almeidatech.wppflow.eventlog.EventQuery;
import io.github.almeidatech.wppflow.knowledge.SimilarQuestions;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.server.Audit;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The questions customers asked and the knowledge base could not answer, the same ones together. They live in the event log
 * alone: they survive restarts, go with the person when somebody is erased, and end with the events' retention.
 * Thread-safe; reads some thousand events at most.
 */
public final class UnansweredQuestions {

    private static final String ASKED = "knowledge.unanswered";
    private static final String CLOSED = "operator.question_";
    private static final int PAGE = 1_000;
    private static final int PAGES = 5;
    private static final int EXAMPLES = 3;
    private static final double SAME = 0.6;

    private final EventLog events;
    private final Audit audit;
    private final SimilarQuestions similar = new SimilarQuestions();

    public UnansweredQuestions(EventLog events, Audit audit) {
        this.events = events;
        this.audit = audit;
    }

    /** What becomes of a question. */
    public enum Closing {
        /** The knowledge base has the answer now; asked again without one, it comes up anew. */
        RESOLVED,
        /** Not a question to be answered; it stays away, however often it is asked. */
        DISMISSED
    }

    /**
     * The same question, asked once or several times.
     *
     * @param id of the first time
     * @param texts as it was asked, the latest first
     * @param nearest the document that came nearest; null when none did
     */
    public record Question(
            String id,
            List<String> texts,
            int count,
            Instant firstAt,
            Instant lastAt,
            @Nullable ConversationId conversation,
            String language,
            @Nullable String nearest) {
        public Question {
            texts = List.copyOf(texts);
        }

        @Override
        public String toString() {
            return "Question[" + id + ", " + count + " times]";
        }
    }

    /** The open ones, most asked first. */
    public List<Question> open(TenantId tenant) {
        return groups(tenant).stream()
                .map(Group::open)
                .flatMap(Optional::stream)
                .sorted(Comparator.comparingInt(Question::count)
                        .reversed()
                        .thenComparing(Question::lastAt, Comparator.reverseOrder()))
                .toList();
    }

    /** Closes an open one; false when there is none of that id. */
    public boolean close(TenantId tenant, String id, Closing as, String by) {
        Optional<Group> found = groups(tenant).stream()
                .filter(group ->
                        group.open().map(Question::id).filter(id::equals).isPresent())
                .findFirst();
        found.ifPresent(group -> audit.note(
                tenant,
                as == Closing.RESOLVED ? "question_resolved" : "question_dismissed",
                by,
                null,
                Map.of("questions", group.asked.stream().map(Event::id).toList())));
        return found.isPresent();
    }

    /** Questions of one topic, oldest first; the oldest says what the topic is. */
    private static final class Group {

        private final SimilarQuestions.Gist gist;
        private final List<Event> asked = new ArrayList<>();
        private final Set<String> resolved;
        private final Set<String> dismissed;

        Group(SimilarQuestions.Gist gist, Set<String> resolved, Set<String> dismissed) {
            this.gist = gist;
            this.resolved = resolved;
            this.dismissed = dismissed;
        }

        Optional<Question> open() {
            if (asked.stream().anyMatch(event -> dismissed.contains(event.id()))) {
                return Optional.empty();
            }
            List<Event> open = new ArrayList<>(asked.stream()
                    .filter(event -> !resolved.contains(event.id()))
                    .toList());
            if (open.isEmpty()) {
                return Optional.empty();
            }
            Event first = open.get(0);
            Event last = open.get(open.size() - 1);
            Collections.reverse(open);
            return Optional.of(new Question(
                    first.id(),
                    open.stream()
                            .map(event -> text(event, "question"))
                            .distinct()
                            .limit(EXAMPLES)
                            .toList(),
                    open.size(),
                    first.at(),
                    last.at(),
                    last.conversation(),
                    text(last, "language"),
                    text(last, "nearest_document").isEmpty() ? null : text(last, "nearest_document")));
        }
    }

    private List<Group> groups(TenantId tenant) {
        Set<String> resolved = closed(tenant, "resolved");
        Set<String> dismissed = closed(tenant, "dismissed");
        List<Event> asked = newest(tenant, ASKED);
        Collections.reverse(asked);
        List<Group> groups = new ArrayList<>();
        Map<SimilarQuestions.Gist, Group> byGist = new HashMap<>();
        for (Event event : asked) {
            if (!text(event, "question").isBlank()) {
                SimilarQuestions.Gist gist = similar.gist(text(event, "question"));
                byGist.computeIfAbsent(
                                gist,
                                each -> nearest(each, groups).orElseGet(() -> {
                                    var fresh = new Group(each, resolved, dismissed);
                                    groups.add(fresh);
                                    return fresh;
                                }))
                        .asked
                        .add(event);
            }
        }
        return groups;
    }

    private static Optional<Group> nearest(SimilarQuestions.Gist gist, List<Group> groups) {
        return groups.stream()
                .filter(group -> group.gist.similarity(gist) >= SAME)
                .max(Comparator.comparingDouble(group -> group.gist.similarity(gist)));
    }

    private Set<String> closed(TenantId tenant, String how) {
        Set<String> ids = new HashSet<>();
        for (Event event : newest(tenant, CLOSED + how)) {
            if (event.payload().get("questions") instanceof List<?> questions) {
                questions.forEach(each -> ids.add(String.valueOf(each)));
            }
        }
        return ids;
    }

    private List<Event> newest(TenantId tenant, String type) {
        List<Event> found = new ArrayList<>();
        String cursor = null;
        for (int page = 0; page < PAGES; page++) {
            EventPage read = events.query(new EventQuery(tenant, null, null, type, null, null, PAGE, cursor));
            found.addAll(read.events());
            cursor = read.nextCursor();
            if (cursor == null) {
                break;
            }
        }
        return found;
    }

    private static String text(Event event, String key) {
        Object value = event.payload().get(key);
        return value == null ? "" : value.toString();
    }
}

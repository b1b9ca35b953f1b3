package io.github.almeidatech.wppflow.assistant;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a program outside wants to be done with a turn: say something or send a file, call a person, or be silent for a reason;
 * labels and attributes besides. A closed form: what it does not know is refused, so that a slip of the pen is not taken for silence.
 *
 * @param messages in this order; with a handoff, the word about it
 * @param addLabels put on the conversation
 * @param removeLabels taken from it
 * @param attributes of the conversation, to be set: text, numbers, booleans or null
 * @param handoff a person is called
 * @param note for that person; empty for none
 * @param silence why nothing is said; null when something is, or a person is called
 */
public record WorkflowAnswer(
        List<Message> messages,
        List<String> addLabels,
        List<String> removeLabels,
        Map<String, Object> attributes,
        boolean handoff,
        String note,
        @Nullable String silence) {

    private static final Set<String> KEYS =
            Set.of("text", "attachment", "messages", "labels", "attributes", "handoff", "silence");
    private static final int MAX_MESSAGES = 10;
    private static final int MAX_CHARACTERS = 4_000;
    private static final int MAX_ADDRESS = 2_000;
    private static final int MAX_LABELS = 20;
    private static final int MAX_ATTRIBUTES = 50;
    private static final Pattern LABEL = Pattern.compile("[\\p{L}\\p{N}_-]{1,60}");
    private static final Pattern KEY = Pattern.compile("[A-Za-z0-9_-]{1,100}");
    private static final Pattern REASON = Pattern.compile("[a-z][a-z0-9_]{0,39}");

    /**
     * Something said: a text, a file, or a file with a text beside it.
     *
     * @param text CommonMark; empty for a file alone
     * @param attachment the file's address; null for a text alone
     */
    public record Message(String text, @Nullable String attachment) {

        private static final Set<String> KEYS = Set.of("text", "attachment");

        public Message {
            if (text.isBlank() && attachment == null) {
                throw new IllegalArgumentException("a message without text or attachment");
            }
        }

        private Object toPlainData() {
            if (attachment == null) {
                return text;
            }
            return text.isBlank() ? Map.of("attachment", attachment) : Map.of("text", text, "attachment", attachment);
        }

        @Override
        public String toString() {
            return "Message[" + text.length() + " chars" + (attachment == null ? "" : ", attachment") + "]";
        }
    }

    public WorkflowAnswer {
        messages = List.copyOf(messages);
        addLabels = List.copyOf(addLabels);
        removeLabels = List.copyOf(removeLabels);
        attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
    }

    /**
     * Reads the form: {@code text}, {@code attachment} or both, or else {@code messages} (texts and {@code {"text",
     * "attachment"}}), {@code handoff} ({@code true} or {@code {"note"}}) or {@code silence} ({@code {"reason"}});
     * {@code labels} ({@code {"add", "remove"}}) and {@code attributes}.
     *
     * @param files whether a file may be sent from an address
     * @throws IllegalArgumentException naming the field and what is wanted, never its content
     */
    public static WorkflowAnswer read(Map<?, ?> plain, Predicate<String> files) {
        for (Object key : plain.keySet()) {
            require(
                    KEYS.contains(key),
                    "an answer has " + KEYS.stream().sorted().toList() + " and nothing else");
        }
        List<Message> messages = messages(plain, files);
        Object handoff = plain.get("handoff");
        Object silence = plain.get("silence");
        Map<?, ?> labels = map("labels", plain.get("labels"), Set.of("add", "remove"));
        boolean person = Boolean.TRUE.equals(handoff) || handoff instanceof Map;
        require(person || handoff == null || Boolean.FALSE.equals(handoff), "handoff: true or {\"note\"} wanted");
        require(
                silence == null || messages.isEmpty() && !person,
                "silence: nothing can be said, and nobody called, in silence");
        require(
                silence != null || person || !messages.isEmpty(),
                "text, attachment, messages, handoff or silence wanted: nobody is left without an answer by accident");
        return new WorkflowAnswer(
                messages,
                labels("labels.add", labels.get("add")),
                labels("labels.remove", labels.get("remove")),
                attributes(plain.get("attributes")),
                person,
                handoff instanceof Map<?, ?> more
                        ? text(
                                "handoff.note",
                                map("handoff", more, Set.of("note")).get("note"))
                        : "",
                silence == null ? null : reason(silence));
    }

    /** Whether all that is said are files with nothing beside them. */
    boolean hasOnlyFiles() {
        return !messages.isEmpty()
                && messages.stream().allMatch(message -> message.text().isBlank());
    }

    /** The form it was read from. */
    public Map<String, Object> toPlainData() {
        var plain = new LinkedHashMap<String, Object>();
        if (!messages.isEmpty()) {
            plain.put("messages", messages.stream().map(Message::toPlainData).toList());
        }
        if (!addLabels.isEmpty() || !removeLabels.isEmpty()) {
            plain.put("labels", Map.of("add", addLabels, "remove", removeLabels));
        }
        if (!attributes.isEmpty()) {
            plain.put("attributes", attributes);
        }
        if (handoff) {
            plain.put("handoff", Map.of("note", note));
        }
        if (silence != null) {
            plain.put("silence", Map.of("reason", silence));
        }
        return plain;
    }

    private static List<Message> messages(Map<?, ?> plain, Predicate<String> files) {
        Object messages = plain.get("messages");
        boolean single = plain.get("text") != null || plain.get("attachment") != null;
        require(!single || messages == null, "text and attachment, or messages, not both");
        if (single) {
            return List.of(message("", plain, files));
        }
        var all = new ArrayList<Message>();
        for (Object each : list("messages", messages, MAX_MESSAGES)) {
            String field = "messages[" + all.size() + "]";
            all.add(
                    each instanceof Map<?, ?>
                            ? message(field + ".", map(field, each, Message.KEYS), files)
                            : new Message(said(field, each), null));
        }
        require(messages == null || !all.isEmpty(), "messages: at least one wanted");
        return all;
    }

    private static Message message(String path, Map<?, ?> plain, Predicate<String> files) {
        Object attachment = plain.get("attachment");
        if (attachment == null) {
            return new Message(said(path + "text", plain.get("text")), null);
        }
        boolean allowed = attachment instanceof String url && url.length() <= MAX_ADDRESS && files.test(url);
        require(allowed, path + "attachment: an address at the tenant's Chatwoot, its storage_origins or file_origins");
        return new Message(text(path + "text", plain.get("text")), (String) attachment);
    }

    private static String said(String field, @Nullable Object value) {
        String text = text(field, value);
        require(!text.isBlank(), field + ": not blank");
        return text;
    }

    private static String text(String field, @Nullable Object value) {
        if (value == null) {
            return "";
        }
        if (!(value instanceof String text) || text.length() > MAX_CHARACTERS) {
            throw new IllegalArgumentException(field + ": a text of at most " + MAX_CHARACTERS + " characters wanted");
        }
        return text;
    }

    private static List<String> labels(String field, @Nullable Object value) {
        var all = new ArrayList<String>();
        for (Object each : list(field, value, MAX_LABELS)) {
            if (!(each instanceof String label) || !LABEL.matcher(label).matches()) {
                throw new IllegalArgumentException(field + ": letters, digits, _ and - wanted");
            }
            all.add(label);
        }
        return all;
    }

    private static Map<String, Object> attributes(@Nullable Object value) {
        if (value == null) {
            return Map.of();
        }
        require(value instanceof Map<?, ?> map && map.size() <= MAX_ATTRIBUTES, "attributes: up to 50 keys wanted");
        var all = new LinkedHashMap<String, Object>();
        ((Map<?, ?>) value).forEach((key, each) -> {
            require(key instanceof String name && KEY.matcher(name).matches(), "attributes: letters, digits, _ and -");
            boolean scalar = each == null
                    || each instanceof Number
                    || each instanceof Boolean
                    || each instanceof String text && text.length() <= MAX_CHARACTERS;
            require(scalar, "attributes: text, numbers, true, false or null wanted");
            all.put((String) key, each);
        });
        return all;
    }

    private static String reason(Object silence) {
        Object word = silence instanceof Map<?, ?> map
                ? map("silence", map, Set.of("reason")).get("reason")
                : silence;
        if (!(word instanceof String reason) || !REASON.matcher(reason).matches()) {
            throw new IllegalArgumentException("silence.reason: a word of a-z, 0-9 and _ wanted");
        }
        return reason;
    }

    private static List<?> list(String field, @Nullable Object value, int max) {
        if (value == null) {
            return List.of();
        }
        if (!(value instanceof List<?> list) || list.size() > max) {
            throw new IllegalArgumentException(field + ": a list of at most " + max + " wanted");
        }
        return list;
    }

    private static Map<?, ?> map(String field, @Nullable Object value, Set<String> keys) {
        if (value == null) {
            return Map.of();
        }
        if (!(value instanceof Map<?, ?> map) || !keys.containsAll(map.keySet())) {
            throw new IllegalArgumentException(
                    field + ": only " + keys.stream().sorted().toList() + " wanted");
        }
        return map;
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    @Override
    public String toString() {
        return "WorkflowAnswer[" + messages.size() + " messages" + (handoff ? ", handoff" : "")
                + (silence == null ? "" : ", silence " + silence) + "]";
    }
}

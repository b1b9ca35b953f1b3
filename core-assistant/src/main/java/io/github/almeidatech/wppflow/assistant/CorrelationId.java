package io.github.almeidatech.wppflow.assistant;

import io.github.almeidatech.wppflow.flow.Turn;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.TenantId;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names one question to a program outside: the same for the same messages of the same turn, another one as soon as the
 * customer has written more. Not a secret.
 *
 * @param conversation whose
 * @param turnId the turn that is to be answered
 * @param upTo the newest inbox entry the question covers
 */
public record CorrelationId(ConversationId conversation, String turnId, long upTo) {

    private static final Pattern FORM = Pattern.compile(
            "(\\d{1,18})\\.([1-9]\\d{0,17})\\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\\.(\\d{1,18})");

    static CorrelationId of(Turn turn) {
        return new CorrelationId(turn.conversation(), turn.id(), turn.lastInboxId());
    }

    /** Reads what {@link #text} wrote; empty for anything else. */
    public static Optional<CorrelationId> read(TenantId tenant, String text) {
        Matcher form = FORM.matcher(text);
        return form.matches()
                ? Optional.of(new CorrelationId(
                        new ConversationId(tenant, Long.parseLong(form.group(1)), Long.parseLong(form.group(2))),
                        form.group(3),
                        Long.parseLong(form.group(4))))
                : Optional.empty();
    }

    /** As it travels. */
    public String text() {
        return conversation.account() + "." + conversation.number() + "." + turnId + "." + upTo;
    }

    /** The id of the event that tells this about the question: there is at most one. */
    String eventId(String what) {
        String name = conversation.tenant() + "\n" + what + "\n" + text();
        return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString();
    }
}

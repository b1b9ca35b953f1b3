package io.github.almeidatech.wppflow.flow;

import io.github.almeidatech.wppflow.model.ContentType;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.InboundMessage;
import io.github.almeidatech.wppflow.model.OutboundCommand;
import io.github.almeidatech.wppflow.model.OutboundCommand.Purpose;
import io.github.almeidatech.wppflow.model.OutboundCommand.SendMessage;
import io.github.almeidatech.wppflow.model.Sender;
import io.github.almeidatech.wppflow.model.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** What the tests of the engine begin with. */
final class Given {

    static final TenantId HOTEL = new TenantId("hotel");
    static final TurnTiming AT_ONCE = new TurnTiming(Duration.ZERO, Duration.ofSeconds(30), 20);

    private Given() {}

    static ConversationId conversation(int number) {
        return new ConversationId(HOTEL, 7, number);
    }

    static InboundMessage message(ConversationId conversation, long id) {
        return new InboundMessage(
                conversation,
                id,
                3L,
                Instant.EPOCH,
                ContentType.TEXT,
                "message " + id,
                List.of(),
                Sender.UNKNOWN,
                null);
    }

    static InboundEvent arrival(ConversationId conversation, long id) {
        return new InboundEvent(
                conversation,
                "message_created",
                List.of("message:" + conversation.key() + ":" + id),
                message(conversation, id),
                null,
                false,
                null,
                List.of(),
                new byte[0]);
    }

    static TurnResult saying(String... texts) {
        List<OutboundCommand> commands = java.util.Arrays.stream(texts)
                .map(text -> (OutboundCommand) new SendMessage(text, null, Purpose.ANSWER))
                .toList();
        return new TurnResult(commands, List.of(), null);
    }

    static String text(OutboundCommand command) {
        return command instanceof SendMessage message ? message.text() : command.toString();
    }

    /** No worker has time for a reply at once. */
    static final SpareWorkers<CommandAttempt> NOBODY_SPARE = new SpareWorkers<>() {
        @Override
        public boolean keep(ConversationId conversation) {
            return false;
        }

        @Override
        public void begin(CommandAttempt piece) {
            throw new IllegalStateException("nobody was kept");
        }

        @Override
        public void giveBack(ConversationId conversation) {
            throw new IllegalStateException("nobody was kept");
        }
    };
}

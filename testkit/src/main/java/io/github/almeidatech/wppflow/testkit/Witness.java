package io.github.almeidatech.wppflow.testkit;

import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Tells tests what is in the installation. */
final class Witness {

    private final Installation installation;

    Witness(Installation installation) {
        this.installation = installation;
    }

    List<ChatMessage> messages(long conversation) {
        return installation.read(() ->
                installation.messagesOf(conversation).stream().map(this::view).toList());
    }

    List<String> seenIn(long conversation) {
        return installation.read(() -> installation.messagesOf(conversation).stream()
                .filter(message -> message.messageType != Rows.INCOMING && message.seenAt != null)
                .sorted(Comparator.comparing(message -> Objects.requireNonNull(message.seenAt)))
                .map(this::seen)
                .filter(Objects::nonNull)
                .map(Objects::requireNonNull)
                .toList());
    }

    ChatMessage view(Rows.Message message) {
        return new ChatMessage(
                message.id,
                message.conversationId,
                EventBodies.typeWord(message.messageType),
                message.senderType,
                message.content,
                message.isPrivate,
                message.status,
                RailsJson.copy(message.contentAttributes),
                message.seenAt == null ? null : seen(message),
                message.attachments.stream()
                        .map(attachment -> attachment.fileName == null ? attachment.fileType : attachment.fileName)
                        .toList(),
                message.createdAt);
    }

    /** What the channel shows of a message: its text in the channel's format; of audio only the audio. */
    private @Nullable String seen(Rows.Message message) {
        var conversation = Installation.row(installation.conversations, message.conversationId);
        var channel = installation.inboxOf(conversation).channel;
        boolean audio = message.attachments.stream().anyMatch(attachment -> attachment.fileType.equals("audio"));
        var content = message.content;
        if (content == null || (audio && channel.equals("Channel::Whatsapp"))) {
            return null;
        }
        boolean rendered = channel.equals("Channel::Whatsapp")
                && installation.settings().version().rendersMarkdown()
                && message.messageType == Rows.OUTGOING;
        return rendered ? WhatsappText.render(content) : content;
    }

    Conversation conversation(long id) {
        return installation.read(() -> {
            var row = Installation.row(installation.conversations, id);
            var user = row.assigneeId == null ? null : installation.users.get(row.assigneeId);
            var bot = row.assigneeBotId == null ? null : installation.bots.get(row.assigneeBotId);
            var team = row.teamId == null ? null : installation.teams.get(row.teamId);
            return new Conversation(
                    row.id,
                    row.status,
                    user != null ? user.name : bot != null ? bot.name : null,
                    team == null ? null : team.name,
                    row.priority,
                    row.labels,
                    RailsJson.copy(row.customAttributes),
                    row.contactId);
        });
    }
}

package io.github.almeidatech.wppflow.chatwoot;

import io.github.almeidatech.wppflow.flow.CommandAttempt;
import io.github.almeidatech.wppflow.flow.CommandResult;
import io.github.almeidatech.wppflow.flow.CommandResult.Done;
import io.github.almeidatech.wppflow.flow.CommandResult.NotDone;
import io.github.almeidatech.wppflow.flow.CommandResult.Refused;
import io.github.almeidatech.wppflow.flow.CommandResult.Unclear;
import io.github.almeidatech.wppflow.model.OutboundCommand.SendAttachment;
import io.github.almeidatech.wppflow.model.OutboundCommand.SendMessage;
import io.github.almeidatech.wppflow.multimodal.MediaSource;
import io.github.almeidatech.wppflow.multimodal.MediaText.Reason;
import io.github.almeidatech.wppflow.multimodal.MediaUnavailableException;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * One try of a file and of what is written beside it, its caption. A caption that cannot stand beside its file, or whose file
 * cannot be had yet, is a message of its own, with its own key, so that neither is sent twice and the words never wait.
 */
final class FileTry {

    private static final Duration FILE_LIMIT = Duration.ofSeconds(20);
    private static final Duration FOR_SENDING = Duration.ofSeconds(15);

    /** After so many in a row a place that does not answer is given up: with the waits between them, within five minutes. */
    private static final int MOST_FAILURES = 8;

    private final ChatwootCommandSender sender;
    private final CommandAttempt attempt;
    private final CommandTry message;

    FileTry(ChatwootCommandSender sender, CommandAttempt attempt, CommandTry message) {
        this.sender = sender;
        this.attempt = attempt;
        this.message = message;
    }

    CommandResult send(SendAttachment command) {
        boolean said = sender.captions.wasSaid(attempt);
        if (!said) {
            CommandResult known = message.resolveUnclear(() -> sender.forms.ofFile(command));
            if (known != null) {
                return known;
            }
            if (!command.caption().isBlank()) {
                CommandResult caption =
                        caption(command).resolveUnclear(() -> sender.forms.ofMessage(command.caption()));
                if (caption != null && !(caption instanceof Done)) {
                    return caption;
                }
                said = caption != null;
            }
        }
        MediaSource files = sender.files;
        if (files == null) {
            return new Refused("no_media_source");
        }
        if (!said) {
            return send(command, files);
        }
        CommandResult result = send(new SendAttachment(command.url(), "", command.purpose()), files);
        if (result instanceof NotDone) {
            sender.captions.said(attempt);
        }
        return result;
    }

    private CommandResult send(SendAttachment command, MediaSource files) {
        Duration left =
                Duration.between(sender.clock.instant(), attempt.leaseUntil()).minus(FOR_SENDING);
        if (left.isNegative()) {
            return new NotDone("lease_over", null);
        }
        try {
            Duration limit = left.compareTo(FILE_LIMIT) < 0 ? left : FILE_LIMIT;
            OutgoingFile file =
                    SendableFiles.fetch(files, attempt.conversation().tenant(), command.url(), limit);
            sender.absent.found(attempt);
            boolean captionApart = file.isSound() && !command.caption().isBlank()
                    || command.caption().length() > SendableFiles.MAX_CAPTION;
            CommandResult result = captionApart
                    ? afterCaption(command, () -> send(command.url(), file, ""))
                    : send(command.url(), file, command.caption());
            if (result instanceof Done) {
                sender.uploads.sent(attempt.conversation().number());
            }
            return result;
        } catch (MediaUnavailableException e) {
            CommandResult missing = missing(command.url(), e.reason());
            return command.caption().isBlank() ? missing : afterCaption(command, () -> missing);
        }
    }

    /** Chatwoot's own files are waited for as long as Chatwoot. */
    private CommandResult missing(String url, Reason reason) {
        boolean mayPass = (reason == Reason.UNREACHABLE || reason == Reason.TIMED_OUT)
                && (sender.client.isAt(url) || sender.absent.failed(attempt) < MOST_FAILURES);
        if (!mayPass) {
            sender.absent.found(attempt); // told: whoever wants it tried again begins anew
        }
        String word = "file_" + reason.word();
        return mayPass ? new NotDone(word, null) : new Refused(word);
    }

    private CommandResult send(String url, OutgoingFile file, String caption) {
        return message.speakNow(
                seen -> message.inTime(seen, SentForms.words(caption, url), () -> message(file, caption)));
    }

    /** Opus in an Ogg is what WhatsApp's own voice notes are; without the mark it arrives as a file of sound. */
    private NewMessage message(OutgoingFile file, String caption) {
        NewMessage written = NewMessage.file(file, caption.isBlank() ? "" : message.rendered(caption));
        return file.isVoice() && sender.client.version().marksVoiceNotes() ? written.asVoiceNote() : written;
    }

    /**
     * Says the caption, which WhatsApp would drop beside sound, or which the file is missing for, and then does the rest. A
     * try that finds no memory of it has to look for it.
     */
    private CommandResult afterCaption(SendAttachment command, Supplier<CommandResult> rest) {
        CommandTry caption = caption(command);
        CommandResult said = caption.sendMessage(words(command));
        if (!(said instanceof Done)) {
            return said;
        }
        CommandResult result = rest.get();
        if (result instanceof NotDone later) {
            sender.captions.said(attempt);
            return new Unclear(later.reason(), later.after() == null ? CommandTry.FIRST_LOOK : later.after());
        }
        return result;
    }

    private CommandTry caption(SendAttachment command) {
        return new CommandTry(sender, attempt.part(attempt.key() + "-caption", words(command)));
    }

    private static SendMessage words(SendAttachment command) {
        return new SendMessage(command.caption(), null, command.purpose());
    }
}

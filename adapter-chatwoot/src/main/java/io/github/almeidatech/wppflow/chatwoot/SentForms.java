package io.github.almeidatech.wppflow.chatwoot;

import io.github.almeidatech.wppflow.model.OutboundCommand.FollowUp;
import io.github.almeidatech.wppflow.model.OutboundCommand.SendAttachment;
import io.github.almeidatech.wppflow.model.OutboundCommand.SendTemplate;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a command's message may have gone out as, by which it is recognised where Chatwoot keeps no keys (before 4.9.0). Which
 * channel, version and window the earlier try saw is nowhere written down, and may be unknown or different now: so each style
 * counts, and what the message would have become after the window, too. Immutable.
 */
final class SentForms {

    private final ReplyRenderer renderer;
    private final OutsideWindow outsideWindow;

    SentForms(ReplyRenderer renderer, OutsideWindow outsideWindow) {
        this.renderer = renderer;
        this.outsideWindow = outsideWindow;
    }

    /** One of the forms. A text is not taken for the file it stands beside, nor a note for what was said. */
    record Form(String content, boolean privateNote, boolean withFile) {

        boolean is(ChatwootMessage message) {
            return message.type() == ChatwootMessage.Type.OUTGOING
                    && message.author() == ChatwootMessage.Author.AGENT_BOT
                    && message.privateNote() == privateNote
                    && message.json().path("attachments").isEmpty() != withFile
                    && message.content() != null
                    && message.content().strip().equals(content.strip());
        }

        @Override
        public String toString() {
            return "Form[" + content.length() + " chars]";
        }
    }

    List<Form> ofMessage(String text) {
        return Stream.concat(styles(text, false), outside(text)).toList();
    }

    List<Form> ofTemplate(SendTemplate template) {
        return List.of(said(templateContent(template, null)));
    }

    List<Form> ofFollowUp(FollowUp command) {
        Stream<Form> template = Stream.ofNullable(command.template()).map(each -> said(templateContent(each, null)));
        return Stream.concat(styles(command.text(), false), template).toList();
    }

    List<Form> ofNote(String text) {
        return List.of(note(text));
    }

    /** A file without words cannot be told from another. */
    List<Form> ofFile(SendAttachment command) {
        Stream<Form> file = command.caption().isBlank() ? Stream.empty() : styles(command.caption(), true);
        return Stream.of(file, outside(words(command.caption(), command.url())), outside(words("", command.url())))
                .flatMap(each -> each)
                .toList();
    }

    private Stream<Form> styles(String text, boolean withFile) {
        return Arrays.stream(TextStyle.values())
                .map(style -> renderer.render(text, style))
                .distinct()
                .map(content -> new Form(content, false, withFile));
    }

    private Stream<Form> outside(String text) {
        return outsideWindow.accept(new OutsideWindow.Visitor<>() {
            @Override
            public Stream<Form> refuse(OutsideWindow.Refuse policy) {
                return Stream.empty();
            }

            @Override
            public Stream<Form> note(OutsideWindow.Note policy) {
                return Stream.of(SentForms.note(noteContent(policy, text)));
            }

            @Override
            public Stream<Form> template(OutsideWindow.Template policy) {
                return Stream.of(said(templateContent(policy.template(), text)));
            }
        });
    }

    private static Form said(String content) {
        return new Form(content, false, false);
    }

    private static Form note(String text) {
        return new Form(noteContent(text), true, false);
    }

    // How they are written

    /** What a file becomes where only words can be left. */
    static String words(String caption, String url) {
        return (caption + "\n" + url).strip();
    }

    static String noteContent(OutsideWindow.Note policy, String text) {
        return policy.heading() + "\n\n" + text;
    }

    static String noteContent(String text) {
        String safe = LiquidBraces.defuse(text);
        return safe.length() > NewMessage.MAX_CONTENT ? safe.substring(0, NewMessage.MAX_CONTENT) : safe;
    }

    static String templateContent(SendTemplate template, @Nullable String reply) {
        String shown = template.renderedText().isBlank() ? template.name() : template.renderedText();
        return LiquidBraces.defuse(reply == null ? shown : TemplateParams.fill(shown, reply));
    }
}

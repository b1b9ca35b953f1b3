package io.github.almeidatech.wppflow.chatwoot;

import io.github.almeidatech.wppflow.model.OutboundCommand.SendTemplate;

/**
 * What becomes of a message when WhatsApp takes no free text any more, because the customer's last message is older than 24
 * hours. Chatwoot would accept it and never deliver it.
 */
public sealed interface OutsideWindow {

    /** Not sent: refused with the reason {@code outside_window}, so that a person can be called. */
    record Refuse() implements OutsideWindow {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.refuse(this);
        }
    }

    /**
     * Left as a private note for the people, after this heading.
     *
     * @param open whether the conversation is opened too, so that somebody sees it
     */
    record Note(String heading, boolean open) implements OutsideWindow {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.note(this);
        }
    }

    /**
     * An approved template instead. Where a parameter or the rendered text says {@value #REPLY}, the message stands, as one
     * line of at most 900 characters.
     */
    record Template(SendTemplate template) implements OutsideWindow {

        /** Stands for the message that could not be sent. */
        public static final String REPLY = "{reply}";

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.template(this);
        }
    }

    /** Calls the method for the policy. */
    <R> R accept(Visitor<R> visitor);

    /** One method for each policy. */
    interface Visitor<R> {
        R refuse(Refuse policy);

        R note(Note policy);

        R template(Template policy);
    }
}

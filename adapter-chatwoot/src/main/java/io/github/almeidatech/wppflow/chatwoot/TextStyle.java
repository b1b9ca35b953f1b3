package io.github.almeidatech.wppflow.chatwoot;

/** How a text has to be written so that the customer sees it as meant. */
public enum TextStyle {
    /** WhatsApp's own marks: {@code *bold*}, {@code _italic_}, {@code ~struck~}. For what Chatwoot passes on untouched. */
    WHATSAPP,
    /** Markdown, of which Chatwoot makes the channel's marks. */
    MARKDOWN,
    /** No marks at all: right everywhere, when the channel is not known. */
    PLAIN;

    /**
     * The style for a channel.
     *
     * @param channel such as {@code Channel::Whatsapp}; empty when not known
     */
    public static TextStyle of(String channel, ChatwootVersion version) {
        return switch (channel) {
            case "" -> PLAIN;
            case "Channel::Api" -> WHATSAPP;
            case "Channel::Whatsapp", "Channel::TwilioSms" -> version.rendersMarkdown() ? MARKDOWN : WHATSAPP;
            default -> MARKDOWN;
        };
    }
}

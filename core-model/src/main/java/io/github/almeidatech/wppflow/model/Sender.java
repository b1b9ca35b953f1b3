package io.github.almeidatech.wppflow.model;

import org.jspecify.annotations.Nullable;

/**
 * The customer a message came from. Identity is never rewritten: {@code address} and {@code phone} stay as delivered and
 * are what answers go to; {@code personKey} is only for matching.
 *
 * @param contactId Chatwoot's contact id
 * @param name the name the channel shows
 * @param address the channel's own address of the contact (digits, business-scoped id, JID), as delivered
 * @param phone E.164 as delivered, null when the channel gives none
 * @param personKey equal keys mean the same person inside one tenant; null when nothing identifies the sender
 */
public record Sender(
        @Nullable Long contactId,
        @Nullable String name,
        @Nullable String address,
        @Nullable String phone,
        @Nullable String personKey) {

    /** Nothing is known. */
    public static final Sender UNKNOWN = new Sender(null, null, null, null, null);

    @Override
    public String toString() {
        return "Sender[" + contactId + "]";
    }
}

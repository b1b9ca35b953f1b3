package io.github.almeidatech.wppflow.testkit;

import java.util.List;
import java.util.function.BiConsumer;

/** A person who works in Chatwoot. Every call does its work, queues its webhooks and returns. Thread-safe. */
public final class HumanAgent {

    private final Desk desk;
    private final Rows.User user;

    HumanAgent(Desk desk, Rows.User user) {
        this.desk = desk;
        this.user = user;
    }

    public long id() {
        return user.id;
    }

    public String name() {
        return user.name;
    }

    /** Chooses what colleagues see: {@code online}, {@code busy} or {@code offline}; online at first. */
    public void becomes(String availability) {
        user.availability = availability;
    }

    /** Writes to the customer. Neither status nor assignee change by it, as in the real Chatwoot. */
    public ChatMessage writes(long conversation, String text) {
        return desk.write(conversation, user, text, false);
    }

    /** Writes a private note. */
    public ChatMessage notes(long conversation, String text) {
        return desk.write(conversation, user, text, true);
    }

    public void takes(long conversation) {
        change(conversation, (changes, row) -> desk.conversations().assign(changes, row, user, null));
    }

    public void unassigns(long conversation) {
        change(conversation, (changes, row) -> desk.conversations().assign(changes, row, null, null));
    }

    public void resolves(long conversation) {
        status(conversation, "resolved");
    }

    public void opens(long conversation) {
        status(conversation, "open");
    }

    /** Gives the conversation back to the bot. */
    public void returnsToBot(long conversation) {
        status(conversation, "pending");
    }

    public void snoozes(long conversation) {
        status(conversation, "snoozed");
    }

    /** Replaces all labels. */
    public void labels(long conversation, String... labels) {
        change(conversation, (changes, row) -> desk.conversations().labels(changes, row, List.of(labels)));
    }

    /** Deletes a message in Chatwoot; on the customer's phone it stays. */
    public void deletes(long message) {
        desk.deleteMessage(message);
    }

    /** The person opens the conversation: nothing in it counts as unread any more. */
    public void reads(long conversation) {
        change(conversation, (changes, row) -> row.agentLastSeenAt = changes.now());
    }

    private void status(long conversation, String status) {
        change(conversation, (changes, row) -> desk.conversations().status(changes, row, status, null, user.name));
    }

    private void change(long conversation, BiConsumer<Changes, Rows.Conversation> work) {
        desk.change(conversation, work);
    }
}

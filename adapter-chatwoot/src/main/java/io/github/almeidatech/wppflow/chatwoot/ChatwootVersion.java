package io.github.almeidatech.wppflow.chatwoot;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A release of Chatwoot, and what it can do that earlier ones could not. Read from {@code GET /api}; a fork's suffix
 * ({@code 4.15.1-name.02}) is ignored.
 */
public record ChatwootVersion(int major, int minor, int patch) implements Comparable<ChatwootVersion> {

    /** A server that does not tell: taken for a recent one. */
    public static final ChatwootVersion UNKNOWN = new ChatwootVersion(Integer.MAX_VALUE, 0, 0);

    private static final Pattern NUMBERS =
            Pattern.compile("v?(\\d{1,4})\\.(\\d{1,4})(?:\\.(\\d{1,4}))?.*", Pattern.DOTALL);

    /** Reads a version text; {@link #UNKNOWN} when it does not begin with two numbers. */
    public static ChatwootVersion parse(String text) {
        Matcher numbers = NUMBERS.matcher(text.strip());
        if (!numbers.matches()) {
            return UNKNOWN;
        }
        String patch = numbers.group(3);
        return new ChatwootVersion(
                Integer.parseInt(numbers.group(1)),
                Integer.parseInt(numbers.group(2)),
                patch == null ? 0 : Integer.parseInt(patch));
    }

    /** Whether the server told. */
    public boolean known() {
        return !equals(UNKNOWN);
    }

    /** Any key sent in {@code content_attributes} is stored and comes back (4.9.0). */
    public boolean keepsContentAttributes() {
        return atLeast(4, 9, 0);
    }

    /** Outgoing text is parsed as Markdown and written in the channel's own style (4.9.0). */
    public boolean rendersMarkdown() {
        return atLeast(4, 9, 0);
    }

    /** A bot token may show that somebody is typing (4.12.0). */
    public boolean botMayType() {
        return atLeast(4, 12, 0);
    }

    /** A bot token may read one conversation, and read and write its labels (4.14.2). */
    public boolean botMayReadConversation() {
        return atLeast(4, 14, 2);
    }

    /** Sound can be sent as a voice note (4.14.2). */
    public boolean marksVoiceNotes() {
        return atLeast(4, 14, 2);
    }

    /** Account webhooks are signed (4.12.0). */
    public boolean signsAccountWebhooks() {
        return atLeast(4, 12, 0);
    }

    /** Agent-bot and API-inbox deliveries are signed too (4.13.0). */
    public boolean signsBotWebhooks() {
        return atLeast(4, 13, 0);
    }

    /** Whether it is that release or a later one; true for {@link #UNKNOWN}. */
    public boolean atLeast(int wantedMajor, int wantedMinor, int wantedPatch) {
        return compareTo(new ChatwootVersion(wantedMajor, wantedMinor, wantedPatch)) >= 0;
    }

    @Override
    public int compareTo(ChatwootVersion other) {
        int byMajor = Integer.compare(major, other.major);
        if (byMajor != 0) {
            return byMajor;
        }
        int byMinor = Integer.compare(minor, other.minor);
        return byMinor != 0 ? byMinor : Integer.compare(patch, other.patch);
    }

    /** Such as {@code 4.15.1}, or {@code unknown}. */
    @Override
    public String toString() {
        return known() ? major + "." + minor + "." + patch : "unknown";
    }
}

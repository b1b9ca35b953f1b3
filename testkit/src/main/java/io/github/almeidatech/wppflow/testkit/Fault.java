package io.github.almeidatech.wppflow.testkit;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a simulated system misbehaves on one request. By itself a fault strikes <em>instead</em> of doing what was asked;
 * {@link #afterDoing()} makes the system do it first, which is how a caller is left not knowing. Immutable.
 */
public final class Fault {

    enum Ending {
        WHOLE,
        DROPPED,
        CUT,
        DRIPPED
    }

    private final boolean doing;
    private final Duration delay;
    private final @Nullable Answer answer;
    private final Ending ending;
    private final Duration pace;
    private final Duration hidden;

    private Fault(
            boolean doing, Duration delay, @Nullable Answer answer, Ending ending, Duration pace, Duration hidden) {
        this.doing = doing;
        this.delay = delay;
        this.answer = answer;
        this.ending = ending;
        this.pace = pace;
        this.hidden = hidden;
    }

    /** This very answer, headers and all. */
    static Fault with(Answer answer) {
        return instead(answer);
    }

    private static Fault instead(Answer answer) {
        return new Fault(false, Duration.ZERO, answer, Ending.WHOLE, Duration.ZERO, Duration.ZERO);
    }

    private static Fault honest(Duration delay, Ending ending, Duration pace, Duration hidden) {
        return new Fault(true, delay, null, ending, pace, hidden);
    }

    /** This status; from 500 on with an HTML page, below with {@code {"error":…}}. */
    public static Fault status(int status) {
        return instead(status >= 500 ? Answer.serverError(status) : Answer.error(status, "Simulated failure"));
    }

    /** This very answer. */
    public static Fault answer(int status, String contentType, String body) {
        return instead(Answer.text(status, contentType, body));
    }

    /** 429 in plain text without {@code Retry-After}, as Chatwoot's rate limiter writes it. */
    public static Fault rateLimited() {
        return instead(Answer.text(429, "text/plain", "Retry later\n"));
    }

    /** 429 with a {@code Retry-After} header holding exactly this text: seconds, a date or nonsense. */
    public static Fault rateLimited(String retryAfter) {
        return instead(Answer.text(429, "text/plain", "Retry later\n").header("Retry-After", retryAfter));
    }

    /** 200 with something that is not JSON. */
    public static Fault garbage() {
        return answer(200, "text/html", "<html><body>Bad gateway page with a good status</body></html>");
    }

    /** Closes the connection without a word. */
    public static Fault drop() {
        return new Fault(false, Duration.ZERO, null, Ending.DROPPED, Duration.ZERO, Duration.ZERO);
    }

    /** Accepts and never answers; the connection is closed with the simulated system. */
    public static Fault hang() {
        return drop().delayed(Duration.ofDays(1));
    }

    /** Does what was asked and answers right, but late. */
    public static Fault slow(Duration delay) {
        return honest(delay, Ending.WHOLE, Duration.ZERO, Duration.ZERO);
    }

    /** Does what was asked, then breaks off in the middle of the answer. */
    public static Fault cut() {
        return honest(Duration.ZERO, Ending.CUT, Duration.ZERO, Duration.ZERO);
    }

    /** Does what was asked and answers one byte at a time. */
    public static Fault drip(Duration perByte) {
        return honest(Duration.ZERO, Ending.DRIPPED, perByte, Duration.ZERO);
    }

    /** Does what was asked and answers right, but what was created does not show in lists for a while. */
    public static Fault hidden(Duration hidden) {
        return honest(Duration.ZERO, Ending.WHOLE, Duration.ZERO, hidden);
    }

    /** The same fault, but what was asked is done before it strikes. */
    public Fault afterDoing() {
        return new Fault(true, delay, answer, ending, pace, hidden);
    }

    /** The same fault after a delay; with {@link #afterDoing()} the delay comes after the work. */
    public Fault delayed(Duration by) {
        return new Fault(doing, by, answer, ending, pace, hidden);
    }

    /** The same fault, and what was created does not show in lists for a while. */
    public Fault hiding(Duration duration) {
        return new Fault(doing, delay, answer, ending, pace, duration);
    }

    boolean doing() {
        return doing;
    }

    Duration delay() {
        return delay;
    }

    @Nullable
    Answer answer() {
        return answer;
    }

    Ending ending() {
        return ending;
    }

    Duration pace() {
        return pace;
    }

    Duration hidden() {
        return hidden;
    }
}

package io.github.almeidatech.wppflow.server.explain;

import io.github.almeidatech.wppflow.assistant.Reason;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.Language;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ResourceBundle;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Plain sentences about what happened, in one language and with the times of one place. Immutable. */
public final class Words {

    private static final String BUNDLE = "io.github.almeidatech.wppflow.server.explain.words";
    private static final ResourceBundle.Control NO_FALLBACK =
            ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES);
    private static final Pattern GAP = Pattern.compile("\\{([a-z_]+)\\}");
    private static final int LONGEST = 80;

    private final Language language;
    private final ResourceBundle phrases;
    private final DateTimeFormatter time;

    /**
     * @param language anything but English and Spanish is Portuguese
     * @param zone whose clock is shown
     */
    public Words(Language language, ZoneId zone) {
        this.language = language;
        Locale locale = language == Language.PT_BR ? Locale.ROOT : Locale.forLanguageTag(language.tag());
        this.phrases = ResourceBundle.getBundle(BUNDLE, locale, NO_FALLBACK);
        this.time = DateTimeFormatter.ofPattern(phrases.getString("time"), Locale.ROOT)
                .withZone(zone);
    }

    /** One sentence: what became of the customer's message and why. */
    public String of(Verdict verdict) {
        var gaps = new HashMap<String, String>();
        gaps.put("reason", because(verdict.reason()));
        gaps.put("at", at(verdict.at()));
        gaps.put("message", String.valueOf(verdict.messageId()));
        gaps.put("attempts", String.valueOf(verdict.attempts()));
        String key = "verdict." + verdict.code().word();
        String sentence = fill(phrases.getString(key), gaps);
        return verdict.failed().isEmpty()
                ? sentence
                : sentence + " "
                        + fill(phrases.getString("failed"), Map.of("what", String.join(", ", verdict.failed())));
    }

    /** One line of a timeline. */
    public String of(Event event) {
        var gaps = new HashMap<String, String>();
        event.payload().forEach((key, value) -> gaps.put(key, shown(value)));
        gaps.put("event", event.type());
        gaps.put("because", because(event.payload().get("reason") instanceof String reason ? reason : null));
        gaps.put("who", phrase("source." + event.source().name().toLowerCase(Locale.ROOT)));
        String outcome = event.payload().get("outcome") instanceof String word ? "." + word : "";
        return fill(
                phraseOr("event." + event.type() + outcome, phraseOr("event." + event.type(), phrase("event"))), gaps);
    }

    /**
     * One line of a timeline.
     *
     * @param policy whose doing it is; null for no policy's
     */
    public String of(Event event, @Nullable String policy) {
        return policy == null ? of(event) : of(event) + " " + fill(phrase("by_policy"), Map.of("policy", policy));
    }

    /**
     * Who owns the conversation.
     *
     * @param called what called that person; null for nothing that is known
     */
    public String owner(String owner, String reason, @Nullable Event called, @Nullable Instant until) {
        String sentence = called == null
                ? fill(phrase("owner." + owner), Map.of("reason", because(reason)))
                : fill(
                        phrase(TurnStory.isPolicy(called) ? "owner.human.called_by_policy" : "owner.human.called"),
                        Map.of(
                                "at", at(called.at()),
                                "reason",
                                        because(String.valueOf(called.payload().get("reason"))),
                                "policy", String.valueOf(called.payload().get("policy"))));
        return until == null ? sentence : sentence + " " + fill(phrase("until"), Map.of("at", at(until)));
    }

    /** What was ignored, how often and why. */
    public String ignored(String event, long deliveries, String reason, Instant last) {
        return fill(
                phrase("ignored"),
                Map.of(
                        "deliveries", String.valueOf(deliveries),
                        "event", event,
                        "reason", because(reason),
                        "at", at(last)));
    }

    /** A reason as a clause; the word itself when nobody has put it into words. */
    String because(@Nullable String reason) {
        if (reason == null) {
            return "";
        }
        return Reason.of(reason)
                .map(ours -> ours.clause(language))
                .orElseGet(() -> phraseOr("reason." + reason, reason));
    }

    /** A time as the place's clock shows it. */
    public String at(@Nullable Instant at) {
        return at == null ? "" : time.format(at);
    }

    private String phrase(String key) {
        return phrases.getString(key);
    }

    private String phraseOr(String key, String otherwise) {
        return phrases.containsKey(key) ? phrases.getString(key) : otherwise;
    }

    private static String shown(@Nullable Object value) {
        String text = value instanceof List<?> list
                ? String.join(", ", list.stream().map(String::valueOf).toList())
                : String.valueOf(value);
        String line = text.replaceAll("\\s+", " ").strip();
        return line.length() > LONGEST ? line.substring(0, LONGEST) + "…" : line;
    }

    private static String fill(String sentence, Map<String, String> gaps) {
        return GAP.matcher(sentence)
                .replaceAll(gap -> Matcher.quoteReplacement(gaps.getOrDefault(gap.group(1), "–")))
                .replaceAll(" +", " ")
                .strip();
    }
}

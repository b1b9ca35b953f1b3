package io.github.almeidatech.wppflow.llm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Locale;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Takes out of transcripts what nobody said. Speech models were trained on subtitles: given silence or noise they write the
 * credits, or one sentence over and over. Immutable.
 */
final class SilenceFilter {

    /** Nobody speaks faster, characters a second. */
    private static final int FASTEST = 35;

    private static final int ALLOWANCE = 20;
    private static final int LOOP = 4;

    private final Set<String> credits;

    SilenceFilter() {
        try (var in = Objects.requireNonNull(SilenceFilter.class.getResourceAsStream("silence.txt"), "silence.txt")) {
            credits = new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#") && !line.isBlank())
                    .map(SilenceFilter::plain)
                    .collect(Collectors.toUnmodifiableSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What was said; blank when nothing was. */
    String said(String transcript, OptionalDouble seconds) {
        if (seconds.isPresent() && transcript.length() > ALLOWANCE + seconds.getAsDouble() * FASTEST) {
            return "";
        }
        String[] sentences = transcript.strip().split("(?<=[.!?…\\n])\\s+");
        var kept = new ArrayList<String>();
        int same = 0;
        String last = "";
        for (String each : sentences) {
            String plain = plain(each);
            same = plain.equals(last) ? same + 1 : 1;
            last = plain;
            if (same < LOOP) {
                kept.add(each.strip());
            } else if (same == LOOP) {
                kept.subList(kept.size() - LOOP + 2, kept.size()).clear();
            }
        }
        boolean nothing =
                kept.stream().map(SilenceFilter::plain).allMatch(each -> each.isEmpty() || credits.contains(each));
        return nothing ? "" : String.join(" ", kept);
    }

    private static String plain(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFD)
                .toLowerCase(Locale.ROOT)
                .replaceAll("\\p{M}", "")
                .replaceAll("[^\\p{L}\\p{N}]+", " ")
                .strip();
    }
}

package io.github.almeidatech.wppflow.router;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which words spoke for a decision, strongest first. */
final class Evidence {

    private static final int MOST = 4;
    /** The words of one piece of evidence. */
    private static final int MAX_SPAN = 4;

    private static final double WORTH_NAMING = 0.05;

    private final List<Token> tokens;
    /** By the first word and how many more belong to it. */
    private final double[][] shares;

    private Evidence(List<Token> tokens) {
        this.tokens = tokens;
        this.shares = new double[tokens.size()][MAX_SPAN];
    }

    /** Lines such as {@code sales: "quanto custa" +1.2}, in units of the model's score. */
    static List<String> of(String intent, int output, LinearModel model, Features features, List<Token> tokens) {
        var evidence = new Evidence(tokens);
        for (int i = 0; i < features.size(); i++) {
            int from = Math.max(0, features.from(i));
            int to = Math.min(tokens.size() - 1, features.to(i));
            if (features.to(i) >= 0 && to >= from && to - from < MAX_SPAN) {
                evidence.shares[from][to - from] += model.lead(features, i, output, Intent.STANDARD.size());
            }
        }
        var lines = new ArrayList<String>();
        for (String line = evidence.strongest(); line != null && lines.size() < MOST; line = evidence.strongest()) {
            lines.add(intent + ": " + line);
        }
        return lines;
    }

    /** Takes the strongest one out; null when none is left that is worth naming. */
    private @Nullable String strongest() {
        int first = -1;
        int more = 0;
        double strongest = WORTH_NAMING;
        for (int i = 0; i < shares.length; i++) {
            for (int k = 0; k < MAX_SPAN; k++) {
                if (shares[i][k] > strongest) {
                    strongest = shares[i][k];
                    first = i;
                    more = k;
                }
            }
        }
        if (first < 0) {
            return null;
        }
        shares[first][more] = 0;
        return "\"" + words(tokens.subList(first, first + more + 1)) + "\" +" + Math.round(strongest * 100) / 100.0;
    }

    /** Words as they were written. */
    static String words(List<Token> tokens) {
        var words = new StringBuilder();
        for (Token token : tokens) {
            words.append(words.isEmpty() ? "" : " ").append(token.written());
        }
        return words.toString();
    }
}

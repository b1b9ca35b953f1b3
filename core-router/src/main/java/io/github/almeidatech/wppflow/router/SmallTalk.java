package io.github.almeidatech.wppflow.router;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Messages that say little: greetings, thanks, and questions that lean on what was said before. */
final class SmallTalk {

    private static final int MAX_GREETING = 12;
    private static final int MAX_THANKS = 20;
    private static final Set<String> AND = Set.of("e", "and", "y", "mas", "but", "pero");
    private static final Set<String> ASKING =
            Set.of("?", "quero", "queria", "preciso", "gostaria", "want", "need", "quiero");
    private static final Set<String> TOPICS = Set.of(
            "price",
            "howmuch",
            "discount",
            "insurance",
            "plan",
            "buy",
            "stock",
            "charged",
            "bought",
            "order",
            "warranty",
            "doc",
            "result",
            "exam",
            "book",
            "move",
            "cancel",
            "prof",
            "defect",
            "missing",
            "app",
            "address",
            "opening",
            "job",
            "symptom",
            "petlife",
            "human",
            "contact");

    private final Map<String, Set<String>> words = new HashMap<>();

    private SmallTalk() {}

    static SmallTalk load() {
        var smallTalk = new SmallTalk();
        for (String resource : List.of("phrases.txt", "languages.txt")) {
            for (Resource.Entry entry : Resource.entries(resource)) {
                Set<String> folded = entry.words().stream().map(Words::fold).collect(Collectors.toUnmodifiableSet());
                smallTalk.words.put(entry.name(), folded);
            }
        }
        return smallTalk;
    }

    private boolean in(String list, Token token) {
        return words.getOrDefault(list, Set.of()).contains(token.word());
    }

    boolean greetingOnly(List<Token> tokens) {
        return tokens.size() <= MAX_GREETING
                && tokens.stream()
                        .anyMatch(token ->
                                in("greeting_core", token) || token.word().equals("👋"))
                && tokens.stream().allMatch(token -> in("greeting", token) || decoration(token));
    }

    boolean thanksOnly(List<Token> all) {
        List<Token> tokens = declines(all) ? all.subList(1, all.size()) : all;
        if (tokens.isEmpty() || tokens.size() > MAX_THANKS) {
            return false;
        }
        boolean onlyEmoji = tokens.stream().allMatch(SmallTalk::decoration);
        boolean core = tokens.stream().anyMatch(token -> in("thanks_core", token));
        return onlyEmoji && tokens.stream().noneMatch(token -> token.is("emoji_bad"))
                || core && tokens.stream().allMatch(token -> in("thanks", token) || decoration(token));
    }

    /** "Não, obrigado", but not "não entendi". */
    private boolean declines(List<Token> tokens) {
        return tokens.size() > 1 && in("no", tokens.get(0)) && in("gratitude", tokens.get(1));
    }

    private static boolean decoration(Token token) {
        String kind = token.kind();
        return kind != null && kind.startsWith("emoji") || token.is("laugh");
    }

    boolean wantsSomething(List<Token> tokens) {
        return tokens.stream().anyMatch(token -> ASKING.contains(token.word()));
    }

    /** How much a message needs the one before to be understood, 0 for not at all. */
    double leansBack(List<Token> tokens) {
        long topics = tokens.stream()
                .filter(token -> token.kind() != null && TOPICS.contains(token.kind()))
                .count();
        if (tokens.isEmpty() || tokens.size() > 8 || topics > 1 || greetingOnly(tokens) || thanksOnly(tokens)) {
            return 0;
        }
        boolean agrees = tokens.size() <= 2 && tokens.get(0).is("yes");
        if (topics == 0 && (agrees || AND.contains(tokens.get(0).word()))) {
            return 1;
        }
        if (topics > 0) {
            return AND.contains(tokens.get(0).word()) ? 0.4 : 0;
        }
        return tokens.size() <= 5 ? 0.5 : 0.25;
    }

    /** The first question, when more follows it; empty else. A greeting is none. */
    List<Token> firstQuestion(List<Token> tokens) {
        for (int i = 2; i < tokens.size() - 3; i++) {
            if (tokens.get(i).word().equals("?")) {
                List<Token> first = tokens.subList(0, i + 1);
                return greetingOnly(first) ? List.of() : first;
            }
        }
        return List.of();
    }

    boolean carriesTopic(Token token) {
        String word = token.word();
        boolean common =
                in("pt", token) || in("en", token) || in("es", token) || in("greeting", token) || in("thanks", token);
        return word.length() >= 3
                && Character.isLetter(word.charAt(0))
                && (!common || token.kind() != null && TOPICS.contains(token.kind()));
    }
}

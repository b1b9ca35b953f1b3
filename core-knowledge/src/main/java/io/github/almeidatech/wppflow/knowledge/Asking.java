package io.github.almeidatech.wppflow.knowledge;

import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What a question wants besides its topic. Immutable. */
final class Asking {

    private static final Pattern OTHERS_DO = Pattern.compile(".*[ae][mn]");
    /** "estragaram", "venderam", but not what others do: "preparam", "retiram". */
    private static final Pattern DONE = Pattern.compile(
            "(?!(?:re)?(?:tiram|param|operam|giram)$|(?:com|pre|re|se)param$|(?:al|lib|recup|esp|g|temp|sup|consid)eram$|aspiram$).+[aei]ram");

    private static final Pattern NOT_LETTERS = Pattern.compile("[^a-z0-9]+");
    private static final String WHICH =
            "quantos?|quantas?|q(?:n?to?s?|n?tas?|n?do?|nts?)|quais|qual|quando|onde|quem|what|which|how|when|where|cuantos?|cuantas?|cual|cuales|cuando|donde";
    /** "até que horas …", "em quantas vezes …", "a partir de que idade …". */
    private static final Pattern BEGINS_BEFORE_WHICH = Pattern.compile(
            " (?:(?:e|ou|and|or|y) )?(?:a partir de|ate|em|de|com|por|pra|para|desde|no|na|from|until|at|in|for|hasta|en|a) (?:"
                    + WHICH
                    + "|q(?:ue)? (?:horas?|dias?|data|idade|tamanho|valor|forma|jeito|lugar|bairro|edad|hora)) .*");
    /** "fica pronto quando", "e custa quanto": few words, the asking one last. */
    private static final Pattern ENDS_WITH_WHICH =
            Pattern.compile(" (?:[a-z0-9]+ ){1,6}(?:" + WHICH + "|que horas|que dia) ");

    private final Set<String> offer = new HashSet<>();
    private final Set<String> identity = new HashSet<>();
    private final Set<String> businesses = new HashSet<>();
    private final Set<String> who = new HashSet<>();
    private final Set<String> followUp = new HashSet<>();
    private final Set<String> offerPhrases = new HashSet<>();
    private final Set<String> before = new HashSet<>();
    private final Set<String> pointing = new HashSet<>();
    private final Set<String> starts = new HashSet<>();
    private final Set<String> place = new HashSet<>();
    private final Set<String> wish = new HashSet<>();
    private final Set<String> startPhrases = new HashSet<>();
    private final Set<String> tells = new HashSet<>();
    private final Set<String> terms = new HashSet<>();
    private final Set<String> reason = new HashSet<>();

    Asking() {
        for (String line : Resource.lines("language/asking.txt")) {
            String[] parts = line.split(" ", 2);
            Set<String> words = Set.of(parts[1].split(parts[1].contains("|") ? "\\|" : " "));
            switch (parts[0]) {
                case "offer" -> (parts[1].contains("|") ? offerPhrases : offer).addAll(words);
                case "identity" -> identity.addAll(words);
                case "business" -> businesses.addAll(words);
                case "who" -> who.addAll(words);
                case "follow" -> followUp.addAll(words);
                case "before" -> before.addAll(words);
                case "pointing" -> pointing.addAll(words);
                case "starts" -> (parts[1].contains("|") ? startPhrases : starts).addAll(words);
                case "tells" -> tells.addAll(words);
                case "terms" -> terms.addAll(words);
                case "reason" -> reason.addAll(words);
                case "place" -> place.addAll(words);
                case "wish" -> wish.addAll(words);
                default -> throw new IllegalStateException("no such kind: " + parts[0]);
            }
        }
    }

    /** Whether it asks if something is done, sold or accepted. */
    boolean asksForOffer(String text) {
        String plain = plain(text);
        return anyWord(plain, offer) || offerPhrases.stream().anyMatch(phrase -> plain.contains(" " + phrase + " "));
    }

    /** Whether it begins with what others do, as in "fazem …?", "vcs consertam …?": any verb will do. */
    boolean asksForDeed(String text) {
        for (String word : plain(text).strip().split(" ")) {
            if (!before.contains(word)) {
                return word.length() > 3 && OTHERS_DO.matcher(word).matches() && !who.contains(word);
            }
        }
        return false;
    }

    /** Whether it asks who or which make. */
    boolean asksForIdentity(String text) {
        String plain = plain(text);
        return anyWord(plain, identity)
                || Stream.of(plain.strip().split(" ")).limit(2).anyMatch(who::contains);
    }

    /** Whether a word, read by {@link Words}, tells what is wanted of a topic, whatever the topic is. */
    boolean isManner(Token token) {
        return token.weight() != Token.Weight.CONTENT
                || offer.contains(token.word())
                || identity.contains(token.word())
                || who.contains(token.word());
    }

    /** Whether a word names a kind of business: in its own base it says nothing. */
    boolean isBusiness(String word) {
        return businesses.contains(word);
    }

    /** Whether it begins like the continuation of another question: "e pra gato?". */
    boolean beginsAsFollowUp(String text) {
        String[] words = plain(text).strip().split(" ");
        return words.length > 1 && followUp.contains(words[0]);
    }

    /** Whether it speaks of what was named before: "e nele também?". */
    boolean pointsBack(String text) {
        return anyWord(plain(text), pointing);
    }

    /** Whether it begins or ends as questions do: "qual …", "vocês …", "e tem …", "até que horas …", "fica pronto quando". */
    boolean beginsAsQuestion(String text) {
        String plain = plain(text);
        String[] words = plain.strip().split(" ");
        int first = words.length > 1 && followUp.contains(words[0]) ? 1 : 0;
        if (first + 1 < words.length
                && starts.contains(words[first])
                && DONE.matcher(words[first + 1]).matches()
                && !text.contains("?")) { // "vocês estragaram …"
            return false;
        }
        return starts.contains(words[first])
                || offer.contains(words[first])
                || who.contains(words[first])
                || beginsWithPhrase(plain, words[0])
                || BEGINS_BEFORE_WHICH.matcher(plain).matches()
                || ENDS_WITH_WHICH.matcher(plain).matches();
    }

    private boolean beginsWithPhrase(String plain, String first) {
        String rest = followUp.contains(first) ? plain.substring(first.length() + 1) : plain;
        return startPhrases.stream()
                .anyMatch(phrase -> plain.startsWith(" " + phrase + " ") || rest.startsWith(" " + phrase + " "));
    }

    /** Whether what it begins with is said of others as well as asked: "tem diabetes", "precisa de remédio". */
    boolean mayTell(String text) {
        String plain = plain(text);
        String[] words = plain.strip().split(" ");
        int first = words.length > 1 && followUp.contains(words[0]) ? 1 : 0;
        return tells.contains(words[first]) && !beginsWithPhrase(plain, words[0]);
    }

    /** Whether it begins with what is asked of a thing that was named: "cobram?", "e demora muito?". */
    boolean beginsWithTerms(String text) {
        String[] words = plain(text).strip().split(" ");
        return terms.contains(words[words.length > 1 && followUp.contains(words[0]) ? 1 : 0]);
    }

    /** Whether it gives a reason: "porque ele é idoso". */
    boolean beginsAsReason(String text) {
        return reason.contains(plain(text).strip().split(" ", 2)[0]);
    }

    /** Whether it asks something, with or without a question mark; what is said in greeting does not count. */
    boolean asks(String text) {
        if (text.contains("?") || asksForDeed(text)) {
            return true;
        }
        for (String word : plain(text).strip().split(" ")) {
            if (starts.contains(word) || offer.contains(word) || who.contains(word)) {
                return true;
            }
            if (!before.contains(word)) {
                return false;
            }
        }
        return false;
    }

    /** Whether it asks where: of the business itself, when it names nothing else. */
    boolean asksForPlace(String text) {
        return anyWord(plain(text), place);
    }

    /** Whether its first word says what is wanted: "quero …". */
    boolean beginsAsWish(String text) {
        return wish.contains(plain(text).strip().split(" ", 2)[0]);
    }

    private static String plain(String text) {
        return " " + NOT_LETTERS.matcher(Words.fold(text)).replaceAll(" ").strip() + " ";
    }

    private static boolean anyWord(String plain, Set<String> words) {
        for (String word : plain.strip().split(" ")) {
            if (words.contains(word)) {
                return true;
            }
        }
        return false;
    }
}

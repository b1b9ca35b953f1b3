package io.github.almeidatech.wppflow.assistant;

import io.github.almeidatech.wppflow.knowledge.KnowledgeAnswer;
import io.github.almeidatech.wppflow.knowledge.KnowledgeAnswer.Source;
import io.github.almeidatech.wppflow.knowledge.KnowledgeBase;
import io.github.almeidatech.wppflow.knowledge.Question;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.router.Classification;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the knowledge base says to each question of a turn, in the order of the questions.
 *
 * @param all one for each question, at least one
 */
record Findings(List<Finding> all) {

    /** Of the questions of one turn; who asks more gets a person for the rest. */
    static final int MOST_QUESTIONS = 4;

    /** "Where is my order?" may be answered by how orders are followed, if that is just what a passage is about. */
    private static final double SURE_OF_OWN_CASE = 0.985;

    private static final int PASSAGES = 4;
    private static final int MOST_PASSAGES = 8;
    /** What a reply of several answers may be long; what goes beyond is left to a person. */
    private static final int MOST_CHARACTERS = 2_000;

    Findings {
        all = List.copyOf(all);
    }

    /**
     * One question, and what was found.
     *
     * @param answer null when it was one too many to be looked up
     * @param ownCase whether it asks for something of the customer's own, which documents hardly know
     */
    record Finding(String question, @Nullable KnowledgeAnswer answer, boolean ownCase) {

        boolean answered() {
            return answer != null && answer.answered() && (!ownCase || answer.confidence() >= SURE_OF_OWN_CASE);
        }

        /** @param smallTalk whether nothing is expected to be asked */
        boolean saysTooLittle(boolean smallTalk) {
            return answer != null
                    && switch (answer.clarity()) {
                        case CLEAR -> false;
                        case NO_QUESTION -> smallTalk;
                        case NO_TOPIC, NOTHING -> true;
                    };
        }

        boolean found(String passageId) {
            return answer != null
                    && answer.sources().stream()
                            .anyMatch(source -> source.passageId().equals(passageId));
        }

        Unanswered unanswered() {
            return new Unanswered(question, answer == null ? List.of() : answer.sources(), ownCase);
        }

        @Override
        public String toString() {
            return "Finding[" + question.length() + " chars, " + answered() + "]";
        }
    }

    /**
     * A question without an answer.
     *
     * @param nearest what comes nearest, though not near enough
     * @param ownCase whether no document could answer it, as it asks for something of the customer's own
     */
    record Unanswered(String question, List<Source> nearest, boolean ownCase) {
        Unanswered {
            nearest = List.copyOf(nearest);
        }

        @Override
        public String toString() {
            return "Unanswered[" + question.length() + " chars]";
        }
    }

    /**
     * Looks each question of the turn up, with what was said before it. Where none of several has an answer, what was said is
     * looked up as a whole, which may answer some of them. An answer to our asking for more is read with what was said first.
     */
    static Findings of(Situation now, KnowledgeBase knowledge) {
        List<String> said = now.history().customerLines();
        boolean clarified = now.history().lastWas(Reason.CLARIFICATION) && !said.isEmpty();
        int asked = said.size() - (clarified ? 1 : 0);
        String whole = clarified
                ? said.get(asked) + "\n" + now.heard().text()
                : now.heard().text();
        String before = String.join("\n", said.subList(0, asked));
        List<String> questions = knowledge.questions(tenant(now), whole).stream()
                .filter(question -> !isSmallTalk(now, question))
                .toList();
        if (questions.size() > 1) {
            var findings = new ArrayList<Finding>();
            String context = before;
            for (String question : questions) {
                findings.add(
                        findings.size() < MOST_QUESTIONS
                                ? find(now, knowledge, question, context)
                                : new Finding(question, null, isOwnCase(now, question)));
                context += "\n" + question.replace('\n', ' ');
            }
            var parted = new Findings(findings);
            if (findings.stream().anyMatch(Finding::answered)) {
                return looked(now, parted);
            }
            Finding together = find(now, knowledge, whole, before);
            return looked(now, together.answered() ? parted.answeredTogether(together) : parted);
        }
        return looked(now, new Findings(List.of(find(now, knowledge, whole, before))));
    }

    /** The questions that the one passage could not be meant for stay without an answer, unless it could for none. */
    private Findings answeredTogether(Finding together) {
        String passage =
                Objects.requireNonNull(together.answer()).sources().get(0).passageId();
        List<Finding> others = all.stream().filter(each -> !each.found(passage)).toList();
        if (others.size() == all.size()) {
            return new Findings(List.of(together));
        }
        var findings = new ArrayList<Finding>(List.of(together));
        findings.addAll(others);
        return new Findings(findings);
    }

    private static Finding find(Situation now, KnowledgeBase knowledge, String question, String context) {
        var asked = new Question(question, context, PASSAGES, now.tenant().knowledgeDomain(), now.payer());
        return new Finding(question, knowledge.query(tenant(now), asked), isOwnCase(now, question));
    }

    private static Findings looked(Situation now, Findings findings) {
        now.trail().asked(findings);
        return findings;
    }

    private static TenantId tenant(Situation now) {
        return now.turn().conversation().tenant();
    }

    private static boolean isSmallTalk(Situation now, String question) {
        Classification heard = now.byItself(question);
        return heard.greetingOnly() || heard.thanksOnly();
    }

    private static boolean isOwnCase(Situation now, String question) {
        return now.byItself(question).ownCase();
    }

    /** Whether a question, in the customer's words, is about something of their own. */
    boolean isOwnCase(String question) {
        return all.stream().anyMatch(each -> each.ownCase() && each.question().equals(question));
    }

    /** The passages that were found, each once: the best of each question first. */
    List<Source> passages() {
        Map<String, Source> passages = new LinkedHashMap<>();
        for (int rank = 0; rank < PASSAGES; rank++) {
            for (Finding each : all) {
                if (each.answer() != null && rank < each.answer().sources().size()) {
                    Source source = each.answer().sources().get(rank);
                    passages.putIfAbsent(source.passageId(), source);
                }
            }
        }
        return passages.values().stream().limit(MOST_PASSAGES).toList();
    }

    /**
     * The answers that can be quoted one after the other, each once.
     *
     * @param texts what is said
     * @param sources the passages they are from, each once
     * @param missing the questions that are left
     */
    record Quotation(List<String> texts, List<Source> sources, List<Unanswered> missing) {}

    /** What can be said without a model; no text when nothing can. */
    Quotation quotation() {
        var texts = new ArrayList<String>();
        var sources = new LinkedHashMap<String, Source>();
        var missing = new ArrayList<Unanswered>();
        int length = 0;
        for (Finding each : all) {
            KnowledgeAnswer answer = each.answer();
            if (answer == null || !each.answered()) {
                missing.add(each.unanswered());
                continue;
            }
            Source source = answer.sources().get(0);
            if (texts.contains(answer.text())) {
                continue;
            }
            if (!texts.isEmpty() && length + answer.text().length() > MOST_CHARACTERS) {
                missing.add(each.unanswered());
                continue;
            }
            length += answer.text().length();
            texts.add(answer.text());
            sources.putIfAbsent(source.passageId(), source);
        }
        return new Quotation(texts, List.copyOf(sources.values()), missing);
    }
}

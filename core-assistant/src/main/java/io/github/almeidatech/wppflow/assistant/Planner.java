package io.github.almeidatech.wppflow.assistant;

import io.github.almeidatech.wppflow.contacts.Admission;
import io.github.almeidatech.wppflow.knowledge.Grounding;
import io.github.almeidatech.wppflow.knowledge.KnowledgeAnswer;
import io.github.almeidatech.wppflow.knowledge.KnowledgeBase;
import io.github.almeidatech.wppflow.model.FlowException;
import io.github.almeidatech.wppflow.router.Classification;
import io.github.almeidatech.wppflow.router.Mode;
import io.github.almeidatech.wppflow.router.Utterance;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decides what is done with a turn. The first rule that holds decides; the order of the rules is the behaviour. */
final class Planner {

    private static final Logger log = LoggerFactory.getLogger(Planner.class);
    /** Somebody who has said the same thing this often is not helped by hearing the same answer again. */
    private static final int REPETITIONS = 2;
    /** A text of so many characters tells its language. */
    private static final int TELLS_ITS_LANGUAGE = 60;

    private final KnowledgeBase knowledge;
    private final AnswerWriter writer;

    Planner(KnowledgeBase knowledge, AnswerWriter writer) {
        this.knowledge = knowledge;
        this.writer = writer;
    }

    /** What is decided before anybody looks for an answer, whoever would give it. */
    Optional<Plan> beforeAnswering(Situation now, Classification heardAs, Admission admission) {
        return brake(now, admission).or(() -> behaviour(now, heardAs));
    }

    /** Our own answer, said by whom the mode of its intent lets speak. */
    Plan answer(Situation now, Classification heardAs) {
        Mode mode = now.tenant().router().modeOf(heardAs.intent());
        Plan plan = unreadable(now)
                .or(() -> smallTalk(now, heardAs))
                .orElseGet(() -> mode == Mode.OFF ? byPerson(now) : fromKnowledge(now, heardAs, mode));
        if (!(plan instanceof Plan.Reply reply)) {
            return plan;
        }
        return switch (mode) {
            case AUTO -> reply;
            case DRAFT -> drafted(now, reply);
            case OFF -> byPerson(now);
        };
    }

    /** What only asks the customer for more is no draft of an answer: the person may as well look at what was said. */
    private static Plan drafted(Situation now, Plan.Reply reply) {
        return switch (reply.reason()) {
            case ASKED_TO_WRITE -> new Plan.Handoff(Reason.UNREADABLE_MEDIA, now.calling("handoff"));
            case CLARIFICATION -> new Plan.Handoff(Reason.NOT_UNDERSTOOD, now.calling("handoff"));
            default -> new Plan.Draft(Reason.DRAFT, reply.text(), reply.sources(), List.of());
        };
    }

    private static Plan byPerson(Situation now) {
        return new Plan.Handoff(Reason.INTENT_OFF, now.calling("handoff"));
    }

    /** Cases in which no answer of ours is wanted, whatever was said. */
    private Optional<Plan> brake(Situation now, Admission admission) {
        if (admission != Admission.ADMITTED) {
            return Optional.of(new Plan.Silence(
                    admission == Admission.DENIED ? Reason.CONTACT_DENIED : Reason.CONTACT_NOT_ALLOWED));
        }
        boolean wantsAgain = OptIn.in(now.heard().text());
        if (now.contact() != null && now.contact().optedOut() && (wantsAgain || !now.saysNoMore())) {
            return Optional.of(
                    wantsAgain
                            ? Plan.Reply.of(Reason.OPTED_IN, now.say("opted_in"))
                            : new Plan.Handoff(Reason.CONTACT_OPTED_OUT, null));
        }
        if (now.newest().sentAt().isBefore(now.now().minus(now.tenant().staleAfter()))) {
            return Optional.of(new Plan.Handoff(Reason.STALE, null));
        }
        String text = now.heard().text();
        if (now.history().isOurOwn(text)) {
            return Optional.of(new Plan.Silence(Reason.OWN_ECHO));
        }
        if (now.history().repliesWithin(Duration.ofMinutes(1), now.now())
                        >= now.tenant().maxRepliesPerMinute()
                || now.history().repliesWithin(Duration.ofHours(1), now.now())
                        >= now.tenant().maxRepliesPerHour()) {
            return Optional.of(new Plan.Handoff(Reason.TOO_MANY_REPLIES, null));
        }
        return !text.isBlank() && now.history().saidBefore(text, REPETITIONS)
                ? Optional.of(new Plan.Handoff(Reason.REPEATED, now.calling("handoff")))
                : Optional.empty();
    }

    private static Optional<Plan> unreadable(Situation now) {
        if (!now.heard().nothingReadable()) {
            return Optional.empty();
        }
        return Optional.of(
                now.history().lastWas(Reason.ASKED_TO_WRITE)
                        ? new Plan.Handoff(Reason.UNREADABLE_MEDIA, now.calling("handoff"))
                        : Plan.Reply.of(Reason.ASKED_TO_WRITE, now.say("ask_to_write")));
    }

    private static Optional<Plan> behaviour(Situation now, Classification heardAs) {
        Plan plan = null;
        if (heardAs.optOut()) {
            plan = Plan.Reply.of(Reason.OPTED_OUT, now.say("opted_out"));
        } else if (heardAs.urgent()) {
            plan = new Plan.Handoff(Reason.URGENT, now.calling("handoff_urgent"));
        } else if (heardAs.wantsPerson()) {
            plan = new Plan.Handoff(Reason.CUSTOMER_ASKED, now.calling("handoff"));
        } else if (heardAs.complaint()) {
            plan = new Plan.Handoff(Reason.COMPLAINT, now.calling("handoff_complaint"));
        } else if (!now.onDuty()) {
            plan = new Plan.Handoff(Reason.OFF_HOURS, now.calling("handoff"));
        }
        return Optional.ofNullable(plan);
    }

    private static Optional<Plan> smallTalk(Situation now, Classification heardAs) {
        Plan plan = null;
        if (heardAs.greetingOnly()) {
            plan = Plan.Reply.of(Reason.GREETING, now.say("greeting"));
        } else if (heardAs.asksIfBot()) {
            plan = Plan.Reply.of(Reason.IDENTITY, now.say("identity"));
        } else if (heardAs.thanksOnly()) {
            plan = new Plan.Silence(Reason.THANKS_ONLY);
        }
        return Optional.ofNullable(plan);
    }

    private Plan fromKnowledge(Situation now, Classification heardAs, Mode mode) {
        var found = Findings.of(now, knowledge);
        Answer answer = answer(now, found).orElse(null);
        if (answer == null) {
            return heardAs.wantsAction()
                    ? new Plan.Handoff(Reason.ACTION_WANTED, now.calling("handoff_action"))
                    : dontKnow(now, heardAs, found);
        }
        List<Findings.Unanswered> missing = answer.missing().stream()
                .filter(each -> !heardAs.wantsAction() || !wantsAction(now, each.question()))
                .toList();
        Reason calls = calls(heardAs, found, missing);
        if (calls == null) {
            return new Plan.Reply(answer.reason(), answer.text(), answer.sources());
        }
        if (mode == Mode.DRAFT) {
            return new Plan.Draft(Reason.DRAFT, answer.text(), answer.sources(), missing);
        }
        String calling = switch (calls) {
            case ACTION_WANTED -> "handoff_action";
            case OWN_CASE -> "handoff";
            default -> "handoff_no_answer_rest";
        };
        return new Plan.Handoff(calls, answer.text() + "\n\n" + now.calling(calling), answer.sources(), missing);
    }

    /** Why people are called although something was answered; null when they are not. */
    private static @Nullable Reason calls(Classification heardAs, Findings found, List<Findings.Unanswered> missing) {
        if (heardAs.wantsAction()) {
            return Reason.ACTION_WANTED;
        }
        if (!missing.isEmpty()) {
            return Reason.NO_ANSWER;
        }
        return found.all().stream().anyMatch(Findings.Finding::ownCase) ? Reason.OWN_CASE : null;
    }

    /** What people are to do is no gap of the knowledge base. */
    private static boolean wantsAction(Situation now, String question) {
        return now.byItself(question).wantsAction();
    }

    /** @param missing what of the turn it does not answer */
    private record Answer(
            Reason reason, String text, List<KnowledgeAnswer.Source> sources, List<Findings.Unanswered> missing) {}

    /** What the model writes, as far as it can be trusted, else the passages; nothing when it says that they do not answer. */
    private Optional<Answer> answer(Situation now, Findings found) {
        List<KnowledgeAnswer.Source> passages = found.passages();
        AnswerWriter.Written written = written(now, passages).orElse(null);
        if (AnswerWriter.Written.NO_ANSWER.equals(written)) {
            now.trail().modelNotUsed("no_answer");
            return Optional.empty();
        }
        return Optional.ofNullable(written)
                .flatMap(each -> trusted(now, each, passages, found))
                .or(() -> quoted(now, found));
    }

    private Optional<AnswerWriter.Written> written(Situation now, List<KnowledgeAnswer.Source> passages) {
        if (passages.isEmpty()) {
            return Optional.empty();
        }
        var request = new AnswerWriter.Request(
                now.payer(),
                now.heard().text(),
                now.history().lines(),
                passages,
                now.language(),
                now.tenant().style().spokenBy(now.persona()));
        try {
            return writer.write(request);
        } catch (FlowException e) {
            now.trail().modelNotUsed(e.code().word());
            log.warn("no model for this turn, quoting instead: {}", e.getMessage());
            return Optional.empty();
        }
    }

    private static Optional<Answer> trusted(
            Situation now, AnswerWriter.Written written, List<KnowledgeAnswer.Source> passages, Findings found) {
        List<KnowledgeAnswer.Source> cited = passages.stream()
                .filter(source -> written.passageIds().contains(source.passageId()))
                .toList();
        var evidence = cited.stream()
                .map(source -> source.title() + "\n" + source.text())
                .toList();
        List<String> problems = Grounding.of(written.text(), evidence).unsupported();
        if (cited.isEmpty()
                || !problems.isEmpty()
                || written.text().length() > now.tenant().style().maxCharacters()) {
            now.trail().modelNotUsed("not_grounded");
            log.warn("an answer of the model was not grounded in {} of its facts, quoting instead", problems.size());
            return Optional.empty();
        }
        if (isInOtherLanguage(now, written.text())) {
            now.trail().modelNotUsed("other_language");
            log.warn("an answer of the model was not in the customer's language, quoting instead");
            return Optional.empty();
        }
        return Optional.of(
                new Answer(Reason.WRITTEN, namingSources(now, written.text(), cited), cited, missing(written, found)));
    }

    /** In a few words a language is hardly told. */
    private static boolean isInOtherLanguage(Situation now, String text) {
        return text.length() >= TELLS_ITS_LANGUAGE
                && now.tenant().router().classifyOffline(Utterance.of(text)).language() != now.language();
    }

    /** What the model says it has not answered, and what it was not given passages for. */
    private static List<Findings.Unanswered> missing(AnswerWriter.Written written, Findings found) {
        Stream<Findings.Unanswered> left = written.unanswered().stream()
                .map(question -> new Findings.Unanswered(question, List.of(), found.isOwnCase(question)));
        Stream<Findings.Unanswered> tooMany = found.all().stream()
                .filter(each -> each.answer() == null && !written.unanswered().contains(each.question()))
                .map(Findings.Finding::unanswered);
        return Stream.concat(left, tooMany).toList();
    }

    private static Optional<Answer> quoted(Situation now, Findings found) {
        Findings.Quotation quotation = found.quotation();
        if (quotation.texts().isEmpty()) {
            return Optional.empty();
        }
        String text = namingSources(now, String.join("\n\n", quotation.texts()), quotation.sources());
        return Optional.of(new Answer(Reason.KNOWLEDGE, text, quotation.sources(), quotation.missing()));
    }

    private static String namingSources(Situation now, String text, List<KnowledgeAnswer.Source> sources) {
        if (!now.tenant().showSources()) {
            return text;
        }
        String titles =
                sources.stream().map(KnowledgeAnswer.Source::title).distinct().collect(Collectors.joining(" · "));
        return text + "\n\n_" + now.say("source") + " " + titles + "_";
    }

    /** What says too little is asked about once; everything else the knowledge base lacks goes to a person. */
    private static Plan dontKnow(Situation now, Classification heardAs, Findings found) {
        List<Findings.Unanswered> missing =
                found.all().stream().map(Findings.Finding::unanswered).toList();
        if (found.all().stream().allMatch(Findings.Finding::ownCase)) {
            return new Plan.Handoff(Reason.OWN_CASE, now.calling("handoff"));
        }
        boolean smallTalk = heardAs.intent().equals("general");
        if (!found.all().stream().allMatch(each -> each.saysTooLittle(smallTalk))) {
            return new Plan.Handoff(Reason.NO_ANSWER, now.calling("handoff_no_answer"), List.of(), missing);
        }
        return now.history().lastWas(Reason.CLARIFICATION)
                ? new Plan.Handoff(Reason.NOT_UNDERSTOOD, now.calling("handoff"))
                : Plan.Reply.of(Reason.CLARIFICATION, now.say("clarification"));
    }
}

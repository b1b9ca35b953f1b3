package io.github.almeidatech.wppflow.router;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SignalsTest {

    private static final Map<Character, Signal> LETTERS = Map.of(
            'S', Signal.OWN_CASE,
            'B', Signal.ASKS_IF_BOT,
            'P', Signal.WANTS_PERSON,
            'O', Signal.OPT_OUT,
            'U', Signal.URGENT,
            'C', Signal.COMPLAINT,
            'G', Signal.GREETING_ONLY,
            'T', Signal.THANKS_ONLY,
            'M', Signal.WANTS_ACTION);

    private record Labelled(Set<Signal> wanted, String text) {}

    private final Router router = Router.builder().build();

    private static List<Labelled> messages(String resource) {
        var messages = new ArrayList<Labelled>();
        for (String line : Resource.lines(resource)) {
            if (!line.startsWith("#")) {
                var wanted = EnumSet.noneOf(Signal.class);
                LETTERS.forEach((letter, signal) -> {
                    if (line.substring(0, line.indexOf('|')).indexOf(letter) >= 0) {
                        wanted.add(signal);
                    }
                });
                messages.add(new Labelled(wanted, line.substring(line.indexOf('|') + 2)));
            }
        }
        return messages;
    }

    /** What was found of a signal in messages. */
    private record Found(int right, List<String> imagined, List<String> overlooked) {

        double precision() {
            return (double) right / (right + imagined.size());
        }

        double recall() {
            return (double) right / (right + overlooked.size());
        }
    }

    private Found find(Signal signal, String resource) {
        int right = 0;
        var imagined = new ArrayList<String>();
        var overlooked = new ArrayList<String>();
        for (Labelled message : messages(resource)) {
            boolean want = message.wanted().contains(signal);
            boolean got =
                    router.classify(Utterance.of(message.text())).signals().contains(signal);
            // a person in distress may well complain
            boolean either = signal == Signal.COMPLAINT && message.wanted().contains(Signal.URGENT);
            if (got && want) {
                right++;
            } else if (got && !either) {
                imagined.add(message.text());
            } else if (want) {
                overlooked.add(message.text());
            }
        }
        return new Found(right, imagined, overlooked);
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"OWN_CASE", "WANTS_ACTION", "ASKS_IF_BOT"})
    void signals_are_found_and_not_imagined(Signal signal) {
        Found found = find(signal, "signals-labelled.txt");

        assertThat(found.precision()).as("%s", found).isGreaterThanOrEqualTo(0.93);
        assertThat(found.recall()).as("%s", found).isGreaterThanOrEqualTo(0.90);
    }

    /** Messages that nothing was made better by. */
    @ParameterizedTest
    @CsvSource({
        "OPT_OUT, 0.90, 0.85",
        "WANTS_PERSON, 0.95, 0.75",
        "URGENT, 0.90, 0.85",
        "COMPLAINT, 0.80, 0.85",
        "GREETING_ONLY, 0.95, 0.95",
        "THANKS_ONLY, 0.90, 0.95"
    })
    void signals_are_found_in_unseen_messages(Signal signal, double precision, double recall) {
        Found found = find(signal, "signals-unseen.txt");

        assertThat(found.precision()).as("%s", found).isGreaterThanOrEqualTo(precision);
        assertThat(found.recall()).as("%s", found).isGreaterThanOrEqualTo(recall);
    }

    @ParameterizedTest
    @CsvSource({
        "'não, obrigado', true",
        "'nao obrigada!', true",
        "'no, thanks', true",
        "'no gracias', true",
        "'não, obrigado, quanto custa?', false",
        "não entendi, false",
        "não tá certo, false"
    })
    void who_declines_with_thanks_wants_nothing_more(String text, boolean thanks) {
        assertThat(router.classify(Utterance.of(text)).signals().contains(Signal.THANKS_ONLY))
                .isEqualTo(thanks);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nada disso, quanto fica aí?", "tem bolo sem glúten aí?", "chega aí em quanto tempo?"})
    void a_place_is_no_machine_that_somebody_wants_to_be_rid_of(String text) {
        assertThat(router.classify(Utterance.of(text)).signals()).doesNotContain(Signal.WANTS_PERSON);
    }

    /** Messages of trades that the corpus does not know. */
    @ParameterizedTest
    @CsvSource({
        "OPT_OUT, 0.95, 0.95",
        "WANTS_PERSON, 0.95, 0.95",
        "URGENT, 0.95, 0.95",
        "COMPLAINT, 0.70, 0.65",
        "GREETING_ONLY, 0.95, 0.95",
        "THANKS_ONLY, 0.75, 0.95"
    })
    void signals_are_found_in_messages_of_unfamiliar_trades(Signal signal, double precision, double recall) {
        Found found = find(signal, "signals-fresh.txt");

        assertThat(found.precision()).as("%s", found).isGreaterThanOrEqualTo(precision);
        assertThat(found.recall()).as("%s", found).isGreaterThanOrEqualTo(recall);
    }

    /** Messages by another author, measured once; their mistakes were not looked at. */
    @ParameterizedTest
    @CsvSource({
        "OPT_OUT, 0.95, 0.90",
        "WANTS_PERSON, 0.95, 0.90",
        "URGENT, 0.95, 0.90",
        "COMPLAINT, 0.90, 0.90",
        "GREETING_ONLY, 0.95, 0.90",
        "THANKS_ONLY, 0.85, 0.95",
        "WANTS_ACTION, 0.95, 0.95"
    })
    void signals_are_found_in_messages_of_another_author(Signal signal, double precision, double recall) {
        Found found = find(signal, "signals-latest.txt");

        assertThat(found.precision()).as("%s", found).isGreaterThanOrEqualTo(precision);
        assertThat(found.recall()).as("%s", found).isGreaterThanOrEqualTo(recall);
    }

    /** Messages by yet another author, measured once; their mistakes were not looked at. */
    @ParameterizedTest
    @CsvSource({
        "OPT_OUT, 0.95, 0.90",
        "WANTS_PERSON, 0.95, 0.95",
        "URGENT, 0.95, 0.80",
        "COMPLAINT, 0.95, 0.90",
        "GREETING_ONLY, 0.95, 0.95",
        "THANKS_ONLY, 0.95, 0.85",
        "WANTS_ACTION, 0.95, 0.60"
    })
    void signals_are_found_in_messages_of_many_trades(Signal signal, double precision, double recall) {
        Found found = find(signal, "signals-many-trades.txt");

        assertThat(found.precision()).as("%s", found).isGreaterThanOrEqualTo(precision);
        assertThat(found.recall()).as("%s", found).isGreaterThanOrEqualTo(recall);
    }

    @ParameterizedTest
    @CsvSource({"OWN_CASE, 0.90, 0.65", "ASKS_IF_BOT, 0.95, 0.95"})
    void who_asks_for_something_of_their_own_or_for_the_robot_is_told_from_who_merely_sounds_so(
            Signal signal, double precision, double recall) {
        Found found = find(signal, "signals-own-case.txt");

        assertThat(found.precision()).as("%s", found).isGreaterThanOrEqualTo(precision);
        assertThat(found.recall()).as("%s", found).isGreaterThanOrEqualTo(recall);
    }

    /** Half of each are messages that merely sound alike; the last two were kept apart. */
    @ParameterizedTest
    @CsvSource({
        "WANTS_ACTION, wants-action, 0.90",
        "WANTS_ACTION, action-seen, 0.70",
        "URGENT, urgent-seen, 0.70",
        "WANTS_ACTION, action-kept, 0.60",
        "URGENT, urgent-kept, 0.55"
    })
    void emergencies_and_what_is_to_be_done_are_told_from_questions_about_them(
            Signal signal, String set, double recall) {
        Found found = find(signal, "signals-" + set + ".txt");

        assertThat(found.precision()).as("%s", found).isGreaterThanOrEqualTo(0.95);
        assertThat(found.recall()).as("%s", found).isGreaterThanOrEqualTo(recall);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "vou querer um orçamento",
                "vou querer uma ideia de valor",
                "quero uma média de preço",
                "quero fazer um pedido de orçamento",
                "pode cancelar por whatsapp?",
                "pode desmarcar pra quem é do plano?"
            })
    void who_wants_to_be_told_something_wants_nothing_done(String text) {
        assertThat(router.classify(Utterance.of(text)).signals()).doesNotContain(Signal.WANTS_ACTION);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "vou querer uma média de calabresa",
                "quero uma média",
                "vou querer uma pizza grande, qual o valor total?",
                "pode cancelar por favor",
                "pode cancelar por gentileza o meu",
                "pode desmarcar pra mim?"
            })
    void who_orders_or_cancels_politely_wants_it_done(String text) {
        assertThat(router.classify(Utterance.of(text)).signals()).contains(Signal.WANTS_ACTION);
    }

    @Test
    void a_complaint_names_the_words_that_told_it() {
        assertThat(router.classify(Utterance.of("que atendimento horrível")).evidence())
                .anySatisfy(reason -> assertThat(reason).startsWith("complaint: "));
    }

    @Test
    void who_thanks_for_what_has_arrived_asks_for_nothing() {
        assertThat(router.classify(Utterance.of("meu pedido chegou, obrigada!")).signals())
                .doesNotContain(Signal.OWN_CASE);
    }

    @Test
    void what_merely_sounds_like_an_emergency_is_none() {
        assertThat(router.flushesAtOnce("vocês fazem plantão de emergência?")).isFalse();
        assertThat(router.flushesAtOnce("socorro, meu cachorro não está respirando"))
                .isTrue();
    }

    @Test
    void a_signal_that_no_phrase_tells_names_the_words_that_told_it() {
        Classification heard = router.classify(Utterance.of("tira meu telefone da base de vcs"));

        assertThat(heard.optOut()).isTrue();
        assertThat(heard.evidence()).anySatisfy(reason -> assertThat(reason).startsWith("opt_out: "));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "parem com essas mensagens automáticas",
                "chega de propaganda automática",
                "para de me mandar promoção automática",
                "basta de mensajes automaticos"
            })
    void being_tired_of_automatic_messages_is_an_opt_out_and_no_wish_for_a_person(String text) {
        assertThat(router.classify(Utterance.of(text)).optOut()).isTrue();
    }

    @Test
    void a_wish_for_a_person_is_no_opt_out() {
        Classification heard =
                router.classify(Utterance.of("para de me mandar mensagem automática e me passa pra um atendente"));

        assertThat(heard.wantsPerson()).isTrue();
        assertThat(heard.optOut()).isFalse();
    }

    @Test
    void a_comma_ends_the_reach_of_a_negation() {
        assertThat(router.flushesAtOnce("não sei, é urgente")).isTrue();
        assertThat(router.flushesAtOnce("não é nada urgente")).isFalse();
    }

    @Test
    void the_mood_follows_what_is_said() {
        assertThat(mood("que atendimento horrível")).isEqualTo(Sentiment.NEGATIVE);
        assertThat(mood("obrigada, vocês são ótimos")).isEqualTo(Sentiment.POSITIVE);
        assertThat(mood("qual o endereço?")).isEqualTo(Sentiment.NEUTRAL);
        assertThat(mood("cadê vocês 😡")).isEqualTo(Sentiment.NEGATIVE);
    }

    private Sentiment mood(String text) {
        return router.classify(Utterance.of(text)).sentiment();
    }

    @Test
    void words_have_stable_names() {
        assertThat(Sentiment.NEGATIVE.word()).isEqualTo("negative");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cansei dessas msg automaticas, me tira da lista",
                "não aguento mais esse robô, me tirem dessa lista",
                "odeio propaganda de robô, quero sair da lista",
                "tired of this bot, take me off the list"
            })
    void who_is_tired_of_robots_and_wants_off_the_list_opts_out(String text) {
        assertThat(router.classify(Utterance.of(text)).signals())
                .contains(Signal.OPT_OUT)
                .doesNotContain(Signal.WANTS_PERSON);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cansei desse robô, quero falar com um atendente",
                "para de mandar mensagem automática e me passa pra uma pessoa",
                "cansei de falar com máquina"
            })
    void who_is_tired_of_robots_and_asks_for_somebody_wants_a_person(String text) {
        assertThat(router.classify(Utterance.of(text)).signals()).contains(Signal.WANTS_PERSON);
    }
}

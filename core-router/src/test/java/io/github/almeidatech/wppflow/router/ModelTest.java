package io.github.almeidatech.wppflow.router;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.zip.InflaterInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The shipped models, and how good they are. After a change of the corpus or the features run {@link TrainModel}, see the
 * module's README.
 */
class ModelTest {

    private final Corpus corpus = Corpus.load();

    @Test
    void the_shipped_models_are_what_the_corpus_teaches() throws IOException {
        assertThat(inflated(Resource.open(TrainModel.INTENTS)))
                .as("intents.model is stale: run TrainModel")
                .isEqualTo(inflated(TrainModel.bytes(TrainModel.intents(corpus.patterns()))));
        assertThat(inflated(Resource.open(TrainModel.LANGUAGES)))
                .as("languages.model is stale: run TrainModel")
                .isEqualTo(inflated(TrainModel.bytes(TrainModel.languages())));
    }

    private static byte[] inflated(byte[] bytes) throws IOException {
        return inflated(new ByteArrayInputStream(bytes));
    }

    private static byte[] inflated(InputStream in) throws IOException {
        try (var inflater = new InflaterInputStream(in)) {
            return inflater.readAllBytes();
        }
    }

    /** Messages nobody looked at while the corpus was written: six sets, by six authors. */
    @ParameterizedTest
    @CsvSource({
        "validation.jsonl, 0.90",
        "unseen.jsonl, 0.92",
        "independent.jsonl, 0.92",
        "fresh.jsonl, 0.93",
        "latest.jsonl, 0.94",
        "many-trades.jsonl, 0.90"
    })
    void unseen_messages_are_understood_and_the_confidence_is_honest(String resource, double wanted) {
        Router router = Router.builder().build();
        var score = new Score();

        for (Labelled message : Labelled.read(resource)) {
            Classification heard = router.classify(Utterance.of(message.text()));
            score.add(heard.confidence(), heard.intent().equals(message.intent()));
        }

        assertThat(score.accuracy()).isGreaterThanOrEqualTo(wanted);
        assertThat(score.calibrationError()).isLessThanOrEqualTo(0.06);
    }

    @Test
    void a_line_of_the_signals_teaches_neither_an_intent_nor_what_it_does_not_tell() {
        var line = new Corpus.Pattern(Corpus.SIGNALS, "pt", "signals.pt/emergency", Set.of(Signal.URGENT), "socorro");
        Features features = Features.of(new Tokenizer(Lexicon.load()).tokens("socorro"));

        double[] scores = TrainModel.intents(List.of(line)).scores(features);

        int flags = Intent.STANDARD.size();
        assertThat(Arrays.copyOf(scores, flags)).containsOnly(0);
        assertThat(scores[flags + Curriculum.FLAGS.indexOf(Signal.COMPLAINT)]).isZero();
        assertThat(scores[flags + Curriculum.FLAGS.indexOf(Signal.URGENT)]).isPositive();
        assertThat(scores[flags + Curriculum.FLAGS.indexOf(Signal.WANTS_ACTION)])
                .isNegative();
    }

    /** Each third of the corpus, understood by what the rest teaches. */
    @Test
    void lines_the_model_has_not_learnt_are_understood_too() {
        var random = new Random(7);
        var folds = new ArrayList<List<Corpus.Pattern>>();
        for (int i = 0; i < 3; i++) {
            folds.add(new ArrayList<>());
        }
        corpus.patterns().stream()
                .filter(pattern -> !pattern.intent().equals(Corpus.SIGNALS))
                .forEach(pattern -> folds.get(random.nextInt(folds.size())).add(pattern));
        var tokenizer = new Tokenizer(Lexicon.load());
        var smallTalk = SmallTalk.load();
        var score = new Score();

        for (List<Corpus.Pattern> fold : folds) {
            var rest = new ArrayList<>(corpus.patterns());
            rest.removeAll(fold);
            LinearModel model = TrainModel.intents(rest);
            for (Corpus.Pattern pattern : fold) {
                List<Token> tokens = tokenizer.tokens(corpus.draw(pattern.text(), random));
                double[] chances =
                        Classifier.probabilities(Classifier.scores(model, smallTalk, tokens, Features.of(tokens)));
                int best = 0;
                for (int i = 1; i < chances.length; i++) {
                    best = chances[i] > chances[best] ? i : best;
                }
                score.add(chances[best], Intent.STANDARD.get(best).name().equals(pattern.intent()));
            }
        }

        assertThat(score.accuracy()).isGreaterThanOrEqualTo(0.83);
        assertThat(score.calibrationError()).isLessThanOrEqualTo(0.05);
    }
}

package io.github.almeidatech.wppflow.router;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Makes the shipped models from the corpus; to be run after every change of it or of the features. */
final class TrainModel {

    static final String INTENTS = "intents.model";
    static final String LANGUAGES = "languages.model";

    private TrainModel() {}

    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args[0]);
        Files.write(folder.resolve(INTENTS), bytes(intents(Corpus.load().patterns())));
        Files.write(folder.resolve(LANGUAGES), bytes(languages()));
    }

    static LinearModel intents(List<Corpus.Pattern> patterns) {
        return Classifier.train(curriculum().examples(patterns, 1));
    }

    static LinearModel languages() {
        return LanguageGuess.train(curriculum().languages(Corpus.load().patterns(), 1));
    }

    private static Curriculum curriculum() {
        return new Curriculum(Corpus.load(), new Tokenizer(Lexicon.load()));
    }

    static byte[] bytes(LinearModel model) throws IOException {
        var out = new ByteArrayOutputStream();
        model.write(out);
        return out.toByteArray();
    }
}

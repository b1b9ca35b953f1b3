package io.github.almeidatech.wppflow.knowledge;

/** How texts and questions are understood: the same for all tenants and knowledge bases of a process. Thread-safe. */
record Reading(
        PassageMaker passages, QuestionReader questions, Meanings meanings, Confidence confidence, AnswerText answers) {

    /** Read when first needed, which takes a tenth of a server's start. */
    static final Reading SHARED = load();

    private static Reading load() {
        var words = new Words();
        var lexicon = new Lexicon(words);
        var reader = new PassageReader(words, lexicon);
        var meanings = Meanings.load();
        return new Reading(
                new PassageMaker(reader, meanings),
                new QuestionReader(words, lexicon),
                meanings,
                Confidence.load(),
                new AnswerText(reader));
    }
}

package io.github.almeidatech.wppflow.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.almeidatech.wppflow.knowledge.KnowledgeAnswer;
import io.github.almeidatech.wppflow.knowledge.KnowledgeBase;
import io.github.almeidatech.wppflow.knowledge.Question;
import io.github.almeidatech.wppflow.router.Classification;
import io.github.almeidatech.wppflow.router.Intent;
import io.github.almeidatech.wppflow.router.Router;
import io.github.almeidatech.wppflow.router.Utterance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Measures understanding and answering on an owner's own messages and questions. */
@Command(
        name = "eval",
        mixinStandardHelpOptions = true,
        subcommands = {EvalCommand.Intents.class, EvalCommand.Faq.class},
        description = "Measures on your own messages how well intents are told and questions answered.")
final class EvalCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "eval intents or eval faq wanted");
    }

    /** Intents. */
    @Command(
            name = "intents",
            mixinStandardHelpOptions = true,
            description = {
                "Scores the classifier, or predictions as classify writes them.",
                "Gold: JSON Lines of {\"id\",\"text\",\"intent\",\"also\"?,\"lang\"?,\"history\"?}; history holds the customer's",
                "earlier messages, oldest first. Exit code 1 when a minimum is missed."
            })
    static final class Intents implements Callable<Integer> {

        @Mixin
        private final IntentsOf intents = new IntentsOf();

        @Option(names = "--gold", required = true, paramLabel = "FILE", description = "messages with their intents")
        private Path gold;

        @Option(names = "--predictions", paramLabel = "FILE", description = "score these instead of classifying now")
        private @Nullable Path predictions;

        @Option(names = "--errors", defaultValue = "10", description = "mistakes shown (${DEFAULT-VALUE})")
        private int errors;

        @Option(names = "--json", description = "figures as one line of JSON")
        private boolean json;

        @Option(names = "--min-accuracy", defaultValue = "0", description = "fail below it")
        private double minAccuracy;

        @Option(names = "--max-ece", defaultValue = "1", description = "fail above it")
        private double maxEce;

        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() throws IOException {
            shares(spec, Map.of("--min-accuracy", minAccuracy, "--max-ece", maxEce));
            Map<String, ObjectNode> given = predictions == null ? Map.of() : byId(predictions);
            Router router = intents.router();
            List<String> known = router.intents().stream().map(Intent::name).toList();
            var rows = new ArrayList<IntentScore.Row>();
            for (ObjectNode line : gold(gold, "text", "intent")) {
                String id = line.path("id").asText();
                String text = JsonLines.text(line, "text");
                String wanted = JsonLines.text(line, "intent");
                if (predictions == null && !known.contains(wanted)) {
                    throw new IOException(gold.getFileName() + ", id " + id + ": no intent " + wanted + ", but " + known
                            + "; --config knows your own");
                }
                String found;
                double confidence;
                if (predictions == null) {
                    Classification heard = router.classify(new Utterance(text, ClassifyCommand.history(line)));
                    found = heard.intent();
                    confidence = heard.confidence();
                } else {
                    JsonNode prediction = given.getOrDefault(id, JsonLines.MAPPER.createObjectNode());
                    found = prediction.path("intent").asText();
                    confidence = prediction.path("confidence").asDouble(0);
                }
                rows.add(
                        new IntentScore.Row(id, text, lang(line), wanted, texts(line.path("also")), found, confidence));
            }
            var score = new IntentScore(rows);
            System.out.println(json ? score.toJson().toString() : score.toText(errors));
            return reached(spec, "accuracy", score.accuracy(), minAccuracy)
                            & kept(spec, "ECE", score.calibrationError(), maxEce)
                    ? 0
                    : 1;
        }
    }

    /** Questions. */
    @Command(
            name = "faq",
            mixinStandardHelpOptions = true,
            description = {
                "Scores answers from a file or folder of documents, or predictions as kb-query writes them.",
                "Gold: JSON Lines of {\"id\",\"query\",\"relevant\":[document ids],\"lang\"?,\"tags\"?,\"history\"?}; no ids: there is",
                "no answer; history holds what the customer asked before, oldest first.",
                "Exit code 1 when a minimum is missed."
            })
    static final class Faq implements Callable<Integer> {

        @Option(
                names = "--kb",
                paramLabel = "PATH",
                description = "documents, as kb-query takes them; wanted unless predictions are given")
        private @Nullable Path kb;

        @Option(names = "--gold", required = true, paramLabel = "FILE", description = "questions with their documents")
        private Path gold;

        @Option(names = "--predictions", paramLabel = "FILE", description = "score these instead of asking now")
        private @Nullable Path predictions;

        @Option(names = "--errors", defaultValue = "10", description = "mistakes shown (${DEFAULT-VALUE})")
        private int errors;

        @Option(names = "--json", description = "figures as one line of JSON")
        private boolean json;

        @Option(names = "--min-recall1", defaultValue = "0", description = "fail below it")
        private double minRecall;

        @Option(names = "--min-recall3", defaultValue = "0", description = "fail below it")
        private double minRecall3;

        @Option(names = "--min-decline-precision", defaultValue = "0", description = "fail below it")
        private double minDeclinePrecision;

        @Option(names = "--min-decline-recall", defaultValue = "0", description = "fail below it")
        private double minDeclineRecall;

        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() throws IOException {
            if (kb == null && predictions == null) {
                throw new ParameterException(spec.commandLine(), "--kb or --predictions wanted");
            }
            shares(
                    spec,
                    Map.of(
                            "--min-recall1", minRecall,
                            "--min-recall3", minRecall3,
                            "--min-decline-precision", minDeclinePrecision,
                            "--min-decline-recall", minDeclineRecall));
            var score = new FaqScore(predictions == null ? asked() : predicted());
            System.out.println(json ? score.toJson().toString() : score.toText(errors));
            boolean good = reached(spec, "recall@1", score.recall(1), minRecall)
                    & reached(spec, "recall@3", score.recall(3), minRecall3)
                    & reached(spec, "precision of declining", score.declinePrecision(), minDeclinePrecision)
                    & reached(spec, "recall of declining", score.declineRecall(), minDeclineRecall);
            return good ? 0 : 1;
        }

        private List<FaqScore.Row> asked() throws IOException {
            var rows = new ArrayList<FaqScore.Row>();
            try (KnowledgeBase knowledge = KnowledgeBase.inMemory()) {
                KbQueryCommand.read(Objects.requireNonNull(kb), knowledge);
                Set<String> known = knowledge.documents(KbQueryCommand.TENANT).stream()
                        .map(each -> each.document().id())
                        .collect(Collectors.toSet());
                for (ObjectNode line : gold(gold, "query")) {
                    for (String wanted : texts(line.path("relevant"))) {
                        if (!known.contains(wanted)) {
                            throw new IOException(gold.getFileName() + ", id "
                                    + line.path("id").asText() + ": no document " + wanted + " in " + kb);
                        }
                    }
                    String before = String.join("\n", ClassifyCommand.history(line));
                    KnowledgeAnswer found = knowledge.query(
                            KbQueryCommand.TENANT, new Question(JsonLines.text(line, "query"), before, 10, null));
                    var ranked = new LinkedHashSet<String>();
                    found.sources().forEach(source -> ranked.add(source.documentId()));
                    rows.add(row(line, List.copyOf(ranked), found.answered(), found.confidence()));
                }
            }
            return rows;
        }

        private List<FaqScore.Row> predicted() throws IOException {
            Map<String, ObjectNode> given = byId(Objects.requireNonNull(predictions));
            var rows = new ArrayList<FaqScore.Row>();
            for (ObjectNode line : gold(gold, "query")) {
                JsonNode prediction = given.getOrDefault(line.path("id").asText(), JsonLines.MAPPER.createObjectNode());
                rows.add(row(
                        line,
                        texts(prediction.path("ranked")),
                        prediction.path("answered").asBoolean(false),
                        prediction.path("confidence").asDouble(0)));
            }
            return rows;
        }

        private static FaqScore.Row row(ObjectNode line, List<String> ranked, boolean answered, double confidence) {
            return new FaqScore.Row(
                    line.path("id").asText(),
                    JsonLines.text(line, "query"),
                    lang(line),
                    texts(line.path("tags")),
                    texts(line.path("relevant")),
                    ranked,
                    answered,
                    confidence);
        }
    }

    private static void shares(CommandSpec spec, Map<String, Double> limits) {
        limits.forEach((option, limit) -> {
            if (!(limit >= 0 && limit <= 1)) {
                throw new ParameterException(spec.commandLine(), option + ": 0 to 1 wanted, such as 0.9, not " + limit);
            }
        });
    }

    /** Says on the error output what was missed. */
    private static boolean reached(CommandSpec spec, String figure, double is, double least) {
        return met(spec, is >= least, "%s %.4f is below %s", figure, is, least);
    }

    private static boolean kept(CommandSpec spec, String figure, double is, double most) {
        return met(spec, is <= most, "%s %.4f is above %s", figure, is, most);
    }

    private static boolean met(CommandSpec spec, boolean met, String otherwise, Object... figures) {
        if (!met) {
            spec.commandLine().getErr().println(String.format(Locale.ROOT, otherwise, figures));
        }
        return met;
    }

    private static List<ObjectNode> gold(Path file, String... wanted) throws IOException {
        List<ObjectNode> lines = lines(file, wanted);
        if (lines.isEmpty()) {
            throw new IOException(file.getFileName() + ": nothing to measure in it");
        }
        return lines;
    }

    /** @param wanted texts that every line must have */
    private static List<ObjectNode> lines(Path file, String... wanted) throws IOException {
        var lines = new ArrayList<ObjectNode>();
        int number = 0;
        for (String line : Files.readAllLines(file)) {
            number++;
            if (!line.isBlank()) {
                try {
                    ObjectNode parsed = JsonLines.parse(line);
                    for (String field : wanted) {
                        JsonLines.text(parsed, field);
                    }
                    lines.add(parsed);
                } catch (IllegalArgumentException e) {
                    throw new IOException(file.getFileName() + ", line " + number + ": " + e.getMessage(), e);
                }
            }
        }
        return lines;
    }

    private static Map<String, ObjectNode> byId(Path file) throws IOException {
        Map<String, ObjectNode> byId = new HashMap<>();
        lines(file).forEach(line -> byId.put(line.path("id").asText(), line));
        return byId;
    }

    private static String lang(ObjectNode line) {
        return line.path("lang").asText("?");
    }

    private static List<String> texts(JsonNode list) {
        var texts = new ArrayList<String>();
        list.forEach(each -> texts.add(each.asText()));
        return texts;
    }
}

package io.github.almeidatech.wppflow.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.almeidatech.wppflow.router.Classification;
import io.github.almeidatech.wppflow.router.Router;
import io.github.almeidatech.wppflow.router.Utterance;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** M4 on the command line. */
@Command(
        name = "classify",
        mixinStandardHelpOptions = true,
        description = {
            "Tells what messages are about, offline. Reads JSON Lines and writes JSON Lines.",
            "In:  {\"id\",\"text\",\"history\"?}: history holds the customer's earlier messages, oldest first.",
            "Out: id, intent, confidence, evidence, lang, signals, sentiment."
        })
final class ClassifyCommand implements Callable<Integer> {

    @Mixin
    private final IntentsOf intents = new IntentsOf();

    @Override
    public Integer call() throws IOException {
        Router router = intents.router();
        JsonLines.run(System.in, System.out, (line, answer) -> classify(router, line, answer));
        return 0;
    }

    private static void classify(Router router, ObjectNode line, ObjectNode answer) {
        Classification heard = router.classify(new Utterance(JsonLines.text(line, "text"), history(line)));
        answer.put("intent", heard.intent());
        answer.put("confidence", heard.confidence());
        heard.evidence().forEach(answer.putArray("evidence")::add);
        answer.put("lang", heard.language().tag());
        heard.signals().stream()
                .map(signal -> signal.name().toLowerCase(Locale.ROOT))
                .sorted()
                .forEach(answer.putArray("signals")::add);
        answer.put("sentiment", heard.sentiment().name().toLowerCase(Locale.ROOT));
    }

    /** Texts, or objects with the text under {@code text} or {@code content}. */
    static List<String> history(ObjectNode line) {
        var earlier = new ArrayList<String>();
        for (JsonNode each : line.path("history")) {
            JsonNode text = each.isObject() ? each.has("text") ? each.get("text") : each.path("content") : each;
            if (text.isTextual()) {
                earlier.add(text.textValue());
            }
        }
        return earlier;
    }
}

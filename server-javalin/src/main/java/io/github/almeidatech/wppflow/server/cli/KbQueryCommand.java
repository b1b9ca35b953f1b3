package io.github.almeidatech.wppflow.server.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.almeidatech.wppflow.knowledge.KnowledgeAnswer;
import io.github.almeidatech.wppflow.knowledge.KnowledgeBase;
import io.github.almeidatech.wppflow.knowledge.Question;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.server.knowledge.KnowledgeFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** M7 on the command line. */
@Command(
        name = "kb-query",
        mixinStandardHelpOptions = true,
        description = {
            "Answers questions from a file of documents. Reads JSON Lines and writes JSON Lines.",
            "In:  {\"id\",\"query\"}",
            "Out: id, ranked (document ids, best first), answered, answer, confidence."
        })
final class KbQueryCommand implements Callable<Integer> {

    private static final TenantId TENANT = new TenantId("cli");

    @Option(
            names = "--kb",
            required = true,
            paramLabel = "FILE",
            description = "JSON Lines of {\"id\",\"title\",\"content\"}")
    private Path file;

    @Option(names = "--top-k", defaultValue = "10", description = "passages looked at (${DEFAULT-VALUE})")
    private int topK;

    @Override
    public Integer call() throws IOException {
        try (KnowledgeBase knowledge = KnowledgeBase.inMemory()) {
            knowledge.put(TENANT, KnowledgeFile.read(file));
            JsonLines.run(System.in, System.out, (line, answer) -> query(knowledge, line, answer));
        }
        return 0;
    }

    private void query(KnowledgeBase knowledge, ObjectNode line, ObjectNode answer) {
        KnowledgeAnswer found = knowledge.query(TENANT, new Question(JsonLines.text(line, "query"), "", topK, null));
        var ranked = new LinkedHashSet<String>();
        found.sources().forEach(source -> ranked.add(source.documentId()));
        ranked.forEach(answer.putArray("ranked")::add);
        answer.put("answered", found.answered());
        answer.put("answer", found.text());
        answer.put("confidence", found.confidence());
    }
}

package io.github.almeidatech.wppflow.server.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.almeidatech.wppflow.knowledge.KnowledgeAnswer;
import io.github.almeidatech.wppflow.knowledge.KnowledgeBase;
import io.github.almeidatech.wppflow.knowledge.Question;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.server.knowledge.DocumentFiles;
import io.github.almeidatech.wppflow.server.knowledge.KnowledgeFile;
import io.github.almeidatech.wppflow.server.knowledge.KnowledgeFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** M7 on the command line. */
@Command(
        name = "kb-query",
        mixinStandardHelpOptions = true,
        description = {
            "Answers questions from a file or folder of documents. Reads JSON Lines and writes JSON Lines.",
            "In:  {\"id\",\"query\",\"history\"?}: history holds what the customer asked before, oldest first.",
            "Out: id, ranked (document ids, best first), answered, answer, confidence."
        })
final class KbQueryCommand implements Callable<Integer> {

    static final TenantId TENANT = new TenantId("cli");

    @Option(
            names = "--kb",
            required = true,
            paramLabel = "PATH",
            description = "JSON Lines of {\"id\",\"title\",\"content\"}, or a folder as knowledge.folder takes it")
    private Path path;

    @Option(names = "--top-k", defaultValue = "10", description = "passages looked at (${DEFAULT-VALUE})")
    private int topK;

    @Override
    public Integer call() throws IOException {
        try (KnowledgeBase knowledge = KnowledgeBase.inMemory()) {
            read(path, knowledge);
            JsonLines.run(System.in, System.out, (line, answer) -> query(knowledge, line, answer));
        }
        return 0;
    }

    /** The ids are those that a running server gives. */
    static void read(Path path, KnowledgeBase knowledge) throws IOException {
        if (!Files.isDirectory(path)) {
            knowledge.put(TENANT, KnowledgeFile.read(path));
            return;
        }
        var folder = new KnowledgeFolder(TENANT, path, knowledge, new DocumentFiles(), InstantSource.system());
        folder.look();
        if (!folder.problems().isEmpty()) {
            throw new IOException("cannot be read: " + new TreeMap<>(folder.problems()));
        }
        if (folder.readable() == 0) {
            throw new IOException(path + ": no documents in it");
        }
    }

    private void query(KnowledgeBase knowledge, ObjectNode line, ObjectNode answer) {
        String before = String.join("\n", ClassifyCommand.history(line));
        KnowledgeAnswer found =
                knowledge.query(TENANT, new Question(JsonLines.text(line, "query"), before, topK, null));
        var ranked = new LinkedHashSet<String>();
        found.sources().forEach(source -> ranked.add(source.documentId()));
        ranked.forEach(answer.putArray("ranked")::add);
        answer.put("answered", found.answered());
        answer.put("answer", found.text());
        answer.put("confidence", found.confidence());
    }
}

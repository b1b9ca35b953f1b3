package io.github.almeidatech.wppflow.server.policy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.github.almeidatech.wppflow.eventlog.PolicyProblem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Policies in a file of YAML or JSON, or in all such files of a folder, in the order of their names. */
public final class PolicyFiles {

    private static final ObjectMapper YAML = new YAMLMapper();
    private static final long MAX_BYTES = 4_194_304;

    private PolicyFiles() {}

    /**
     * What stands in the files.
     *
     * @param documents the policies, as far as the files can be read
     * @param problems what keeps a file from being read
     */
    public record Content(List<PolicySource> documents, List<PolicyProblem> problems) {
        public Content {
            documents = List.copyOf(documents);
            problems = List.copyOf(problems);
        }
    }

    /** Reads a file or folder; whatever goes wrong becomes a problem. */
    public static Content read(Path fileOrFolder) {
        var documents = new ArrayList<PolicySource>();
        var problems = new ArrayList<PolicyProblem>();
        try {
            for (Path file : files(fileOrFolder)) {
                read(file, documents, problems);
            }
        } catch (IOException e) {
            problems.add(new PolicyProblem(
                    fileOrFolder.toString(), PolicyProblem.Kind.MISSING, "a file or folder that can be read wanted"));
        }
        return new Content(documents, problems);
    }

    private static List<Path> files(Path fileOrFolder) throws IOException {
        if (!Files.isDirectory(fileOrFolder)) {
            return List.of(fileOrFolder);
        }
        try (Stream<Path> files = Files.list(fileOrFolder)) {
            return files.filter(file -> file.toString().matches(".*\\.(ya?ml|json)"))
                    .sorted()
                    .toList();
        }
    }

    private static void read(Path file, List<PolicySource> documents, List<PolicyProblem> problems) throws IOException {
        String name = file.getFileName().toString();
        if (Files.size(file) > MAX_BYTES) {
            problems.add(new PolicyProblem(name, PolicyProblem.Kind.TOO_LARGE, "at most 4 MB wanted"));
            return;
        }
        Object data;
        try {
            data = YAML.readValue(Files.readString(file), Object.class);
        } catch (JsonProcessingException e) {
            var where = e.getLocation();
            String at = where == null ? "" : ", line " + where.getLineNr() + ", column " + where.getColumnNr();
            problems.add(new PolicyProblem(name + at, PolicyProblem.Kind.SYNTAX, "not YAML: " + firstLine(e)));
            return;
        }
        @Nullable
        Object list = data instanceof Map<?, ?> map && map.containsKey("policies") ? map.get("policies") : data;
        if (list instanceof List<?> policies) {
            for (int i = 0; i < policies.size(); i++) {
                documents.add(new PolicySource(name, name + ": policies[" + i + "]", policies.get(i)));
            }
        } else if (data != null) {
            problems.add(new PolicyProblem(name, PolicyProblem.Kind.WRONG_TYPE, "a list of policies wanted"));
        }
    }

    private static String firstLine(JsonProcessingException e) {
        return e.getOriginalMessage().lines().findFirst().orElse("");
    }
}

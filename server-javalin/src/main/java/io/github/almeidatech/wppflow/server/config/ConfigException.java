package io.github.almeidatech.wppflow.server.config;

import java.io.Serial;
import java.util.List;

/** The configuration cannot be used. Names everything that is wrong with it at once. */
public final class ConfigException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    private final List<String> problems;

    public ConfigException(List<String> problems) {
        super("the configuration has " + problems.size() + " problem(s):\n  - " + String.join("\n  - ", problems));
        this.problems = List.copyOf(problems);
    }

    /** One sentence for each, beginning with the key's path. */
    public List<String> problems() {
        return problems;
    }
}

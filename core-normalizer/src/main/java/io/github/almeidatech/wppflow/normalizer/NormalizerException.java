package io.github.almeidatech.wppflow.normalizer;

import io.github.almeidatech.wppflow.model.FlowException;
import java.io.Serial;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A delivery that cannot be read. Its message names fields and limits, never what was in them. */
public final class NormalizerException extends FlowException {

    @Serial
    private static final long serialVersionUID = 1L;

    private final NormalizerError error;
    private final @Nullable String path;

    /** Without a cause: a JSON parser's message quotes what it could not read. */
    NormalizerException(NormalizerError error, @Nullable String path, String message) {
        super(error, path == null ? message : path + ": " + message, null);
        this.error = error;
        this.path = path;
    }

    /** What is wrong. */
    public NormalizerError error() {
        return error;
    }

    /** Which field, such as {@code conversation.id}, as Chatwoot would have named it; empty when it is not one field. */
    public Optional<String> path() {
        return Optional.ofNullable(path);
    }
}

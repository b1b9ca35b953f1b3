package io.github.almeidatech.wppflow.server.http;

import java.io.Serial;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A request that cannot be served: becomes the error envelope. Details name keys and limits, never contents. */
public final class ApiException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    private final ApiError error;
    private final int status;
    private final transient Map<String, Object> details;

    /** With the error's own status. */
    public ApiException(ApiError error, Map<String, Object> details) {
        this(error, error.status(), details, null);
    }

    /** With another status. */
    public ApiException(ApiError error, int status, Map<String, Object> details, @Nullable Throwable cause) {
        super(error.name() + " " + details.keySet(), cause);
        this.error = error;
        this.status = status;
        this.details = Map.copyOf(details);
    }

    /** A field that is wrong. */
    public static ApiException invalid(String field, String problem) {
        return new ApiException(ApiError.ERR_VALIDATION, Map.of("field", field, "problem", problem));
    }

    /** A field that is missing. */
    public static ApiException missing(String field) {
        return new ApiException(ApiError.ERR_MISSING_FIELD, Map.of("field", field));
    }

    ApiError error() {
        return error;
    }

    int status() {
        return status;
    }

    Map<String, Object> details() {
        return details;
    }
}

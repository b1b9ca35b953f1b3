package io.github.almeidatech.wppflow.server.http;

import io.github.almeidatech.wppflow.normalizer.NormalizerException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Failures of the modules in the words of the API. */
final class ApiExceptions {

    private ApiExceptions() {}

    /** A payload that could not be read: says where and what, never the value. */
    static ApiException of(NormalizerException e) {
        Map<String, Object> details = new LinkedHashMap<>();
        e.path().ifPresent(path -> details.put("field", path));
        details.put("problem", e.error().name().toLowerCase(java.util.Locale.ROOT));
        details.put("explanation", String.valueOf(e.getMessage()));
        return new ApiException(ApiError.valueOf(e.error().code()), e.error().httpStatus(), details, e);
    }
}

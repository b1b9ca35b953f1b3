package io.github.almeidatech.wppflow.server.http;

import io.github.almeidatech.wppflow.server.config.SnakeCase;
import io.javalin.http.Context;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.Validation;
import jakarta.validation.Validator;
import jakarta.validation.constraints.NotNull;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.hibernate.validator.messageinterpolation.ParameterMessageInterpolator;

/** Reads the bodies of API calls: strict JSON into a record, then the record's own constraints, all problems at once. */
final class Body {

    private static final Validator VALIDATOR = Validation.byDefaultProvider()
            .configure()
            .messageInterpolator(new ParameterMessageInterpolator())
            .buildValidatorFactory()
            .getValidator();

    private Body() {}

    /**
     * The body as a valid record.
     *
     * @throws ApiException 413, 415, 400 {@code ERR_MISSING_FIELD} or {@code ERR_VALIDATION} with every wrong field
     */
    static <T> T read(Context ctx, Class<T> type, int maxBytes) {
        return valid(StrictJson.read(Request.json(ctx, maxBytes), type));
    }

    /** The same for bodies that may hold a file as one long text. */
    static <T> T readLarge(Context ctx, Class<T> type, int maxBytes) {
        return valid(StrictJson.readLarge(Request.json(ctx, maxBytes), type));
    }

    /** The same body, if it keeps its record's constraints. */
    static <T> T valid(T body) {
        Set<ConstraintViolation<T>> violations = VALIDATOR.validate(body);
        if (!violations.isEmpty()) {
            throw refusal(violations);
        }
        return body;
    }

    private static <T> ApiException refusal(Set<ConstraintViolation<T>> violations) {
        List<Map<String, String>> fields = violations.stream()
                .map(violation -> {
                    Map<String, String> field = new LinkedHashMap<>();
                    field.put(
                            "field", SnakeCase.path(violation.getPropertyPath().toString()));
                    field.put("problem", violation.getMessage());
                    return field;
                })
                .sorted(Comparator.comparing(field -> field.get("field")))
                .toList();
        boolean allMissing = violations.stream()
                .allMatch(violation -> violation.getConstraintDescriptor().getAnnotation() instanceof NotNull);
        return new ApiException(
                allMissing ? ApiError.ERR_MISSING_FIELD : ApiError.ERR_VALIDATION,
                Map.of("field", fields.get(0).get("field"), "fields", fields));
    }
}

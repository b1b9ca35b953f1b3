package io.github.almeidatech.wppflow.server.config;

import java.util.Locale;

/** Component names as they stand in the file. */
public final class SnakeCase {

    private SnakeCase() {}

    static String of(String camelCase) {
        return camelCase.replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
    }

    /** A validator's property path, such as {@code tenants[pet].turns.maxWait}, in the file's words. */
    public static String path(String propertyPath) {
        return of(propertyPath
                .replaceAll("<[^>]*>", "")
                .replaceAll("\\[([^]\\d][^]]*)]", ".$1")
                .replaceAll("\\.+", ".")
                .replaceAll("\\.$", ""));
    }
}

package io.github.almeidatech.wppflow.model;

import java.util.regex.Pattern;

/**
 * One customer of ours: the business whose conversations are answered. Part of every key and every query.
 *
 * @param value 1 to 63 characters of {@code a-z 0-9 _ -}, beginning with a letter or digit
 */
public record TenantId(String value) {

    private static final Pattern SLUG = Pattern.compile("[a-z0-9][a-z0-9_-]{0,62}");

    public TenantId {
        if (!SLUG.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "a tenant id is 1 to 63 of a-z 0-9 _ -, beginning with a letter or digit");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}

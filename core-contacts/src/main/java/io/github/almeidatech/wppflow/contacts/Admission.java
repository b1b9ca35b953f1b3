package io.github.almeidatech.wppflow.contacts;

import java.util.Locale;

/** Whether a person is answered automatically, as far as the tenant's lists say. */
public enum Admission {
    /** Yes. */
    ADMITTED,
    /** No: on the deny list. */
    DENIED,
    /** No: there is an allow list, and the person is not on it. */
    NOT_ALLOWED;

    /** The lower-case word used as reason. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}

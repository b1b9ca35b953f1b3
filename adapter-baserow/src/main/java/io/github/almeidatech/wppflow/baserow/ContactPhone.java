package io.github.almeidatech.wppflow.baserow;

import java.util.Optional;
import java.util.Set;

/**
 * A person's phone number, read from however it was written.
 *
 * @param e164 plus and digits
 * @param personKey equal for all spellings of one person's number
 * @param spellings every E.164 spelling that reaches the same person, {@code e164} among them
 */
public record ContactPhone(String e164, String personKey, Set<String> spellings) {

    public ContactPhone {
        spellings = Set.copyOf(spellings);
    }

    /** Reads numbers; the phone module's {@code Phones.parse} in our own words. */
    @FunctionalInterface
    public interface Reader {
        /** Empty for what is no phone number. Never throws. */
        Optional<ContactPhone> read(String written);
    }

    @Override
    public String toString() {
        return "ContactPhone[" + spellings.size() + " spellings]";
    }
}

package io.github.almeidatech.wppflow.normalizer;

import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who an address or number means. {@code e164} stays as delivered and is what answers go to; {@code e164Canonical} and
 * {@code personKey} are for matching only.
 *
 * @param kind what it is
 * @param e164 plus and digits, as delivered; null when it is no phone number
 * @param e164Canonical the one spelling all equivalent ones share; null when it is no phone number
 * @param personKey equal keys mean the same person; null for what is nobody's: groups and garbage
 * @param equivalents every spelling that reaches the same person, in E.164, {@code e164} and {@code e164Canonical} among
 *     them; for other kinds the address itself, and empty for {@link Kind#INVALID}
 */
public record PhoneIdentity(
        Kind kind,
        @Nullable String e164,
        @Nullable String e164Canonical,
        @Nullable String personKey,
        Set<String> equivalents) {

    /** The kinds of address. */
    public enum Kind {
        MOBILE,
        FIXED_LINE,
        /** A country where the two cannot be told apart, such as the United States. */
        FIXED_OR_MOBILE,
        TOLL_FREE,
        /** Any other valid number, or one that is possible in its country but in no range known to us. */
        OTHER,
        /** Of one country only, such as a sender of codes; has no E.164 form. */
        SHORT_CODE,
        /** WhatsApp's id of a person for one business, such as {@code BR.1A2b3C}: no phone number. */
        BUSINESS_SCOPED_ID,
        /** WhatsApp's hidden id of a person, {@code …@lid}: no phone number. */
        LID,
        /** A group, {@code …@g.us}. */
        GROUP,
        /** Nothing that could be answered. */
        INVALID;

        /** The lower-case word. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static final PhoneIdentity NOBODY = new PhoneIdentity(Kind.INVALID, null, null, null, Set.of());

    public PhoneIdentity {
        equivalents = Set.copyOf(equivalents);
    }

    /** Whether both are the same person, however written. */
    public boolean samePersonAs(PhoneIdentity other) {
        return personKey != null && personKey.equals(other.personKey);
    }

    @Override
    public String toString() {
        return "PhoneIdentity[" + kind.word() + "]";
    }
}

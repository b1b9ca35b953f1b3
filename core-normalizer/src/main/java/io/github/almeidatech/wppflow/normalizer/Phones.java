package io.github.almeidatech.wppflow.normalizer;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberFormat;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberType;
import com.google.i18n.phonenumbers.Phonenumber.PhoneNumber;
import com.google.i18n.phonenumbers.ShortNumberInfo;
import io.github.almeidatech.wppflow.normalizer.PhoneIdentity.Kind;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads phone numbers and WhatsApp addresses however they are written: {@code (61) 98123-4567}, {@code 0xx61…},
 * {@code tel:+55…}, {@code whatsapp:+55…}, {@code 5561…:12@s.whatsapp.net}, {@code …@lid}, {@code BR.1A2b3C}.
 *
 * <p>Three countries write one person's number in two ways, and WhatsApp delivers either: Brazil with and without the ninth
 * digit of mobiles, Argentina with and without the 9 after 54, Mexico with and without the 1 after 52. Both spellings get
 * the same {@code personKey}. Brazilian fixed lines have no ninth digit and are left alone.
 *
 * <p>Thread-safe, without state.
 */
public final class Phones {

    private static final PhoneNumberUtil NUMBERS = PhoneNumberUtil.getInstance();
    private static final ShortNumberInfo SHORT_NUMBERS = ShortNumberInfo.getInstance();

    private static final int MAX_LENGTH = 250;
    private static final Pattern PLAIN = Pattern.compile("\\+\\d{8,15}");
    private static final Pattern JID = Pattern.compile("\\+?(\\d{1,20})(?:[._]\\d{1,3})?(?::\\d{1,5})?@([a-z.]{1,30})");
    private static final Pattern GROUP = Pattern.compile("[\\d-]{1,40}@g\\.us");
    private static final Pattern BUSINESS_SCOPED_ID = Pattern.compile("[A-Z]{2}\\.(?:ENT\\.)?[A-Za-z0-9]{1,128}");
    private static final Pattern CARRIER_WILDCARD = Pattern.compile("(?<!\\d)0\\s?[xX]{2}");
    private static final Pattern INVISIBLE = Pattern.compile("[\\p{Cf}\\p{Cc}]");
    private static final Pattern WRITTEN_NUMBER =
            Pattern.compile("[+\\uFF0B]?[\\p{Nd}\\s\\p{Zs}().\\-/~\\u2010-\\u2015\\u2212\\uFF0D\\uFF08\\uFF09]+");
    private static final Pattern TEN_DIGITS = Pattern.compile("[1-9]\\d{9}");
    private static final Pattern SHORT = Pattern.compile("\\d{3,6}");
    private static final Pattern BRAZILIAN_BEFORE_NINTH_DIGIT = Pattern.compile("[1-9]{2}[6-9]\\d{7}");
    private static final Pattern BRAZILIAN_MOBILE = Pattern.compile("[1-9]{2}9[6-9]\\d{7}");
    private static final Pattern BRAZILIAN_WITH_NINTH_DIGIT = Pattern.compile("55[1-9]{2}9\\d{8}");
    private static final Pattern ARGENTINE_MOBILE = Pattern.compile("9\\d{10}");
    private static final Pattern MEXICAN_MOBILE = Pattern.compile("1\\d{10}");

    private Phones() {}

    /**
     * Who that is. Never throws for what stands in {@code raw}.
     *
     * @param raw the number or address as somebody wrote it
     * @param region two capital letters: the country of numbers without a country code
     * @throws IllegalArgumentException for a region that is none
     */
    public static PhoneIdentity parse(String raw, String region) {
        if (!NUMBERS.getSupportedRegions().contains(region)) {
            throw new IllegalArgumentException("a region such as BR wanted");
        }
        if (PLAIN.matcher(raw).matches()) { // as Chatwoot writes nearly all
            return international(raw.substring(1));
        }
        String text = INVISIBLE
                .matcher(raw.length() > MAX_LENGTH ? "" : raw)
                .replaceAll("")
                .strip();
        if (text.regionMatches(true, 0, "whatsapp:", 0, 9)) {
            text = text.substring(9).strip();
        }
        if (BUSINESS_SCOPED_ID.matcher(text).matches()) {
            return new PhoneIdentity(Kind.BUSINESS_SCOPED_ID, null, null, "bsuid:" + text, Set.of(text));
        }
        return text.indexOf('@') >= 0 ? jid(text.toLowerCase(Locale.ROOT)) : number(text, region);
    }

    private static PhoneIdentity jid(String text) {
        if (GROUP.matcher(text).matches()) {
            return new PhoneIdentity(Kind.GROUP, null, null, null, Set.of(text));
        }
        Matcher jid = JID.matcher(text);
        if (!jid.matches()) {
            return PhoneIdentity.NOBODY;
        }
        return switch (jid.group(2)) {
            case "s.whatsapp.net", "c.us" -> international(jid.group(1));
            case "lid" -> new PhoneIdentity(Kind.LID, null, null, "lid:" + jid.group(1), Set.of(jid.group(1) + "@lid"));
            default -> PhoneIdentity.NOBODY;
        };
    }

    private static PhoneIdentity number(String text, String region) {
        String plain = withoutTelScheme(text);
        String written =
                plain.indexOf('0') >= 0 ? CARRIER_WILDCARD.matcher(plain).replaceAll("0") : plain;
        if (!WRITTEN_NUMBER.matcher(written).matches()) {
            return PhoneIdentity.NOBODY;
        }
        String digits = PhoneNumberUtil.normalizeDigitsOnly(written);
        if (written.charAt(0) == '+' || written.charAt(0) == '\uFF0B') {
            return international(digits);
        }
        if (SHORT.matcher(digits).matches()) {
            return shortCode(digits, region);
        }
        if (digits.startsWith("00")) {
            // As people write it, and not as Brazil dials it: there, a carrier's two digits stand before the country.
            PhoneIdentity abroad = international(digits.substring(2));
            if (abroad.kind() != Kind.INVALID && abroad.kind() != Kind.OTHER) {
                return abroad;
            }
        }
        return identity(written, region, false);
    }

    /** Without {@code tel:} and its parameters; the context, where there is one, is put in front. */
    private static String withoutTelScheme(String text) {
        if (!text.regionMatches(true, 0, "tel:", 0, 4)) {
            return text;
        }
        String[] parts = text.substring(4).split(";", -1);
        String number = parts[0].strip();
        for (String part : parts) {
            if (part.regionMatches(true, 0, "phone-context=+", 0, 15) && !number.startsWith("+")) {
                number = part.substring(14) + number;
            }
        }
        return number;
    }

    private static PhoneIdentity shortCode(String digits, String region) {
        PhoneNumber number = number(NUMBERS.getCountryCodeForRegion(region), digits);
        if (digits.startsWith("0") || !SHORT_NUMBERS.isPossibleShortNumberForRegion(number, region)) {
            return PhoneIdentity.NOBODY;
        }
        return new PhoneIdentity(Kind.SHORT_CODE, null, null, "short:" + region + ":" + digits, Set.of(digits));
    }

    private static PhoneIdentity international(String digits) {
        if (BRAZILIAN_WITH_NINTH_DIGIT.matcher(digits).matches()) { // most of all; nothing of it is to be found out
            String national = digits.substring(2);
            return brazilian(number(55, national), national);
        }
        return identity("+" + digits, null, true);
    }

    private static PhoneIdentity identity(String written, @Nullable String region, boolean international) {
        PhoneNumber number;
        try {
            number = NUMBERS.parse(written, region);
        } catch (NumberParseException e) {
            return PhoneIdentity.NOBODY;
        }
        String national = NUMBERS.getNationalSignificantNumber(number);
        return switch (number.getCountryCode()) {
            case 55 -> brazilian(number, national);
            case 54 -> argentine(number, national, international);
            case 52 -> mexican(number, national, international);
            default -> plain(number, international);
        };
    }

    private static PhoneIdentity plain(PhoneNumber number, boolean international) {
        PhoneNumberType type = NUMBERS.getNumberType(number);
        boolean known = type != PhoneNumberType.UNKNOWN;
        if (!known && !(international && NUMBERS.isPossibleNumber(number))) {
            return PhoneIdentity.NOBODY;
        }
        String e164 = NUMBERS.format(number, PhoneNumberFormat.E164);
        if (!known && !isStable(e164)) {
            return PhoneIdentity.NOBODY;
        }
        return new PhoneIdentity(known ? kind(type) : Kind.OTHER, e164, e164, e164, Set.of(e164));
    }

    /** What is in no range can begin with a trunk prefix, of which reading it again would take off another one. */
    private static boolean isStable(String e164) {
        try {
            return NUMBERS.format(NUMBERS.parse(e164, null), PhoneNumberFormat.E164)
                    .equals(e164);
        } catch (NumberParseException e) {
            return false;
        }
    }

    private static Kind kind(PhoneNumber number) {
        return kind(NUMBERS.getNumberType(number));
    }

    private static Kind kind(PhoneNumberType type) {
        return switch (type) {
            case MOBILE -> Kind.MOBILE;
            case FIXED_LINE -> Kind.FIXED_LINE;
            case FIXED_LINE_OR_MOBILE -> Kind.FIXED_OR_MOBILE;
            case TOLL_FREE -> Kind.TOLL_FREE;
            default -> Kind.OTHER;
        };
    }

    /**
     * Area code and eight digits that begin with 6 to 9 were a mobile until it got a 9 in front (2012 to 2016), and WhatsApp
     * still delivers many that way. Eight digits that begin with 2 to 5 are a fixed line; a mobile whose last eight digits
     * begin so is newer than the ninth digit and has no second spelling.
     */
    private static PhoneIdentity brazilian(PhoneNumber number, String national) {
        if (BRAZILIAN_BEFORE_NINTH_DIGIT.matcher(national).matches()) {
            String longForm = national.substring(0, 2) + "9" + national.substring(2);
            return isValid(55, longForm)
                    ? twoSpellings(Kind.MOBILE, "+55" + national, "+55" + longForm, "+55" + national)
                    : PhoneIdentity.NOBODY;
        }
        if (BRAZILIAN_MOBILE.matcher(national).matches() && NUMBERS.isValidNumber(number)) {
            String shortForm = national.substring(0, 2) + national.substring(3);
            return twoSpellings(Kind.MOBILE, "+55" + national, "+55" + national, "+55" + shortForm);
        }
        return plain(number, false);
    }

    /** Fixed lines and mobiles share one space of numbers; from abroad a mobile has a 9 in front, which Chatwoot leaves out. */
    private static PhoneIdentity argentine(PhoneNumber number, String national, boolean international) {
        String base = ARGENTINE_MOBILE.matcher(national).matches() ? national.substring(1) : national;
        if (!TEN_DIGITS.matcher(base).matches() || !isValid(54, "9" + base)) {
            return plain(number, international);
        }
        Kind kind = base.length() < national.length() ? Kind.MOBILE : kind(number);
        return twoSpellings(kind, "+54" + national, "+549" + base, "+54" + base);
    }

    /** Mobiles had a 1 in front when dialled from abroad, until 2019; WhatsApp still delivers it. */
    private static PhoneIdentity mexican(PhoneNumber number, String national, boolean international) {
        String base = MEXICAN_MOBILE.matcher(national).matches() ? national.substring(1) : national;
        Kind kind = TEN_DIGITS.matcher(base).matches() ? kind(number(52, base)) : Kind.INVALID;
        if (kind != Kind.MOBILE && kind != Kind.FIXED_OR_MOBILE && kind != Kind.FIXED_LINE) {
            return plain(number, international);
        }
        return twoSpellings(kind, "+52" + national, "+52" + base, "+521" + base);
    }

    private static PhoneIdentity twoSpellings(Kind kind, String e164, String canonical, String other) {
        return new PhoneIdentity(kind, e164, canonical, canonical, Set.of(canonical, other));
    }

    private static boolean isValid(int countryCode, String national) {
        return NUMBERS.isValidNumber(number(countryCode, national));
    }

    private static PhoneNumber number(int countryCode, String national) {
        return new PhoneNumber().setCountryCode(countryCode).setNationalNumber(Long.parseLong(national));
    }
}

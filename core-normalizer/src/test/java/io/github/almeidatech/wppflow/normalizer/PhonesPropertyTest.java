package io.github.almeidatech.wppflow.normalizer;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.normalizer.PhoneIdentity.Kind;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What must hold for every number, on numbers made from seeds. */
class PhonesPropertyTest {

    private static final int[] AREAS = {11, 19, 21, 27, 31, 38, 41, 47, 51, 55, 61, 68, 71, 79, 81, 89, 91, 99};

    private static final List<UnaryOperator<String>> WAYS_TO_WRITE = List.of(
            e164 -> e164,
            e164 -> e164.substring(1),
            e164 -> "00" + e164.substring(1),
            e164 -> "tel:" + e164,
            e164 -> "whatsapp:" + e164,
            e164 -> e164.substring(1) + "@s.whatsapp.net",
            e164 -> e164.substring(1) + ":7@s.whatsapp.net",
            e164 -> e164.substring(1) + "@c.us",
            e164 -> "+55 (" + e164.substring(3, 5) + ") " + e164.substring(5, 8) + "-" + e164.substring(8),
            e164 -> "0" + e164.substring(3),
            e164 -> "(0xx" + e164.substring(3, 5) + ") " + e164.substring(5));

    private static PhoneIdentity parse(String raw) {
        return Phones.parse(raw, "BR");
    }

    private static String digits(Random random, int count) {
        return random.ints(count, 0, 10)
                .collect(StringBuilder::new, StringBuilder::append, StringBuilder::append)
                .toString();
    }

    private static String area(Random random) {
        return "+55" + AREAS[random.nextInt(AREAS.length)];
    }

    @ParameterizedTest
    @ValueSource(longs = {7, 8, 9})
    void nothing_but_digits_is_understood_like_the_same_with_blanks_around(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 2_000; i++) {
            String plain = "+" + (random.nextBoolean() ? "55" : "") + digits(random, 6 + random.nextInt(9));

            assertThat(parse(plain)).as("seed %d: %s", seed, plain).isEqualTo(parse(" " + plain + " "));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {10, 11, 12})
    void a_brazilian_number_with_nine_digits_is_the_same_with_and_without_its_country(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 2_000; i++) {
            String national = String.valueOf(1 + random.nextInt(9)) + random.nextInt(10) + "9" + digits(random, 8);

            assertThat(parse("+55" + national))
                    .as("seed %d: %s", seed, national)
                    .isEqualTo(parse(national));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 20_260_901})
    void both_spellings_of_a_brazilian_mobile_are_one_person_however_written(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 1_000; i++) {
            String area = area(random);
            String last = (6 + random.nextInt(4)) + digits(random, 7);
            String longForm = area + "9" + last;
            String shortForm = area + last;
            UnaryOperator<String> way = WAYS_TO_WRITE.get(random.nextInt(WAYS_TO_WRITE.size()));
            PhoneIdentity one = parse(way.apply(longForm));
            PhoneIdentity two = parse(way.apply(shortForm));

            String message = "seed " + seed + ": " + way.apply(longForm) + " and " + way.apply(shortForm);
            assertThat(one.e164()).as(message).isEqualTo(longForm);
            assertThat(two.e164()).as(message).isEqualTo(shortForm);
            assertThat(one.samePersonAs(two)).as(message).isTrue();
            assertThat(two.samePersonAs(one)).as(message).isTrue();
            assertThat(one.equivalents())
                    .as(message)
                    .isEqualTo(two.equivalents())
                    .contains(longForm, shortForm);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {4, 5, 6})
    void a_fixed_line_is_only_itself(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 1_000; i++) {
            String fixed = area(random) + (2 + random.nextInt(4)) + digits(random, 7);
            String mobile = fixed.substring(0, 5) + "9" + fixed.substring(5);

            assertThat(parse(fixed).kind()).as("seed %d: %s", seed, fixed).isEqualTo(Kind.FIXED_LINE);
            assertThat(parse(fixed).samePersonAs(parse(mobile)))
                    .as("seed %d: %s", seed, fixed)
                    .isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {7, 8, 9})
    void reading_again_what_was_read_changes_nothing_and_equivalence_is_symmetric(long seed) {
        Random random = new Random(seed);
        String[] countries = {"+55", "+54", "+549", "+52", "+521", "+1", "+44", "+351", "+49", "+598", "+595", ""};
        int valid = 0;
        for (int i = 0; i < 3_000; i++) {
            String raw = countries[random.nextInt(countries.length)] + digits(random, 7 + random.nextInt(6));
            PhoneIdentity identity = parse(raw);
            if (identity.e164() == null) {
                continue;
            }
            valid++;
            String message = "seed " + seed + ": " + raw;
            assertThat(parse(identity.e164())).as(message).isEqualTo(identity);
            PhoneIdentity canonical = parse(identity.e164Canonical());
            assertThat(canonical.e164Canonical()).as(message).isEqualTo(identity.e164Canonical());
            assertThat(canonical.e164()).as(message).isEqualTo(identity.e164Canonical());
            assertThat(identity.equivalents()).as(message).contains(identity.e164(), identity.e164Canonical());
            for (String each : identity.equivalents()) {
                assertThat(parse(each).personKey()).as(message).isEqualTo(identity.personKey());
                assertThat(parse(each).equivalents()).as(message).isEqualTo(identity.equivalents());
                assertThat(parse(each).e164()).as(message).isEqualTo(each);
            }
        }
        assertThat(valid).as("seed %d made valid numbers", seed).isGreaterThan(300);
    }

    @ParameterizedTest
    @ValueSource(longs = {10, 11, 12})
    void any_text_at_all_is_somebody_or_nobody_but_never_a_failure(long seed) {
        Random random = new Random(seed);
        String alphabet =
                "0123456789+-() .@:;=/xX~,\u202a\ufeff\uff0b\uff10٣tel:whatsapp:lid g.us BR.ENT.phone-context\0\ud83d";
        for (int i = 0; i < 5_000; i++) {
            StringBuilder raw = new StringBuilder();
            for (int length = random.nextInt(24); length > 0; length--) {
                raw.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            PhoneIdentity identity = parse(raw.toString());

            assertThat(identity.e164() == null)
                    .as("seed %d: %s", seed, raw)
                    .isEqualTo(identity.e164Canonical() == null);
            assertThat(identity.kind() == Kind.INVALID)
                    .as("seed %d: %s", seed, raw)
                    .isEqualTo(identity.equivalents().isEmpty());
            if (identity.e164() != null) {
                assertThat(identity.e164()).as("seed %d: %s", seed, raw).matches("\\+[1-9]\\d{4,15}");
            }
        }
    }
}

package io.github.almeidatech.wppflow.normalizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.almeidatech.wppflow.normalizer.PhoneIdentity.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PhonesTest {

    private static PhoneIdentity parse(String raw) {
        return Phones.parse(raw, "BR");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "+5561981234567",
                "5561981234567",
                "+55 61 98123-4567",
                "+55 (61) 98123-4567",
                "+55 (061) 98123.4567",
                "(61) 98123-4567",
                "61981234567",
                "061 98123-4567",
                "0 15 61 98123-4567",
                "0xx61 98123-4567",
                "(0XX61) 98123 4567",
                "90 21 61 98123-4567",
                "0055 61 98123-4567",
                "00 55 61 98123 4567",
                "0015 55 61 98123-4567",
                "tel:+55-61-98123-4567",
                "TEL:+5561981234567;ext=12",
                "tel:98123-4567;phone-context=+5561",
                "whatsapp:+5561981234567",
                "WhatsApp: +55 61 98123-4567",
                "5561981234567@s.whatsapp.net",
                "5561981234567:12@s.whatsapp.net",
                "5561981234567.0:12@s.whatsapp.net",
                "5561981234567@c.us",
                "+5561981234567@C.US",
                "＋５５６１９８１２３４５６７",
                "６１９８１２３４５６７",
                "\u202a+55 61 98123\u20114567\u202c",
                "\u00a061\u00a098123\u20134567",
                "+55\u200b61981234567",
                "  +5561981234567\t"
            })
    void one_mobile_however_it_is_written(String raw) {
        PhoneIdentity identity = parse(raw);

        assertThat(identity.kind()).isEqualTo(Kind.MOBILE);
        assertThat(identity.e164()).isEqualTo("+5561981234567");
        assertThat(identity.e164Canonical()).isEqualTo("+5561981234567");
        assertThat(identity.personKey()).isEqualTo("+5561981234567");
        assertThat(identity.equivalents()).containsExactlyInAnyOrder("+5561981234567", "+556181234567");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "+556181234567",
                "556181234567",
                "(61) 8123-4567",
                "061 8123-4567",
                "0xx61 8123-4567",
                "0 41 61 8123-4567",
                "0055 61 8123-4567",
                "556181234567@s.whatsapp.net",
                "556181234567:3@c.us"
            })
    void a_mobile_without_its_ninth_digit_is_the_same_person_at_another_address(String raw) {
        PhoneIdentity old = parse(raw);

        assertThat(old.kind()).isEqualTo(Kind.MOBILE);
        assertThat(old.e164()).as("as delivered").isEqualTo("+556181234567");
        assertThat(old.e164Canonical()).isEqualTo("+5561981234567");
        assertThat(old.samePersonAs(parse("+5561981234567"))).isTrue();
        assertThat(old.equivalents()).isEqualTo(parse("+5561981234567").equivalents());
    }

    @ParameterizedTest
    @ValueSource(chars = {'6', '7', '8', '9'})
    void eight_digits_were_a_mobile_when_they_begin_with_6_to_9(char first) {
        assertThat(parse("+5511" + first + "1234567").personKey()).isEqualTo("+55119" + first + "1234567");
    }

    @ParameterizedTest
    @ValueSource(chars = {'2', '3', '4', '5'})
    void fixed_lines_have_no_ninth_digit_and_never_get_one(char first) {
        String fixed = "+5561" + first + "1234567";

        assertThat(parse(fixed).kind()).isEqualTo(Kind.FIXED_LINE);
        assertThat(parse(fixed).e164Canonical()).isEqualTo(fixed);
        assertThat(parse(fixed).equivalents()).containsExactly(fixed);
        assertThat(parse(fixed).samePersonAs(parse("+55619" + first + "1234567")))
                .as("a mobile that never had eight digits")
                .isFalse();
        assertThat(parse("+55619" + first + "1234567").equivalents()).containsExactly("+55619" + first + "1234567");
    }

    @Test
    void the_area_code_55_is_not_taken_for_the_country() {
        assertThat(parse("55 99123-4567").e164()).isEqualTo("+5555991234567");
        assertThat(parse("(55) 3221-1234").e164()).isEqualTo("+555532211234");
        assertThat(parse("555532211234").e164()).isEqualTo("+555532211234");
        assertThat(parse("5555991234567").e164()).isEqualTo("+5555991234567");
    }

    @ParameterizedTest
    @CsvSource({
        "0800 123 4567, TOLL_FREE, +558001234567",
        "4004-1234, OTHER, +5540041234",
        "+14155552671, FIXED_OR_MOBILE, +14155552671",
        "+351 912 345 678, MOBILE, +351912345678",
        "+351 21 234 5678, FIXED_LINE, +351212345678",
        "+44 7911 123456, MOBILE, +447911123456",
        "447911123456@s.whatsapp.net, MOBILE, +447911123456",
        "+8613800138000, MOBILE, +8613800138000",
        "+39 06 6982 1234, FIXED_LINE, +390669821234",
        "+1 555 000 1111, OTHER, +15550001111"
    })
    void other_numbers_are_what_they_are(String raw, Kind kind, String e164) {
        PhoneIdentity identity = parse(raw);

        assertThat(identity.kind()).isEqualTo(kind);
        assertThat(identity.e164()).isEqualTo(e164);
        assertThat(identity.personKey()).isEqualTo(e164);
        assertThat(identity.equivalents()).containsExactly(e164);
    }

    @Test
    void argentine_mobiles_are_the_same_with_and_without_the_9() {
        PhoneIdentity with = parse("+5491123456789");
        PhoneIdentity without = parse("541123456789@s.whatsapp.net");

        assertThat(with.kind()).isEqualTo(Kind.MOBILE);
        assertThat(with.samePersonAs(without)).isTrue();
        assertThat(with.e164()).isEqualTo("+5491123456789");
        assertThat(without.e164()).isEqualTo("+541123456789");
        assertThat(with.equivalents())
                .isEqualTo(without.equivalents())
                .containsExactlyInAnyOrder("+5491123456789", "+541123456789");
        assertThat(Phones.parse("011 15-2345-6789", "AR").samePersonAs(with)).isTrue();
        assertThat(parse("+54 800 123 4567").equivalents()).hasSize(1);
    }

    @Test
    void mexican_mobiles_are_the_same_with_and_without_the_1() {
        PhoneIdentity with = parse("5215512345678@s.whatsapp.net");
        PhoneIdentity without = parse("+52 55 1234 5678");

        assertThat(with.e164()).as("as delivered").isEqualTo("+5215512345678");
        assertThat(with.e164Canonical()).isEqualTo("+525512345678");
        assertThat(with.samePersonAs(without)).isTrue();
        assertThat(with.equivalents()).isEqualTo(without.equivalents()).hasSize(2);
        assertThat(parse("+52 800 123 4567").equivalents()).hasSize(1);
        assertThat(parse("+52 1 00").kind()).isEqualTo(Kind.INVALID);
    }

    @Test
    void numbers_without_a_country_are_of_the_given_region() {
        assertThat(Phones.parse("912 345 678", "PT").e164()).isEqualTo("+351912345678");
        assertThat(Phones.parse("(415) 555-2671", "US").e164()).isEqualTo("+14155552671");
        assertThat(Phones.parse("+556181234567", "US").personKey()).isEqualTo("+5561981234567");
    }

    @ParameterizedTest
    @CsvSource({
        "77712345678901@lid, LID, lid:77712345678901",
        "77712345678901:12@lid, LID, lid:77712345678901",
        "BR.1A2b3C4d, BUSINESS_SCOPED_ID, bsuid:BR.1A2b3C4d",
        "BR.ENT.1A2b3C4d, BUSINESS_SCOPED_ID, bsuid:BR.ENT.1A2b3C4d",
        "whatsapp:US.13491208655302741918, BUSINESS_SCOPED_ID, bsuid:US.13491208655302741918",
        "27182, SHORT_CODE, short:BR:27182",
        "190, SHORT_CODE, short:BR:190"
    })
    void what_is_no_phone_number_can_still_be_somebody(String raw, Kind kind, String personKey) {
        PhoneIdentity identity = parse(raw);

        assertThat(identity.kind()).isEqualTo(kind);
        assertThat(identity.personKey()).isEqualTo(personKey);
        assertThat(identity.e164()).isNull();
        assertThat(identity.e164Canonical()).isNull();
        assertThat(identity.equivalents()).hasSize(1);
    }

    @Test
    void a_short_code_is_of_its_country_only() {
        assertThat(parse("27182").samePersonAs(Phones.parse("27182", "US"))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"120363000000000001@g.us", "5561981234567-1400000000@g.us"})
    void a_group_is_nobody(String raw) {
        assertThat(parse(raw).kind()).isEqualTo(Kind.GROUP);
        assertThat(parse(raw).personKey()).isNull();
        assertThat(parse(raw).samePersonAs(parse(raw))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "+",
                "++5561981234567",
                "abc",
                "n/a",
                "Joana 61 98123-4567",
                "98123-4567",
                "8123-4567",
                "12",
                "0",
                "000",
                "00000000000",
                "+55",
                "+5561",
                "+5561812345",
                "+55619812345678",
                "+5520981234567",
                "+5561081234567",
                "+5561141234567",
                "+999123456789",
                "+0000000000000",
                "123456789012345678901234567890",
                "status@broadcast",
                "5561981234567@example.com",
                "5561981234567@newsletter",
                "@s.whatsapp.net",
                "0@s.whatsapp.net",
                "abc@lid",
                "br.1A2b3C",
                "BR.",
                "BR.ENT.",
                "tel:",
                "tel:;;",
                "whatsapp:",
                "+55 61 98123-4567 x",
                "61 98123-4567 / 61 98123-4568",
                "🐶🐶🐶",
                "٠",
                "joana@example.com",
                "0f1e2d3c-4b5a-4978-8695-a4b3c2d1e0f9",
                "'; DROP TABLE contacts; --"
            })
    void garbage_is_nobody(String raw) {
        PhoneIdentity identity = parse(raw);

        assertThat(identity.kind()).isEqualTo(Kind.INVALID);
        assertThat(identity.e164()).isNull();
        assertThat(identity.personKey()).isNull();
        assertThat(identity.equivalents()).isEmpty();
    }

    @Test
    void digits_of_other_scripts_are_digits() {
        assertThat(parse("+٥٥٦١٩٨١٢٣٤٥٦٧").e164()).isEqualTo("+5561981234567");
    }

    @Test
    void a_huge_text_is_nobody_at_once() {
        assertThat(parse("6".repeat(10_000_000)).kind()).isEqualTo(Kind.INVALID);
        assertThat(parse("+" + " ".repeat(240) + "5").kind()).isEqualTo(Kind.INVALID);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "br", "XX", "BRA"})
    void a_region_that_is_none_is_a_mistake(String region) {
        assertThatThrownBy(() -> Phones.parse("61981234567", region)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void the_words_are_lower_case() {
        assertThat(Kind.BUSINESS_SCOPED_ID.word()).isEqualTo("business_scoped_id");
    }
}

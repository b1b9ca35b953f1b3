package io.github.almeidatech.wppflow.normalizer;

import io.github.almeidatech.wppflow.model.Sender;
import io.github.almeidatech.wppflow.normalizer.PhoneIdentity.Kind;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The customer of a conversation, put together from the places where Chatwoot names one: the message's sender, the
 * conversation's contact, and the channel's own address. The phone is the first that is one, in this order.
 *
 * @param sender for the model
 * @param canonicalPhone for matching
 * @param group it is no person but a group
 */
record Customer(Sender sender, @Nullable String canonicalPhone, boolean group) {

    static final Customer UNKNOWN = new Customer(Sender.UNKNOWN, null, false);

    private static final Pattern E164 = Pattern.compile("\\+[1-9]\\d{6,14}");
    private static final Pattern DIGITS = Pattern.compile("\\d{8,15}");

    /**
     * @param writer the contact that wrote the message
     * @param contact the contact of the conversation
     * @param address the channel's address
     */
    static Customer of(
            @Nullable Fields writer,
            @Nullable Fields contact,
            @Nullable Long contactId,
            @Nullable String address,
            @Nullable Long accountId,
            String region) {
        String identifier = first(text(writer, "identifier"), text(contact, "identifier"));
        PhoneIdentity phone = PhoneIdentity.NOBODY;
        PhoneIdentity other = PhoneIdentity.NOBODY;
        boolean group = false;
        for (String each : addresses(writer, contact, address, identifier)) {
            PhoneIdentity found = Phones.parse(each, region);
            group |= found.kind() == Kind.GROUP;
            if (found.e164() != null && phone.e164() == null) {
                phone = found;
            } else if (found.personKey() != null && other.personKey() == null) {
                other = found;
            }
        }
        String e164 = phone.e164();
        String canonical = phone.e164Canonical();
        String key = first(phone.personKey(), other.personKey());
        if (e164 == null) {
            // Not a number our plan knows, but the channel delivered it and answers go there.
            e164 = canonical = Stream.of(
                            nullToEmpty(text(writer, "phone_number")), nullToEmpty(text(contact, "phone_number")))
                    .filter(each -> E164.matcher(each).matches())
                    .findFirst()
                    .orElse(null);
        }
        Long id = writer != null && writer.id("id") != null ? writer.id("id") : idOf(contact, contactId);
        if (key == null && e164 != null) {
            key = e164;
        }
        if (key == null && id != null) {
            key = "contact:" + (accountId == null ? 0 : accountId) + "/" + id;
        }
        String name = first(text(writer, "name"), text(contact, "name"));
        return new Customer(
                new Sender(id, name, first(address, identifier), e164, group ? null : key), canonical, group);
    }

    private static Iterable<String> addresses(
            @Nullable Fields writer, @Nullable Fields contact, @Nullable String address, @Nullable String identifier) {
        return Stream.of(
                        nullToEmpty(text(writer, "phone_number")),
                        nullToEmpty(text(contact, "phone_number")),
                        withPlus(address),
                        withPlus(identifier))
                .filter(each -> !each.isEmpty())
                .toList();
    }

    /** A channel's digits are a whole number with its country code. */
    private static String withPlus(@Nullable String address) {
        String text = nullToEmpty(address).strip();
        return DIGITS.matcher(text).matches() ? "+" + text : text;
    }

    private static @Nullable Long idOf(@Nullable Fields contact, @Nullable Long contactId) {
        Long id = contact == null ? null : contact.id("id");
        return id == null ? contactId : id;
    }

    private static @Nullable String text(@Nullable Fields fields, String key) {
        return fields == null ? null : fields.word(key, 1_000);
    }

    private static @Nullable String first(@Nullable String one, @Nullable String two) {
        return one == null ? two : one;
    }

    private static String nullToEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }
}

package io.github.almeidatech.wppflow.normalizer;

import io.github.almeidatech.wppflow.model.Sender;
import io.github.almeidatech.wppflow.normalizer.PhoneIdentity.Kind;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
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
     * Who that is.
     *
     * @param writer the contact that wrote the message
     * @param conversation the conversation, with a contact and an address of its own
     */
    static Customer of(
            @Nullable Fields writer,
            @Nullable ConversationFacts conversation,
            @Nullable Long accountId,
            String region) {
        Fields contact = conversation == null ? null : conversation.contact();
        String address = conversation == null ? null : conversation.address();
        String identifier = first(text(writer, "identifier"), text(contact, "identifier"));
        boolean digitsArePhones = conversation == null || isPhoneChannel(conversation.channel());
        List<String> phones = present(text(writer, "phone_number"), text(contact, "phone_number"));
        Set<String> written = new LinkedHashSet<>(phones);
        for (String other : present(address, identifier)) {
            if (digitsArePhones || other.indexOf('@') > 0) {
                written.add(withPlus(other));
            }
        }
        List<PhoneIdentity> known =
                written.stream().map(each -> Phones.parse(each, region)).toList();
        boolean group = known.stream().anyMatch(each -> each.kind() == Kind.GROUP);
        PhoneIdentity phone =
                known.stream().filter(each -> each.e164() != null).findFirst().orElseGet(() -> unrecognised(phones));
        String key = Stream.concat(Stream.of(phone), known.stream())
                .map(PhoneIdentity::personKey)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
        Long id = id(writer, conversation);
        if (key == null && id != null) {
            key = "contact:" + (accountId == null ? 0 : accountId) + "/" + id;
        }
        String name = first(text(writer, "name"), text(contact, "name"));
        return new Customer(
                new Sender(id, name, first(address, identifier), phone.e164(), group ? null : key),
                phone.e164Canonical(),
                group);
    }

    /** A number no numbering plan knows; but the channel delivered it, and answers reach it. */
    private static PhoneIdentity unrecognised(List<String> phones) {
        return phones.stream()
                .filter(each -> E164.matcher(each).matches())
                .findFirst()
                .map(each -> new PhoneIdentity(Kind.OTHER, each, each, each, Set.of(each)))
                .orElse(PhoneIdentity.NOBODY);
    }

    /** Elsewhere, digits are the number of an account at Telegram or in the business's own shop. */
    private static boolean isPhoneChannel(@Nullable String channel) {
        return channel == null
                || channel.equals("Channel::Whatsapp")
                || channel.equals("Channel::TwilioSms")
                || channel.equals("Channel::Api");
    }

    /** A channel's digits are a whole number with its country code. */
    private static String withPlus(String address) {
        return DIGITS.matcher(address).matches() ? "+" + address : address;
    }

    private static @Nullable Long id(@Nullable Fields writer, @Nullable ConversationFacts conversation) {
        Long id = writer == null ? null : writer.id("id");
        if (id != null || conversation == null) {
            return id;
        }
        id = conversation.contact() == null ? null : conversation.contact().id("id");
        return id == null ? conversation.contactId() : id;
    }

    private static @Nullable String text(@Nullable Fields fields, String key) {
        return fields == null ? null : fields.word(key, 1_000);
    }

    private static @Nullable String first(@Nullable String one, @Nullable String two) {
        return one == null ? two : one;
    }

    private static List<String> present(@Nullable String one, @Nullable String two) {
        List<String> present = new ArrayList<>(2);
        if (one != null) {
            present.add(one);
        }
        if (two != null) {
            present.add(two);
        }
        return present;
    }
}

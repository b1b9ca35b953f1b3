package io.github.almeidatech.wppflow.router;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Something a customer may want.
 *
 * @param name one lower-case word, part of labels and of the API
 * @param description one sentence that tells a language model, or a person, what belongs to it; of a tenant's own
 *     intent it teaches half as much as an example
 * @param words words that point to it; not needed for the four standard intents
 * @param examples messages that belong to it, five or more where it is a tenant's own
 */
public record Intent(String name, String description, List<String> words, List<String> examples) {

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,39}");

    /** The four that are always there. */
    public static final List<Intent> STANDARD = List.of(
            standard(
                    "sales",
                    "Prices, plans, promotions, discounts, payment conditions or insurance accepted before a purchase,"
                            + " whether something is sold or offered, buying."),
            standard(
                    "support",
                    "A problem or complaint, after-sales, how-to and aftercare, refund, invoice, status of an order, an"
                            + " exam or a pet in care, cancelling an order or a plan."),
            standard(
                    "appointment",
                    "To book, move, cancel or confirm a slot, room, visit, pick-up or delivery date; availability;"
                            + " running late; when an appointment is."),
            standard(
                    "general",
                    "Greetings, thanks, address, opening hours, small talk, wrong number, job seekers, suppliers, spam,"
                            + " a bare wish for a person, opt-out, anything unclear."));

    public Intent {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("an intent's name is 1 to 40 of a-z 0-9 _, not " + name);
        }
        words = List.copyOf(words);
        examples = List.copyOf(examples);
    }

    private static Intent standard(String name, String description) {
        return new Intent(name, description, List.of(), List.of());
    }
}

package io.github.almeidatech.wppflow.testkit;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What Chatwoot's template engine does to outgoing texts: expressions in double braces are replaced by contact data or
 * by nothing, tags vanish, text in backticks stays.
 */
final class Liquid {

    private static final Pattern PARTS =
            Pattern.compile("`[^`]*`|\\{\\{\\s*([^{}]*?)\\s*\\}\\}|\\{%.*?%\\}", Pattern.DOTALL);

    private Liquid() {}

    static String render(String content, Rows.Contact contact, long conversation) {
        return PARTS.matcher(content).replaceAll(part -> {
            if (part.group().startsWith("`")) {
                return Matcher.quoteReplacement(part.group());
            }
            var expression = part.group(1);
            return Matcher.quoteReplacement(expression == null ? "" : value(expression, contact, conversation));
        });
    }

    private static String value(String expression, Rows.Contact contact, long conversation) {
        return switch (expression.split("\\|", 2)[0].strip()) {
            case "contact.name" -> contact.name;
            case "contact.first_name" -> contact.name.split(" ", 2)[0];
            case "contact.phone_number" -> contact.phoneNumber == null ? "" : contact.phoneNumber;
            case "contact.email" -> contact.email == null ? "" : contact.email;
            case "conversation.display_id" -> Long.toString(conversation);
            default -> "";
        };
    }
}

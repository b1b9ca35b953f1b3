package io.github.almeidatech.wppflow.server.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.util.InetAddressSet;

/** Addresses and networks, such as {@code 203.0.113.7} and {@code 10.0.0.0/8}. Immutable. */
final class Networks {

    private static final Pattern DIGITS =
            Pattern.compile("(?<plain>\\d{1,3}(\\.\\d{1,3}){3}|[0-9a-fA-F.]*:[0-9a-fA-F:.]*)(%.*)?");

    private final InetAddressSet set = new InetAddressSet();

    /** @throws IllegalArgumentException when one is none */
    Networks(List<String> addresses) {
        set.addAll(addresses);
    }

    boolean isEmpty() {
        return set.isEmpty();
    }

    /**
     * @param address in digits, one of IPv6 also in brackets (as Jetty has it) or with a zone; whatever else it is, it is not
     *     among them, and no name is looked up
     */
    boolean contains(String address) {
        boolean bracketed = address.startsWith("[") && address.endsWith("]");
        Matcher digits = DIGITS.matcher(bracketed ? address.substring(1, address.length() - 1) : address);
        if (!digits.matches()) {
            return false;
        }
        try {
            return set.test(InetAddress.getByName(digits.group("plain")));
        } catch (UnknownHostException e) {
            return false;
        }
    }
}

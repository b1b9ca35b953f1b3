package io.github.almeidatech.wppflow.chatwoot;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.stream.Stream;

/**
 * Which addresses may be connected to because of a message. Everything special is refused: the ranges of the IANA
 * special-purpose registries for IPv4 and IPv6, also where they are wrapped (IPv4-mapped and -compatible, NAT64, 6to4,
 * Teredo).
 */
final class AddressRules {

    /** Not public, but somebody's own network: may be permitted where Chatwoot itself is reached over it. */
    private static final List<Range> PRIVATE = ranges(
            "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1/128", "fc00::/7");

    private static final List<Range> SPECIAL = ranges(
            "0.0.0.0/8",
            "169.254.0.0/16", // link-local: the cloud's metadata services
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4",
            "240.0.0.0/4",
            "2001::/23", // protocol assignments: Teredo, benchmarking, ORCHID
            "2001:db8::/32",
            "2002::/16", // 6to4
            "3ffe::/16",
            "3fff::/20");

    /** All of IPv6 that is given out for the public; what lies outside is special, named or not. */
    private static final Range GLOBAL_UNICAST = range("2000::/3");

    private final boolean allowPrivate;

    /** @param allowPrivate whether addresses of private networks and of this machine are permitted */
    AddressRules(boolean allowPrivate) {
        this.allowPrivate = allowPrivate;
    }

    boolean permits(InetAddress address) {
        byte[] bytes = unmapped(address.getAddress());
        if (PRIVATE.stream().anyMatch(range -> range.contains(bytes))) {
            return allowPrivate;
        }
        boolean given = bytes.length == 4 || GLOBAL_UNICAST.contains(bytes);
        return given && SPECIAL.stream().noneMatch(range -> range.contains(bytes));
    }

    /** ::ffff:a.b.c.d is a.b.c.d; Java unwraps it mostly, but not always. */
    private static byte[] unmapped(byte[] bytes) {
        if (bytes.length != 16 || bytes[10] != (byte) 0xff || bytes[11] != (byte) 0xff) {
            return bytes;
        }
        for (int i = 0; i < 10; i++) {
            if (bytes[i] != 0) {
                return bytes;
            }
        }
        return new byte[] {bytes[12], bytes[13], bytes[14], bytes[15]};
    }

    private static List<Range> ranges(String... texts) {
        return Stream.of(texts).map(AddressRules::range).toList();
    }

    private static Range range(String text) {
        int slash = text.indexOf('/');
        try {
            byte[] network = InetAddress.getByName(text.substring(0, slash)).getAddress();
            return new Range(network, Integer.parseInt(text.substring(slash + 1)));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("a literal address is never looked up: " + text, e);
        }
    }

    private static final class Range {

        private final byte[] network;
        private final int bits;

        Range(byte[] network, int bits) {
            this.network = network;
            this.bits = bits;
        }

        boolean contains(byte[] address) {
            if (address.length != network.length) {
                return false;
            }
            for (int bit = 0; bit < bits; bit += 8) {
                int mask = bits - bit >= 8 ? 0xff : 0xff << (8 - (bits - bit)) & 0xff;
                if ((address[bit / 8] & mask) != (network[bit / 8] & mask)) {
                    return false;
                }
            }
            return true;
        }
    }
}

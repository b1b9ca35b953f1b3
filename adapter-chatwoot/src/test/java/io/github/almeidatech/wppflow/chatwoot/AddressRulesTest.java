package io.github.almeidatech.wppflow.chatwoot;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressRulesTest {

    private static final AddressRules PUBLIC_ONLY = new AddressRules(false);
    private static final AddressRules WITH_PRIVATE = new AddressRules(true);

    /** For each address: what it is, and whether it may be connected to always, in private networks only, or never. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            1.1.1.1                  | public                  | always
            8.8.8.8                  | public                  | always
            11.0.0.0                 | above 10/8              | always
            9.255.255.255            | below 10/8              | always
            100.63.255.255           | below carrier NAT       | always
            100.128.0.0              | above carrier NAT       | always
            126.255.255.255          | below loopback          | always
            128.0.0.1                | above loopback          | always
            169.253.255.255          | below link-local        | always
            169.255.0.0              | above link-local        | always
            172.15.255.255           | below 172.16/12         | always
            172.32.0.0               | above 172.16/12         | always
            191.255.255.255          | below 192.0.0/24        | always
            192.0.1.1                | between 192.0.0 and .2  | always
            192.167.255.255          | below 192.168/16        | always
            192.169.0.0              | above 192.168/16        | always
            198.17.255.255           | below benchmarking      | always
            198.20.0.0               | above benchmarking      | always
            223.255.255.255          | below multicast         | always
            0.0.0.0                  | this host               | never
            0.1.2.3                  | this network            | never
            10.0.0.0                 | private                 | private
            10.255.255.255           | private                 | private
            100.64.0.0               | carrier NAT             | private
            100.127.255.255          | carrier NAT             | private
            127.0.0.1                | loopback                | private
            127.255.255.254          | loopback                | private
            169.254.0.1              | link-local              | never
            169.254.169.254          | cloud metadata          | never
            172.16.0.1               | private                 | private
            172.31.255.255           | private                 | private
            192.0.0.8                | protocol assignments    | never
            192.0.0.192              | Oracle metadata         | never
            192.0.2.1                | documentation           | never
            192.88.99.1              | 6to4 relay              | never
            192.168.0.1              | private                 | private
            198.18.0.1               | benchmarking            | never
            198.19.255.255           | benchmarking            | never
            198.51.100.7             | documentation           | never
            203.0.113.9              | documentation           | never
            224.0.0.1                | multicast               | never
            239.255.255.255          | multicast               | never
            240.0.0.1                | reserved                | never
            255.255.255.255          | broadcast               | never
            2606:4700:4700::1111     | public                  | always
            2a00:1450:4001::1        | public                  | always
            2001:4860:4860::8888     | public, near 2001::/23  | always
            2001:200::1              | above 2001::/23         | always
            ::                       | unspecified             | never
            ::1                      | loopback                | private
            ::ffff:127.0.0.1         | mapped loopback         | private
            ::ffff:169.254.169.254   | mapped metadata         | never
            ::ffff:8.8.8.8           | mapped public           | always
            ::127.0.0.1              | compatible loopback     | never
            ::8.8.8.8                | compatible              | never
            ::ffff:0:127.0.0.1       | translated              | never
            64:ff9b::7f00:1          | NAT64 of loopback       | never
            64:ff9b::a9fe:a9fe       | NAT64 of metadata       | never
            64:ff9b:1::1             | local NAT64             | never
            100::1                   | discard                 | never
            2001::1                  | Teredo                  | never
            2001:2::1                | benchmarking            | never
            2001:10::1               | ORCHID                  | never
            2001:20::1               | ORCHIDv2                | never
            2001:db8::1              | documentation           | never
            2002:7f00:1::            | 6to4 of loopback        | never
            2002:a9fe:a9fe::         | 6to4 of metadata        | never
            3ffe::1                  | returned 6bone          | never
            3fff::1                  | documentation           | never
            4000::1                  | not given out           | never
            5f00::1                  | segment routing         | never
            fc00::1                  | unique local            | private
            fd12:3456::1             | unique local            | private
            fe80::1                  | link-local              | never
            fec0::1                  | old site-local          | never
            ff02::1                  | multicast               | never
            fd00:ec2::254            | AWS metadata over IPv6  | private
            """)
    void special_addresses_are_not_connected_to(String address, String kind, String permitted)
            throws UnknownHostException {
        InetAddress parsed = InetAddress.getByName(address);

        assertThat(PUBLIC_ONLY.permits(parsed)).as(kind).isEqualTo(permitted.equals("always"));
        assertThat(WITH_PRIVATE.permits(parsed)).as(kind).isEqualTo(!permitted.equals("never"));
    }

    /** Java turns a mapped address into an IPv4 one nearly everywhere; nearly is not enough. */
    @Test
    void a_mapped_address_is_judged_as_what_it_maps_even_when_java_keeps_it() throws UnknownHostException {
        byte[] mapped = new byte[16];
        mapped[10] = mapped[11] = (byte) 0xff;
        mapped[12] = (byte) 169;
        mapped[13] = (byte) 254;
        mapped[14] = (byte) 169;
        mapped[15] = (byte) 254;
        InetAddress kept = Inet6Address.getByAddress(null, mapped, 0);

        assertThat(kept.getAddress()).hasSize(16);
        assertThat(WITH_PRIVATE.permits(kept)).isFalse();
    }
}

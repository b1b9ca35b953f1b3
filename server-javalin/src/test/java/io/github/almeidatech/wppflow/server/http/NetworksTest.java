package io.github.almeidatech.wppflow.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NetworksTest {

    private final Networks networks = new Networks(List.of("::1", "127.0.0.1", "10.0.0.0/8", "2001:db8::/32"));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "::1",
                "[::1]",
                "[0:0:0:0:0:0:0:1]", // as Jetty has it
                "0:0:0:0:0:0:0:1%lo",
                "127.0.0.1",
                "10.1.2.3",
                "2001:db8:7::1",
                "[2001:db8:7::1%eth0]"
            })
    void an_address_is_known_however_it_is_written(String address) {
        assertThat(networks.contains(address)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"::2", "[::2]", "127.0.0.2", "11.0.0.1", "localhost", "[localhost]", "", "[]", "%lo", "1", "[::1"
            })
    void nothing_else_is(String address) {
        assertThat(networks.contains(address)).isFalse();
    }
}

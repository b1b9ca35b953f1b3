package io.github.almeidatech.wppflow.chatwoot;

import static io.github.almeidatech.wppflow.chatwoot.FileServers.LIMIT;
import static io.github.almeidatech.wppflow.chatwoot.FileServers.TENANT;
import static io.github.almeidatech.wppflow.chatwoot.FileServers.at;
import static io.github.almeidatech.wppflow.chatwoot.FileServers.file;
import static io.github.almeidatech.wppflow.chatwoot.FileServers.redirect;
import static io.github.almeidatech.wppflow.chatwoot.FileServers.refused;
import static io.github.almeidatech.wppflow.chatwoot.FileServers.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.multimodal.MediaText.Reason;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import okhttp3.Dns;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where files are not fetched from, whatever an address, a redirect or a name server says. */
class FetchGuardTest {

    private final FileServers servers = new FileServers();
    private final MockWebServer chatwoot = servers.chatwoot;
    private final MockWebServer storage = servers.storage;

    @AfterEach
    void stop() {
        servers.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://evil.example/x",
                "http://169.254.169.254/latest/meta-data/",
                "http://127.0.0.1:1/x",
                "https://127.0.0.1/x",
                "file:///etc/passwd",
                "//evil.example/x",
                "http://user@127.0.0.1/",
                "http://2130706433/",
            })
    void a_redirect_away_from_the_tenants_origins_is_not_followed(String location) {
        chatwoot.enqueue(redirect(302, location));

        assertThat(refused(() -> servers.fetch(at(chatwoot, "/x")))).isEqualTo(Reason.FORBIDDEN_ADDRESS);
        assertThat(storage.getRequestCount()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "https://a.example/x, https://b.example/y, https://b.example/y",
        "http://a.example/x, https://b.example/y, https://b.example/y",
        "http://a.example/x, http://b.example/y, http://b.example/y",
        "https://a.example/x/z, /y, https://a.example/y",
        "https://a.example/x/z, y?u=http://c.example, https://a.example/x/y?u=http://c.example",
        "https://a.example/x, //b.example/y, https://b.example/y",
        "https://a.example/x, http://b.example/y,",
        "https://a.example/x, HTTP://a.example/y,",
        "https://a.example/x, https://u@b.example/y,",
        "https://a.example/x, javascript:alert(1),",
        "https://a.example/x, ,",
    })
    void a_redirect_leads_from_https_to_https_only(String from, @Nullable String location, @Nullable String to) {
        assertThat(ChatwootMediaSource.target(HttpUrl.get(from), location).map(HttpUrl::toString))
                .isEqualTo(Optional.ofNullable(to));
    }

    @Test
    void a_redirect_without_target_leads_nowhere() {
        chatwoot.enqueue(status(302));
        chatwoot.enqueue(status(302));

        assertThat(refused(() -> servers.fetch(at(chatwoot, "/x")))).isIn(Reason.FORBIDDEN_ADDRESS, Reason.NOT_FOUND);
    }

    @Test
    void redirects_in_a_circle_end_after_five() {
        for (int i = 0; i < 10; i++) {
            chatwoot.enqueue(redirect(302, at(chatwoot, "/again")));
        }

        assertThat(refused(() -> servers.fetch(at(chatwoot, "/x")))).isEqualTo(Reason.FORBIDDEN_ADDRESS);
        assertThat(chatwoot.getRequestCount()).isEqualTo(6);
    }

    @Test
    void addresses_of_private_networks_need_a_permission() {
        var policy = new FetchPolicy(List.of(at(chatwoot, "/")), false);

        assertThat(refused(() -> servers.source(policy, Dns.SYSTEM).fetch(TENANT, file(at(chatwoot, "/x")), 10, LIMIT)))
                .isEqualTo(Reason.FORBIDDEN_ADDRESS);
        assertThat(chatwoot.getRequestCount()).isZero();
    }

    @Test
    void metadata_services_cannot_be_permitted() {
        var policy = new FetchPolicy(List.of("http://169.254.169.254"), true);

        assertThat(refused(() ->
                        servers.source(policy, Dns.SYSTEM).fetch(TENANT, file("http://169.254.169.254/x"), 10, LIMIT)))
                .isEqualTo(Reason.FORBIDDEN_ADDRESS);
    }

    private static Dns names(Function<Integer, List<String>> answers, AtomicInteger asked) {
        return name -> {
            var addresses = new ArrayList<InetAddress>();
            for (String address : answers.apply(asked.getAndIncrement())) {
                addresses.add(InetAddress.getByAddress(
                        name, InetAddress.getByName(address).getAddress()));
            }
            return addresses;
        };
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "10.0.0.1",
                "169.254.169.254",
                "192.168.1.1",
                "0.0.0.0",
                "::1",
                "64:ff9b::7f00:1",
                "fd00::1"
            })
    void a_permitted_name_with_an_inside_address_is_not_connected_to(String address) {
        var policy = new FetchPolicy(List.of("http://files.example:" + chatwoot.getPort()), false);
        var source = servers.source(policy, names(n -> List.of(address), new AtomicInteger()));

        assertThat(refused(() ->
                        source.fetch(TENANT, file("http://files.example:" + chatwoot.getPort() + "/x"), 10, LIMIT)))
                .isEqualTo(Reason.FORBIDDEN_ADDRESS);
        assertThat(chatwoot.getRequestCount()).isZero();
    }

    @Test
    void one_inside_address_among_public_ones_spoils_the_answer() {
        var policy = new FetchPolicy(List.of("http://files.example:" + chatwoot.getPort()), false);
        var source = servers.source(policy, names(n -> List.of("1.1.1.1", "127.0.0.1"), new AtomicInteger()));

        assertThat(refused(() ->
                        source.fetch(TENANT, file("http://files.example:" + chatwoot.getPort() + "/x"), 10, LIMIT)))
                .isEqualTo(Reason.FORBIDDEN_ADDRESS);
    }

    /** Rebinding: the name answers rightly when it is checked, and otherwise when it is connected to. */
    @Test
    void a_name_that_changes_its_address_between_hops_is_caught_at_the_hop() throws Exception {
        String host = "http://files.example:" + chatwoot.getPort();
        var asked = new AtomicInteger();
        // Link-local addresses are never permitted; this machine's is, by the policy.
        var source = servers.source(
                new FetchPolicy(List.of(host), true),
                names(n -> List.of(n == 0 ? "127.0.0.1" : "169.254.169.254"), asked));
        chatwoot.enqueue(new MockResponse.Builder()
                .code(302)
                .addHeader("Location", host + "/second")
                .addHeader("Connection", "close")
                .build());

        assertThat(refused(() -> source.fetch(TENANT, file(host + "/first"), 10, LIMIT)))
                .isEqualTo(Reason.FORBIDDEN_ADDRESS);
        assertThat(asked).hasValue(2);
        assertThat(chatwoot.getRequestCount()).isEqualTo(1);
    }

    /** The last line of defence: the socket itself, whatever it was told before. */
    @Test
    void a_socket_refuses_a_forbidden_address_by_itself() {
        var sockets = new GuardedSockets(new AddressRules(false));

        assertThat(catchThrowableOfType(ForbiddenAddressException.class, () -> {
                    try (var socket = sockets.createSocket()) {
                        socket.connect(chatwoot.getSocketAddress());
                    }
                }))
                .isNotNull();
        assertThat(catchThrowableOfType(ForbiddenAddressException.class, () -> {
                    try (var socket = sockets.createSocket()) {
                        socket.connect(InetSocketAddress.createUnresolved("localhost", chatwoot.getPort()), 100);
                    }
                }))
                .isNotNull();
    }

    @Test
    void a_tenant_without_a_policy_fetches_nothing() {
        var source = servers.source(servers.both(), Dns.SYSTEM);

        assertThat(refused(() -> source.fetch(new TenantId("other"), file(at(chatwoot, "/x")), 10, LIMIT)))
                .isEqualTo(Reason.FORBIDDEN_ADDRESS);
    }
}

package io.github.almeidatech.wppflow.chatwoot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import okhttp3.HttpUrl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OriginTest {

    @ParameterizedTest
    @CsvSource({
        "https://chat.example.com/rails/x.png?a=b#c, https://chat.example.com:443",
        "HTTPS://Chat.Example.COM, https://chat.example.com:443",
        "http://chat.example.com:3000/x, http://chat.example.com:3000",
        "https://93.184.216.34/x, https://93.184.216.34:443",
        "https://[2606:4700::1111]:8443/x, https://2606:4700::1111:8443",
        "http://chatwoot_web:3000, http://chatwoot_web:3000",
        "http://localhost:3000/a%20b, http://localhost:3000",
        "https://bucket.s3.sa-east-1.amazonaws.com/k?X-Amz-Signature=ab%2F%3D, https://bucket.s3.sa-east-1.amazonaws.com:443",
    })
    void plain_addresses_are_read(String text, String origin) {
        assertThat(Origin.readUrl(text).map(Origin::of)).hasToString("Optional[" + origin + "]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "ftp://chat.example.com",
                "file:///etc/passwd",
                "gopher://chat.example.com",
                "data:text/plain,x",
                "jar:https://chat.example.com!/x",
                "//chat.example.com/x",
                "https:/chat.example.com",
                "https:chat.example.com",
                "https://",
                "https:///x",
                "https://chat.example.com@evil.example/",
                "https://user:pass@chat.example.com/",
                "https://chat.example.com%40evil.example/",
                "https://chat.example.com\\@evil.example/",
                "https://evil.example\\.chat.example.com/",
                "https://chat.example.com\\x",
                "https://chat.example.com/a\\b",
                " https://chat.example.com",
                "https://chat.example.com ",
                "https://chat.example .com",
                "https://chat.exa\nmple.com",
                "https://chat.example.com\t/",
                "https://chat.example.com\u0000/",
                "https://chât.example.com",
                "https://chat。example.com",
                "https://ⓒhat.example.com",
                "https://chat.example.com/ção",
                "https://2130706433/",
                "https://0x7f000001/",
                "https://0x7f.0.0.1/",
                "https://0177.0.0.1/",
                "https://127.1/",
                "https://127.0.0.01/",
                "https://1.2.3.4.5/",
                "https://256.1.1.1/",
                "https://1.2.3/",
                "https://0x/",
                "https://example.0x1/",
                "https://127.0.0.1./",
                "https://chat.example.com./",
                "https://.example.com/",
                "https://chat..example.com/",
                "https://-chat.example.com/",
                "https://[::1%25eth0]/",
                "https://[::1%eth0]/",
                "https://[fe80::1%2]/",
                "https://[::1/",
                "https://::1/",
                "https://[127.0.0.1]/",
                "https://[::g]/",
                "https://chat.example.com:99999/",
                "https://chat.example.com:0/",
                "https://chat.example.com:-1/",
                "https://chat.example.com:80a/",
                "https://chat.example.com:/",
                "https://chat.example.com:443:80/",
            })
    void what_two_readers_could_read_differently_is_not_read_at_all(String text) {
        assertThat(Origin.readUrl(text)).isEmpty();
    }

    @Test
    void endless_addresses_are_not_read() {
        assertThat(Origin.readUrl("https://chat.example.com/" + "a".repeat(10_000)))
                .isEmpty();
    }

    @Test
    void a_policy_permits_by_scheme_host_and_port() {
        var policy = new FetchPolicy(List.of("https://chat.example.com/app", "http://10.0.0.5:3000"), true);

        assertThat(policy.permits(HttpUrl.get("https://chat.example.com/x"))).isTrue();
        assertThat(policy.permits(HttpUrl.get("https://chat.example.com:443/x")))
                .isTrue();
        assertThat(policy.permits(HttpUrl.get("http://10.0.0.5:3000/x"))).isTrue();
        assertThat(policy.permits(HttpUrl.get("http://chat.example.com/x"))).isFalse();
        assertThat(policy.permits(HttpUrl.get("https://chat.example.com:8443/x")))
                .isFalse();
        assertThat(policy.permits(HttpUrl.get("https://chat.example.com.evil.example/x")))
                .isFalse();
        assertThat(policy.permits(HttpUrl.get("https://sub.chat.example.com/x")))
                .isFalse();
        assertThat(policy.permits("https://chat.example.com/x")).isTrue();
        assertThat(policy.permits("https://chat.example.com\\@evil.example/x")).isFalse();
        assertThat(policy.permits("https://user@chat.example.com/x")).isFalse();
        assertThat(policy.permits("file:///etc/passwd")).isFalse();
    }

    @Test
    void policies_are_equal_by_what_they_permit() {
        var policy = new FetchPolicy(List.of("https://a.example"), false);

        assertThat(policy).isEqualTo(new FetchPolicy(List.of("https://A.example:443/x"), false));
        assertThat(policy.hashCode()).isEqualTo(new FetchPolicy(List.of("https://a.example/"), false).hashCode());
        assertThat(policy)
                .isNotEqualTo(new FetchPolicy(List.of("https://a.example"), true))
                .isNotEqualTo("x");
        assertThat(policy).isNotEqualTo(new FetchPolicy(List.of("https://b.example"), false));
        assertThat(policy).hasToString("FetchPolicy[https://a.example:443]");
        assertThatThrownBy(() -> new FetchPolicy(List.of("a.example"), false))
                .isInstanceOf(IllegalArgumentException.class);
    }
}

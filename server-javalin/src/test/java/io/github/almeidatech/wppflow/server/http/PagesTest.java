package io.github.almeidatech.wppflow.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.server.TestServer;
import io.github.almeidatech.wppflow.server.TestServer.Answer;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pages hold no data, run no foreign script, and are shown to whom they are meant for. */
class PagesTest {

    @TempDir
    private Path data;

    @Test
    void the_console_is_one_page_with_parts_of_its_own_only() throws Exception {
        try (TestServer server = TestServer.start(data)) {
            Answer page = get(server, "/console", "");

            assertThat(page.status()).isEqualTo(200);
            assertThat(page.response().headers().allValues("Content-Security-Policy"))
                    .singleElement()
                    .asString()
                    .contains("script-src 'self'", "frame-ancestors 'none'")
                    .doesNotContain("unsafe");
            assertThat(page.response().body())
                    .doesNotContain("http://", "https://", " onclick", "<style")
                    .contains("/console/console.js");
            assertThat(get(server, "/console/console.js", "").response().body())
                    .doesNotContain("innerHTML", "eval(", "http://", "https://");
            assertThat(get(server, "/console/console.css", "").status()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @CsvSource({"local,'',200", "local,198.51.100.7,404", "nobody,'',404", "everybody,198.51.100.7,200"})
    void who_is_shown_it_is_a_setting(String pages, String forwardedFor, int status) throws Exception {
        try (TestServer server = TestServer.start(data, Map.of("WPPFLOW_SERVER__PAGES", pages))) {
            assertThat(get(server, "/console", forwardedFor).status()).isEqualTo(status);
        }
    }

    private static Answer get(TestServer server, String path, String forwardedFor) {
        var request = HttpRequest.newBuilder(server.uri(path)).GET();
        if (!forwardedFor.isEmpty()) {
            request.header("X-Forwarded-For", forwardedFor);
        }
        return server.send(request);
    }
}

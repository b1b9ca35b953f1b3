package io.github.almeidatech.wppflow.server.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.llm.LanguageModels;
import io.github.almeidatech.wppflow.server.Metrics;
import io.github.almeidatech.wppflow.server.Tenants;
import io.github.almeidatech.wppflow.server.config.ConfigReader;
import io.github.almeidatech.wppflow.testkit.SettableClock;
import io.github.almeidatech.wppflow.testkit.SimulatedChatwoot;
import java.io.IOException;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import okhttp3.OkHttpClient;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whether the clocks agree, so far as Chatwoot's answers tell. */
class DoctorClockTest {

    private final SettableClock clock = SettableClock.at("2026-09-01T12:00:00Z");
    private final SimulatedChatwoot chatwoot = SimulatedChatwoot.builder().start();

    @AfterEach
    void close() {
        chatwoot.close();
    }

    /** @param ahead how many seconds this machine's clock is ahead of Chatwoot's; null for answers without a time */
    private Finding found(@Nullable Integer ahead) {
        var tenant = Tenants.of(
                        new ConfigReader(Map.of(
                                        "TENANT_ID", "pet-hotel",
                                        "CHATWOOT_BASE_URL", chatwoot.baseUrl().toString(),
                                        "CHATWOOT_ACCOUNT_ID", String.valueOf(chatwoot.accountId()),
                                        "CHATWOOT_API_TOKEN", chatwoot.botToken(),
                                        "CHATWOOT_USER_TOKEN", chatwoot.userToken(),
                                        "CHATWOOT_WEBHOOK_SECRET", "a-webhook-secret-of-chatwoot"))
                                .read(null),
                        LanguageModels.builder().build(),
                        new OkHttpClient(),
                        new Metrics(),
                        clock)
                .all()
                .iterator()
                .next();
        var http = new OkHttpClient.Builder()
                .addInterceptor(chain -> dated(chain.proceed(chain.request()), ahead))
                .build();
        return new ChatwootExamination(tenant, http, clock)
                .findings().stream()
                        .filter(finding -> finding.area().equals("clock"))
                        .findFirst()
                        .orElseThrow();
    }

    private Response dated(Response answer, @Nullable Integer ahead) throws IOException {
        var undated = answer.newBuilder().removeHeader("Date");
        return ahead == null
                ? undated.build()
                : undated.header(
                                "Date",
                                DateTimeFormatter.RFC_1123_DATE_TIME.format(
                                        clock.instant().minusSeconds(ahead).atOffset(ZoneOffset.UTC)))
                        .build();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            0    | OK      | agrees with Chatwoot's
            60   | OK      | agrees with Chatwoot's
            61   | NOTE    | this machine's clock is 61 s ahead of Chatwoot's
            -61  | NOTE    | this machine's clock is 61 s behind Chatwoot's
            299  | NOTE    | this machine's clock is 299 s ahead of Chatwoot's
            400  | PROBLEM | this machine's clock is 400 s ahead of Chatwoot's: every webhook is refused
            -400 | PROBLEM | this machine's clock is 400 s behind Chatwoot's: every webhook is refused
            """)
    void the_clocks_are_compared_by_what_chatwoot_says_the_time_is(int ahead, Finding.Level level, String message) {
        assertThat(found(ahead).level()).isEqualTo(level);
        assertThat(found(ahead).message()).isEqualTo(message);
    }

    @Test
    void when_chatwoot_does_not_say_the_time_nobody_says_that_the_clocks_agree() {
        Finding found = found(null);

        assertThat(found.level()).isEqualTo(Finding.Level.NOTE);
        assertThat(found.message()).contains("cannot be compared", "no header Date");
        assertThat(found.advice()).isNotBlank();
    }
}

package io.github.almeidatech.wppflow.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.model.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ApiTokensTest {

    private static final TenantId HOTEL = new TenantId("hotel");
    private static final Instant NOW = Instant.parse("2026-09-01T12:00:00Z");
    private static final Instant LATER = NOW.plus(Duration.ofDays(90));

    private final TestDatabases databases = new TestDatabases.Sqlite();
    private final ApiTokens tokens = databases.open().apiTokens();

    @AfterEach
    void close() {
        databases.close();
    }

    @Test
    void a_token_opens_the_door_until_it_expires_and_its_last_use_is_known() {
        ApiTokens.Issued issued = tokens.issue("n8n", HOTEL, Set.of("read", "write"), LATER, NOW);

        ApiToken caller = tokens.authenticate(issued.secret(), NOW).orElseThrow();

        assertThat(issued.secret()).matches("wfc_[0-9a-f]{64}");
        assertThat(caller.tenant()).isEqualTo(HOTEL);
        assertThat(caller.scopes()).containsExactlyInAnyOrder("read", "write");
        assertThat(tokens.authenticate(issued.secret(), LATER)).isEmpty();
        assertThat(tokens.list(HOTEL)).singleElement().satisfies(token -> {
            assertThat(token.usedAt()).isEqualTo(NOW);
            assertThat(issued.secret()).startsWith(token.id());
        });
    }

    @Test
    void a_revoked_one_opens_nothing_from_the_next_call_on() {
        ApiTokens.Issued issued = tokens.issue("n8n", HOTEL, Set.of("read"), LATER, NOW);

        assertThat(tokens.revoke(new TenantId("other"), issued.token().id(), NOW))
                .isFalse();
        assertThat(tokens.authenticate(issued.secret(), NOW)).isPresent();
        assertThat(tokens.revoke(HOTEL, issued.token().id(), NOW)).isTrue();

        assertThat(tokens.authenticate(issued.secret(), NOW)).isEmpty();
        assertThat(tokens.list(HOTEL))
                .singleElement()
                .extracting(ApiToken::revokedAt)
                .isEqualTo(NOW);
    }

    @Test
    void an_operators_token_is_no_tenants_and_only_operators_see_it() {
        ApiTokens.Issued issued = tokens.issue("ops", null, Set.of("admin"), LATER, NOW);

        assertThat(tokens.authenticate(issued.secret(), NOW).orElseThrow().tenant())
                .isNull();
        assertThat(tokens.list(HOTEL)).isEmpty();
        assertThat(tokens.list(null)).hasSize(1);
        assertThat(tokens.revoke(null, issued.token().id(), NOW)).isTrue();
    }

    @Test
    void a_wrong_one_is_nobodys_and_nothing_prints_a_token() {
        ApiTokens.Issued issued = tokens.issue("ops", null, Set.of("admin"), LATER, NOW);

        assertThat(tokens.authenticate(issued.secret() + "0", NOW)).isEmpty();
        assertThat(tokens.authenticate("something else", NOW)).isEmpty();
        assertThat(issued.toString()).doesNotContain(issued.secret());
    }
}

package io.github.almeidatech.wppflow.flow;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class NextClaimTest {

    @Test
    void a_claim_wants_a_token_that_can_be_told_from_none() {
        assertThatThrownBy(() -> new NextClaim(" ", Duration.ofSeconds(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("token");
    }

    @Test
    void a_claim_holds_for_longer_than_nothing() {
        assertThatThrownBy(() -> new NextClaim("token", Duration.ZERO)).hasMessageContaining("lease");
        assertThatThrownBy(() -> new NextClaim("token", Duration.ofMillis(-1))).hasMessageContaining("lease");
    }
}

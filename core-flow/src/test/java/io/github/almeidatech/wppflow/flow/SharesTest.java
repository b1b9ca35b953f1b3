package io.github.almeidatech.wppflow.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.model.TenantId;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SharesTest {

    private static final TenantId A = new TenantId("a");
    private static final TenantId B = new TenantId("b");
    private static final TenantId C = new TenantId("c");

    private final Shares shares = new Shares(8);

    @Test
    void the_only_tenant_may_hold_all_workers() {
        shares.seen(A);

        assertThat(shares.satisfied(Map.of(A, 7))).isEmpty();
        assertThat(shares.full(Map.of(A, 7))).isEmpty();
        assertThat(shares.room(Map.of(A, 7))).isEqualTo(1);
    }

    @Test
    void with_another_tenant_about_a_quarter_stays_free_for_it() {
        shares.seen(A);
        shares.seen(B);

        assertThat(shares.room(Map.of())).isEqualTo(6);
        assertThat(shares.room(Map.of(A, 4))).isEqualTo(2);
        assertThat(shares.full(Map.of(A, 6))).containsExactly(A);
        assertThat(shares.room(Map.of(A, 6))).as("for the others").isEqualTo(6);
    }

    @Test
    void free_workers_go_first_to_tenants_below_their_share() {
        shares.seen(A);
        shares.seen(B);

        assertThat(shares.satisfied(Map.of(A, 4))).containsExactly(A);
        assertThat(shares.satisfied(Map.of(A, 5, B, 1))).containsExactly(A);
        assertThat(shares.satisfied(Map.of(A, 4, B, 2, C, 1))).containsExactlyInAnyOrder(A, B);
    }

    @Test
    void few_workers_are_not_kept_back() {
        var two = new Shares(2);
        two.seen(A);
        two.seen(B);

        assertThat(two.room(Map.of())).isEqualTo(2);
        assertThat(two.satisfied(Map.of(A, 1))).containsExactly(A);
    }
}

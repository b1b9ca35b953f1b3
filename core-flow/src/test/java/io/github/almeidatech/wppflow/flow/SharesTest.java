package io.github.almeidatech.wppflow.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.almeidatech.wppflow.model.TenantId;
import java.util.List;
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

        assertThat(shares.free(1, Map.of(A, 7)).shareOut(List.of(A))).isEqualTo(Map.of(A, 1));
        assertThat(shares.free(8, Map.of()).shareOut(List.of(A))).isEqualTo(Map.of(A, 8));
    }

    @Test
    void with_another_tenant_a_quarter_stays_free_for_it() {
        shares.seen(A);
        shares.seen(B);

        assertThat(shares.free(8, Map.of()).shareOut(List.of(A))).isEqualTo(Map.of(A, 6));
        assertThat(shares.free(4, Map.of(A, 4)).shareOut(List.of(A))).isEqualTo(Map.of(A, 2));
        assertThat(shares.free(2, Map.of(A, 6)).shareOut(List.of(A))).isEmpty();
        assertThat(shares.free(2, Map.of(A, 6)).shareOut(List.of(A, B))).isEqualTo(Map.of(B, 2));
    }

    @Test
    void each_free_worker_goes_to_the_tenant_with_the_fewest_and_among_equals_to_who_waits_longest() {
        shares.seen(A);
        shares.seen(B);

        assertThat(shares.free(2, Map.of(A, 5, B, 1)).shareOut(List.of(A, B))).isEqualTo(Map.of(B, 2));
        assertThat(shares.free(1, Map.of(A, 4, B, 3)).shareOut(List.of(A, B, C)))
                .isEqualTo(Map.of(C, 1));
        assertThat(shares.free(8, Map.of()).shareOut(List.of(A, B, C))).isEqualTo(Map.of(A, 3, B, 3, C, 2));
    }

    @Test
    void few_workers_are_not_kept_back() {
        var two = new Shares(2);
        two.seen(A);
        two.seen(B);

        assertThat(two.free(2, Map.of()).shareOut(List.of(A))).isEqualTo(Map.of(A, 2));
        assertThat(two.free(1, Map.of(A, 1)).shareOut(List.of(A, B))).isEqualTo(Map.of(B, 1));
    }

    @Test
    void nobody_claims_for_no_worker() {
        assertThatThrownBy(() -> FreeWorkers.of(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("0");
    }
}

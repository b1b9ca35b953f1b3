package io.github.almeidatech.wppflow.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.router.Likelihood.Evidence;
import java.util.Collections;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class LikelihoodTest {

    private static final Evidence FREE = new Evidence(1e-3, 1e-3);

    @Test
    void evidence_that_tells_apart_is_believed_and_other_evidence_is_not() {
        var holds = List.of(new Evidence(2, 1), new Evidence(3, 0), new Evidence(1, 1), new Evidence(3, 0));
        var others = List.of(new Evidence(0, 1), new Evidence(1, 0), new Evidence(2, 1), new Evidence(0, 0));

        Likelihood taught = new Likelihood(0, 0, 0).taught(holds, others, 1, FREE);

        assertThat(taught.first()).isGreaterThan(1);
        assertThat(Math.abs(taught.second())).isLessThan(taught.first());
    }

    @Test
    void evidence_that_tells_nothing_leaves_the_expected_share() {
        var same = new Evidence(1, 1);

        Likelihood taught =
                new Likelihood(0, 0, 0).taught(Collections.nCopies(3, same), Collections.nCopies(50, same), 0.25, FREE);

        assertThat(taught.logOdds(same)).isCloseTo(Math.log(0.25), Offset.offset(0.01));
    }

    @Test
    void who_is_firmly_trusted_moves_little() {
        var holds = List.of(new Evidence(0, 1));
        var others = List.of(new Evidence(1, 0));

        Likelihood taught = new Likelihood(2, 3, 0).taught(holds, others, 1, new Evidence(1e6, 1e6));

        assertThat(taught.first()).isCloseTo(2, Offset.offset(1e-3));
        assertThat(taught.second()).isCloseTo(3, Offset.offset(1e-3));
    }
}

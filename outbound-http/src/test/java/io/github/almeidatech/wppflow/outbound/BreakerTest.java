package io.github.almeidatech.wppflow.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class BreakerTest {

    private int made;

    @Test
    void after_five_failures_calls_are_kept_back_and_told_for_how_long() {
        var breaker = new Breaker("a system", Duration.ofMinutes(1));
        fail(breaker, 5);

        assertThat(breaker.isClosed()).isFalse();
        assertThat(breaker.state()).isEqualTo("open");
        assertThat(breaker.left()).isPositive().isLessThanOrEqualTo(Duration.ofMinutes(1));
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> call(breaker, () -> "never"))
                .withMessageStartingWith("kept back for PT");
        assertThat(made).isEqualTo(5);
    }

    @Test
    void a_refusal_is_an_answer() {
        var breaker = new Breaker("a system", Duration.ofMinutes(1));
        for (int i = 0; i < 20; i++) {
            assertThatExceptionOfType(IllegalArgumentException.class)
                    .isThrownBy(() -> call(breaker, () -> {
                        throw new IllegalArgumentException("refused");
                    }));
        }

        assertThat(breaker.state()).isEqualTo("closed");
        assertThat(breaker.left()).isZero();
    }

    @Test
    void after_a_while_one_answer_is_enough() {
        var breaker = new Breaker("a system", Duration.ofNanos(1));
        fail(breaker, 5);

        assertThat(call(breaker, () -> "here again")).isEqualTo("here again");

        assertThat(breaker.isClosed()).isTrue();
    }

    private void fail(Breaker breaker, int times) {
        for (int i = 0; i < times; i++) {
            assertThatExceptionOfType(ArithmeticException.class)
                    .isThrownBy(() -> call(breaker, () -> {
                        made++;
                        throw new ArithmeticException("sick");
                    }));
        }
    }

    private static String call(Breaker breaker, Supplier<String> call) {
        return breaker.call(
                call,
                failure -> failure instanceof ArithmeticException,
                left -> new IllegalStateException("kept back for " + left));
    }
}

package io.github.almeidatech.wppflow.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The table of the kill points; {@code benchmarks/kill-points} is the run. */
class KillPointsTest {

    @ParameterizedTest
    @EnumSource
    void every_place_is_in_the_code(KillPoint point) throws ClassNotFoundException {
        for (KillPoint.Step step : point.steps()) {
            for (String type : step.types()) {
                List<String> methods = Arrays.stream(
                                Class.forName(type, false, getClass().getClassLoader())
                                        .getDeclaredMethods())
                        .map(Method::getName)
                        .toList();
                assertThat(methods).as(type).contains(step.method());
            }
        }
        assertThat(point.steps().isEmpty())
                .as("either a place in the code, or seen from outside")
                .isEqualTo(List.of(
                                KillPoint.Cause.HALF_A_BODY,
                                KillPoint.Cause.FILE_HALF_SENT,
                                KillPoint.Cause.MODEL_ASKED,
                                KillPoint.Cause.MESSAGE_ASKED,
                                KillPoint.Cause.MESSAGE_DONE,
                                KillPoint.Cause.ROW_ASKED)
                        .contains(point.cause()));
    }
}

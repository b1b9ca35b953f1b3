package io.github.almeidatech.wppflow.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The kill points in small; {@code benchmarks/kill-points} is the real run. */
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

    @Test
    void a_server_killed_at_named_points_loses_doubles_and_disorders_nothing(@TempDir Path data) throws Exception {
        var settings = new KillPointsRun.Settings(
                List.of(KillPoint.K04, KillPoint.K15B),
                1,
                Storage.Kind.SQLITE,
                11,
                6,
                false,
                Duration.ofMinutes(1),
                data);

        KillPointsRun.Report report = KillPointsRun.run(settings, progress -> {});

        assertThat(report.verdict().violations()).as(KillPoints.table(report)).isEmpty();
        assertThat(report.missed()).as(KillPoints.table(report)).isEmpty();
        assertThat(report.kills().number()).isEqualTo(6);
        assertThat(report.verdict().bubbles()).isPositive();
    }
}

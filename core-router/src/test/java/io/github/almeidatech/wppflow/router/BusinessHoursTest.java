package io.github.almeidatech.wppflow.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.ZoneId;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BusinessHoursTest {

    private static final ZoneId SAO_PAULO = ZoneId.of("America/Sao_Paulo");
    private static final LocalTime NINE = LocalTime.of(9, 0);
    private static final LocalTime NOON = LocalTime.NOON;
    private static final LocalTime TWO = LocalTime.of(14, 0);
    private static final LocalTime SIX = LocalTime.of(18, 0);

    private final BusinessHours hours = week().build();

    private static BusinessHours.Builder week() {
        BusinessHours.Builder builder = BusinessHours.in(SAO_PAULO);
        for (DayOfWeek day : DayOfWeek.values()) {
            if (day != DayOfWeek.SUNDAY) {
                builder.open(day, TWO, SIX).open(day, NINE, NOON);
            }
        }
        return builder;
    }

    private static Instant at(String local) {
        return LocalDateTime.parse(local).atZone(SAO_PAULO).toInstant();
    }

    @Test
    void people_are_there_from_opening_until_just_before_closing() {
        assertThat(hours.isOpen(at("2026-03-10T08:59:59"))).isFalse();
        assertThat(hours.isOpen(at("2026-03-10T09:00"))).isTrue();
        assertThat(hours.isOpen(at("2026-03-10T12:00"))).isFalse();
        assertThat(hours.isOpen(at("2026-03-10T17:59:59"))).isTrue();
        assertThat(hours.isOpen(at("2026-03-10T18:00"))).isFalse();
        assertThat(hours.isOpen(at("2026-03-08T10:00"))).as("Sunday").isFalse();
    }

    @Test
    void the_next_opening_is_found_over_lunch_nights_and_holidays() {
        assertThat(hours.untilOpen(at("2026-03-10T10:00"))).contains(Duration.ZERO);
        assertThat(hours.untilOpen(at("2026-03-10T12:30"))).contains(Duration.ofMinutes(90));
        assertThat(hours.untilOpen(at("2026-03-07T18:00"))).contains(Duration.ofHours(39));
        assertThat(hours.untilOpen(at("2026-04-02T18:00"))).as("Good Friday").contains(Duration.ofHours(39));
        assertThat(BusinessHours.in(SAO_PAULO).build().untilOpen(at("2026-03-10T10:00")))
                .isEmpty();
    }

    @Test
    void local_days_have_hours_of_their_own() {
        LocalDate cityDay = LocalDate.of(2026, 1, 25).plusDays(1);
        LocalDate independence = LocalDate.of(2026, 9, 7);

        BusinessHours local =
                week().closed(cityDay).open(independence, NINE, NOON).build();

        assertThat(local.isOpen(at("2026-01-26T10:00"))).isFalse();
        assertThat(local.isOpen(at("2026-09-07T10:00"))).isTrue();
        assertThat(local.isOpen(at("2026-09-07T15:00"))).isFalse();
        assertThat(week().closedOnNationalHolidays(false).build().isOpen(at("2026-09-07T15:00")))
                .isTrue();
    }

    @Test
    void midnight_ends_a_day() {
        BusinessHours late = BusinessHours.in(SAO_PAULO)
                .open(DayOfWeek.TUESDAY, SIX, LocalTime.MIDNIGHT)
                .build();

        assertThat(late.isOpen(at("2026-03-10T23:59"))).isTrue();
        assertThat(late.isOpen(at("2026-03-11T00:00"))).isFalse();
        assertThatThrownBy(() -> new BusinessHours.Opening(SIX, SIX)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void what_opens_in_the_evening_may_close_on_the_next_day() {
        BusinessHours bar = BusinessHours.in(SAO_PAULO)
                .open(DayOfWeek.SATURDAY, SIX, LocalTime.of(2, 0))
                .build();

        assertThat(bar.isOpen(at("2026-03-07T01:00"))).as("the night before").isFalse();
        assertThat(bar.isOpen(at("2026-03-07T17:59"))).isFalse();
        assertThat(bar.isOpen(at("2026-03-07T23:59"))).isTrue();
        assertThat(bar.isOpen(at("2026-03-08T01:59"))).isTrue();
        assertThat(bar.isOpen(at("2026-03-08T02:00"))).isFalse();
        assertThat(bar.untilOpen(at("2026-03-08T01:00"))).contains(Duration.ZERO);
        assertThat(bar.untilOpen(at("2026-03-07T16:30"))).contains(Duration.ofMinutes(90));
    }

    @Test
    void a_night_belongs_to_the_day_it_begins_on_also_beside_a_holiday() {
        BusinessHours.Builder bar = BusinessHours.in(SAO_PAULO);
        for (DayOfWeek day : DayOfWeek.values()) {
            bar.open(day, SIX, LocalTime.of(2, 0));
        }
        BusinessHours hours = bar.build();

        assertThat(hours.isOpen(at("2027-03-26T01:00"))).as("into Good Friday").isTrue();
        assertThat(hours.isOpen(at("2027-03-26T20:00"))).as("Good Friday").isFalse();
        assertThat(hours.isOpen(at("2027-03-27T01:00"))).as("after Good Friday").isFalse();
    }

    @Test
    void holidays_of_2026_are_the_official_ones() {
        assertThat(BrazilianHolidays.of(2026))
                .extracting(LocalDate::toString)
                .containsExactly(
                        "2026-01-01",
                        "2026-02-16",
                        "2026-02-17",
                        "2026-04-03",
                        "2026-04-21",
                        "2026-05-01",
                        "2026-06-04",
                        "2026-09-07",
                        "2026-10-12",
                        "2026-11-02",
                        "2026-11-15",
                        "2026-11-20",
                        "2026-12-25");
        assertThat(BrazilianHolidays.isHoliday(LocalDate.of(2023, 11, 20))).isFalse();
    }

    @Test
    void easter_is_where_the_calendar_has_it() {
        assertThat(List.of(1961, 2000, 2008, 2024, 2025, 2026, 2038, 2100))
                .map(year -> BrazilianHolidays.easter(year).toString())
                .containsExactly(
                        "1961-04-02",
                        "2000-04-23",
                        "2008-03-23",
                        "2024-03-31",
                        "2025-04-20",
                        "2026-04-05",
                        "2038-04-25",
                        "2100-03-28");
    }

    @Test
    void turns_go_round_among_those_available() {
        List<Long> agents = List.of(5L, 6L, 7L);
        Set<Long> all = Set.copyOf(agents);

        assertThat(RoundRobin.next(agents, all, null)).contains(5L);
        assertThat(RoundRobin.next(agents, all, 5L)).contains(6L);
        assertThat(RoundRobin.next(agents, all, 7L)).contains(5L);
        assertThat(RoundRobin.next(agents, Set.of(5L, 7L), 5L)).contains(7L);
        assertThat(RoundRobin.next(agents, Set.of(5L), 5L)).contains(5L);
        assertThat(RoundRobin.next(agents, all, 99L)).contains(5L);
        assertThat(RoundRobin.next(agents, Set.of(), 5L)).isEmpty();
        assertThat(RoundRobin.next(List.of(), Set.of(), null)).isEmpty();
    }

    @Test
    void a_local_holiday_of_every_year_is_closed_unless_that_day_has_hours_of_its_own() {
        BusinessHours hours = BusinessHours.in(ZoneId.of("America/Sao_Paulo"))
                .open(DayOfWeek.MONDAY, LocalTime.of(8, 0), LocalTime.of(18, 0))
                .closedEvery(MonthDay.of(1, 25))
                .open(LocalDate.of(2027, 1, 25), LocalTime.of(13, 0), LocalTime.of(15, 0))
                .open(LocalDate.of(2027, 1, 25), LocalTime.of(9, 0), LocalTime.of(12, 0))
                .build();

        assertThat(hours.openings(LocalDate.of(2032, 1, 26))).hasSize(1);
        assertThat(hours.openings(LocalDate.of(2038, 1, 25))).isEmpty();
        assertThat(hours.openings(LocalDate.of(2027, 1, 25)))
                .extracting(BusinessHours.Opening::from)
                .containsExactly(LocalTime.of(9, 0), LocalTime.of(13, 0));
        assertThat(hours.zone()).isEqualTo(ZoneId.of("America/Sao_Paulo"));
    }
}

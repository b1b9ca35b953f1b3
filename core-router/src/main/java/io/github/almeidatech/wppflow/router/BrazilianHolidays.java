package io.github.almeidatech.wppflow.router;

import java.time.LocalDate;
import java.time.Month;
import java.time.MonthDay;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * National holidays of Brazil: those of the laws 662/1949, 6.802/1980, 9.093/1995 and 14.759/2023, and the days most
 * businesses keep beside them: Carnival (Monday and Tuesday) and Corpus Christi. A pure function of the date.
 */
public final class BrazilianHolidays {

    private static final Set<MonthDay> FIXED = Set.of(
            MonthDay.of(Month.JANUARY, 1),
            MonthDay.of(Month.APRIL, 21),
            MonthDay.of(Month.MAY, 1),
            MonthDay.of(Month.SEPTEMBER, 7),
            MonthDay.of(Month.OCTOBER, 12),
            MonthDay.of(Month.NOVEMBER, 2),
            MonthDay.of(Month.NOVEMBER, 15),
            MonthDay.of(Month.DECEMBER, 25));
    private static final MonthDay ZUMBI = MonthDay.of(Month.NOVEMBER, 20);
    private static final int ZUMBI_SINCE = 2024;
    /** Days from Easter to Carnival Monday and Tuesday, Good Friday and Corpus Christi. */
    private static final Set<Integer> FROM_EASTER = Set.of(-48, -47, -2, 60);

    private BrazilianHolidays() {}

    /** Whether a day is one. */
    public static boolean isHoliday(LocalDate date) {
        MonthDay day = MonthDay.from(date);
        return FIXED.contains(day)
                || day.equals(ZUMBI) && date.getYear() >= ZUMBI_SINCE
                || FROM_EASTER.stream()
                        .anyMatch(days -> easter(date.getYear()).plusDays(days).equals(date));
    }

    /** The holidays of a year, in order. */
    public static List<LocalDate> of(int year) {
        return Stream.iterate(LocalDate.of(year, 1, 1), date -> date.getYear() == year, date -> date.plusDays(1))
                .filter(BrazilianHolidays::isHoliday)
                .toList();
    }

    /** Easter Sunday of the Gregorian calendar, by the algorithm of Meeus, Jones and Butcher. */
    static LocalDate easter(int year) {
        int a = year % 19;
        int b = year / 100;
        int c = year % 100;
        int d = (19 * a + b - b / 4 - (b - (b + 8) / 25 + 1) / 3 + 15) % 30;
        int e = (32 + 2 * (b % 4) + 2 * (c / 4) - d - c % 4) % 7;
        int f = d + e - 7 * ((a + 11 * d + 22 * e) / 451) + 114;
        return LocalDate.of(year, f / 31, f % 31 + 1);
    }
}

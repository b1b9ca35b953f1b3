package io.github.almeidatech.wppflow.server;

import io.github.almeidatech.wppflow.router.BusinessHours;
import io.github.almeidatech.wppflow.server.config.Config;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Business hours as an owner writes them: days such as {@code mon}, {@code mon-fri}, times such as {@code 08:00-18:00},
 * and a file of local holidays.
 */
final class OpeningHours {

    private static final List<String> DAYS = List.of("mon", "tue", "wed", "thu", "fri", "sat", "sun");
    private static final Pattern TIMES = Pattern.compile("(\\d{1,2}:\\d{2})\\s*-\\s*(\\d{1,2}:\\d{2})");
    /** {@code 25/01}, {@code 24/12/2026}, {@code 2026-12-24}; then times or nothing; then a name. */
    private static final Pattern HOLIDAY = Pattern.compile(
            "(?:(\\d{1,2})/(\\d{1,2})(?:/(\\d{4}))?|(\\d{4})-(\\d{2})-(\\d{2}))(?:\\s+(\\d{1,2}:\\d{2}\\s*-\\s*\\d{1,2}:\\d{2}))?(?:\\s.*)?");

    /** Of UTF-8, as Windows writes it. */
    private static final String BYTE_ORDER_MARK = "^\u00EF\u00BB\u00BF";

    private OpeningHours() {}

    /**
     * The hours; empty when none are set: people are always there.
     *
     * @throws IllegalArgumentException naming the key or the line of the file that is wrong
     */
    static Optional<BusinessHours> of(Config.Hours config, ZoneId zone) {
        if (config.open().isEmpty()) {
            return Optional.empty();
        }
        BusinessHours.Builder hours = BusinessHours.in(zone).closedOnNationalHolidays(config.nationalHolidays());
        config.open().forEach((days, openings) -> {
            String key = "hours.open." + days;
            for (String opening : openings) {
                LocalTime[] times = times(key, opening);
                days(key, days).forEach(day -> within(key, () -> hours.open(day, times[0], times[1])));
            }
        });
        if (config.holidaysFile() != null) {
            readHolidays(Path.of(config.holidaysFile()), hours);
        }
        return Optional.of(hours.build());
    }

    private static List<DayOfWeek> days(String key, String days) {
        String[] ends = days.toLowerCase(Locale.ROOT).split("-", -1);
        int first = DAYS.indexOf(ends[0]);
        int last = ends.length == 1 ? first : DAYS.indexOf(ends[ends.length - 1]);
        if (first < 0 || last < first || ends.length > 2) {
            throw new IllegalArgumentException(key + ": a day such as mon, or days such as mon-fri, wanted");
        }
        return List.of(DayOfWeek.values()).subList(first, last + 1);
    }

    private static LocalTime[] times(String key, String opening) {
        Matcher times = TIMES.matcher(opening.strip());
        if (!times.matches()) {
            throw new IllegalArgumentException(key + ": times such as 08:00-18:00 wanted, not " + opening);
        }
        return new LocalTime[] {time(key, times.group(1)), time(key, times.group(2))};
    }

    private static LocalTime time(String key, String text) {
        if (text.equals("24:00")) {
            return LocalTime.MIDNIGHT;
        }
        try {
            return LocalTime.parse(text.length() == 4 ? "0" + text : text);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(key + ": no time of day: " + text, e);
        }
    }

    private static void within(String key, Runnable setting) {
        try {
            setting.run();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(key + ": " + e.getMessage(), e);
        }
    }

    private static void readHolidays(Path file, BusinessHours.Builder hours) {
        List<String> lines;
        try {
            lines = Files.readAllLines(file, StandardCharsets.ISO_8859_1); // only the names have other letters
        } catch (IOException e) {
            throw new IllegalArgumentException("hours.holidays_file: " + file + " cannot be read", e);
        }
        var problems = new ArrayList<String>();
        for (int i = 0; i < lines.size(); i++) {
            String entry = lines.get(i)
                    .replaceFirst(BYTE_ORDER_MARK, "")
                    .replaceFirst("#.*", "")
                    .strip();
            try {
                if (!entry.isEmpty()) {
                    holiday("line " + (i + 1), entry, hours);
                }
            } catch (IllegalArgumentException e) {
                problems.add(e.getMessage());
            }
        }
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException("hours.holidays_file, " + String.join("; ", problems));
        }
    }

    private static void holiday(String where, String entry, BusinessHours.Builder hours) {
        Matcher day = HOLIDAY.matcher(entry);
        if (!day.matches()) {
            throw new IllegalArgumentException(
                    where + ": a day such as 25/01 or 2026-12-24, and times such as 08:00-12:00 if open, wanted");
        }
        boolean iso = day.group(4) != null;
        String year = iso ? day.group(4) : day.group(3);
        int month = Integer.parseInt(iso ? day.group(5) : day.group(2));
        int ofMonth = Integer.parseInt(iso ? day.group(6) : day.group(1));
        try {
            if (year == null) {
                if (day.group(7) != null) {
                    throw new IllegalArgumentException(where + ": hours of its own have only days with a year");
                }
                hours.closedEvery(MonthDay.of(month, ofMonth));
                return;
            }
            LocalDate date = LocalDate.of(Integer.parseInt(year), month, ofMonth);
            if (day.group(7) == null) {
                hours.closed(date);
            } else {
                LocalTime[] times = times(where, day.group(7));
                within(where, () -> hours.open(date, times[0], times[1]));
            }
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(where + ": no such day", e);
        }
    }
}

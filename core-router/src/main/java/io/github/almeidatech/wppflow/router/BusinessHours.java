package io.github.almeidatech.wppflow.router;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * When people are there: opening times for each weekday, none on holidays. Immutable and thread-safe; a pure function of
 * the instant asked for.
 */
public final class BusinessHours {

    /** How far ahead the next opening is looked for. */
    private static final int DAYS_AHEAD = 60;

    private final ZoneId zone;
    private final Map<DayOfWeek, List<Opening>> week;
    private final Map<LocalDate, List<Opening>> days;
    private final Set<MonthDay> yearly;
    private final boolean nationalHolidays;

    private BusinessHours(Builder builder) {
        this.zone = builder.zone;
        var copy = new EnumMap<DayOfWeek, List<Opening>>(DayOfWeek.class);
        builder.week.forEach((day, openings) -> copy.put(day, List.copyOf(openings)));
        this.week = Map.copyOf(copy);
        this.days = Map.copyOf(builder.days);
        this.yearly = Set.copyOf(builder.yearly);
        this.nationalHolidays = builder.nationalHolidays;
    }

    /**
     * A stretch of a day, or of a night: what ends before it begins ends on the next day, and belongs to the day it begins on.
     *
     * @param from the first moment of it
     * @param to the first moment after it; midnight stands for the end of the day
     */
    public record Opening(LocalTime from, LocalTime to) {

        public Opening {
            if (from.equals(to) && !to.equals(LocalTime.MIDNIGHT)) {
                throw new IllegalArgumentException("opening " + from + " to " + to + ": ends as it begins");
            }
        }

        private boolean lastsPastMidnight() {
            return !from.isBefore(to);
        }

        private boolean contains(LocalTime time) {
            return !time.isBefore(from) && (lastsPastMidnight() || time.isBefore(to));
        }

        private boolean containsOnNextDay(LocalTime time) {
            return lastsPastMidnight() && time.isBefore(to);
        }
    }

    /** Closed all week until opened; closed on Brazilian national holidays. */
    public static Builder in(ZoneId zone) {
        return new Builder(zone);
    }

    /** Where the times are local. */
    public ZoneId zone() {
        return zone;
    }

    /** Whether people are there. */
    public boolean isOpen(Instant at) {
        var local = at.atZone(zone);
        LocalDate day = local.toLocalDate();
        LocalTime time = local.toLocalTime();
        return openings(day).stream().anyMatch(opening -> opening.contains(time))
                || openings(day.minusDays(1)).stream().anyMatch(opening -> opening.containsOnNextDay(time));
    }

    /** How long until people are there: zero when they are; empty when not within 60 days. */
    public Optional<Duration> untilOpen(Instant at) {
        if (isOpen(at)) {
            return Optional.of(Duration.ZERO);
        }
        var local = at.atZone(zone);
        for (int ahead = 0; ahead <= DAYS_AHEAD; ahead++) {
            LocalDate date = local.toLocalDate().plusDays(ahead);
            for (Opening opening : openings(date)) {
                Instant opens = date.atTime(opening.from()).atZone(zone).toInstant();
                if (opens.isAfter(at)) {
                    return Optional.of(Duration.between(at, opens));
                }
            }
        }
        return Optional.empty();
    }

    /** The openings that begin on a day, in order. */
    public List<Opening> openings(LocalDate date) {
        List<Opening> special = days.get(date);
        if (special != null) {
            return special;
        }
        if (yearly.contains(MonthDay.from(date)) || nationalHolidays && BrazilianHolidays.isHoliday(date)) {
            return List.of();
        }
        return week.getOrDefault(date.getDayOfWeek(), List.of());
    }

    /** Collects the hours. */
    public static final class Builder {

        private final ZoneId zone;
        private final Map<DayOfWeek, List<Opening>> week = new EnumMap<>(DayOfWeek.class);
        private final Map<LocalDate, List<Opening>> days = new HashMap<>();
        private final Set<MonthDay> yearly = new HashSet<>();
        private boolean nationalHolidays = true;

        private Builder(ZoneId zone) {
            this.zone = zone;
        }

        /** Adds an opening to a weekday. A day with a lunch break has two. */
        public Builder open(DayOfWeek day, LocalTime from, LocalTime to) {
            week.computeIfAbsent(day, ignored -> new ArrayList<>()).add(new Opening(from, to));
            return this;
        }

        /** A day on which the hours of its weekday do not hold, such as a local holiday: closed. */
        public Builder closed(LocalDate date) {
            days.put(date, List.of());
            return this;
        }

        /** A day closed in every year. A date with hours of its own is open all the same. */
        public Builder closedEvery(MonthDay day) {
            yearly.add(day);
            return this;
        }

        /** A day with hours of its own, holiday or not. Called again for the same day, it adds an opening. */
        public Builder open(LocalDate date, LocalTime from, LocalTime to) {
            var openings = new ArrayList<>(days.getOrDefault(date, List.of()));
            openings.add(new Opening(from, to));
            openings.sort((a, b) -> a.from().compareTo(b.from()));
            days.put(date, List.copyOf(openings));
            return this;
        }

        /** Whether national holidays are closed; true by default. */
        public Builder closedOnNationalHolidays(boolean closed) {
            this.nationalHolidays = closed;
            return this;
        }

        /** The hours; openings of a day are put in order. */
        public BusinessHours build() {
            week.values().forEach(openings -> openings.sort((a, b) -> a.from().compareTo(b.from())));
            return new BusinessHours(this);
        }
    }
}

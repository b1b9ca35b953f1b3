package io.github.almeidatech.wppflow.assistant;

import io.github.almeidatech.wppflow.model.Language;
import io.github.almeidatech.wppflow.router.BusinessHours;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;

/** When people are back, as one says it: "hoje às 14h", "segunda às 8h", "dia 04/01 às 8h". */
final class OpeningWords {

    private static final List<String> PORTUGUESE =
            List.of("segunda", "terça", "quarta", "quinta", "sexta", "sábado", "domingo");
    private static final List<String> ENGLISH =
            List.of("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday");
    private static final List<String> SPANISH =
            List.of("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo");

    private OpeningWords() {}

    /** The next opening, seen from now; "soon" when there is none within two months. */
    static String of(BusinessHours hours, Instant now, Language language) {
        return hours.untilOpen(now)
                .map(wait -> words(now.atZone(hours.zone()), now.plus(wait).atZone(hours.zone()), language))
                .orElseGet(() -> soon(language));
    }

    private static String words(ZonedDateTime now, ZonedDateTime opens, Language language) {
        long days = ChronoUnit.DAYS.between(now.toLocalDate(), opens.toLocalDate());
        int weekday = opens.getDayOfWeek().getValue() - 1;
        String date = String.format(Locale.ROOT, "%02d/%02d", opens.getDayOfMonth(), opens.getMonthValue());
        return switch (language) {
            case PT_BR -> day(days, "hoje", "amanhã", PORTUGUESE.get(weekday), "dia " + date) + portuguese(opens);
            case EN ->
                day(days, "today", "tomorrow", "on " + ENGLISH.get(weekday), "on " + opens.toLocalDate()) + " at "
                        + clock(opens);
            case ES ->
                day(days, "hoy", "mañana", "el " + SPANISH.get(weekday), "el " + date)
                        + (opens.getHour() == 1 ? " a la " : " a las ")
                        + clock(opens);
        };
    }

    private static String day(long days, String today, String tomorrow, String weekday, String date) {
        if (days == 0) {
            return today;
        }
        if (days == 1) {
            return tomorrow;
        }
        return days < 7 ? weekday : date;
    }

    private static String portuguese(ZonedDateTime opens) {
        int minutes = opens.getMinute();
        String hour = opens.getHour() + "h" + (minutes == 0 ? "" : String.format(Locale.ROOT, "%02d", minutes));
        return (opens.getHour() == 1 ? " à " : " às ") + hour;
    }

    private static String clock(ZonedDateTime opens) {
        LocalTime time = opens.toLocalTime();
        return String.format(Locale.ROOT, "%d:%02d", time.getHour(), time.getMinute());
    }

    private static String soon(Language language) {
        return switch (language) {
            case PT_BR -> "em breve";
            case EN -> "soon";
            case ES -> "pronto";
        };
    }
}

package io.github.almeidatech.wppflow.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.TenantId;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IgnoredDeliveriesTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final TenantId HOTEL = new TenantId("pet-hotel");
    private static final ConversationId ONE = new ConversationId(HOTEL, 1, 88);

    @TempDir
    private Path folder;

    private Database database;
    private IgnoredDeliveries ignored;

    @BeforeEach
    void open() {
        database = Database.open("sqlite:" + folder.resolve("i.db"));
        ignored = database.ignoredDeliveries();
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void deliveries_of_one_kind_are_one_row_however_many_they_are() {
        ignored.add(List.of(delivery(ONE, "message_updated", 3, NOW, 7L)));
        ignored.add(List.of(
                delivery(ONE, "message_updated", 2, NOW.plusSeconds(60), null),
                delivery(ONE, "message_created", 1, NOW.plusSeconds(5), 8L),
                delivery(new ConversationId(HOTEL, 1, 89), "message_updated", 1, NOW, null),
                delivery(new ConversationId(new TenantId("other"), 1, 88), "message_updated", 1, NOW, null)));

        assertThat(ignored.of(ONE))
                .containsExactly(
                        new IgnoredDelivery(ONE, "message_updated", "x", 5, NOW, NOW.plusSeconds(60), 7L),
                        delivery(ONE, "message_created", 1, NOW.plusSeconds(5), 8L));
    }

    @Test
    void they_are_kept_as_long_as_deliveries() {
        ignored.add(List.of(
                delivery(ONE, "message_updated", 3, NOW.minus(Duration.ofDays(8)), 7L),
                delivery(ONE, "message_created", 3, NOW.minus(Duration.ofDays(1)), 7L)));
        var week = Duration.ofDays(7);

        database.expire(HOTEL, new Retention(week, week, week, week, week, week, week), NOW);

        assertThat(ignored.of(ONE)).extracting(IgnoredDelivery::event).containsExactly("message_created");
    }

    private static IgnoredDelivery delivery(
            ConversationId conversation, String event, long deliveries, Instant at, @Nullable Long message) {
        return new IgnoredDelivery(conversation, event, "x", deliveries, at, at, message);
    }
}

package io.github.almeidatech.wppflow.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.almeidatech.wppflow.jdbc.Database;
import io.github.almeidatech.wppflow.llm.LanguageModels;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.server.config.ConfigReader;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several instances on a database hear of the switch without being told. */
class BotSwitchesOfInstancesTest {

    private static final TenantId HOTEL = new TenantId("pet-hotel");

    @TempDir
    private Path folder;

    @Test
    void what_one_switches_off_is_off_in_the_others_within_two_seconds_and_while_nobody_can_be_asked() {
        Database database = Database.open("sqlite:" + folder.resolve("b.db"));
        BotSwitch one = of(database);
        BotSwitch other = of(database);
        assertThat(other.isOff(HOTEL)).isFalse();

        one.turnOff(Optional.empty(), "operator", "looked at");

        assertThat(one.isOff(HOTEL)).isTrue();
        await().atMost(Duration.ofSeconds(2)).until(() -> other.isOff(HOTEL));
        database.close();
        await().during(Duration.ofMillis(1_500)).atMost(Duration.ofSeconds(4)).until(() -> other.isOff(HOTEL));
    }

    @Test
    void readiness_names_only_the_tenants_that_are_shown() {
        try (Database database = Database.open("sqlite:" + folder.resolve("b.db"))) {
            BotSwitch bot = of(database);
            bot.turnOff(Optional.of(new TenantId("clinica")), "operator", "looked at");

            assertThat(bot.wellness(HOTEL::equals)).isEqualTo("ok");
            assertThat(bot.wellness(tenant -> true)).startsWith("off: clinica since ");
            bot.turnOff(Optional.empty(), "operator", "looked at");
            assertThat(bot.wellness(HOTEL::equals)).startsWith("off: all tenants since ");
        }
    }

    @Test
    void who_switches_it_is_written_down_first_so_that_it_is_never_switched_without_a_trace() {
        try (Database database = Database.open("sqlite:" + folder.resolve("b.db"))) {
            Database broken = Database.open("sqlite:" + folder.resolve("broken.db"));
            broken.close();
            BotSwitch bot = of(database, broken);

            assertThatThrownBy(() -> bot.turnOff(Optional.of(HOTEL), "operator", "looked at"))
                    .isInstanceOf(RuntimeException.class);

            assertThat(bot.off(Optional.of(HOTEL))).isEmpty();
        }
    }

    private static BotSwitch of(Database database) {
        return of(database, database);
    }

    private static BotSwitch of(Database database, Database log) {
        Tenants tenants = Tenants.of(
                new ConfigReader(Map.of()).read(null),
                LanguageModels.builder().build(),
                new OkHttpClient(),
                new Metrics(),
                InstantSource.system());
        var audit = new Audit(log.eventLog(), InstantSource.system());
        return new BotSwitch(database.botSwitches(), tenants, audit, InstantSource.system());
    }
}

package io.github.almeidatech.wppflow.server;

import static org.assertj.core.api.Assertions.assertThat;
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

    private static BotSwitch of(Database database) {
        Tenants tenants = Tenants.of(
                new ConfigReader(Map.of()).read(null),
                LanguageModels.builder().build(),
                new OkHttpClient(),
                new Metrics(),
                InstantSource.system());
        var audit = new Audit(database.eventLog(), InstantSource.system());
        return new BotSwitch(database.botSwitches(), tenants, audit, InstantSource.system());
    }
}

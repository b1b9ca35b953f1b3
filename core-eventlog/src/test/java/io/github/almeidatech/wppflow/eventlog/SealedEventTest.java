package io.github.almeidatech.wppflow.eventlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.TenantId;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SealedEventTest {

    private static final Event BATH_BOOKED = new Event(
            "e-1",
            new TenantId("hotel"),
            null,
            "person-7",
            "bath.booked",
            1,
            Map.of("dog", "Rex"),
            Event.Source.BOT,
            null,
            null,
            0,
            Instant.parse("2026-11-26T12:00:00.123456Z"));

    @Test
    void theSameEventIsSealedWithAnotherSaltEachTimeSoThatNobodyCanTryOutWhatItSaid() {
        SealedEvent one = SealedEvent.of(BATH_BOOKED);
        SealedEvent other = SealedEvent.of(BATH_BOOKED);

        assertThat(one.salt()).hasSize(32).isNotEqualTo(other.salt());
        assertThat(one.digest()).hasSize(64).isNotEqualTo(other.digest());
    }

    @Test
    void aSealIsKeptWhereverTheEventIsLinkedAndTimesAreCutToTheMillisecond() {
        SealedEvent sealed = SealedEvent.of(BATH_BOOKED);

        ChainedEvent linked = ChainedEvent.link(1, ChainedEvent.GENESIS, sealed);

        assertThat(linked.digest()).isEqualTo(sealed.digest());
        assertThat(linked.contentHolds()).isTrue();
        assertThat(linked.follows(ChainedEvent.GENESIS)).isTrue();
        assertThat(linked.event().at()).isEqualTo(Instant.parse("2026-11-26T12:00:00.123Z"));
    }

    @Test
    void whatIsLoggedDoesNotTellTheSalt() {
        SealedEvent sealed = SealedEvent.of(BATH_BOOKED);

        assertThat(sealed.toString()).doesNotContain(sealed.salt());
    }
}

package io.github.almeidatech.wppflow.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class KillsTest {

    /** Seconds of the story: 1 written, 2 accepted, 3 turn, 4 shown, 5 done. */
    private final Evidence evidence =
            new Story().written(1).turn("a", "oi", 1L).said(2, "a", 1, "oi").evidence();

    @Test
    void a_kill_meets_what_had_begun_and_not_ended() {
        assertThat(metAt(1)).isEqualTo(new Kills.Met(0, 0, 0, 0, 0));
        assertThat(metAt(2)).isEqualTo(new Kills.Met(1, 1, 0, 0, 0));
        assertThat(metAt(3)).isEqualTo(new Kills.Met(1, 0, 1, 0, 0));
        assertThat(metAt(4)).isEqualTo(new Kills.Met(1, 0, 1, 1, 1));
        assertThat(metAt(5)).isEqualTo(new Kills.Met(0, 0, 0, 0, 1));
    }

    @Test
    void only_a_server_that_has_said_something_since_the_kill_before_was_killed_while_answering() {
        var kills = new Kills();
        for (int second : new int[] {3, 4, 5, 6}) {
            kills.add(Story.BEGIN.plusSeconds(second), false);
        }

        assertThat(kills.met(evidence).answering()).isEqualTo(1);
    }

    private Kills.Met metAt(int second) {
        var kills = new Kills();
        kills.add(Story.BEGIN.plusSeconds(second), false);
        return kills.met(evidence);
    }
}

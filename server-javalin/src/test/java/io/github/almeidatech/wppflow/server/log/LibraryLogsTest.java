package io.github.almeidatech.wppflow.server.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class LibraryLogsTest {

    private static final String NAME = "org.example.library";

    private final Logger ours = (Logger) LoggerFactory.getLogger(NAME);
    private final java.util.logging.Logger theirs = java.util.logging.Logger.getLogger(NAME);
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

    @BeforeEach
    void listen() {
        lines.start();
        ours.setAdditive(false);
        ours.addAppender(lines);
        LibraryLogs.join();
    }

    @AfterEach
    void stop() {
        ours.detachAppender(lines);
        ours.setAdditive(true);
    }

    @Test
    void what_libraries_say_through_javas_own_logging_goes_the_way_of_our_lines_and_no_other() {
        LibraryLogs.join();

        theirs.warning("a connection was leaked");

        assertThat(lines.list).singleElement().satisfies(line -> {
            assertThat(line.getLevel()).isEqualTo(Level.WARN);
            assertThat(line.getFormattedMessage()).isEqualTo("a connection was leaked");
        });
        assertThat(java.util.logging.Logger.getLogger("").getHandlers()).hasSize(1);
    }

    @Test
    void lucenes_advice_on_options_of_the_jvm_is_left_out() {
        assertThat(LoggerFactory.getLogger("org.apache.lucene.internal.vectorization.VectorizationProvider")
                        .isWarnEnabled())
                .isFalse();
    }
}

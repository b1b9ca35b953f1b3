package io.github.almeidatech.wppflow.server;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/** What our own code logs from now on, down to the finest, as it is before anything is masked. */
public final class LoggedLines implements AutoCloseable {

    private final Logger ours = (Logger) LoggerFactory.getLogger("io.github.almeidatech");
    private final List<ILoggingEvent> lines = new CopyOnWriteArrayList<>();
    private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent line) {
            line.prepareForDeferredProcessing();
            lines.add(line);
        }
    };

    public LoggedLines() {
        appender.setContext(ours.getLoggerContext());
        appender.start();
        ours.addAppender(appender);
        ours.setLevel(Level.TRACE);
    }

    /** The messages of a level above this one. */
    public List<String> above(Level level) {
        return lines.stream()
                .filter(line -> line.getLevel().levelInt > level.levelInt)
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    /** The context of each line whose message holds these words. */
    public List<Map<String, String>> contexts(String words) {
        return lines.stream()
                .filter(line -> line.getFormattedMessage().contains(words))
                .map(line -> Map.copyOf(line.getMDCPropertyMap()))
                .toList();
    }

    /** Everything: messages, what they were made of, context, causes. */
    public String all() {
        var text = new StringBuilder();
        for (ILoggingEvent line : lines) {
            text.append(line.getFormattedMessage())
                    .append(' ')
                    .append(line.getMDCPropertyMap())
                    .append(line.getThreadName());
            if (line.getThrowableProxy() != null) {
                text.append('\n').append(ThrowableProxyUtil.asString(line.getThrowableProxy()));
            }
            text.append('\n');
        }
        return text.toString();
    }

    @Override
    public void close() {
        ours.setLevel(null);
        ours.detachAppender(appender);
        appender.stop();
    }
}

package io.github.almeidatech.wppflow.server.log;

import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import java.nio.charset.StandardCharsets;

/**
 * JSON log lines, each passed through {@link Masking} as the last thing before it is written. The first line of defence
 * is not to log personal data at all; this one catches what a library or an exception's message lets slip.
 */
public final class MaskingJsonEncoder extends JsonEncoder {

    private Masking masking = new Masking();

    /** The fields of a line: time, level, logger, thread, MDC, formatted message, throwable. */
    public MaskingJsonEncoder() {
        setWithFormattedMessage(true);
        setWithMessage(false);
        setWithArguments(false);
        setWithContext(false);
        setWithSequenceNumber(false);
        setWithNanoseconds(false);
        setWithMarkers(false);
        setWithKVPList(false);
    }

    /** With the masking of the loggers' context, which knows the configured secrets. */
    @Override
    public void start() {
        if (getContext() != null) {
            masking = Masking.of(getContext());
        }
        super.start();
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        String line = new String(super.encode(event), StandardCharsets.UTF_8);
        return masking.mask(line).getBytes(StandardCharsets.UTF_8);
    }
}

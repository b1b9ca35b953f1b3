package io.github.almeidatech.wppflow.eventlog;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Plain data as one unambiguous text: equal for equal data, whatever the order of keys and whichever number types it went
 * through on its way to JSON and back; different for different data.
 */
final class CanonicalForm {

    private final StringBuilder text = new StringBuilder(256);

    CanonicalForm add(@Nullable Object value) {
        if (value == null) {
            text.append('n');
        } else if (value instanceof Boolean truth) {
            text.append(truth ? 't' : 'f');
        } else if (value instanceof Number number) {
            addNumber(number);
        } else if (value instanceof List<?> list) {
            text.append('l').append(list.size()).append(':');
            list.forEach(this::add);
        } else if (value instanceof Map<?, ?> map) {
            var sorted = new TreeMap<String, @Nullable Object>();
            map.forEach((key, each) -> sorted.put(String.valueOf(key), each));
            text.append('m').append(sorted.size()).append(':');
            sorted.forEach((key, each) -> add(key).add(each));
        } else {
            String string = value.toString();
            text.append('s').append(string.length()).append(':').append(string);
        }
        return this;
    }

    private void addNumber(Number number) {
        if (number instanceof Double d && !Double.isFinite(d) || number instanceof Float f && !Float.isFinite(f)) {
            add(number.toString());
            return;
        }
        BigDecimal exact = number instanceof BigDecimal decimal ? decimal : new BigDecimal(number.toString());
        text.append('d').append(exact.stripTrailingZeros()).append(';');
    }

    /** In lower-case hexadecimal. */
    String sha256() {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256").digest(text.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return text.toString();
    }
}

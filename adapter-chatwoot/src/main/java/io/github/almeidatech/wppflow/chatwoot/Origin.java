package io.github.almeidatech.wppflow.chatwoot;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * Scheme, host and port: what may be fetched from is told by origin.
 *
 * @param scheme {@code http} or {@code https}
 * @param host lower case
 * @param port always a number
 */
record Origin(String scheme, String host, int port) {

    private static final int MAX_LENGTH = 8_192;
    private static final Pattern URL = Pattern.compile("(?i)(https?)://([^/?#@\\\\]+)([/?#].*)?");
    private static final Pattern AUTHORITY =
            Pattern.compile("(\\[[0-9a-fA-F:.]{2,45}\\]|[A-Za-z0-9._-]{1,253})(?::([0-9]{1,5}))?");
    private static final Pattern NAME = Pattern.compile(
            "(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9_-]{0,61}[a-z0-9])?\\.)*[a-z0-9](?:[a-z0-9_-]{0,61}[a-z0-9])?");
    private static final Pattern QUAD =
            Pattern.compile("(?:(?:0|[1-9][0-9]?|1[0-9]{2}|2[0-4][0-9]|25[0-5])(?:\\.(?!$)|$)){4}");
    /** What some libraries read as an address: 2130706433, 0x7f.1, 0177.0.0.1, 127.1. */
    private static final Pattern NUMBER_LIKE = Pattern.compile("(?:.*\\.)?(?:[0-9]+|0x[0-9a-f]*)");

    static Origin of(HttpUrl url) {
        return new Origin(url.scheme(), url.host(), url.port());
    }

    /**
     * Reads an address strictly: no user, no backslash, no control or non-ASCII character, no host that looks like a number
     * unless it is a plain dotted quad. Two readers must not be able to see two hosts in it.
     */
    static Optional<HttpUrl> readUrl(String text) {
        if (text.length() > MAX_LENGTH || !text.chars().allMatch(c -> c > ' ' && c < 127)) {
            return Optional.empty();
        }
        Matcher url = URL.matcher(text);
        Matcher authority = url.matches() ? AUTHORITY.matcher(url.group(2)) : null;
        if (authority == null || !authority.matches() || text.indexOf('\\') >= 0) {
            return Optional.empty();
        }
        String host = authority.group(1).toLowerCase(Locale.ROOT);
        HttpUrl parsed = HttpUrl.parse(text);
        if (parsed == null
                || !parsed.username().isEmpty()
                || !parsed.password().isEmpty()
                || !portIs(authority.group(2), parsed)) {
            return Optional.empty();
        }
        boolean six = host.startsWith("[");
        boolean plain = six
                ? parsed.host().indexOf(':') >= 0 || QUAD.matcher(parsed.host()).matches()
                : isPlainHost(host) && parsed.host().equals(host);
        return plain ? Optional.of(parsed) : Optional.empty();
    }

    private static boolean isPlainHost(String host) {
        return QUAD.matcher(host).matches()
                || (NAME.matcher(host).matches() && !NUMBER_LIKE.matcher(host).matches());
    }

    private static boolean portIs(@Nullable String written, HttpUrl parsed) {
        return written == null
                ? parsed.port() == HttpUrl.defaultPort(parsed.scheme())
                : Integer.parseInt(written) == parsed.port();
    }

    @Override
    public String toString() {
        return scheme + "://" + host + ":" + port;
    }
}

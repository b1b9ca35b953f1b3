package io.github.almeidatech.wppflow.jdbc;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * {@code postgresql://user:password@host:port/database?sslmode=verify-full}, as libpq writes it; every parameter of the
 * JDBC driver may follow.
 */
record PostgresUrl(
        String jdbc, @Nullable String user, @Nullable String password) {

    static PostgresUrl parse(String url) {
        URI uri = URI.create(url);
        String host = uri.getHost();
        String path = uri.getRawPath();
        if (host == null || path == null || path.length() < 2) {
            throw new IllegalArgumentException("postgresql://user:password@host:port/database wanted");
        }
        String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
        String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        String info = uri.getRawUserInfo();
        int colon = info == null ? -1 : info.indexOf(':');
        String user = info == null ? null : decoded(colon < 0 ? info : info.substring(0, colon));
        String password = info == null || colon < 0 ? null : decoded(info.substring(colon + 1));
        return new PostgresUrl("jdbc:postgresql://" + host + port + path + query, user, password);
    }

    private static String decoded(String part) {
        return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    /** @param options settings of the session, in the form of the server's command line */
    PGSimpleDataSource dataSource(String options) {
        var source = new PGSimpleDataSource();
        source.setUrl(jdbc);
        if (user != null) {
            source.setUser(user);
        }
        if (password != null) {
            source.setPassword(password);
        }
        source.setApplicationName("wppflow");
        source.setOptions(options);
        source.setConnectTimeout(2);
        source.setSocketTimeout(12);
        source.setTcpKeepAlive(true);
        source.setReWriteBatchedInserts(true);
        return source;
    }

    @Override
    public String toString() {
        return "PostgresUrl[" + jdbc.replaceAll("\\?.*", "") + "]";
    }
}

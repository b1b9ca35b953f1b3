package io.github.almeidatech.wppflow.server.hostile;

import static io.github.almeidatech.wppflow.server.hostile.Attacker.PATH;
import static io.github.almeidatech.wppflow.server.hostile.Attacker.ascii;
import static io.github.almeidatech.wppflow.server.hostile.Attacker.concat;
import static io.github.almeidatech.wppflow.server.hostile.HostileCase.of;
import static io.github.almeidatech.wppflow.server.hostile.RawHttp.CLOSED;

import java.util.List;

/** Where a request begins and ends, and what a head may be. */
final class FramingCases {

    private static final String HEAD = "POST " + PATH + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n";
    private static final String JSON = "Content-Type: application/json\r\n";

    private FramingCases() {}

    static List<HostileCase> all() {
        return List.of(
                of(
                        "length and chunks",
                        a -> ascii(HEAD + JSON + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
                        400),
                of(
                        "chunks and length",
                        a -> ascii(HEAD + JSON + "Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n0\r\n\r\n"),
                        400),
                of("two lengths", a -> ascii(HEAD + JSON + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}"), 400),
                of("two lengths in one", a -> ascii(HEAD + JSON + "Content-Length: 2, 3\r\n\r\n{}"), 400),
                of("a negative length", a -> ascii(HEAD + JSON + "Content-Length: -1\r\n\r\n"), 400),
                of(
                        "a length beyond a long",
                        a -> ascii(HEAD + JSON + "Content-Length: 99999999999999999999\r\n\r\n"),
                        400,
                        413),
                of("a length in hex", a -> ascii(HEAD + JSON + "Content-Length: 0x10\r\n\r\n"), 400),
                of("a length with a sign", a -> ascii(HEAD + JSON + "Content-Length: +2\r\n\r\n{}"), 400),
                of(
                        "an unknown transfer coding",
                        a -> ascii(HEAD + JSON + "Transfer-Encoding: cow\r\n\r\n{}"),
                        400,
                        501),
                of(
                        "chunked twice",
                        a -> ascii(HEAD + JSON + "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n"),
                        400),
                of(
                        "compressed, then chunked",
                        a -> ascii(HEAD + JSON + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"),
                        400),
                of(
                        "chunks of HTTP 1.0",
                        a -> ascii(HEAD.replace("HTTP/1.1", "HTTP/1.0") + JSON
                                + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
                        400),
                of(
                        "lines that end without a carriage return",
                        a -> ascii((HEAD + JSON + "Content-Length: 2\r\n\r\n").replace("\r", "") + "{}"),
                        400),
                of(
                        "chunked in disguise",
                        a -> ascii(HEAD + JSON + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"),
                        400,
                        501),
                of(
                        "chunked after a tab",
                        a -> ascii(HEAD + JSON + "Transfer-Encoding:\tchunked\r\n\r\n0\r\n\r\n"),
                        400,
                        401),
                of(
                        "a space before the colon",
                        a -> ascii(HEAD + JSON + "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n"),
                        400),
                of(
                        "a chunk that is no number",
                        a -> ascii(HEAD + JSON + "Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n"),
                        400,
                        408,
                        CLOSED),
                of(
                        "a chunk of negative size",
                        a -> ascii(HEAD + JSON + "Transfer-Encoding: chunked\r\n\r\n-2\r\n{}\r\n0\r\n\r\n"),
                        400,
                        408,
                        CLOSED),
                of(
                        "a chunk of immense size",
                        a -> ascii(HEAD + JSON + "Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n{}"),
                        400,
                        408,
                        CLOSED),
                of("a folded header", a -> ascii(HEAD + JSON + "X-A: b\r\n c\r\nContent-Length: 2\r\n\r\n{}"), 400),
                of(
                        "a bare carriage return",
                        a -> ascii(HEAD + "X-A: b\rX-B: c\r\n" + JSON + "Content-Length: 2\r\n\r\n{}"),
                        400),
                of(
                        "a zero byte in a header",
                        a -> ascii(HEAD + "X-A: b\0c\r\n" + JSON + "Content-Length: 2\r\n\r\n{}"),
                        400),
                of("a header without a name", a -> ascii(HEAD + ": b\r\n" + JSON + "Content-Length: 2\r\n\r\n{}"), 400),
                of(
                        "a header without a colon",
                        a -> ascii(HEAD + "nonsense\r\n" + JSON + "Content-Length: 2\r\n\r\n{}"),
                        400),
                of("no host", a -> ascii("POST " + PATH + " HTTP/1.1\r\n" + JSON + "Content-Length: 2\r\n\r\n{}"), 400),
                of(
                        "two hosts",
                        a -> ascii("POST " + PATH + " HTTP/1.1\r\nHost: a\r\nHost: b\r\n" + JSON
                                + "Content-Length: 2\r\n\r\n{}"),
                        400),
                of(
                        "a host with a path",
                        a -> ascii(
                                "POST " + PATH + " HTTP/1.1\r\nHost: a/b\r\n" + JSON + "Content-Length: 2\r\n\r\n{}"),
                        400),
                of("HTTP 0.9", a -> ascii("GET /health\r\n\r\n"), 400, 426, 505),
                of("HTTP 2 without asking", a -> ascii("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), 400, 426, 505, CLOSED),
                of("HTTP 9", a -> ascii("GET /health HTTP/9.9\r\nHost: a\r\n\r\n"), 400, 505),
                of(
                        "TLS to a plain port",
                        a -> new byte[] {0x16, 3, 1, 0, 5, 1, 0, 0, 1, 0, '\r', '\n', '\r', '\n'},
                        400,
                        CLOSED),
                of("not HTTP at all", a -> ascii("\u0001\u0002\u0003 hello\r\n\r\n"), 400, CLOSED),
                of(
                        "a method nobody knows",
                        a -> ascii("BREW /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"),
                        400,
                        404,
                        405,
                        501),
                of(
                        "TRACE",
                        a -> ascii("TRACE /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"),
                        400,
                        404,
                        405,
                        501),
                of(
                        "CONNECT",
                        a -> ascii("CONNECT example.com:443 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"),
                        400,
                        404,
                        405,
                        501),
                of(
                        "a method of a thousand letters",
                        a -> ascii("A".repeat(1_000) + " / HTTP/1.1\r\nHost: a\r\n\r\n"),
                        400,
                        404,
                        405,
                        501),
                of(
                        "a path of 20 KiB",
                        a -> ascii("GET /" + "a".repeat(20_480) + " HTTP/1.1\r\nHost: a\r\n\r\n"),
                        414,
                        431),
                of(
                        "a path of 9 KiB",
                        a -> ascii("GET /" + "a".repeat(9_216) + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"),
                        414),
                of(
                        "a query of 9 KiB",
                        a -> ascii("GET /health?" + "a".repeat(9_216)
                                + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"),
                        414),
                of(
                        "a header of 20 KiB",
                        a -> ascii("GET /health HTTP/1.1\r\nHost: a\r\nX-A: " + "b".repeat(20_480) + "\r\n\r\n"),
                        431),
                of(
                        "150 headers",
                        a -> ascii("GET /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n" + headers(150) + "\r\n"),
                        431),
                of(
                        "150 headers of one name",
                        a -> ascii("GET /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n" + "X-A: b\r\n".repeat(150)
                                + "\r\n"),
                        431),
                of(
                        "a second request behind the first",
                        a -> concat(
                                a.signed(new byte[] {'{', '}'}, ""), ascii("GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n")),
                        400,
                        422),
                of(
                        "more body than announced",
                        a -> concat(a.signed(new byte[] {'{', '}'}, ""), ascii("{}{}{}")),
                        400,
                        422));
    }

    private static String headers(int number) {
        var headers = new StringBuilder();
        for (int i = 0; i < number; i++) {
            headers.append("X-Header-").append(i).append(": v\r\n");
        }
        return headers.toString();
    }
}

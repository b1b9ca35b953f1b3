package io.github.almeidatech.wppflow.server.hostile;

import static io.github.almeidatech.wppflow.server.hostile.Attacker.PATH;
import static io.github.almeidatech.wppflow.server.hostile.Attacker.ascii;
import static io.github.almeidatech.wppflow.server.hostile.Attacker.post;
import static io.github.almeidatech.wppflow.server.hostile.HostileCase.of;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/** Who may come in: addresses, signatures, tokens, tenants. */
final class DoorCases {

    private static final byte[] EMPTY = {'{', '}'};

    private DoorCases() {}

    static List<HostileCase> all() {
        return HostileCase.all(paths(), signatures(), tokens());
    }

    private static List<HostileCase> paths() {
        return List.of(
                of("up and away", a -> get("/webhooks/../metrics"), 400, 401, 404),
                of("up and away, encoded", a -> get("/webhooks/%2e%2e/metrics"), 400, 401, 404),
                of("an encoded slash", a -> get("/api%2fv1%2fevents"), 400, 404),
                of("a double slash", a -> get("//api/v1/events"), 400, 401, 404),
                of("a path parameter", a -> get("/metrics;x=1"), 400, 401, 404),
                of("a back slash", a -> get("/api\\v1\\events"), 400, 404),
                of("a zero byte", a -> get("/api/v1/events%00"), 400, 401, 404),
                of("broken percent", a -> get("/api/v1/%zz"), 400, 404),
                of("overlong UTF-8", a -> get("/api/v1/%c0%ae%c0%ae"), 400, 401, 404),
                of("an absolute address", a -> get("http://other.example/metrics"), 400, 401, 404, 421),
                of("upper case", a -> get("/METRICS"), 401, 404),
                of("a trailing slash", a -> get("/metrics/"), 401, 404),
                of(
                        "a tenant that is a path",
                        a -> post("/webhooks/chatwoot/%2e%2e/agent-bot", "", EMPTY),
                        400,
                        401,
                        404),
                of(
                        "a tenant of 3,000 letters",
                        a -> post("/webhooks/chatwoot/" + "a".repeat(3_000) + "/agent-bot", "", EMPTY),
                        401),
                of(
                        "a tenant with a quotation mark",
                        a -> post("/webhooks/chatwoot/x'%20or%20'1'='1/agent-bot", "", EMPTY),
                        401),
                of(
                        "a tenant with a template",
                        a -> post("/webhooks/chatwoot/$%7Bjndi:ldap:x%7D/agent-bot", "", EMPTY),
                        401),
                of("a kind that is none", a -> post("/webhooks/chatwoot/pet-hotel/admin", "", EMPTY), 404),
                of("no kind", a -> post("/webhooks/chatwoot/pet-hotel", "", EMPTY), 404),
                of(
                        "another method overridden",
                        a -> ascii(
                                "GET /api/v1/events HTTP/1.1\r\nHost: a\r\nConnection: close\r\nX-HTTP-Method-Override: DELETE\r\n\r\n"),
                        400),
                of(
                        "a cross-site question",
                        a -> ascii(
                                "OPTIONS /api/v1/events HTTP/1.1\r\nHost: a\r\nConnection: close\r\nOrigin: https://evil.example\r\nAccess-Control-Request-Method: GET\r\n\r\n"),
                        401,
                        404,
                        405));
    }

    private static List<HostileCase> signatures() {
        return List.of(
                of("no signature", a -> post(PATH, "", EMPTY), 401),
                of("an empty signature", a -> signed(a, now(), ""), 401),
                of("a signature of nothing", a -> signed(a, now(), "sha256="), 401),
                of("a short signature", a -> signed(a, now(), "sha256=abcd"), 401),
                of("a long signature", a -> signed(a, now(), "sha256=" + "a".repeat(6_000)), 401),
                of(
                        "upper-case digits",
                        a -> {
                            String now = now();
                            return signed(a, now, "sha256=" + a.hmac(now, EMPTY).toUpperCase(java.util.Locale.ROOT));
                        },
                        401),
                of(
                        "another algorithm's name",
                        a -> {
                            String now = now();
                            return signed(a, now, "sha1=" + a.hmac(now, EMPTY));
                        },
                        401),
                of(
                        "no algorithm",
                        a -> {
                            String now = now();
                            return signed(a, now, a.hmac(now, EMPTY));
                        },
                        401),
                of(
                        "a right one and a wrong one",
                        a -> {
                            String now = now();
                            return post(PATH, a.signature(now, EMPTY) + "X-Chatwoot-Signature: sha256=00\r\n", EMPTY);
                        },
                        401),
                of(
                        "two in one header",
                        a -> {
                            String now = now();
                            return signed(a, now, "sha256=" + a.hmac(now, EMPTY) + ", sha256=00");
                        },
                        401),
                of(
                        "two timestamps",
                        a -> {
                            String now = now();
                            return post(PATH, a.signature(now, EMPTY) + "X-Chatwoot-Timestamp: 1\r\n", EMPTY);
                        },
                        401),
                of(
                        "no timestamp",
                        a -> post(PATH, "X-Chatwoot-Signature: sha256=" + a.hmac(now(), EMPTY) + "\r\n", EMPTY),
                        401),
                of("a timestamp of yesterday", a -> post(PATH, a.signature("1700000000", EMPTY), EMPTY), 401),
                of(
                        "a timestamp of tomorrow",
                        a -> post(
                                PATH,
                                a.signature(String.valueOf(Instant.now().getEpochSecond() + 86_400), EMPTY),
                                EMPTY),
                        401),
                of("a timestamp with a sign", a -> post(PATH, a.signature("+" + now(), EMPTY), EMPTY), 401),
                of("a timestamp with a zero before", a -> post(PATH, a.signature("0" + now(), EMPTY), EMPTY), 401),
                of("a timestamp that is a float", a -> post(PATH, a.signature(now() + ".0", EMPTY), EMPTY), 401),
                of("a timestamp in milliseconds", a -> post(PATH, a.signature(now() + "000", EMPTY), EMPTY), 401),
                of("a timestamp beyond a long", a -> post(PATH, a.signature("9".repeat(30), EMPTY), EMPTY), 401),
                of("the signature of another body", a -> post(PATH, a.signature(now(), new byte[] {'x'}), EMPTY), 401),
                of(
                        "the signature for another kind",
                        a -> a.signed("/webhooks/chatwoot/pet-hotel/account", EMPTY, ""),
                        401),
                of(
                        "a path secret where a signature is wanted",
                        a -> post(PATH + "/0123456789abcdef0123456789abcdef", "", EMPTY),
                        401),
                of(
                        "a token where a signature is wanted",
                        a -> post(PATH, "Authorization: Bearer " + a.token() + "\r\n", EMPTY),
                        401));
    }

    private static List<HostileCase> tokens() {
        return List.of(
                of("no token", a -> get("/api/v1/events"), 401),
                of("a token in the query", a -> get("/api/v1/events?token=" + a.token()), 401),
                of("a token as password", a -> authorized("Basic " + a.token()), 401),
                of("an empty token", a -> authorized("Bearer "), 401),
                of("half a token", a -> authorized("Bearer " + a.token().substring(0, 20)), 401),
                of("a token and more", a -> authorized("Bearer " + a.token() + "x"), 401),
                of("a token of 10,000 letters", a -> authorized("Bearer " + "a".repeat(10_000)), 401),
                of("the metrics of a stranger", a -> get("/metrics"), 401),
                of("another tenant in the query", a -> a.api("GET", "/api/v1/events?tenant_id=other", ""), 403),
                of(
                        "another tenant in the body",
                        a -> a.api("POST", "/api/v1/knowledge-base/query", "{\"tenant_id\":\"other\",\"query\":\"x\"}"),
                        403),
                of("another tenant in the path", a -> a.api("GET", "/api/v1/contacts/other/5511990000001", ""), 403),
                of("all of another tenant", a -> a.api("GET", "/api/v1/tenants/other/export", ""), 403),
                of(
                        "all of a tenant that is a path",
                        a -> a.api("GET", "/api/v1/tenants/%2e%2e/export", ""),
                        400,
                        403,
                        404),
                of(
                        "to erase one's own tenant",
                        a -> a.api("POST", "/api/v1/tenants/pet-hotel/erase", "{\"confirm\":\"pet-hotel\"}"),
                        403),
                of(
                        "another tenant's switch",
                        a -> a.api("POST", "/api/v1/bot/off", "{\"tenant_id\":\"other\",\"reason\":\"x\"}"),
                        403),
                of(
                        "everybody's switch",
                        a -> a.api("POST", "/api/v1/bot/off", "{\"all\":true,\"reason\":\"x\"}"),
                        403));
    }

    private static byte[] get(String path) {
        return ascii("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    }

    private static byte[] authorized(String authorization) {
        return ascii("GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: "
                + authorization + "\r\n\r\n");
    }

    private static byte[] signed(Attacker attacker, String timestamp, String signature) {
        return post(
                PATH,
                "X-Chatwoot-Timestamp: " + timestamp + "\r\nX-Chatwoot-Signature: " + signature + "\r\n",
                "{}".getBytes(StandardCharsets.UTF_8));
    }

    private static String now() {
        return String.valueOf(Instant.now().getEpochSecond());
    }
}

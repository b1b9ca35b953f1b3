package io.github.almeidatech.wppflow.server.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.github.almeidatech.wppflow.contacts.Contacts;
import io.github.almeidatech.wppflow.eventlog.ChainedEvent;
import io.github.almeidatech.wppflow.eventlog.EventArchive;
import io.github.almeidatech.wppflow.eventlog.EventQuery;
import io.github.almeidatech.wppflow.eventlog.Verification;
import io.github.almeidatech.wppflow.server.Tenants;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The event log as a whole: is its chain intact, and all of it as JSON Lines. */
final class ArchiveRoutes implements RouteGroup {

    private static final Logger log = LoggerFactory.getLogger(ArchiveRoutes.class);

    private static final String BROKE_OFF =
            "{\"success\":false,\"error\":{\"code\":\"ERR_INTERNAL\",\"message\":\"broke off\",\"details\":{}}}\n";

    private final Tenants tenants;
    private final EventArchive archive;
    private final Contacts contacts;

    ArchiveRoutes(Tenants tenants, EventArchive archive, Contacts contacts) {
        this.tenants = tenants;
        this.archive = archive;
        this.contacts = contacts;
    }

    @Override
    public void register(RoutesConfig routes) {
        routes.get("/api/v1/events/verify", this::verify, Access.ADMIN);
        routes.get("/api/v1/events/export", this::export, Access.ADMIN);
    }

    /** With {@code events} and {@code head} of an earlier answer also: whether the chain continues that one. */
    private void verify(Context ctx) {
        Tenants.Tenant tenant = Request.tenant(ctx, tenants, ctx.queryParam("tenant_id"));
        Long events = Query.number(ctx, "events", 0, Long.MAX_VALUE);
        String head = ctx.queryParam("head");
        if ((events == null) != (head == null)) {
            throw ApiException.missing(events == null ? "events" : "head");
        }
        Verification found = events == null || head == null
                ? archive.verify(tenant.id())
                : archive.verify(tenant.id(), new Verification.Intact(events, head));
        Envelope.ok(ctx, found.match(ArchiveRoutes::intact, ArchiveRoutes::broken));
    }

    private static Map<String, Object> intact(Verification.Intact chain) {
        var data = new LinkedHashMap<String, Object>();
        data.put("intact", true);
        data.put("events", chain.events());
        data.put("head", chain.head());
        return data;
    }

    private static Map<String, Object> broken(Verification.Broken chain) {
        var data = new LinkedHashMap<String, Object>();
        data.put("intact", false);
        data.put("position", chain.position());
        data.put("reason", chain.reason().name().toLowerCase(Locale.ROOT));
        return data;
    }

    /** In the order of the chain, a page in memory at a time. A failure on the way is the last line, an error envelope. */
    private void export(Context ctx) {
        Tenants.Tenant tenant = Request.tenant(ctx, tenants, ctx.queryParam("tenant_id"));
        EventQuery wanted = EventRoutes.query(ctx, tenant, contacts, 1, null);
        ctx.contentType("application/x-ndjson");
        try (Stream<ChainedEvent> events = archive.stream(tenant.id())) {
            OutputStream out = ctx.res().getOutputStream();
            events.filter(each -> wanted.matches(each.event())).forEach(each -> write(out, each.toPlainData()));
        } catch (UncheckedIOException e) {
            log.debug("whoever asked for an export does not read it any more", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (RuntimeException e) {
            if (!ctx.res().isCommitted()) {
                throw e;
            }
            log.error("an export broke off", e);
            writeFailure(ctx);
        }
    }

    private static void writeFailure(Context ctx) {
        try {
            ctx.res().getOutputStream().write(BROKE_OFF.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            log.debug("nobody reads it any more", e);
        }
    }

    private static void write(OutputStream out, Map<String, Object> data) {
        try {
            out.write((StrictJson.MAPPER.writeValueAsString(data) + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an event that is not JSON", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

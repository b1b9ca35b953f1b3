package io.github.almeidatech.wppflow.server.http;

import io.github.almeidatech.wppflow.contacts.Contact;
import io.github.almeidatech.wppflow.contacts.ContactMerge;
import io.github.almeidatech.wppflow.contacts.Contacts;
import io.github.almeidatech.wppflow.contacts.Identity;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.server.Audit;
import io.github.almeidatech.wppflow.server.Tenants;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Two contacts that are one person: joined with a reason, and taken apart again. */
final class ContactMergeRoutes implements RouteGroup {

    private static final int DEFAULT_LIMIT = 100;
    private static final String ALL = "/api/v1/contact-merges";
    private static final Pattern CONTACT_ID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private final Tenants tenants;
    private final Contacts contacts;
    private final Audit audit;
    private final InstantSource clock;
    private final int maxBytes;

    ContactMergeRoutes(Tenants tenants, Contacts contacts, Audit audit, InstantSource clock, int maxBytes) {
        this.tenants = tenants;
        this.contacts = contacts;
        this.audit = audit;
        this.clock = clock;
        this.maxBytes = maxBytes;
    }

    @Override
    public void register(RoutesConfig routes) {
        routes.post(ALL, this::merge, Access.WRITE);
        routes.get(ALL, this::list, Access.READ);
        routes.delete(ALL + "/{id}", this::undo, Access.WRITE);
    }

    /** Who stays, who goes into whom, and why; each a number however written, or the id of a contact. */
    record Wish(
            @Nullable String tenantId,
            @NotNull @Size(max = 100) String survivor,
            @NotNull @Size(max = 100) String absorbed,
            @NotNull @Size(min = 1, max = 500) String reason) {}

    private void merge(Context ctx) {
        Wish wish = Body.read(ctx, Wish.class, maxBytes);
        Tenants.Tenant tenant = Request.tenant(ctx, tenants, wish.tenantId());
        Contact survivor = find(tenant, "survivor", wish.survivor());
        Contact absorbed = find(tenant, "absorbed", wish.absorbed());
        Optional<ContactMerge> merged =
                contacts.merge(tenant.id(), survivor.id(), absorbed.id(), wish.reason(), clock.instant());
        merged.ifPresent(merge -> note(ctx, tenant.id(), "contacts_merged", merge.id(), absorbed.id()));
        ContactMerge merge = merged.or(() -> earlier(tenant, survivor, wish))
                .orElseThrow(() -> ApiException.invalid("absorbed", "the same contact as the survivor"));
        Contact now = contacts.findById(tenant.id(), survivor.id()).orElseGet(merge::merged);
        Envelope.ok(ctx, Map.of("merge", view(merge), "contact", now.toPlainData()));
    }

    /** The merge by which these two became one, when that was asked for before. */
    private Optional<ContactMerge> earlier(Tenants.Tenant tenant, Contact survivor, Wish wish) {
        return contacts.merges(tenant.id(), survivor.id()).stream()
                .filter(merge -> isMeant(tenant, "absorbed", wish.absorbed(), merge.absorbed())
                        != isMeant(tenant, "survivor", wish.survivor(), merge.absorbed()))
                .findFirst();
    }

    private void list(Context ctx) {
        Tenants.Tenant tenant = Request.tenant(ctx, tenants, ctx.queryParam("tenant_id"));
        String phone = ctx.queryParam("phone");
        if (phone == null) {
            throw ApiException.missing("phone");
        }
        int limit = (int) Query.number(ctx, "limit", 1, 1_000, DEFAULT_LIMIT);
        Contact contact = find(tenant, "phone", phone);
        List<ContactMerge> rest = after(ctx.queryParam("cursor"), contacts.merges(tenant.id(), contact.id()));
        List<ContactMerge> page = rest.subList(0, Math.min(limit, rest.size()));
        var data = new LinkedHashMap<String, @Nullable Object>();
        data.put("merges", page.stream().map(ContactMergeRoutes::view).toList());
        data.put(
                "next_cursor",
                page.size() < rest.size() ? page.get(page.size() - 1).id() : null);
        Envelope.ok(ctx, data);
    }

    /** What follows the last one of the page before: a merge that was taken back meanwhile has no place any more. */
    private static List<ContactMerge> after(@Nullable String cursor, List<ContactMerge> all) {
        if (cursor == null) {
            return all;
        }
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).id().equals(cursor)) {
                return all.subList(i + 1, all.size());
            }
        }
        throw ApiException.invalid(
                "cursor", "the next_cursor of the page before wanted; that merge is not there any more");
    }

    private void undo(Context ctx) {
        TenantId tenant =
                Request.tenant(ctx, tenants, ctx.queryParam("tenant_id")).id();
        String id = ctx.pathParam("id");
        Contact restored = contacts.undoMerge(tenant, id, clock.instant())
                .orElseThrow(() -> new ApiException(
                        ApiError.ERR_NOT_FOUND,
                        Map.of(
                                "field",
                                "id",
                                "problem",
                                "unknown, undone, or its survivor was merged itself: undo that first")));
        note(ctx, tenant, "contacts_unmerged", id, restored.id());
        Envelope.ok(ctx, Map.of("id", id, "contact", restored.toPlainData()));
    }

    private void note(Context ctx, TenantId tenant, String action, String merge, String absorbed) {
        String by = Request.caller(ctx).name();
        audit.note(tenant, action, by, null, Map.of("merge", merge, "contact", absorbed));
    }

    private Contact find(Tenants.Tenant tenant, String field, String named) {
        Optional<Contact> found = isId(named)
                ? contacts.findById(tenant.id(), named)
                : contacts.find(tenant.id(), person(tenant, field, named));
        return found.orElseThrow(() -> new ApiException(ApiError.ERR_CONTACT_NOT_FOUND, Map.of("field", field)));
    }

    private static boolean isMeant(Tenants.Tenant tenant, String field, String named, Contact contact) {
        return isId(named) ? contact.id().equals(named) : contact.identities().contains(person(tenant, field, named));
    }

    private static boolean isId(String named) {
        return CONTACT_ID.matcher(named).matches();
    }

    private static Identity person(Tenants.Tenant tenant, String field, String phone) {
        return Identity.person(
                Objects.requireNonNull(People.of(field, phone, tenant).personKey()));
    }

    private static Map<String, Object> view(ContactMerge merge) {
        var data = new LinkedHashMap<String, Object>();
        data.put("id", merge.id());
        data.put("survivor_id", merge.survivorBefore().id());
        data.put("absorbed", merge.absorbed().toPlainData());
        data.put("reason", merge.reason());
        data.put("at", merge.at().toString());
        return data;
    }
}

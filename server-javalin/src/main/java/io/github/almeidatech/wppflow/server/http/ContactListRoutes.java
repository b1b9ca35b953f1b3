package io.github.almeidatech.wppflow.server.http;

import io.github.almeidatech.wppflow.contacts.ContactList;
import io.github.almeidatech.wppflow.contacts.Contacts;
import io.github.almeidatech.wppflow.contacts.Identity;
import io.github.almeidatech.wppflow.normalizer.PhoneIdentity;
import io.github.almeidatech.wppflow.server.Audit;
import io.github.almeidatech.wppflow.server.Tenants;
import io.github.almeidatech.wppflow.server.erasure.Erasure;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Who is answered automatically and who never: a tenant's lists of people. */
final class ContactListRoutes implements RouteGroup {

    private static final int DEFAULT_LIMIT = 100;
    private static final String LIST = "/api/v1/contact-lists/{list}";
    private static final String ENTRY = LIST + "/{phone}";

    private final Tenants tenants;
    private final Contacts contacts;
    private final Erasure erasure;
    private final Audit audit;
    private final InstantSource clock;

    ContactListRoutes(Tenants tenants, Contacts contacts, Erasure erasure, Audit audit, InstantSource clock) {
        this.tenants = tenants;
        this.contacts = contacts;
        this.erasure = erasure;
        this.audit = audit;
        this.clock = clock;
    }

    @Override
    public void register(RoutesConfig routes) {
        routes.get(LIST, this::entries, Access.READ);
        routes.get(ENTRY, this::show, Access.READ);
        routes.put(ENTRY, this::enlist, Access.WRITE);
        routes.delete(ENTRY, this::delist, Access.WRITE);
    }

    private void entries(Context ctx) {
        ContactList list = list(ctx);
        int limit = (int) Query.number(ctx, "limit", 1, 1_000, DEFAULT_LIMIT);
        List<Identity> found = contacts.lists().entries(tenant(ctx).id(), list, cursor(ctx), limit);
        var data = new LinkedHashMap<String, @Nullable Object>();
        data.put("list", list.word());
        data.put(
                "entries",
                found.stream()
                        .map(identity -> Map.of("kind", identity.kind().word(), "value", identity.value()))
                        .toList());
        data.put("next_cursor", found.size() < limit ? null : cursor(found.get(limit - 1)));
        Envelope.ok(ctx, data);
    }

    /** Unreadable at a glance only: addresses are logged by others, so no plain number stands in one. */
    private static String cursor(Identity last) {
        String text = last.kind().word() + "\n" + last.value();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static @Nullable Identity cursor(Context ctx) {
        String cursor = ctx.queryParam("cursor");
        if (cursor == null) {
            return null;
        }
        try {
            String[] parts = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8).split("\n", 2);
            return new Identity(Identity.Kind.valueOf(parts[0].toUpperCase(Locale.ROOT)), parts[1]);
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw ApiException.invalid("cursor", "the next_cursor of the page before wanted");
        }
    }

    private void show(Context ctx) {
        Tenants.Tenant tenant = tenant(ctx);
        answer(ctx, contacts.isListed(tenant.id(), list(ctx), Identity.person(personKey(ctx, tenant))));
    }

    private void enlist(Context ctx) {
        Tenants.Tenant tenant = tenant(ctx);
        String person = personKey(ctx, tenant);
        if (contacts.enlist(tenant.id(), list(ctx), Identity.person(person), clock.instant())) {
            note(ctx, tenant, person, "contact_listed", "opted_out");
        }
        answer(ctx, true);
    }

    private void delist(Context ctx) {
        Tenants.Tenant tenant = tenant(ctx);
        String person = personKey(ctx, tenant);
        if (contacts.delist(tenant.id(), list(ctx), Identity.person(person), clock.instant())) {
            note(ctx, tenant, person, "contact_unlisted", "opted_in");
        }
        answer(ctx, false);
    }

    private void note(Context ctx, Tenants.Tenant tenant, String person, String action, String consent) {
        String by = Request.caller(ctx).name();
        ContactList list = list(ctx);
        String pseudonym = erasure.pseudonym(tenant.id(), person);
        audit.note(tenant.id(), action, by, null, Map.of("list", list.word(), "person", pseudonym));
        if (list == ContactList.OPTED_OUT) {
            erasure.consent(tenant.id(), person, consent, Map.of("by", by));
        }
    }

    private static void answer(Context ctx, boolean listed) {
        Envelope.ok(ctx, Map.of("list", list(ctx).word(), "listed", listed));
    }

    private Tenants.Tenant tenant(Context ctx) {
        return Request.tenant(ctx, tenants, ctx.queryParam("tenant_id"));
    }

    private static ContactList list(Context ctx) {
        return Arrays.stream(ContactList.values())
                .filter(list -> list.word().equals(ctx.pathParam("list")))
                .findFirst()
                .orElseThrow(() -> ApiException.invalid("list", "allow, deny or opted_out wanted"));
    }

    private static String personKey(Context ctx, Tenants.Tenant tenant) {
        PhoneIdentity phone = People.of(ctx.pathParam("phone"), tenant);
        if (phone.kind() == PhoneIdentity.Kind.SHORT_CODE) {
            throw ApiException.invalid("phone", "a short number is nobody's: one with its area code wanted");
        }
        return Objects.requireNonNull(phone.personKey());
    }
}

package io.github.almeidatech.wppflow.server.http;

import io.github.almeidatech.wppflow.contacts.ContactList;
import io.github.almeidatech.wppflow.contacts.Contacts;
import io.github.almeidatech.wppflow.contacts.Identity;
import io.github.almeidatech.wppflow.normalizer.PhoneIdentity;
import io.github.almeidatech.wppflow.server.Audit;
import io.github.almeidatech.wppflow.server.Erasure;
import io.github.almeidatech.wppflow.server.Tenants;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;

/** Who is answered automatically and who never: a tenant's lists of people. */
final class ContactListRoutes implements RouteGroup {

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
        var entries = contacts.lists().entries(tenant(ctx).id(), list).stream()
                .sorted(Comparator.comparing(Identity::kind).thenComparing(Identity::value))
                .map(identity -> Map.of("kind", identity.kind().word(), "value", identity.value()))
                .toList();
        Envelope.ok(ctx, Map.of("list", list.word(), "entries", entries));
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

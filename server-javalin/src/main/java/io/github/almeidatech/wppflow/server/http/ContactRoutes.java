package io.github.almeidatech.wppflow.server.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.almeidatech.wppflow.contacts.Contact;
import io.github.almeidatech.wppflow.contacts.ContactPatch;
import io.github.almeidatech.wppflow.contacts.ContactUpdate;
import io.github.almeidatech.wppflow.contacts.Contacts;
import io.github.almeidatech.wppflow.contacts.Identity;
import io.github.almeidatech.wppflow.normalizer.PhoneIdentity;
import io.github.almeidatech.wppflow.server.Tenants;
import io.github.almeidatech.wppflow.server.erasure.Erasure;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import jakarta.validation.constraints.Email;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** M3 over HTTP. A number is found whichever way it is written: with or without country code, ninth digit, punctuation. */
final class ContactRoutes implements RouteGroup {

    private static final String ONE = "/api/v1/contacts/{tenant}/{phone}";
    private static final Set<String> PATCHABLE = Set.of("tenant_id", "name", "email", "custom_fields", "opted_out");

    private final Tenants tenants;
    private final Contacts contacts;
    private final Erasure erasure;
    private final InstantSource clock;
    private final int maxBytes;

    ContactRoutes(Tenants tenants, Contacts contacts, Erasure erasure, InstantSource clock, int maxBytes) {
        this.tenants = tenants;
        this.contacts = contacts;
        this.erasure = erasure;
        this.clock = clock;
        this.maxBytes = maxBytes;
    }

    @Override
    public void register(RoutesConfig routes) {
        routes.post("/api/v1/contacts/upsert", this::upsert, Access.WRITE);
        routes.get(ONE, this::show, Access.READ);
        routes.patch(ONE, this::patch, Access.WRITE);
        routes.delete(ONE, this::erase, Access.ADMIN);
        routes.get(ONE + "/export", this::export, Access.ADMIN);
    }

    /** What is now known of a person; at least a phone or Chatwoot's contact id. */
    record Upsert(
            @Nullable String tenantId,
            @Nullable @Size(max = 40) String phone,
            @Nullable @Min(1) Long chatwootContactId,
            @Nullable @Size(max = 200) String name,
            @Nullable @Size(max = 254) @Email String email,

            @Nullable @Size(max = 100)
            Map<@NotNull @Size(min = 1, max = 100) String, @NotNull @Size(max = 5_000) String> customFields,

            @Nullable Boolean optedOut) {}

    private void upsert(Context ctx) {
        Upsert body = Body.read(ctx, Upsert.class, maxBytes);
        Tenants.Tenant tenant = Request.tenant(ctx, tenants, body.tenantId());
        var identities = new LinkedHashSet<Identity>();
        String e164 = null;
        if (body.phone() != null) {
            PhoneIdentity phone = People.of(body.phone(), tenant);
            if (phone.kind() == PhoneIdentity.Kind.SHORT_CODE) {
                throw ApiException.invalid("phone", "a short number is nobody's: one with its area code wanted");
            }
            identities.add(Identity.person(personKey(phone)));
            e164 = phone.e164();
        }
        if (body.chatwootContactId() != null) {
            identities.add(Identity.chatwoot(tenant.account(), body.chatwootContactId()));
        }
        if (identities.isEmpty()) {
            throw ApiException.missing("phone");
        }
        boolean before = identities.stream()
                .flatMap(each -> contacts.find(tenant.id(), each).stream())
                .anyMatch(Contact::optedOut);
        Contact contact = contacts.upsert(
                tenant.id(),
                new ContactUpdate(
                        identities,
                        e164,
                        body.name(),
                        body.email(),
                        body.customFields() == null ? Map.of() : body.customFields(),
                        body.optedOut()),
                clock.instant());
        if (body.optedOut() != null && contact.optedOut() != before) {
            noteConsent(ctx, contact);
        }
        Envelope.ok(ctx, view(contact));
    }

    private void show(Context ctx) {
        Envelope.ok(ctx, view(find(ctx)));
    }

    private void export(Context ctx) {
        Tenants.Tenant tenant = Request.tenant(ctx, tenants, ctx.pathParam("tenant"));
        find(ctx);
        String person = personKey(People.of(ctx.pathParam("phone"), tenant));
        Envelope.ok(
                ctx,
                erasure.export(tenant.id(), person, false, Request.caller(ctx).name()));
    }

    private void erase(Context ctx) {
        Tenants.Tenant tenant = Request.tenant(ctx, tenants, ctx.pathParam("tenant"));
        PhoneIdentity phone = People.of(ctx.pathParam("phone"), tenant);
        Envelope.ok(
                ctx,
                LgpdRoutes.view(
                        tenant,
                        erasure.erase(
                                tenant.id(),
                                personKey(phone),
                                false,
                                Request.caller(ctx).name())));
    }

    /** A left-out key stays as it is, a null empties. */
    private void patch(Context ctx) {
        Contact contact = find(ctx);
        JsonNode tree = StrictJson.tree(Request.json(ctx, maxBytes));
        if (!(tree instanceof ObjectNode body)) {
            throw ApiException.invalid("", "a JSON object wanted");
        }
        var patch = ContactPatch.builder();
        for (var entry : body.properties()) {
            String key = entry.getKey();
            JsonNode value = entry.getValue();
            if (!PATCHABLE.contains(key)) {
                throw ApiException.invalid(
                        key, "unknown; there are " + PATCHABLE.stream().sorted().toList());
            }
            switch (key) {
                case "name" -> patch.name(text(key, value));
                case "email" -> patch.email(text(key, value));
                case "opted_out" -> {
                    if (!value.isBoolean()) {
                        throw ApiException.invalid(key, "true or false wanted");
                    }
                    patch.optedOut(value.booleanValue());
                }
                case "custom_fields" -> {
                    if (!value.isObject()) {
                        throw ApiException.invalid(key, "keys and values wanted");
                    }
                    value.properties()
                            .forEach(field -> patch.customField(
                                    field.getKey(), text(key + "." + field.getKey(), field.getValue())));
                }
                default -> {}
            }
        }
        Contact changed = contacts.patch(contact.tenant(), contact.id(), patch.build(), clock.instant())
                .orElseThrow(ContactRoutes::notFound);
        if (body.has("opted_out") && changed.optedOut() != contact.optedOut()) {
            noteConsent(ctx, changed);
        }
        Envelope.ok(ctx, view(changed));
    }

    private void noteConsent(Context ctx, Contact contact) {
        String person = contact.identities().stream()
                .filter(identity -> identity.kind() == Identity.Kind.PERSON)
                .map(Identity::value)
                .sorted()
                .findFirst()
                .orElse(null);
        erasure.consent(
                contact.tenant(),
                person,
                contact.optedOut() ? "opted_out" : "opted_in",
                Map.of("by", Request.caller(ctx).name()));
    }

    private static @Nullable String text(String field, JsonNode value) {
        if (value.isNull()) {
            return null;
        }
        if (!value.isTextual() || value.textValue().length() > 5_000) {
            throw ApiException.invalid(field, "a text of at most 5000 characters, or null, wanted");
        }
        return value.textValue();
    }

    private Tenants.Tenant tenant(Context ctx) {
        return Request.tenant(ctx, tenants, ctx.pathParam("tenant"));
    }

    private Contact find(Context ctx) {
        Tenants.Tenant tenant = tenant(ctx);
        PhoneIdentity phone = People.of(ctx.pathParam("phone"), tenant);
        return contacts.findPerson(tenant.id(), personKey(phone)).orElseThrow(ContactRoutes::notFound);
    }

    private static String personKey(PhoneIdentity phone) {
        return Objects.requireNonNull(phone.personKey());
    }

    private static ApiException notFound() {
        return new ApiException(ApiError.ERR_CONTACT_NOT_FOUND, Map.of());
    }

    private static Map<String, Object> view(Contact contact) {
        return new LinkedHashMap<>(contact.toPlainData());
    }
}

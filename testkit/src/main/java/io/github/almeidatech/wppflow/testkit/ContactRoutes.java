package io.github.almeidatech.wppflow.testkit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.almeidatech.wppflow.testkit.Router.Access;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Contract section 3.6: contacts. Users only. */
final class ContactRoutes {

    private static final String PATH = "/api/v1/accounts/{account}/contacts";
    private static final String ONE = PATH + "/{contact}";
    private static final int PER_PAGE = 15;
    private static final Pattern PHONE = Pattern.compile("\\+[1-9]\\d{1,14}");

    private final Installation installation;
    private final Conversations conversations;
    private final People people;
    private final ApiBodies bodies;

    ContactRoutes(Installation installation, Conversations conversations, People people, ApiBodies bodies) {
        this.installation = installation;
        this.conversations = conversations;
        this.people = people;
        this.bodies = bodies;
    }

    void register(Router router) {
        router.on("GET", PATH, Access.USERS, this::list)
                .on("GET", PATH + "/search", Access.USERS, this::search)
                .on("POST", PATH + "/filter", Access.USERS, this::filter)
                .on("POST", PATH, Access.USERS, this::create)
                .on("GET", ONE, Access.USERS, one((call, contact) -> payload(contact)))
                .on("PUT", ONE, Access.USERS, one(this::update))
                .on("PATCH", ONE, Access.USERS, one(this::update))
                .on("DELETE", ONE, Access.ADMINISTRATORS, one(this::delete))
                .on("POST", ONE + "/destroy_custom_attributes", Access.USERS, one(this::destroyAttributes))
                .on("GET", ONE + "/labels", Access.USERS, one((call, contact) -> labels(contact)))
                .on("POST", ONE + "/labels", Access.USERS, one(this::setLabels))
                .on("GET", ONE + "/conversations", Access.USERS, one(this::conversationsOf))
                .on("GET", ONE + "/contactable_inboxes", Access.USERS, one(this::contactableInboxes))
                .on("POST", ONE + "/contact_inboxes", Access.USERS, one(this::join))
                .on("POST", "/api/v1/accounts/{account}/contact_inboxes/filter", Access.USERS, this::bySource)
                .on("POST", "/api/v1/accounts/{account}/actions/contact_merge", Access.USERS, this::merge);
    }

    private Router.Handler one(BiFunction<Call, Rows.Contact, Answer> work) {
        return call -> installation.read(() -> {
            var contact = installation.contacts.get(call.id("contact"));
            return contact == null ? Answer.error(404, "Resource could not be found") : work.apply(call, contact);
        });
    }

    private Answer payload(Rows.Contact contact) {
        return Answer.json(RailsJson.object().set("payload", bodies.contactWithInboxes(contact)));
    }

    private Answer list(Call call) {
        return installation.read(() -> paged(call, known()));
    }

    /** Contacts nobody could be reached by do not show in lists. */
    private Stream<Rows.Contact> known() {
        return installation.contacts.values().stream()
                .filter(contact -> contact.phoneNumber != null || contact.email != null || contact.identifier != null);
    }

    private Answer search(Call call) {
        var wanted = call.text("q", "").strip().toLowerCase(Locale.ROOT);
        if (wanted.isEmpty()) {
            return Answer.error(422, "Specify search string with parameter q");
        }
        return installation.read(() -> paged(
                call,
                known().filter(contact -> Stream.of(
                                contact.name, contact.email, contact.phoneNumber, contact.identifier)
                        .filter(Objects::nonNull)
                        .anyMatch(value -> value.toLowerCase(Locale.ROOT).contains(wanted)))));
    }

    private Answer filter(Call call) {
        var conditions = FilterQuery.parse(call.param("payload"), FilterQuery.CONTACT_KEYS);
        if (conditions.error() != null) {
            return Answer.error(422, conditions.error());
        }
        return installation.read(() ->
                paged(call, known().filter(contact -> conditions.matches(key -> value(contact, key)))));
    }

    private static List<String> value(Rows.Contact contact, String key) {
        var value = switch (key) {
            case "name" -> contact.name;
            case "phone_number" -> contact.phoneNumber;
            case "email" -> contact.email;
            case "identifier" -> contact.identifier;
            case "blocked" -> Boolean.toString(contact.blocked);
            default ->
                Optional.ofNullable(RailsJson.textOf(contact.customAttributes, key))
                        .orElse(RailsJson.textOf(contact.additionalAttributes, key));
        };
        return key.equals("labels") ? contact.labels : value == null ? List.of() : List.of(value);
    }

    private Answer paged(Call call, Stream<Rows.Contact> contacts) {
        var all = contacts.toList();
        long page = Math.max(1, call.integer("page").orElse(1L));
        int from = (int) Math.min(all.size(), (page - 1) * PER_PAGE);
        var shown = all.subList(from, Math.min(all.size(), from + PER_PAGE));
        var body = RailsJson.object();
        var meta = body.putObject("meta").put("count", shown.size()).put("current_page", page);
        if (installation.settings().version().atLeast("4.11.0")) {
            meta.put("has_more", from + PER_PAGE < all.size());
        }
        var payload = body.putArray("payload");
        shown.forEach(contact -> payload.add(bodies.contactWithInboxes(contact)));
        return Answer.json(body);
    }

    private @Nullable Answer invalid(Call call, Rows.@Nullable Contact self) {
        var phone = call.text("phone_number");
        if (phone != null && !phone.isEmpty() && !PHONE.matcher(phone).matches()) {
            return unprocessable("Phone number should be in e164 format", "phone_number");
        }
        if (taken(phone, self, contact -> contact.phoneNumber)) {
            return unprocessable("Phone number has already been taken", "phone_number");
        }
        if (taken(call.text("email"), self, contact -> contact.email)) {
            return unprocessable("Email has already been taken", "email");
        }
        return taken(call.text("identifier"), self, contact -> contact.identifier)
                ? unprocessable("Identifier has already been taken", "identifier")
                : null;
    }

    private boolean taken(
            @Nullable String value, Rows.@Nullable Contact self, Function<Rows.Contact, @Nullable String> of) {
        return value != null
                && !value.isEmpty()
                && installation.contacts.values().stream()
                        .anyMatch(contact -> contact != self && value.equals(of.apply(contact)));
    }

    private static Answer unprocessable(String message, String attribute) {
        var body = RailsJson.object().put("message", message);
        body.putArray("attributes").add(attribute);
        return Answer.json(422, body);
    }

    private Answer create(Call call) {
        return installation.change(changes -> {
            var invalid = invalid(call, null);
            if (invalid != null) {
                return invalid;
            }
            var contact = new Rows.Contact();
            contact.name = call.text("name", "");
            contact.phoneNumber = call.text("phone_number");
            contact.email = call.text("email");
            contact.identifier = call.text("identifier");
            if (call.param("custom_attributes") instanceof ObjectNode attributes) {
                contact.customAttributes.setAll(attributes);
            }
            if (call.param("additional_attributes") instanceof ObjectNode attributes) {
                contact.additionalAttributes.setAll(attributes);
            }
            people.create(changes, contact);
            var body = RailsJson.object();
            var payload = body.putObject("payload");
            Optional<Rows.ContactInbox> place = call.integer("inbox_id")
                    .map(installation.inboxes::get)
                    .map(inbox -> people.join(changes, contact, inbox, call.text("source_id")));
            payload.set("contact", bodies.contactWithInboxes(contact));
            payload.set("contact_inbox", place.isPresent() ? bodies.contactInbox(place.get()) : RailsJson.object());
            return Answer.json(body);
        });
    }

    private Answer update(Call call, Rows.Contact contact) {
        var invalid = invalid(call, contact);
        if (invalid != null) {
            return invalid;
        }
        installation.changing(changes -> people.update(changes, contact, call.params()));
        return payload(contact);
    }

    private Answer delete(Call call, Rows.Contact contact) {
        installation.removeWithConversations(contact);
        return Answer.empty(200);
    }

    private Answer destroyAttributes(Call call, Rows.Contact contact) {
        var keys = new ArrayList<String>();
        call.param("custom_attributes").forEach(key -> keys.add(key.asText()));
        installation.changing(changes -> changes.touch(contact).customAttributes.remove(keys));
        return payload(contact);
    }

    private static Answer labels(Rows.Contact contact) {
        var body = RailsJson.object();
        var payload = body.putArray("payload");
        contact.labels.forEach(payload::add);
        return Answer.json(body);
    }

    private Answer setLabels(Call call, Rows.Contact contact) {
        installation.changing(changes -> {
            changes.touch(contact).labels.clear();
            call.param("labels").forEach(label -> contact.labels.add(label.asText()));
        });
        return labels(contact);
    }

    private Answer conversationsOf(Call call, Rows.Contact contact) {
        var body = RailsJson.object();
        var payload = body.putArray("payload");
        installation.conversations.values().stream()
                .filter(conversation -> conversation.contactId == contact.id)
                .sorted(Comparator.comparing((Rows.Conversation c) -> c.id).reversed())
                .limit(20)
                .forEach(conversation -> payload.add(bodies.conversation(conversation)));
        return Answer.json(body);
    }

    private Answer contactableInboxes(Call call, Rows.Contact contact) {
        var body = RailsJson.object();
        var payload = body.putArray("payload");
        installation.contactInboxes.values().stream()
                .filter(row -> row.contactId == contact.id)
                .forEach(row -> payload.add(bodies.contactInbox(row)));
        return Answer.json(body);
    }

    private Answer join(Call call, Rows.Contact contact) {
        var inbox = call.integer("inbox_id").map(installation.inboxes::get).orElse(null);
        return inbox == null
                ? Answer.error(404, "Resource could not be found")
                : Answer.json(bodies.contactInbox(
                        installation.change(changes -> people.join(changes, contact, inbox, call.text("source_id")))));
    }

    private Answer bySource(Call call) {
        return installation.read(() -> people.contactInbox(
                        call.integer("inbox_id").orElse(-1L), call.text("source_id", ""))
                .map(row ->
                        Answer.json(bodies.contactWithInboxes(Installation.row(installation.contacts, row.contactId))))
                .orElseGet(() -> Answer.empty(404)));
    }

    private Answer merge(Call call) {
        return installation.change(changes -> {
            var base = call.integer("base_contact_id")
                    .map(installation.contacts::get)
                    .orElse(null);
            var other = call.integer("mergee_contact_id")
                    .map(installation.contacts::get)
                    .orElse(null);
            if (base == null || other == null) {
                return Answer.error(404, "Resource could not be found");
            }
            if (base != other) {
                conversations.moveAll(changes, other, base);
                var attributes = RailsJson.copy(other.customAttributes);
                attributes.setAll(base.customAttributes);
                base.customAttributes = attributes;
                changes.touch(base);
                installation.removeContact(other);
            }
            return Answer.json(bodies.contact(base));
        });
    }
}

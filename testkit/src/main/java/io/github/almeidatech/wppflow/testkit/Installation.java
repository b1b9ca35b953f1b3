package io.github.almeidatech.wppflow.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The database of a simulated Chatwoot: one account with its rows. Everything runs under one lock; a change is written to
 * the journal before its deliveries start and before anybody is answered.
 */
final class Installation {

    private static final SecureRandom RANDOM = new SecureRandom();

    private final Settings settings;
    private final Journal journal;
    private final Map<String, Long> lastIds = new LinkedHashMap<>();
    private final AtomicLong version = new AtomicLong();
    private Consumer<Rows.Waiting> dispatcher = delivery -> {};

    final Map<Long, Rows.User> users = new TreeMap<>();
    final Map<Long, Rows.Bot> bots = new TreeMap<>();
    final Map<Long, Rows.Webhook> webhooks = new TreeMap<>();
    final Map<Long, Rows.Inbox> inboxes = new TreeMap<>();
    final Map<Long, Rows.Team> teams = new TreeMap<>();
    final Map<Long, Rows.Contact> contacts = new TreeMap<>();
    final Map<Long, Rows.ContactInbox> contactInboxes = new TreeMap<>();
    final Map<Long, Rows.Conversation> conversations = new TreeMap<>();
    final TreeMap<Long, Rows.Message> messages = new TreeMap<>();
    final Map<Long, List<Rows.Message>> messagesByConversation = new LinkedHashMap<>();
    private final Map<Long, Rows.Waiting> waiting = new TreeMap<>();

    Installation(Settings settings, Journal journal) {
        this.settings = settings;
        this.journal = journal;
        journal.replay(this::load, this::rows);
        if (users.isEmpty()) {
            change(this::seed);
        }
    }

    Settings settings() {
        return settings;
    }

    Journal journal() {
        return journal;
    }

    InstantSource clock() {
        return settings.clock();
    }

    /** Rises with every change, so that a page knows when to look again. */
    long version() {
        return version.get();
    }

    /** Who takes the deliveries of a change; set once, before the first change from outside. */
    synchronized void dispatchTo(Consumer<Rows.Waiting> consumer) {
        dispatcher = consumer;
        List.copyOf(waiting.values()).forEach(consumer);
    }

    /** Runs one operation and makes it durable. Its deliveries begin afterwards. */
    synchronized <T> T change(Function<Changes, T> work) {
        var changes = new Changes(settings.clock().instant());
        var result = work.apply(changes);
        journal.append(changes.rows());
        version.incrementAndGet();
        notifyAll();
        changes.deliveries().forEach(dispatcher);
        return result;
    }

    synchronized void changing(Consumer<Changes> work) {
        change(changes -> {
            work.accept(changes);
            return true;
        });
    }

    synchronized <T> T read(Supplier<T> work) {
        return work.get();
    }

    /** Waits until something has changed since {@code seen}, or the time is over; answers the version then. */
    synchronized long awaitChange(long seen, Duration atMost) throws InterruptedException {
        long end = System.nanoTime() + atMost.toNanos();
        while (version.get() == seen) {
            long left = (end - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                break;
            }
            wait(left);
        }
        return version.get();
    }

    synchronized void delivered(Rows.Waiting delivery) {
        waiting.remove(delivery.id);
        var done = new Done();
        done.id = delivery.id;
        journal.append(List.of(done));
    }

    long nextId(String kind) {
        return lastIds.merge(kind, firstId(kind), (last, first) -> last + 1);
    }

    private static long firstId(String kind) {
        // Different beginnings, so that taking one kind of id for another does not work by luck.
        return switch (kind) {
            case "Conversation", "Waiting", "Inbox", "Team" -> 1;
            case "Bot" -> 2;
            case "User" -> 6;
            case "Webhook" -> 31;
            case "Attachment" -> 71;
            case "Contact" -> 501;
            case "ContactInbox" -> 801;
            default -> 1001;
        };
    }

    static String randomToken() {
        var bytes = new byte[12];
        RANDOM.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private boolean seed(Changes changes) {
        settings.users().forEach((name, role) -> {
            var user = new Rows.User();
            user.id = nextId("User");
            user.name = name;
            user.email = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z]+", ".") + "@example.com";
            user.role = role;
            user.token = randomToken();
            put(changes.touch(user));
        });
        var bot = new Rows.Bot();
        bot.id = nextId("Bot");
        bot.name = settings.botName();
        bot.token = randomToken();
        bot.secret = randomToken();
        put(changes.touch(bot));
        settings.inboxes().forEach((name, channel) -> {
            var inbox = new Rows.Inbox();
            inbox.id = nextId("Inbox");
            inbox.name = name;
            inbox.channel = channel;
            inbox.secret = randomToken();
            inbox.singleConversation = settings.singleConversation();
            put(changes.touch(inbox));
        });
        settings.teams().forEach(name -> {
            var team = new Rows.Team();
            team.id = nextId("Team");
            team.name = name;
            put(changes.touch(team));
        });
        return true;
    }

    /** Stores a row in its table. */
    void put(Object row) {
        if (row instanceof Rows.User user) {
            users.put(user.id, user);
        } else if (row instanceof Rows.Bot bot) {
            bots.put(bot.id, bot);
        } else if (row instanceof Rows.Webhook webhook) {
            webhooks.put(webhook.id, webhook);
        } else if (row instanceof Rows.Inbox inbox) {
            inboxes.put(inbox.id, inbox);
        } else if (row instanceof Rows.Team team) {
            teams.put(team.id, team);
        } else if (row instanceof Rows.Contact contact) {
            contacts.put(contact.id, contact);
        } else if (row instanceof Rows.ContactInbox contactInbox) {
            contactInboxes.put(contactInbox.id, contactInbox);
        } else if (row instanceof Rows.Conversation conversation) {
            conversations.put(conversation.id, conversation);
        } else if (row instanceof Rows.Message message) {
            putMessage(message);
        } else if (row instanceof Rows.Waiting delivery) {
            waiting.put(delivery.id, delivery);
        } else {
            throw new IllegalArgumentException("no table for " + row.getClass());
        }
    }

    private void putMessage(Rows.Message message) {
        var known = messages.put(message.id, message);
        var list = messagesByConversation.computeIfAbsent(message.conversationId, id -> new ArrayList<>());
        if (known != null) {
            list.set(list.indexOf(known), message);
        } else {
            list.add(message);
        }
    }

    private void load(String kind, JsonNode node) {
        if (kind.equals("Done")) {
            waiting.remove(node.path("id").asLong());
        } else if (kind.equals("Removed")) {
            drop(node.path("table").asText(), node.path("id").asLong());
        } else {
            put(Journal.row(node, rowType(kind)));
            remember(kind, node.path("id").asLong());
            node.path("attachments")
                    .forEach(attachment ->
                            remember("Attachment", attachment.path("id").asLong()));
        }
    }

    private void remember(String kind, long id) {
        lastIds.merge(kind, id, Math::max);
    }

    private static Class<?> rowType(String kind) {
        return switch (kind) {
            case "User" -> Rows.User.class;
            case "Bot" -> Rows.Bot.class;
            case "Webhook" -> Rows.Webhook.class;
            case "Inbox" -> Rows.Inbox.class;
            case "Team" -> Rows.Team.class;
            case "Contact" -> Rows.Contact.class;
            case "ContactInbox" -> Rows.ContactInbox.class;
            case "Conversation" -> Rows.Conversation.class;
            case "Message" -> Rows.Message.class;
            case "Waiting" -> Rows.Waiting.class;
            default -> throw new IllegalStateException("unknown row in the journal: " + kind);
        };
    }

    private Iterator<Object> rows() {
        var all = new ArrayList<Object>();
        for (var table : List.of(
                users, bots, webhooks, inboxes, teams, contacts, contactInboxes, conversations, messages, waiting)) {
            all.addAll(table.values());
        }
        return all.iterator();
    }

    synchronized void removeWebhook(long id) {
        remove("Webhook", id);
    }

    synchronized void removeContact(Rows.Contact contact) {
        remove("Contact", contact.id);
    }

    /** A contact with their conversations, as Chatwoot deletes them. */
    synchronized void removeWithConversations(Rows.Contact contact) {
        List.copyOf(conversations.values()).stream()
                .filter(conversation -> conversation.contactId == contact.id)
                .forEach(conversation -> remove("Conversation", conversation.id));
        List.copyOf(contactInboxes.values()).stream()
                .filter(contactInbox -> contactInbox.contactId == contact.id)
                .forEach(contactInbox -> remove("ContactInbox", contactInbox.id));
        removeContact(contact);
    }

    private void remove(String table, long id) {
        drop(table, id);
        var removed = new Removed();
        removed.table = table;
        removed.id = id;
        journal.append(List.of(removed));
    }

    private void drop(String table, long id) {
        switch (table) {
            case "Contact" -> contacts.remove(id);
            case "ContactInbox" -> contactInboxes.remove(id);
            case "Webhook" -> webhooks.remove(id);
            case "Conversation" -> {
                conversations.remove(id);
                messagesOf(id).forEach(message -> messages.remove(message.id));
                messagesByConversation.remove(id);
            }
            default -> throw new IllegalStateException("nothing is removed from " + table);
        }
    }

    List<Rows.Message> messagesOf(long conversation) {
        return messagesByConversation.getOrDefault(conversation, List.of());
    }

    Rows.Inbox inboxOf(Rows.Conversation conversation) {
        return row(inboxes, conversation.inboxId);
    }

    Rows.Contact contactOf(Rows.Conversation conversation) {
        return row(contacts, conversation.contactId);
    }

    Rows.ContactInbox contactInboxOf(Rows.Conversation conversation) {
        return row(contactInboxes, conversation.contactInboxId);
    }

    /** The active bot of an inbox: connected, and with an address to call. */
    Optional<Rows.Bot> activeBot(Rows.Inbox inbox) {
        return Optional.ofNullable(inbox.botId).map(bots::get).filter(bot -> bot.outgoingUrl != null);
    }

    /** Whether WhatsApp would take a free text now. */
    boolean canReply(Rows.Conversation conversation, Instant now) {
        var whatsapp = inboxOf(conversation).channel.equals("Channel::Whatsapp")
                || contactInboxOf(conversation).sourceId.startsWith("whatsapp:");
        return !whatsapp
                || messagesOf(conversation.id).stream()
                        .anyMatch(message -> message.messageType == Rows.INCOMING
                                && message.createdAt.plus(Duration.ofHours(24)).isAfter(now));
    }

    static <T> T row(Map<Long, T> table, long id) {
        @Nullable T found = table.get(id);
        if (found == null) {
            throw new IllegalArgumentException("no such record: " + id);
        }
        return found;
    }

    static final class Done {
        long id;
    }

    static final class Removed {
        String table = "";
        long id;
    }
}

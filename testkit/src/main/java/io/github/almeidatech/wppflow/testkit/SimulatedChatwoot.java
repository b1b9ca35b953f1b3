package io.github.almeidatech.wppflow.testkit;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A Chatwoot in a box on loopback: the part of the API a bot calls, the webhooks it gets, the habits and lies of both, and
 * people who write. One account. State is in memory, or in a directory that survives {@code kill -9}.
 *
 * <p>What a call stores is durable before it is answered. Webhooks leave on threads of their own; those not yet delivered
 * are delivered after a restart, some perhaps twice, as in the real one. Thread-safe. Owns its threads until
 * {@link #close()}.
 */
public final class SimulatedChatwoot implements AutoCloseable {

    static final List<String> DEFAULT_SUBSCRIPTIONS = List.of(
            "conversation_status_changed",
            "conversation_updated",
            "conversation_created",
            "contact_created",
            "contact_updated",
            "message_created",
            "message_updated",
            "webwidget_triggered");

    private final Installation installation;
    private final Faults faults = new Faults();
    private final Webhooks webhooks;
    private final Witness witness;
    private final Desk desk;
    private final MessageRoutes messageRoutes;
    private final FileRoutes fileRoutes;
    private final LoopbackServer server;

    SimulatedChatwoot(Settings settings) {
        installation = new Installation(settings, Journal.open(settings.directory()));
        var bodies = new EventBodies(installation, new FileLinks(this::baseUrl));
        var events = new Events(installation, bodies);
        var conversations = new Conversations(installation, events);
        var people = new People(installation, events);
        webhooks = new Webhooks(installation, events, conversations);
        witness = new Witness(installation);
        desk = new Desk(installation, conversations, people, webhooks, witness);
        var apiBodies = new ApiBodies(installation, bodies);
        messageRoutes = new MessageRoutes(installation, conversations, apiBodies, webhooks);
        fileRoutes = new FileRoutes(installation);
        var router = new Router(new ApiGate(installation));
        messageRoutes.register(router);
        fileRoutes.register(router);
        new ConversationRoutes(installation, conversations, events, bodies, apiBodies).register(router);
        new ContactRoutes(installation, conversations, people, apiBodies).register(router);
        new AccountRoutes(installation, apiBodies).register(router);
        new SimRoutes(installation, desk, witness, bodies).register(router);
        PageRoutes.register(router);
        server = listen(settings, router);
        installation.dispatchTo(webhooks::dispatch);
    }

    private LoopbackServer listen(Settings settings, Router router) {
        try {
            return LoopbackServer.start(settings.host(), settings.port(), "chatwoot-http", router::route, faults);
        } catch (RuntimeException e) {
            webhooks.close();
            installation.journal().close();
            throw e;
        }
    }

    /** One with all defaults, on any free port of 127.0.0.1, in memory. */
    public static SimulatedChatwoot start() {
        return builder().start();
    }

    public static ChatwootBuilder builder() {
        return new ChatwootBuilder();
    }

    /** Where its API and its page are: {@code http://127.0.0.1:port}. */
    public URI baseUrl() {
        return server.baseUrl();
    }

    public long accountId() {
        return installation.settings().accountId();
    }

    /** Id of the first inbox, the WhatsApp one unless built otherwise. */
    public long inboxId() {
        return installation.read(() -> installation.inboxes.keySet().iterator().next());
    }

    /** Id of an inbox by its name. */
    public long inboxId(String name) {
        return installation.read(() -> installation.inboxes.values().stream()
                .filter(inbox -> inbox.name.equals(name))
                .mapToLong(inbox -> inbox.id)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no inbox " + name)));
    }

    /** Id of a team by its name. */
    public long teamId(String name) {
        return installation.read(() -> installation.teams.values().stream()
                .filter(team -> team.name.equals(name))
                .mapToLong(team -> team.id)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no team " + name)));
    }

    /** The token that speaks: of the agent bot. */
    public String botToken() {
        return bot().token;
    }

    public long botId() {
        return bot().id;
    }

    /** The token that reads: of the first user, an administrator unless built otherwise. */
    public String userToken() {
        return installation.read(() -> installation.users.values().iterator().next().token);
    }

    /** The token of a user by name. */
    public String userToken(String name) {
        return user(name).token;
    }

    /** Makes the agent bot call an address and connects it to every inbox; from now on new conversations are pending. */
    public WebhookEndpoint connectAgentBot(URI url) {
        return installation.change(changes -> {
            var bot = changes.touch(bot());
            bot.outgoingUrl = url.toString();
            installation.inboxes.values().forEach(inbox -> changes.touch(inbox).botId = bot.id);
            return new WebhookEndpoint(bot.id, url, bot.secret);
        });
    }

    /** Takes the agent bot away from every inbox. */
    public void disconnectAgentBot() {
        installation.changing(
                changes -> installation.inboxes.values().forEach(inbox -> changes.touch(inbox).botId = null));
    }

    /**
     * Registers an account webhook; an address known already keeps its id and secret.
     *
     * @param subscriptions event names; none for Chatwoot's default list
     */
    public WebhookEndpoint addAccountWebhook(URI url, String... subscriptions) {
        return installation.change(changes -> {
            var webhook = installation.webhooks.values().stream()
                    .filter(known -> known.url.equals(url.toString()))
                    .findFirst()
                    .orElseGet(() -> {
                        var fresh = new Rows.Webhook();
                        fresh.id = installation.nextId("Webhook");
                        fresh.secret = Installation.randomToken();
                        return fresh;
                    });
            webhook.url = url.toString();
            webhook.subscriptions =
                    new ArrayList<>(subscriptions.length == 0 ? DEFAULT_SUBSCRIPTIONS : List.of(subscriptions));
            installation.put(changes.touch(webhook));
            return new WebhookEndpoint(webhook.id, url, webhook.secret);
        });
    }

    /** Sets the callback of an API-channel inbox. */
    public WebhookEndpoint setInboxCallback(long inboxId, URI url) {
        return installation.change(changes -> {
            var inbox = changes.touch(Installation.row(installation.inboxes, inboxId));
            inbox.webhookUrl = url.toString();
            return new WebhookEndpoint(inbox.id, url, inbox.secret);
        });
    }

    /** Somebody with a WhatsApp number, such as {@code +5511990000001}. The contact appears with the first message. */
    public Customer customer(String phone, String name) {
        var digits = phone.startsWith("+") ? phone.substring(1) : phone;
        if (!digits.matches("\\d{2,15}")) {
            throw new IllegalArgumentException("not a phone number, length " + phone.length());
        }
        return new Customer(desk, new People.Writer(digits, name, "+" + digits, null), null);
    }

    /**
     * Somebody as a bridge or a newer WhatsApp names them, perhaps without a phone number.
     *
     * @param sourceId {@code contact_inbox.source_id}
     * @param identifier such as a JID
     */
    public Customer customer(String sourceId, String name, @Nullable String phone, @Nullable String identifier) {
        return new Customer(desk, new People.Writer(sourceId, name, phone, identifier), null);
    }

    /** A user of the installation by name. */
    public HumanAgent agent(String name) {
        return new HumanAgent(desk, user(name));
    }

    /** Any agent: the last user. */
    public HumanAgent agent() {
        return new HumanAgent(
                desk,
                installation.read(() -> installation.users.values().stream()
                        .reduce((first, last) -> last)
                        .orElseThrow()));
    }

    /** Somebody types on the phone that is paired with the inbox: outgoing, without a sender. */
    public ChatMessage typeOnPairedPhone(long conversation, String text) {
        return desk.echo(conversation, text);
    }

    /** An automation rule writes: outgoing, without a sender. */
    public ChatMessage writeByAutomation(long conversation, String text) {
        return desk.automate(conversation, text);
    }

    /** The inbox's own greeting or out-of-office text. */
    public ChatMessage greet(long conversation, String text) {
        return desk.greet(conversation, text);
    }

    /** WhatsApp reports that a message could not be delivered. */
    public void failDelivery(long message, String error) {
        installation.changing(
                changes -> desk.conversations().fail(changes, Installation.row(installation.messages, message), error));
    }

    /** The next downloads of files answer 404 before the file is there. */
    public void missNextDownloads(int downloads) {
        fileRoutes.missNext(downloads);
    }

    /** Faults of the API. */
    public Faults faults() {
        return faults;
    }

    /** Deliveries, and faults of them. */
    public Webhooks webhooks() {
        return webhooks;
    }

    /** Every request to the API and the pages, oldest first; the last 5,000. */
    public List<SeenRequest> requests() {
        return server.seen();
    }

    /** The texts that reached the customer's phone, from bots and people, in the order and format they were read. */
    public List<String> messagesIn(long conversation) {
        return witness.seenIn(conversation);
    }

    /** Everything in a conversation in order of id, notes and activity included. */
    public List<ChatMessage> transcript(long conversation) {
        return witness.messages(conversation);
    }

    /** The texts of private notes, in order. */
    public List<String> notesIn(long conversation) {
        return witness.messages(conversation).stream()
                .filter(ChatMessage::note)
                .flatMap(message -> Optional.ofNullable(message.text()).stream())
                .toList();
    }

    /**
     * The state of a conversation.
     *
     * @throws IllegalArgumentException when there is no such conversation
     */
    public Conversation conversation(long id) {
        return witness.conversation(id);
    }

    /** Ids of all conversations, oldest first. */
    public List<Long> conversations() {
        return installation.read(() -> List.copyOf(installation.conversations.keySet()));
    }

    /** How many messages were created through the API since the start, whatever its callers were told. */
    public int createdThroughApi() {
        return messageRoutes.created();
    }

    /** Waits until no webhook is under way, see {@link Webhooks#awaitIdle}. */
    public boolean awaitIdle(Duration atMost) throws InterruptedException {
        return webhooks.awaitIdle(atMost);
    }

    /**
     * Waits until a conversation looks as wanted.
     *
     * @param wanted is given the transcript, again after each change
     * @return whether it did in time
     */
    public boolean await(long conversation, Predicate<List<ChatMessage>> wanted, Duration atMost)
            throws InterruptedException {
        long end = System.nanoTime() + atMost.toNanos();
        while (true) {
            long version = installation.version();
            if (wanted.test(transcript(conversation))) {
                return true;
            }
            long left = end - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            installation.awaitChange(version, Duration.ofNanos(left));
        }
    }

    private Rows.Bot bot() {
        return installation.read(() -> installation.bots.values().iterator().next());
    }

    private Rows.User user(String name) {
        return installation.read(() -> installation.users.values().stream()
                .filter(user -> user.name.equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no user of that name")));
    }

    /** Ends it at once; deliveries not finished are continued at the next start if there is a directory. */
    @Override
    public void close() {
        server.close();
        webhooks.close();
        installation.journal().close();
    }
}

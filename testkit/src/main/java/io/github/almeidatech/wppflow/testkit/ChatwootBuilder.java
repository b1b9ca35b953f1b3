package io.github.almeidatech.wppflow.testkit;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Sets up a simulated Chatwoot. */
public final class ChatwootBuilder {

    private String host = "127.0.0.1";
    private int port;
    private @Nullable Path directory;
    private InstantSource clock = InstantSource.system();
    private String version = "4.15.1";
    private long accountId = 1;
    private String accountName = "Conta Exemplo";
    private String botName = "wpp-flow-core";
    private final Map<String, String> users = new LinkedHashMap<>();
    private final Map<String, String> inboxes = new LinkedHashMap<>();
    private List<String> teams = List.of("atendimento", "financeiro");
    private boolean singleConversation;
    private boolean receipts = true;
    private boolean keepPendingWhenBotFails;
    private Duration retryPause = Duration.ofSeconds(3);
    private Duration webhookTimeout = Duration.ofSeconds(5);
    private boolean holdingWebhooks;
    private int maxWaitingDeliveries = 50_000;
    private int messagesPerMinute = 200;

    ChatwootBuilder() {}

    /** Interface to listen on; 127.0.0.1 by default, and it should stay that way: there is no login. */
    public ChatwootBuilder host(String address) {
        host = address;
        return this;
    }

    /** Port; 0, any free one, by default. */
    public ChatwootBuilder port(int number) {
        port = number;
        return this;
    }

    /** Where the state is kept; in memory by default. What a directory holds already is continued. */
    public ChatwootBuilder directory(Path path) {
        directory = path;
        return this;
    }

    /** The clock of all times in bodies and of the 24-hour window; the system's by default. */
    public ChatwootBuilder clock(InstantSource source) {
        clock = source;
        return this;
    }

    /** The release to behave like; 4.15.1 by default. */
    public ChatwootBuilder version(String release) {
        version = release;
        return this;
    }

    /** 1, "Conta Exemplo" by default. */
    public ChatwootBuilder account(long id, String name) {
        accountId = id;
        accountName = name;
        return this;
    }

    /** Name of the agent bot; "wpp-flow-core" by default. */
    public ChatwootBuilder bot(String name) {
        botName = name;
        return this;
    }

    /**
     * Adds a user; without any there are an administrator "Marta Dona" and the agents "Ana Atendente" and "Bruno
     * Atendente".
     *
     * @param role {@code administrator} or {@code agent}
     */
    public ChatwootBuilder user(String name, String role) {
        users.put(name, role);
        return this;
    }

    /**
     * Adds an inbox; without any there is one "WhatsApp" of {@code Channel::Whatsapp}.
     *
     * @param channel such as {@code Channel::Whatsapp}, {@code Channel::Api}, {@code Channel::TwilioSms}
     */
    public ChatwootBuilder inbox(String name, String channel) {
        inboxes.put(name, channel);
        return this;
    }

    /** "atendimento" and "financeiro" by default. */
    public ChatwootBuilder teams(String... names) {
        teams = List.of(names);
        return this;
    }

    /** Whether a message after the end continues the old conversation; a new one begins by default. */
    public ChatwootBuilder singleConversation(boolean on) {
        singleConversation = on;
        return this;
    }

    /** Whether messages to WhatsApp are reported delivered and read; on by default. */
    public ChatwootBuilder receipts(boolean on) {
        receipts = on;
        return this;
    }

    /** The account option to leave a conversation pending when its bot fails; off by default. */
    public ChatwootBuilder keepPendingWhenBotFails(boolean on) {
        keepPendingWhenBotFails = on;
        return this;
    }

    /** Pause between attempts of an agent-bot delivery; 3 s by default. */
    public ChatwootBuilder retryPause(Duration pause) {
        retryPause = pause;
        return this;
    }

    /** Time limit of a delivery, to connect and to read each; 5 s by default. */
    public ChatwootBuilder webhookTimeout(Duration limit) {
        webhookTimeout = limit;
        return this;
    }

    /**
     * Whether deliveries, those left over in the directory too, wait for {@link Webhooks#release} from the start; off by
     * default. For a receiver that is started, or gets its address, only after this.
     */
    public ChatwootBuilder holdingWebhooks(boolean on) {
        holdingWebhooks = on;
        return this;
    }

    /** Deliveries under way at most, before whoever causes more has to wait; 50,000 by default. */
    public ChatwootBuilder maxWaitingDeliveries(int max) {
        maxWaitingDeliveries = max;
        return this;
    }

    /** Messages per minute and conversation before 422; 200 by default. */
    public ChatwootBuilder messagesPerMinute(int max) {
        messagesPerMinute = max;
        return this;
    }

    /**
     * Starts it.
     *
     * @throws java.io.UncheckedIOException when the port is taken or the directory cannot be used
     * @throws IllegalStateException when another process uses the directory
     */
    public SimulatedChatwoot start() {
        var people = new LinkedHashMap<>(users);
        if (people.isEmpty()) {
            people.put("Marta Dona", "administrator");
            people.put("Ana Atendente", "agent");
            people.put("Bruno Atendente", "agent");
        }
        var channels = new LinkedHashMap<>(inboxes);
        if (channels.isEmpty()) {
            channels.put("WhatsApp", "Channel::Whatsapp");
        }
        return new SimulatedChatwoot(new Settings(
                host,
                port,
                directory,
                clock,
                new ChatwootVersion(version),
                accountId,
                accountName,
                botName,
                people,
                channels,
                teams,
                singleConversation,
                receipts,
                keepPendingWhenBotFails,
                retryPause,
                webhookTimeout,
                holdingWebhooks,
                maxWaitingDeliveries,
                messagesPerMinute));
    }
}

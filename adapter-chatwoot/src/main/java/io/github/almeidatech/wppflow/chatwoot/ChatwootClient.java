package io.github.almeidatech.wppflow.chatwoot;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.almeidatech.wppflow.chatwoot.Throttle.Lane;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.RequestBody;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One account of a Chatwoot, as its API shows it. The bot's token speaks, so that what it writes is recognised as a bot's;
 * a user's token reads, because Chatwoot lets bots read hardly anything. Which token may do what depends on Chatwoot's
 * version, which the client asks for by itself.
 *
 * <p>Every method blocks, for at most the wait for a place (5 seconds) and the time limit together, and throws
 * {@link ChatwootException}. Nothing that writes is repeated: of a failure that is {@linkplain ChatwootError#unclear() unclear} nobody
 * knows whether the work was done. Answers larger than 1 MiB are not read. Thread-safe; make one for each tenant and keep
 * it, because it holds the tenant's limits and circuit breaker.
 */
public final class ChatwootClient {

    private static final Logger LOG = LoggerFactory.getLogger(ChatwootClient.class);
    private static final MediaType JSON = MediaType.get("application/json");
    private static final Duration VERSION_KEPT = Duration.ofMinutes(30);
    private static final Duration NO_VERSION_KEPT = Duration.ofMinutes(1);

    private final ChatwootHttp http;
    private final HttpUrl baseUrl;
    private final long accountId;
    private final Supplier<String> botToken;
    private final @Nullable Supplier<String> userToken;
    private final InstantSource clock;
    private final LeftOut leftOut;
    private final Conversations conversations = new Conversations(this);
    private final Messages messages = new Messages(this);
    private final Contacts contacts = new Contacts(this);
    private final AccountSetup setup = new AccountSetup(this);
    private volatile @Nullable SeenVersion version;

    private record SeenVersion(ChatwootVersion version, Instant until) {}

    private ChatwootClient(Builder settings) {
        this.http = new ChatwootHttp(settings);
        this.baseUrl = settings.baseUrl;
        this.accountId = settings.accountId;
        this.botToken = settings.botToken;
        this.userToken = settings.userToken;
        this.clock = settings.clock;
        this.leftOut = settings.leftOut;
    }

    /**
     * A client still to be set up.
     *
     * @param http shared by all clients: its threads and connections are used, its time limits are not
     * @param baseUrl where Chatwoot is, such as {@code https://chat.example.com}
     * @param accountId the number in Chatwoot's addresses
     * @param botToken an agent bot's access token
     */
    public static Builder builder(OkHttpClient http, URI baseUrl, long accountId, String botToken) {
        return builder(http, baseUrl, accountId, () -> botToken);
    }

    /** The same with a token that may be replaced: it is asked for with each call, and must not block. */
    public static Builder builder(OkHttpClient http, URI baseUrl, long accountId, Supplier<String> botToken) {
        return new Builder(http, baseUrl, accountId, botToken);
    }

    /** Messages of conversations. */
    public Messages messages() {
        return messages;
    }

    /** Conversations, their state, labels and attributes. */
    public Conversations conversations() {
        return conversations;
    }

    /** The account's contacts. */
    public Contacts contacts() {
        return contacts;
    }

    /** What is set up in the account: people, teams, inboxes, bots, webhooks. */
    public AccountSetup setup() {
        return setup;
    }

    /** The account's number. */
    public long accountId() {
        return accountId;
    }

    /** Whether there is a token that reads message lists and contacts. */
    public boolean hasUserToken() {
        return userToken != null;
    }

    /** Whether calls are let through at present: {@code closed} (they are), {@code open} or {@code half_open}. */
    public String breakerState() {
        return http.breakerState();
    }

    /**
     * Chatwoot's version, asked for at most every 30 minutes. {@link ChatwootVersion#UNKNOWN} when it does not tell or
     * cannot be reached; then it is asked again after a minute.
     */
    public ChatwootVersion version() {
        SeenVersion seen = version;
        Instant now = clock.instant();
        if (seen != null && now.isBefore(seen.until())) {
            return seen.version();
        }
        ChatwootVersion asked = ChatwootVersion.UNKNOWN;
        try {
            asked = ChatwootVersion.parse(status().path("version").asText());
        } catch (ChatwootException e) {
            LOG.debug("Chatwoot's version is not known: {}", e.getMessage());
        }
        if (!asked.known() && seen != null) {
            asked = seen.version(); // it was told before: servers seldom change
        }
        this.version = new SeenVersion(asked, now.plus(asked.known() ? VERSION_KEPT : NO_VERSION_KEPT));
        return asked;
    }

    /**
     * What {@code GET /api} answers: {@code version}, {@code timestamp}, {@code queue_services}, {@code data_services}. Given
     * up after two seconds.
     */
    public JsonNode status() {
        HttpUrl url = baseUrl.newBuilder().addPathSegment("api").build();
        return http.call(new ApiCall("status", Lane.USER, null, "GET", url, null, null, () -> false, true));
    }

    /** The address below {@code /api/v1/accounts/{account}}. */
    HttpUrl.Builder url(Object... segments) {
        HttpUrl.Builder url =
                baseUrl.newBuilder().addPathSegments("api/v1/accounts").addPathSegment(String.valueOf(accountId));
        for (Object segment : segments) {
            url.addPathSegment(String.valueOf(segment));
        }
        return url;
    }

    JsonNode asBot(
            String name, String method, HttpUrl.Builder url, @Nullable RequestBody body, @Nullable Instant notAfter) {
        return asBot(name, method, url, body, notAfter, () -> false);
    }

    JsonNode asBot(
            String name,
            String method,
            HttpUrl.Builder url,
            @Nullable RequestBody body,
            @Nullable Instant notAfter,
            BooleanSupplier unwanted) {
        return http.call(
                new ApiCall(name, Lane.BOT, botToken.get(), method, url.build(), body, notAfter, unwanted, false));
    }

    JsonNode asUser(String name, String method, HttpUrl.Builder url, @Nullable RequestBody body) {
        return http.call(
                new ApiCall(name, Lane.USER, userToken(name), method, url.build(), body, null, () -> false, false));
    }

    /** As {@link #asUser}, under the limit that searching contacts has for itself. */
    JsonNode asSearcher(String name, String method, HttpUrl.Builder url, @Nullable RequestBody body) {
        return http.call(
                new ApiCall(name, Lane.SEARCH, userToken(name), method, url.build(), body, null, () -> false, false));
    }

    /** As the bot where it may, else as the user. A server that hides its version may be an old one. */
    JsonNode asEither(String name, String method, HttpUrl.Builder url, @Nullable RequestBody body, boolean botMay) {
        boolean bot = userToken == null ? botMay : botMay && version().known();
        return bot ? asBot(name, method, url, body, null) : asUser(name, method, url, body);
    }

    /** Shows that the bot types, or stops to; tried once and not waited for long. */
    void typing(long conversation, boolean on) {
        ChatwootVersion server = version();
        boolean bot = server.botMayType() && (server.known() || userToken == null);
        HttpUrl url = url("conversations", conversation, "toggle_typing_status").build();
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("typing_status", on ? "on" : "off").put("is_private", false);
        Lane lane = bot ? Lane.BOT : Lane.USER;
        String token = bot ? botToken.get() : userToken("toggle_typing");
        http.call(new ApiCall("toggle_typing", lane, token, "POST", url, json(body), null, () -> false, true));
    }

    /** As the user, else as the bot where it may. */
    JsonNode asReader(String name, HttpUrl.Builder url) {
        if (userToken == null && version().botMayReadConversation()) {
            return asBot(name, "GET", url, null, null);
        }
        return asUser(name, "GET", url, null);
    }

    /** Whether {@link #asReader} has a token to read a conversation with. */
    boolean canReadConversations() {
        return userToken != null || version().botMayReadConversation();
    }

    private String userToken(String call) {
        if (userToken == null) {
            throw new ChatwootException(ChatwootError.NO_TOKEN, call, null);
        }
        return userToken.get();
    }

    static RequestBody json(JsonNode json) {
        return RequestBody.create(json.toString(), JSON);
    }

    static RequestBody noBody() {
        return RequestBody.create(new byte[0], JSON);
    }

    /** Whether an address is one of this Chatwoot. */
    boolean isAt(String url) {
        return Origin.readUrl(url)
                .map(Origin::of)
                .filter(Origin.of(baseUrl)::equals)
                .isPresent();
    }

    @Override
    public String toString() {
        return "ChatwootClient[" + baseUrl.host() + ", account " + accountId + "]";
    }

    void leftOut(long conversation, long message) {
        leftOut.message(conversation, message);
    }

    /**
     * Is told that a message is too large to be read by itself, each time it is come across. Called on the caller's thread;
     * must not throw or block.
     */
    @FunctionalInterface
    public interface LeftOut {
        void message(long conversation, long message);
    }

    /** What a client is made of; every setting has a default. */
    public static final class Builder {

        final OkHttpClient http;
        final HttpUrl baseUrl;
        final long accountId;
        final Supplier<String> botToken;

        @Nullable
        Supplier<String> userToken;

        InstantSource clock = InstantSource.system();
        CallListener listener = CallListener.NONE;
        LeftOut leftOut = (conversation, message) -> {};
        Duration connectTimeout = Duration.ofSeconds(3);
        Duration timeLimit = Duration.ofSeconds(15);
        Duration breakerDelay = Duration.ofSeconds(5);
        int maxConcurrent = 8;
        int maxPerSecond = 20;

        private Builder(OkHttpClient http, URI baseUrl, long accountId, Supplier<String> botToken) {
            HttpUrl url = HttpUrl.get(baseUrl);
            if (url == null || !url.username().isEmpty() || !url.password().isEmpty() || url.query() != null) {
                throw new IllegalArgumentException("a base address is http(s), without user and query");
            }
            if (accountId < 1) {
                throw new IllegalArgumentException("account ids begin with 1, got " + accountId);
            }
            this.http = http;
            this.baseUrl = url;
            this.accountId = accountId;
            checkToken(botToken.get());
            this.botToken = botToken;
        }

        /** A user's token, for everything bots may not read. Without it less can be checked before sending. */
        public Builder userToken(@Nullable String token) {
            return token == null ? this : userToken(() -> token);
        }

        /** The same with a token that may be replaced: it is asked for with each call, and must not block. */
        public Builder userToken(Supplier<String> token) {
            checkToken(token.get());
            this.userToken = token;
            return this;
        }

        /** The clock pauses are measured by. Default: the system's. */
        public Builder clock(InstantSource clock) {
            this.clock = clock;
            return this;
        }

        /** Is told of every call. Default: nobody. */
        public Builder listener(CallListener listener) {
            this.listener = listener;
            return this;
        }

        /** Is told of messages that are too large to be read. Default: nobody. */
        public Builder leftOut(LeftOut listener) {
            this.leftOut = listener;
            return this;
        }

        /** For the connection alone. Default: 3 seconds. */
        public Builder connectTimeout(Duration timeout) {
            this.connectTimeout = positive(timeout);
            return this;
        }

        /** For a whole call. Default: 15 seconds. */
        public Builder timeLimit(Duration limit) {
            this.timeLimit = positive(limit);
            return this;
        }

        /** How long the circuit breaker keeps calls back before it tries one. Default: 5 seconds. */
        public Builder breakerDelay(Duration delay) {
            this.breakerDelay = positive(delay);
            return this;
        }

        /** How many calls may be under way at once, 1 to 64. Default: 8. */
        public Builder maxConcurrent(int calls) {
            this.maxConcurrent = between(calls, 1, 64);
            return this;
        }

        /** How many calls may begin in one second, 1 to 1000. Chatwoot allows 3000 a minute and address. Default: 20. */
        public Builder maxPerSecond(int calls) {
            this.maxPerSecond = between(calls, 1, 1_000);
            return this;
        }

        /** The client. */
        public ChatwootClient build() {
            return new ChatwootClient(this);
        }

        private static void checkToken(String token) {
            if (token.isBlank() || !token.chars().allMatch(c -> c > ' ' && c < 127)) {
                throw new IllegalArgumentException("an access token is visible ASCII without blanks");
            }
        }

        private static Duration positive(Duration duration) {
            if (duration.isNegative() || duration.isZero()) {
                throw new IllegalArgumentException("a positive duration wanted, got " + duration);
            }
            return duration;
        }

        private static int between(int value, int low, int high) {
            if (value < low || value > high) {
                throw new IllegalArgumentException(low + " to " + high + " wanted, got " + value);
            }
            return value;
        }
    }
}

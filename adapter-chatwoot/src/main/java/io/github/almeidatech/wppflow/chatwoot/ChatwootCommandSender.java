package io.github.almeidatech.wppflow.chatwoot;

import io.github.almeidatech.wppflow.flow.CommandAttempt;
import io.github.almeidatech.wppflow.flow.CommandResult;
import io.github.almeidatech.wppflow.flow.CommandSender;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.OutboundCommand.Assign;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.multimodal.MediaSource;
import io.github.almeidatech.wppflow.multimodal.MediaUnavailableException;
import io.github.almeidatech.wppflow.normalizer.OwnershipMode;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out a tenant's commands in Chatwoot.
 *
 * <p>A message is seen once: it carries the attempt's key, and after a try with an unclear result the conversation is
 * searched for it before anything is sent again, until the settling time has passed. That needs a user token; without one
 * such a message is refused ({@code unclear_without_user_token}) and left to a person, rather than sent twice. The other
 * commands are simply repeated. A message to the customer goes out only after one more look at whose conversation it is,
 * and never once the lease is over.
 *
 * <p>Refused for good: answers 400, 402, 403, 404, 422. Not done, to be tried again: no connection, 401, 429. Everything
 * else may have been done: a time limit, a broken connection, 5xx, an answer that cannot be read.
 *
 * <p>Thread-safe; blocks, also while a file is fetched.
 */
public final class ChatwootCommandSender implements CommandSender {

    private static final Logger LOG = LoggerFactory.getLogger(ChatwootCommandSender.class);

    final ChatwootClient client;
    final OwnershipFence fence;
    final SentMessages sent;
    final ReplyRenderer renderer = new ReplyRenderer();
    final SentForms forms;
    final KnownChannels channels = new KnownChannels();
    final Uploads uploads;
    final SaidCaptions captions = new SaidCaptions();
    final AbsentFiles absent = new AbsentFiles();
    final boolean checkOwnership;
    final Duration settleTime;
    final OutsideWindow outsideWindow;
    final @Nullable MediaSource files;
    final Predicate<ConversationId> optedOut;
    final Supplier<@Nullable String> silenced;
    final Assign assignOtherwise;
    final CommandSender others;
    final @Nullable PersonsWords words;
    final UnheardWords unheard;
    final InstantSource clock;

    private ChatwootCommandSender(Builder settings) {
        this.client = settings.client;
        this.fence = new OwnershipFence(settings.ownership, settings.humanPause);
        this.sent = new SentMessages(client);
        this.checkOwnership = settings.checkOwnership;
        this.settleTime = settings.settleTime;
        this.outsideWindow = settings.outsideWindow;
        this.forms = new SentForms(renderer, outsideWindow);
        this.files = settings.files;
        this.optedOut = settings.optedOut;
        this.silenced = settings.silenced;
        this.assignOtherwise = settings.assignOtherwise;
        this.others = settings.others;
        this.words = settings.words;
        this.unheard = new UnheardWords(client, settings.humanPause);
        this.clock = settings.clock;
        this.uploads = new Uploads(clock);
    }

    /** A sender still to be set up. */
    public static Builder builder(ChatwootClient client) {
        return new Builder(client);
    }

    @Override
    public CommandResult send(CommandAttempt attempt) {
        long account = attempt.conversation().account();
        if (account != 0 && account != client.accountId()) {
            return new CommandResult.Refused("other_account");
        }
        if (!clock.instant().isBefore(attempt.leaseUntil())) {
            return new CommandResult.NotDone("lease_over", null);
        }
        return attempt.command().accept(new CommandTry(this, attempt));
    }

    /**
     * Why the file at an address could not be sent now, by the words of its dead letter ({@code file_not_found} and so on); empty
     * when it could. Fetches it.
     */
    public Optional<String> fileObstacle(TenantId tenant, String url, Duration limit) {
        if (files == null) {
            return Optional.of("no_media_source");
        }
        try {
            SendableFiles.fetch(files, tenant, url, limit);
            return Optional.empty();
        } catch (MediaUnavailableException e) {
            return Optional.of("file_" + e.reason().word());
        }
    }

    /** Shows the people that the bot is writing. A courtesy: never throws, gives up after two seconds. */
    public void typing(ConversationId conversation, boolean on) {
        try {
            client.conversations().typing(conversation.number(), on);
        } catch (ChatwootException e) {
            LOG.debug("typing is not shown: {}", e.getMessage());
        }
    }

    /** What a sender is made of; every setting has a default. */
    public static final class Builder {

        private final ChatwootClient client;
        private OwnershipMode ownership = OwnershipMode.AGENT_BOT;
        private Duration humanPause = Duration.ofHours(12);
        private boolean checkOwnership = true;
        private Duration settleTime = Duration.ofSeconds(60);
        private OutsideWindow outsideWindow = new OutsideWindow.Refuse();
        private @Nullable MediaSource files;
        private Predicate<ConversationId> optedOut = conversation -> false;
        private Supplier<@Nullable String> silenced = () -> null;
        private @Nullable PersonsWords words;
        private Assign assignOtherwise = new Assign(null, null);
        private CommandSender others = attempt -> new CommandResult.Refused("not_for_chatwoot");
        private InstantSource clock = InstantSource.system();

        private Builder(ChatwootClient client) {
            this.client = client;
        }

        /**
         * How a conversation's state tells whose it is: {@link OwnershipMode#AGENT_BOT} (the default) or
         * {@link OwnershipMode#ACCOUNT}.
         */
        public Builder ownership(OwnershipMode mode) {
            if (mode == OwnershipMode.BY_SOURCE) {
                throw new IllegalArgumentException("what is sent has no source: AGENT_BOT or ACCOUNT wanted");
            }
            this.ownership = mode;
            return this;
        }

        /** How long a person has a conversation after their last sign. Default: 12 hours. */
        public Builder humanPause(Duration pause) {
            this.humanPause = notNegative(pause);
            return this;
        }

        /** Whether Chatwoot is asked once more before each message. Default: it is, if there is a token to read with. */
        public Builder checkOwnershipBeforeSend(boolean check) {
            this.checkOwnership = check;
            return this;
        }

        /** How long a message may take to appear after a try with an unclear result. Default: 60 seconds. */
        public Builder settleTime(Duration time) {
            this.settleTime = notNegative(time);
            return this;
        }

        /** What becomes of messages after the 24-hour window. Default: they are refused. */
        public Builder outsideWindow(OutsideWindow policy) {
            this.outsideWindow = policy;
            return this;
        }

        /** Where files to be sent are fetched from. Default: files are refused ({@code no_media_source}). */
        public Builder files(MediaSource source) {
            this.files = source;
            return this;
        }

        /** Who is not written to by follow-ups. Default: nobody. */
        public Builder optedOut(Predicate<ConversationId> predicate) {
            this.optedOut = predicate;
            return this;
        }

        /**
         * Why nothing may be said to anybody now, or null; asked last of all before a message is made. It is not done then, with
         * that reason. Default: never.
         */
        public Builder silenced(Supplier<@Nullable String> reason) {
            this.silenced = reason;
            return this;
        }

        /**
         * Who is told what people wrote, and asked before each message. Default: nobody; then a person's words are seen only
         * as long as the customer has not written after them.
         */
        public Builder words(PersonsWords words) {
            this.words = words;
            return this;
        }

        /**
         * Who is assigned when neither team nor person of a command is there; the command is refused all the same, so that the
         * mistake is told. Default: nobody, which leaves it to Chatwoot's own assignment.
         */
        public Builder assignOtherwise(Assign fallback) {
            this.assignOtherwise = fallback;
            return this;
        }

        /** Who carries out what is not Chatwoot's: webhooks, rows, contact records. Default: refused. */
        public Builder others(CommandSender sender) {
            this.others = sender;
            return this;
        }

        /** The clock that leases are measured by. Default: the system's. */
        public Builder clock(InstantSource clock) {
            this.clock = clock;
            return this;
        }

        /** The sender. */
        public ChatwootCommandSender build() {
            return new ChatwootCommandSender(this);
        }

        private static Duration notNegative(Duration duration) {
            if (duration.isNegative()) {
                throw new IllegalArgumentException("a duration that is not negative wanted, got " + duration);
            }
            return duration;
        }
    }
}

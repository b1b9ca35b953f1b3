package io.github.almeidatech.wppflow.chatwoot;

import io.github.almeidatech.wppflow.flow.CommandAttempt;
import io.github.almeidatech.wppflow.flow.CommandResult;
import io.github.almeidatech.wppflow.flow.CommandResult.Done;
import io.github.almeidatech.wppflow.flow.CommandResult.HeldBack;
import io.github.almeidatech.wppflow.flow.CommandResult.NotDone;
import io.github.almeidatech.wppflow.flow.CommandResult.Refused;
import io.github.almeidatech.wppflow.flow.CommandResult.Unclear;
import io.github.almeidatech.wppflow.model.ConversationStatus;
import io.github.almeidatech.wppflow.model.FlowException;
import io.github.almeidatech.wppflow.model.OutboundCommand;
import io.github.almeidatech.wppflow.model.OwnershipSignal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One try of one command. */
final class CommandTry implements OutboundCommand.Visitor<CommandResult> {

    /** How soon one looks for what may have been done. */
    static final Duration FIRST_LOOK = Duration.ofSeconds(3);

    private final ChatwootCommandSender sender;
    private final ChatwootClient client;
    private final CommandAttempt attempt;
    private final long conversation;

    CommandTry(ChatwootCommandSender sender, CommandAttempt attempt) {
        this.sender = sender;
        this.client = sender.client;
        this.attempt = attempt;
        this.conversation = attempt.conversation().number();
    }

    // What the customer sees

    @Override
    public CommandResult sendMessage(OutboundCommand.SendMessage command) {
        return speak(
                () -> sender.forms.ofMessage(command.text()),
                seen -> inTime(seen, command.text(), () -> reply(command.text()).inReplyTo(command.inReplyTo())));
    }

    @Override
    public CommandResult sendTemplate(OutboundCommand.SendTemplate command) {
        return speak(() -> sender.forms.ofTemplate(command), seen -> template(command, null));
    }

    @Override
    public CommandResult sendAttachment(OutboundCommand.SendAttachment command) {
        return new FileTry(sender, attempt, this).send(command);
    }

    @Override
    public CommandResult followUp(OutboundCommand.FollowUp command) {
        if (sender.optedOut.test(attempt.conversation())) {
            return new Refused("opted_out");
        }
        return speak(() -> sender.forms.ofFollowUp(command), seen -> {
            if (seen != null && seen.canReply()) {
                return new Prepared(reply(command.text()), null);
            }
            OutboundCommand.SendTemplate template = command.template();
            return template == null ? Prepared.not(new Refused("outside_window")) : template(template, null);
        });
    }

    /** What is to be sent, or why nothing. */
    record Prepared(@Nullable NewMessage message, @Nullable CommandResult instead) {
        static Prepared not(CommandResult result) {
            return new Prepared(null, result);
        }
    }

    private CommandResult speak(
            Supplier<List<SentForms.Form>> forms, Function<@Nullable ChatwootConversation, Prepared> prepare) {
        CommandResult known = resolveUnclear(forms);
        return known != null ? known : speakNow(prepare);
    }

    /** As what an earlier try left unclear has become known. */
    CommandResult speakNow(Function<@Nullable ChatwootConversation, Prepared> prepare) {
        Duration behind = sender.uploads.left(conversation);
        if (!behind.isZero()) {
            return new NotDone("behind_a_file", behind);
        }
        ChatwootConversation seen;
        Prepared prepared;
        try {
            seen = look();
            Optional<HeldBack> persons = seen != null && sender.checkOwnership ? ownership(seen) : known();
            if (persons.isPresent()) {
                return persons.get();
            }
            prepared = prepare.apply(seen);
        } catch (ChatwootException e) {
            return nothingSent(e);
        } catch (FlowException e) { // what a person wrote could not be stored
            return new NotDone(e.code().code(), null);
        } catch (IllegalArgumentException e) { // of NewMessage: written for the channel it became too long
            return new Refused("unsendable_text");
        }
        if (prepared.instead() != null) {
            return prepared.instead();
        }
        String silenced = sender.silenced.get(); // fetching and looking may have taken long
        return silenced != null ? new NotDone(silenced, null) : create(Objects.requireNonNull(prepared.message()));
    }

    /** The conversation as it is now; null when there is no token to read it with, or nothing to learn from it. */
    private @Nullable ChatwootConversation look() {
        boolean needed = sender.checkOwnership
                || attempt.command() instanceof OutboundCommand.FollowUp
                || sender.channels.of(conversation).isEmpty();
        if (!needed || !client.canReadConversations()) {
            return null;
        }
        ChatwootConversation seen = client.conversations().show(conversation);
        sender.channels.learn(seen);
        return seen;
    }

    private Optional<HeldBack> ownership(ChatwootConversation seen) {
        Instant now = sender.clock.instant();
        boolean answer = attempt.command().isAnswer();
        Optional<OwnershipSignal> persons = sender.fence.byState(seen, answer, now);
        if (persons.isPresent()) {
            return persons.map(HeldBack::new);
        }
        boolean reads = client.hasUserToken();
        PersonsWords words = sender.words;
        if (words != null) {
            if (reads) {
                sender.unheard.read(seen, words, now);
            }
            return known().or(() -> sender.fence.byLastWord(seen).map(HeldBack::new));
        }
        persons = sender.fence.byLastWord(seen);
        persons = persons.isEmpty() && reads && OwnershipFence.mayHideSpeech(seen)
                ? sender.fence.check(client.messages().newest(conversation))
                : persons;
        return persons.map(HeldBack::new);
    }

    /** What the engine knows by now, without a look at Chatwoot. */
    private Optional<HeldBack> known() {
        PersonsWords words = sender.words;
        return words == null ? Optional.empty() : words.holdsBack(attempt).map(each -> new HeldBack(each, true));
    }

    /** The message, or what the policy says when it is too late for free text. */
    Prepared inTime(@Nullable ChatwootConversation seen, String text, Supplier<NewMessage> written) {
        if (seen == null || seen.canReply()) {
            return new Prepared(written.get(), null);
        }
        return sender.outsideWindow.accept(new OutsideWindow.Visitor<>() {
            @Override
            public Prepared refuse(OutsideWindow.Refuse policy) {
                return Prepared.not(new Refused("outside_window"));
            }

            @Override
            public Prepared note(OutsideWindow.Note policy) {
                if (policy.open()) { // before the note: opening again does no harm, a second note would
                    client.conversations().setStatus(conversation, ConversationStatus.OPEN);
                }
                return new Prepared(privateNote(SentForms.noteContent(policy, text)), null);
            }

            @Override
            public Prepared template(OutsideWindow.Template policy) {
                return CommandTry.this.template(policy.template(), text);
            }
        });
    }

    private Prepared template(OutboundCommand.SendTemplate template, @Nullable String reply) {
        var params = reply == null ? TemplateParams.of(template) : TemplateParams.of(template, reply);
        if (sender.channels.of(conversation).equals("Channel::TwilioSms")) {
            TemplateParams.flatten(params);
        }
        if (TemplateParams.hasBlank(params)) {
            return Prepared.not(new Refused("blank_template_parameter"));
        }
        return new Prepared(NewMessage.template(SentForms.templateContent(template, reply), params), null);
    }

    private NewMessage reply(String text) {
        return NewMessage.text(rendered(text));
    }

    String rendered(String text) {
        return sender.renderer.render(text, TextStyle.of(sender.channels.of(conversation), client.version()));
    }

    // What only the people see

    @Override
    public CommandResult addPrivateNote(OutboundCommand.AddPrivateNote command) {
        CommandResult known = resolveUnclear(() -> sender.forms.ofNote(command.text()));
        return known != null ? known : create(privateNote(command.text()));
    }

    private static NewMessage privateNote(String text) {
        return NewMessage.note(SentForms.noteContent(text));
    }

    // Messages, once

    /**
     * What became of an earlier try; null when there was none, or it certainly did nothing.
     *
     * @param forms what it may have sent; asked for only when there is something to look for
     */
    @Nullable
    CommandResult resolveUnclear(Supplier<List<SentForms.Form>> forms) {
        Instant since = attempt.unclearSince();
        if (since == null) {
            return null;
        }
        if (!client.hasUserToken()) {
            return new Refused("unclear_without_user_token");
        }
        try {
            Optional<OptionalLong> found = sender.sent.find(conversation, attempt.key(), forms, since);
            if (found.isEmpty()) {
                return new Refused("unclear_out_of_reach");
            }
            if (found.get().isPresent()) {
                return new Done(String.valueOf(found.get().getAsLong()));
            }
        } catch (ChatwootException e) {
            return nothingSent(e);
        }
        Duration rest = Duration.between(sender.clock.instant(), since.plus(sender.settleTime));
        return rest.isNegative() || rest.isZero() ? null : new NotDone("settling", rest);
    }

    /** Asks the engine once more when the message could be written: until then it may have waited for other calls. */
    private CommandResult create(NewMessage message) {
        var meanwhile = new AtomicReference<@Nullable HeldBack>();
        try {
            ChatwootMessage made = client.messages()
                    .create(conversation, message.withKey(attempt.key()), attempt.leaseUntil(), () -> {
                        meanwhile.set(known().orElse(null));
                        return meanwhile.get() != null;
                    });
            return new Done(String.valueOf(made.id()));
        } catch (ChatwootException e) {
            HeldBack persons = meanwhile.get();
            return persons != null ? persons : result(e);
        } catch (FlowException e) { // the engine could not be asked, so nothing was written
            return new NotDone(e.code().code(), null);
        }
    }

    // What may be repeated

    @Override
    public CommandResult setStatus(OutboundCommand.SetStatus command) {
        return repeatable(() -> {
            String now = client.conversations().setStatus(conversation, command.status());
            return now.equals(command.status().word()) ? new Done(null) : new NotDone("status_is_" + now, null);
        });
    }

    @Override
    public CommandResult assign(OutboundCommand.Assign command) {
        return repeatable(() -> {
            boolean team = assignTeam(command);
            boolean agent = assignAgent(command);
            boolean somebody = command.teamId() != null && team || command.agentId() != null && agent;
            if (team && agent) {
                return new Done(null);
            }
            if (!somebody) { // the id nobody has took away who was assigned before
                assignTeam(sender.assignOtherwise);
                assignAgent(sender.assignOtherwise);
            }
            return new Refused(team ? "no_such_agent" : "no_such_team");
        });
    }

    // Two calls: when both are in one, Chatwoot looks at the person only. True also when there is none to assign.

    private boolean assignTeam(OutboundCommand.Assign command) {
        return command.teamId() == null || client.conversations().assignTeam(conversation, command.teamId());
    }

    private boolean assignAgent(OutboundCommand.Assign command) {
        return command.agentId() == null || client.conversations().assignAgent(conversation, command.agentId());
    }

    @Override
    public CommandResult changeLabels(OutboundCommand.ChangeLabels command) {
        return repeatable(() -> {
            client.conversations().changeLabels(conversation, command.add(), command.remove());
            return new Done(null);
        });
    }

    @Override
    public CommandResult setConversationAttributes(OutboundCommand.SetConversationAttributes command) {
        return repeatable(() -> {
            client.conversations().mergeAttributes(conversation, command.attributes());
            return new Done(null);
        });
    }

    @Override
    public CommandResult setContactAttributes(OutboundCommand.SetContactAttributes command) {
        return repeatable(() -> {
            client.contacts().mergeAttributes(command.contactId(), command.attributes());
            return new Done(String.valueOf(command.contactId()));
        });
    }

    private static CommandResult repeatable(Supplier<CommandResult> work) {
        try {
            return work.get();
        } catch (ChatwootException e) {
            return result(e);
        }
    }

    // What is not Chatwoot's

    @Override
    public CommandResult callWebhook(OutboundCommand.CallWebhook command) {
        return sender.others.send(attempt);
    }

    @Override
    public CommandResult writeRow(OutboundCommand.WriteRow command) {
        return sender.others.send(attempt);
    }

    @Override
    public CommandResult updateContact(OutboundCommand.UpdateContact command) {
        return sender.others.send(attempt);
    }

    // Failures

    private static CommandResult result(ChatwootException e) {
        Duration after = e.retryAfter().orElse(null);
        if (e.error().unclear()) {
            return new Unclear(e.error().word(), after == null ? FIRST_LOOK : after);
        }
        return e.error().retryable()
                ? new NotDone(e.error().word(), after)
                : new Refused(e.error().word());
    }

    /** Of a failure while only reading. */
    private static CommandResult nothingSent(ChatwootException e) {
        return e.error() == ChatwootError.NOT_FOUND
                ? new Refused(e.error().word())
                : new NotDone(e.error().word(), e.retryAfter().orElse(null));
    }
}

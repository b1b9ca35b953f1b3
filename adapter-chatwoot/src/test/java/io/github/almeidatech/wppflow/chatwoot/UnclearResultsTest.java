package io.github.almeidatech.wppflow.chatwoot;

import static io.github.almeidatech.wppflow.chatwoot.SenderFixture.CREATING;
import static io.github.almeidatech.wppflow.chatwoot.SenderFixture.LISTING;
import static io.github.almeidatech.wppflow.chatwoot.SenderFixture.SHOWING;
import static io.github.almeidatech.wppflow.chatwoot.SenderFixture.answer;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.flow.CommandAttempt;
import io.github.almeidatech.wppflow.flow.CommandResult;
import io.github.almeidatech.wppflow.flow.CommandResult.Done;
import io.github.almeidatech.wppflow.flow.CommandResult.NotDone;
import io.github.almeidatech.wppflow.flow.CommandResult.Refused;
import io.github.almeidatech.wppflow.flow.CommandResult.Unclear;
import io.github.almeidatech.wppflow.model.OutboundCommand;
import io.github.almeidatech.wppflow.model.OutboundCommand.AddPrivateNote;
import io.github.almeidatech.wppflow.model.OutboundCommand.ChangeLabels;
import io.github.almeidatech.wppflow.model.OutboundCommand.FollowUp;
import io.github.almeidatech.wppflow.model.OutboundCommand.Purpose;
import io.github.almeidatech.wppflow.model.OutboundCommand.SendAttachment;
import io.github.almeidatech.wppflow.model.OutboundCommand.SendTemplate;
import io.github.almeidatech.wppflow.testkit.Fault;
import io.github.almeidatech.wppflow.testkit.SeenRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What happens after a try of which nobody knows what it did. */
class UnclearResultsTest {

    private final SenderFixture with = new SenderFixture();

    @AfterEach
    void stop() {
        with.close();
    }

    static List<Fault> doneButNotTold() {
        return List.of(
                Fault.status(500).afterDoing(),
                Fault.drop().afterDoing(),
                Fault.garbage().afterDoing(),
                Fault.cut());
    }

    @ParameterizedTest
    @MethodSource("doneButNotTold")
    void what_was_done_without_our_knowing_is_found_and_not_sent_again(Fault fault) {
        for (OutboundCommand command : List.of(answer("Oi"), new AddPrivateNote("Oi"))) {
            with.chatwoot.faults().next(1, CREATING, fault);
            int before = with.chatwoot.createdThroughApi();
            CommandAttempt first = with.attempt(command);

            CommandResult result = with.sender.send(first);
            assertThat(result).isInstanceOf(Unclear.class);
            with.clock.advance(Duration.ofSeconds(3));
            CommandResult second = with.sender.send(with.again(first, result));

            assertThat(second).isInstanceOf(Done.class);
            assertThat(with.chatwoot.createdThroughApi()).isEqualTo(before + 1);
        }
    }

    @Test
    void what_was_done_without_an_answer_in_time_is_found_and_not_sent_again() {
        var impatient = ChatwootCommandSender.builder(with.client(true, Duration.ofSeconds(1)))
                .clock(with.clock)
                .checkOwnershipBeforeSend(false)
                .build();
        impatient.send(with.attempt(answer("learns the channel")));
        with.chatwoot.faults().next(1, CREATING, Fault.hang().afterDoing());
        CommandAttempt first = with.attempt(answer("Oi"));

        CommandResult result = impatient.send(first);

        assertThat(result).isEqualTo(new Unclear("timed_out", Duration.ofSeconds(3)));
        assertThat(with.sender.send(with.again(first, result))).isInstanceOf(Done.class);
        assertThat(with.chatwoot.createdThroughApi()).isEqualTo(2);
    }

    @Test
    void what_was_not_done_is_sent_again_but_only_after_the_settling_time() {
        with.chatwoot.faults().next(1, CREATING, Fault.drop());
        CommandAttempt first = with.attempt(answer("Oi"));
        CommandResult unclear = with.sender.send(first);
        assertThat(unclear).isEqualTo(new Unclear("broken", Duration.ofSeconds(3)));
        CommandAttempt second = with.again(first, unclear);
        with.clock.advance(Duration.ofSeconds(3));

        CommandResult settling = with.sender.send(second);

        assertThat(settling).isEqualTo(new NotDone("settling", Duration.ofSeconds(57)));
        assertThat(with.chatwoot.createdThroughApi()).isZero();
        with.clock.advance(Duration.ofSeconds(57));
        assertThat(with.sender.send(with.again(second, settling))).isInstanceOf(Done.class);
        assertThat(with.chatwoot.createdThroughApi()).isEqualTo(1);
    }

    @Test
    void a_message_that_appears_late_is_found_within_the_settling_time() {
        with.chatwoot.faults().next(1, CREATING, Fault.drop().afterDoing().hiding(Duration.ofSeconds(29)));
        CommandAttempt attempt = with.attempt(answer("Oi"));
        CommandResult result = with.sender.send(attempt);

        for (int i = 0; i < 5 && !(result instanceof Done); i++) {
            attempt = with.again(attempt, result);
            with.clock.advance(after(result));
            result = with.sender.send(attempt);
        }

        assertThat(result).isInstanceOf(Done.class);
        assertThat(with.chatwoot.createdThroughApi()).isEqualTo(1);
    }

    @Test
    void a_failure_while_looking_keeps_the_earlier_try_unclear() {
        with.chatwoot.faults().next(1, CREATING, Fault.drop().afterDoing());
        CommandAttempt first = with.attempt(answer("Oi"));
        CommandResult unclear = with.sender.send(first);
        with.clock.advance(Duration.ofMinutes(1));
        with.chatwoot.faults().next(1, LISTING, Fault.status(502));

        assertThat(with.sender.send(with.again(first, unclear))).isEqualTo(new NotDone("server_error", null));
        assertThat(with.chatwoot.createdThroughApi()).isEqualTo(1);
    }

    @Test
    void a_message_is_found_behind_many_others() {
        CommandAttempt attempt = with.attempt(answer("Oi"));
        with.sender.send(attempt);
        for (int i = 0; i < 75; i++) {
            with.client.messages().create(with.conversation, NewMessage.text("m" + i));
        }

        CommandResult found = with.sender.send(with.attempt(answer("Oi"), attempt.key(), 2, with.clock.instant()));

        assertThat(found).isInstanceOf(Done.class);
        assertThat(with.chatwoot.createdThroughApi()).isEqualTo(76);
    }

    @Test
    void among_too_many_messages_a_person_decides() {
        try (var fixture = new SenderFixture(chatwoot -> chatwoot.messagesPerMinute(1_000), sender -> {}, true)) {
            for (int i = 0; i < 220; i++) {
                fixture.customer.writes("m" + i);
            }

            assertThat(fixture.sender.send(fixture.attempt(answer("Oi"), "k", 2, fixture.clock.instant())))
                    .isEqualTo(new Refused("unclear_out_of_reach"));
        }
    }

    @Test
    void without_a_user_token_an_unclear_message_is_left_to_a_person() {
        try (var fixture = new SenderFixture(chatwoot -> {}, sender -> {}, false)) {
            fixture.chatwoot.faults().next(1, CREATING, Fault.drop().afterDoing());
            CommandAttempt first = fixture.attempt(answer("Oi"));
            CommandResult unclear = fixture.sender.send(first);

            assertThat(fixture.sender.send(fixture.again(first, unclear)))
                    .isEqualTo(new Refused("unclear_without_user_token"));
            assertThat(fixture.chatwoot.createdThroughApi()).isEqualTo(1);
        }
    }

    /** Before 4.9.0 Chatwoot forgets our key. */
    @Test
    void an_old_chatwoot_is_searched_for_the_text() {
        try (var fixture = new SenderFixture(chatwoot -> chatwoot.version("4.8.0"), sender -> {}, true)) {
            for (OutboundCommand command : List.of(answer("Oi **Ana**"), new AddPrivateNote("Resumo"))) {
                fixture.chatwoot.faults().next(1, CREATING, Fault.drop().afterDoing());
                CommandAttempt first = fixture.attempt(command);
                CommandResult unclear = fixture.sender.send(first);

                assertThat(fixture.sender.send(fixture.again(first, unclear))).isInstanceOf(Done.class);
            }
            assertThat(fixture.chatwoot.createdThroughApi()).isEqualTo(2);
        }
    }

    /** Who was just started knows no channel yet: {@code Oi Ana} was looked for where {@code Oi *Ana*} had gone out. */
    @ParameterizedTest
    @MethodSource("whatIsSaidInTime")
    void an_old_chatwoot_is_searched_for_what_was_written_before_a_restart(OutboundCommand command) {
        try (var fixture = old(new OutsideWindow.Refuse())) {
            sendsOnceOverARestart(fixture, command);
        }
    }

    static Stream<Arguments> afterTheWindow() {
        return Stream.of(new OutsideWindow.Note("Não enviado (24 h):", true), new OutsideWindow.Template(READY))
                .flatMap(policy -> whatIsSaidOnce().map(command -> Arguments.of(policy, command)));
    }

    @ParameterizedTest
    @MethodSource("afterTheWindow")
    void an_old_chatwoot_is_searched_for_what_a_message_became_after_the_window(
            OutsideWindow policy, OutboundCommand command) {
        try (var fixture = old(policy)) {
            fixture.clock.advance(Duration.ofHours(24).plusMinutes(1));

            sendsOnceOverARestart(fixture, command);
        }
    }

    /** Whoever is slow to tell the version is likely to be slow to answer, too. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void what_was_written_is_found_also_when_the_version_was_told_to_one_try_only(boolean toTheSecond) {
        try (var fixture = old(new OutsideWindow.Refuse())) {
            Runnable hide = () -> fixture.chatwoot.faults().next(1, VERSION, Fault.status(502));
            if (toTheSecond) {
                hide.run();
            }

            sendsOnceOverARestart(fixture, answer("Oi **Ana**"), toTheSecond ? () -> {} : hide);
        }
    }

    @Test
    void an_old_chatwoot_s_message_is_not_taken_for_the_file_it_stands_beside() {
        try (var fixture = old(new OutsideWindow.Refuse())) {
            fixture.send(answer("A tabela"));
            var file = new SendAttachment("https://files.example/tabela.pdf", "A tabela", Purpose.ANSWER);
            fixture.clock.advance(Duration.ofMinutes(2));

            CommandResult result = fixture.sender.send(
                    fixture.attempt(file, "k", 2, fixture.clock.instant().minusSeconds(90)));

            assertThat(result).isInstanceOf(Done.class);
            assertThat(fixture.chatwoot.transcript(fixture.conversation))
                    .anyMatch(each -> !each.files().isEmpty());
        }
    }

    private static final Predicate<SeenRequest> VERSION = SeenRequest.matching("GET", "/api");

    private static final SendTemplate READY = new SendTemplate(
            "resposta_pronta",
            "pt_BR",
            "UTILITY",
            Map.of("body", Map.of("1", "{reply}")),
            "Temos uma resposta: {reply}",
            Purpose.ANSWER);

    private static final SendTemplate REMINDER =
            new SendTemplate("lembrete", "pt_BR", "UTILITY", Map.of("body", Map.of("1", "Rex")), "", Purpose.ANSWER);

    static Stream<OutboundCommand> whatIsSaidInTime() {
        return Stream.concat(
                whatIsSaidOnce(), Stream.of(new FollowUp(Instant.EPOCH, "Ainda **precisa**?", null, false)));
    }

    static Stream<OutboundCommand> whatIsSaidOnce() {
        return Stream.of(
                answer("Oi **Ana**, {{tudo}} bem?"),
                new AddPrivateNote("O **Rex** {{x}}"),
                new AddPrivateNote("a".repeat(NewMessage.MAX_CONTENT + 1)),
                REMINDER,
                new FollowUp(Instant.EPOCH, "Ainda **precisa**?", REMINDER, false),
                new SendAttachment("https://files.example/tabela.pdf", "A **tabela**", Purpose.ANSWER));
    }

    private static SenderFixture old(OutsideWindow policy) {
        return new SenderFixture(chatwoot -> chatwoot.version("4.8.0"), sender -> settings(sender, policy), true);
    }

    private static ChatwootCommandSender.Builder settings(ChatwootCommandSender.Builder sender, OutsideWindow policy) {
        return sender.outsideWindow(policy)
                .checkOwnershipBeforeSend(false) // opened for people by a note, it would be theirs
                .files((tenant, file, max, limit) -> "%PDF-1.4 a".getBytes(StandardCharsets.US_ASCII));
    }

    /** The first try is not told that it succeeded; the second is made by a process that remembers nothing of it. */
    private static void sendsOnceOverARestart(SenderFixture fixture, OutboundCommand command) {
        sendsOnceOverARestart(fixture, command, () -> {});
    }

    private static void sendsOnceOverARestart(SenderFixture fixture, OutboundCommand command, Runnable between) {
        fixture.chatwoot.faults().next(1, CREATING, Fault.drop().afterDoing());
        CommandAttempt first = fixture.attempt(command);
        assertThat(fixture.sender.send(first)).isInstanceOf(Unclear.class);
        Instant since = fixture.clock.instant();
        fixture.clock.advance(Duration.ofSeconds(61));
        between.run();

        ChatwootCommandSender restarted = settings(
                        ChatwootCommandSender.builder(fixture.client(true, Duration.ofSeconds(15))),
                        fixture.sender.outsideWindow)
                .clock(fixture.clock)
                .build();

        assertThat(restarted.send(fixture.attempt(command, first.key(), 2, since)))
                .isInstanceOf(Done.class);
        assertThat(fixture.chatwoot.createdThroughApi()).isEqualTo(1);
    }

    @Test
    void what_may_be_repeated_is_repeated_without_looking() {
        with.chatwoot
                .faults()
                .next(1, SeenRequest.matching("POST", "/labels"), Fault.drop().afterDoing());
        CommandAttempt first = with.attempt(new ChangeLabels(List.of("vip"), List.of()));
        CommandResult unclear = with.sender.send(first);
        assertThat(unclear).isInstanceOf(Unclear.class);

        assertThat(with.sender.send(with.again(first, unclear))).isEqualTo(new Done(null));
        assertThat(with.chatwoot.conversation(with.conversation).labels()).containsExactly("vip");
    }

    private static Duration after(CommandResult result) {
        if (result instanceof NotDone notDone && notDone.after() != null) {
            return notDone.after();
        }
        return result instanceof Unclear unclear && unclear.after() != null ? unclear.after() : Duration.ofSeconds(2);
    }

    /**
     * Promise 4 against every fault the simulated Chatwoot knows, on every kind of call: each message is created exactly
     * once and in order, however the tries go, as long as one of them may succeed in the end.
     */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void whatever_fails_each_message_is_seen_once_and_in_order(long seed) {
        var random = new Random(seed);
        var faults = List.of(
                Fault.status(500),
                Fault.status(500).afterDoing(),
                Fault.status(502).afterDoing(),
                Fault.drop(),
                Fault.drop().afterDoing(),
                Fault.garbage(),
                Fault.garbage().afterDoing(),
                Fault.cut(),
                Fault.rateLimited("7"),
                Fault.rateLimited(),
                Fault.status(401),
                Fault.drop().afterDoing().hiding(Duration.ofSeconds(20)));
        var expected = new ArrayList<String>();
        for (int message = 0; message < 12; message++) {
            String text = "bubble " + message;
            expected.add(text);
            for (int i = random.nextInt(4); i > 0; i--) {
                var where = List.of(CREATING, CREATING, LISTING, SHOWING).get(random.nextInt(4));
                with.chatwoot.faults().next(1, where, faults.get(random.nextInt(faults.size())));
            }
            CommandAttempt attempt = with.attempt(answer(text));
            CommandResult result = with.sender.send(attempt);
            for (int i = 0; i < 30 && !(result instanceof Done); i++) {
                attempt = with.again(attempt, result);
                with.clock.advance(after(result).plusMillis(random.nextInt(3_000)));
                if (random.nextInt(10) == 0) {
                    // Killed in the middle: nobody knows how far it came.
                    attempt = with.attempt(attempt.command(), attempt.key(), attempt.attempt(), with.clock.instant());
                }
                result = with.sender.send(attempt);
            }
            assertThat(result).as("seed %d, message %d", seed, message).isInstanceOf(Done.class);
            with.chatwoot.faults().clear();
        }

        assertThat(with.chatwoot.messagesIn(with.conversation))
                .as("seed %d", seed)
                .isEqualTo(expected);
        assertThat(with.chatwoot.createdThroughApi()).as("seed %d", seed).isEqualTo(expected.size());
    }
}

package io.github.almeidatech.wppflow.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.assistant.AnswerWriter;
import io.github.almeidatech.wppflow.jdbc.Database;
import io.github.almeidatech.wppflow.knowledge.KnowledgeAnswer.Source;
import io.github.almeidatech.wppflow.llm.Ability;
import io.github.almeidatech.wppflow.llm.LanguageModels;
import io.github.almeidatech.wppflow.llm.ModelCallListener;
import io.github.almeidatech.wppflow.llm.ModelLimits;
import io.github.almeidatech.wppflow.llm.ModelPrice;
import io.github.almeidatech.wppflow.llm.ModelSettings;
import io.github.almeidatech.wppflow.llm.Provider;
import io.github.almeidatech.wppflow.llm.ProviderSettings;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.FlowException;
import io.github.almeidatech.wppflow.model.Language;
import io.github.almeidatech.wppflow.model.Payer;
import io.github.almeidatech.wppflow.model.SpendLedger;
import io.github.almeidatech.wppflow.model.SpendLedger.Amount;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.multimodal.MediaFile;
import io.github.almeidatech.wppflow.multimodal.MediaUnavailableException;
import io.github.almeidatech.wppflow.router.Classification;
import io.github.almeidatech.wppflow.router.Intent;
import io.github.almeidatech.wppflow.router.Sentiment;
import io.github.almeidatech.wppflow.router.Utterance;
import io.github.almeidatech.wppflow.testkit.ModelReply;
import io.github.almeidatech.wppflow.testkit.ScriptedModel;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A hundred turns of ten conversations at once, each with every kind of call, against the books in a real database. */
class BudgetsTest {

    private static final TenantId HOTEL = new TenantId("pet-hotel");
    private static final int TURNS = 100;
    private static final int CONVERSATIONS = 10;

    private static final long MANY_TOKENS = 50_000_000;

    @TempDir
    private Path folder;

    /** Asks the same books, and remembers who was refused, and which accounts ever held too much. */
    private static final class Witnessed implements SpendLedger {

        private final SpendLedger books;
        private final List<String> broken = Collections.synchronizedList(new ArrayList<>());
        private final Set<String> refusing = ConcurrentHashMap.newKeySet();

        Witnessed(SpendLedger books) {
            this.books = books;
        }

        @Override
        public Optional<Account> take(List<Charge> charges) {
            Optional<Account> full = books.take(charges);
            full.ifPresent(account -> refusing.add(account.name().replaceFirst("/.*", "")));
            charges.stream()
                    .filter(each -> !books.spent(each.account()).within(each.ceiling()))
                    .forEach(each -> broken.add(each.account().name()));
            return full;
        }

        @Override
        public void correct(List<Charge> charges) {
            books.correct(charges);
        }

        @Override
        public Amount spent(Account account) {
            return books.spent(account);
        }
    }

    @Test
    void a_hundred_turns_at_once_never_pass_the_ceilings_of_turn_and_conversation() throws Exception {
        noCeilingIsPassed(limits().tokensPerTurn(52_000).tokensPerConversation(120_000), USES, "turn", "conversation");
    }

    @Test
    void a_hundred_turns_at_once_never_pass_the_ceiling_of_the_day() throws Exception {
        noCeilingIsPassed(limits().tokensPerDay(200_000), USES, "");
    }

    @Test
    void a_hundred_turns_at_once_never_pass_the_dollars_of_a_conversation() throws Exception {
        noCeilingIsPassed(limits().dollarsPerConversation(new BigDecimal("0.09")), USES, "conversation");
    }

    @Test
    void a_hundred_turns_at_once_never_pass_the_dollars_of_the_day() throws Exception {
        noCeilingIsPassed(limits().dollarsPerDay(new BigDecimal("0.50")), USES, "");
    }

    @Test
    void a_hundred_turns_at_once_with_five_pictures_each_never_pass_the_dollars_for_files() throws Exception {
        noCeilingIsPassed(
                limits().mediaDollarsPerTurn(new BigDecimal("0.10")), Collections.nCopies(5, PICTURE), "media");
    }

    /** With room for everything but what a test is about. */
    private static ModelLimits.Builder limits() {
        return ModelLimits.builder()
                .tokensPerTurn(MANY_TOKENS)
                .tokensPerConversation(MANY_TOKENS)
                .tokensPerDay(MANY_TOKENS)
                .dollarsPerConversation(BigDecimal.valueOf(100))
                .dollarsPerDay(BigDecimal.valueOf(100))
                .mediaDollarsPerTurn(BigDecimal.valueOf(100))
                .maxConcurrent(50)
                .maxPerMinute(10_000);
    }

    /**
     * Uses models in a hundred turns at once.
     *
     * @param refusing the accounts that had no room for something, by the kind of their name
     */
    private void noCeilingIsPassed(ModelLimits.Builder given, List<Use> uses, String... refusing) throws Exception {
        ModelLimits limits = given.build();
        List<ModelCallListener.Call> calls = Collections.synchronizedList(new ArrayList<>());
        try (var model = scripted();
                var database = Database.open("sqlite:" + folder.resolve("books.db"))) {
            var books = new Witnessed(database.spendLedger());
            LanguageModels models = LanguageModels.builder()
                    .tenant(HOTEL, settings(model, limits))
                    .ledger(books)
                    .listener(calls::add)
                    .build();

            inParallel(models, uses);

            assertThat(books.broken).isEmpty();
            assertThat(books.refusing).as("the ceilings were met").contains(refusing);
            Amount day = models.spentBy(Payer.of(HOTEL));
            assertThat(day.within(new Amount(limits.tokensPerDay(), micros(limits.dollarsPerDay()))))
                    .isTrue();
            var sum = Amount.ZERO;
            for (int i = 1; i <= CONVERSATIONS; i++) {
                Amount spent = models.spentBy(Payer.of(conversation(i)));
                assertThat(spent.within(
                                new Amount(limits.tokensPerConversation(), micros(limits.dollarsPerConversation()))))
                        .as("conversation %d: %s", i, spent)
                        .isTrue();
                sum = sum.plus(spent);
            }
            assertThat(sum).as("all kinds count alike").isEqualTo(day);
            var ofTurns = Amount.ZERO;
            for (int i = 0; i < TURNS; i++) {
                Amount spent = models.spentBy(payer(i));
                assertThat(spent.tokens()).isLessThanOrEqualTo(limits.tokensPerTurn());
                ofTurns = ofTurns.plus(spent);
            }
            assertThat(ofTurns).isEqualTo(day);
            assertThat(calls.stream()
                            .mapToLong(ModelCallListener.Call::costMicros)
                            .sum())
                    .as("what was billed")
                    .isEqualTo(day.micros());
            assertThat(calls).extracting(ModelCallListener.Call::outcome).contains("ok", "over_budget");
            assertThat(calls.stream()
                            .filter(call -> call.outcome().equals("ok"))
                            .map(ModelCallListener.Call::ability))
                    .as("each kind had its part")
                    .contains(uses == USES ? Ability.values() : new Ability[] {Ability.DESCRIBE});
        }
    }

    private static ScriptedModel scripted() {
        return ScriptedModel.start()
                .when(
                        call -> call.images() > 0,
                        ModelReply.text("{\"description\":\"um cão\",\"visible_text\":\"\"}")
                                .usage(9_000, 100))
                .when(
                        call -> call.system().contains("intent"),
                        ModelReply.text("{\"intent\":\"sales\",\"confidence\":0.9,\"evidence\":[]}")
                                .usage(700, 40))
                .otherwise(
                        ModelReply.text("{\"answered\":true,\"text\":\"A diária custa R$ 85.\",\"passages\":[\"1\"]}")
                                .usage(1_500, 80));
    }

    private static ModelSettings settings(ScriptedModel model, ModelLimits limits) {
        return new ModelSettings(
                List.of(ProviderSettings.of(Provider.COMPATIBLE)
                        .baseUrl(model.openAiUrl().toString())
                        .apiKey(ScriptedModel.KEY)
                        .chatModel("m")
                        .visionModel("v")
                        .transcriptionModel("t")
                        .embeddingModel("e")
                        .price(new ModelPrice(BigDecimal.ONE, BigDecimal.TEN, new BigDecimal("0.10")))
                        .build()),
                Language.PT_BR,
                limits,
                true);
    }

    private static long micros(BigDecimal dollars) {
        return dollars.movePointRight(6).longValueExact();
    }

    private static ConversationId conversation(int number) {
        return new ConversationId(HOTEL, 1, number);
    }

    private static Payer payer(int turn) {
        return Payer.of(conversation(1 + turn % CONVERSATIONS), "turn-" + turn);
    }

    private static void inParallel(LanguageModels models, List<Use> all) throws Exception {
        var threads = Executors.newFixedThreadPool(TURNS);
        try {
            var together = new CyclicBarrier(TURNS);
            var turns = new ArrayList<Callable<Boolean>>();
            for (int i = 0; i < TURNS; i++) {
                int turn = i;
                turns.add(() -> {
                    together.await();
                    // Each begins with another kind, so that no kind has spent everything before the others begin.
                    List<Use> uses = new ArrayList<>(all);
                    Collections.rotate(uses, turn);
                    for (Use use : uses) {
                        use.quietly(models, payer(turn));
                    }
                    return true;
                });
            }
            for (var each : threads.invokeAll(turns)) {
                assertThat(each.get()).isTrue();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    /** One kind of call. */
    @FunctionalInterface
    private interface Use {

        void of(LanguageModels models, Payer payer) throws MediaUnavailableException;

        default void quietly(LanguageModels models, Payer payer) {
            try {
                of(models, payer);
            } catch (MediaUnavailableException | FlowException e) {
                assertThat(e.getMessage()).contains("over_budget");
            }
        }
    }

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Classification UNSURE = new Classification(
            "general", 0.4, List.of("?"), Language.PT_BR, Set.of(), Sentiment.NEUTRAL, List.of("banho"));

    /** Long enough for the four seconds that the model bills. */
    private static final MediaFile VOICE = MediaFile.of(("OggS" + ".".repeat(20_000)).getBytes(StandardCharsets.UTF_8));

    private static final Use PICTURE = (models, payer) -> models.imageDescriber()
            .describe(
                    payer, MediaFile.of("\u00FF\u00D8\u00FF\u00E0.....".getBytes(StandardCharsets.ISO_8859_1)), LIMIT);

    private static final List<Use> USES = List.of(
            (models, payer) -> models.transcriber().transcribe(payer, VOICE, LIMIT),
            PICTURE,
            (models, payer) -> models.intentModel(HOTEL)
                    .orElseThrow()
                    .classify(new Utterance("quanto custa?", List.of(), Map.of(), payer), UNSURE, Intent.STANDARD),
            (models, payer) -> models.embedder(HOTEL).orElseThrow().embed(payer, List.of("quanto custa?")),
            (models, payer) -> models.answerWriter()
                    .write(new AnswerWriter.Request(
                            payer,
                            "quanto custa?",
                            List.of(),
                            List.of(new Source("d", "d#1", "Preços", "A diária custa R$ 85.", 0.9)),
                            Language.PT_BR,
                            new AnswerWriter.Style("Hotel Patinhas", "caloroso", false, 600))));
}

package io.github.almeidatech.wppflow.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.almeidatech.wppflow.testkit.Customer;
import io.github.almeidatech.wppflow.testkit.ModelCall;
import io.github.almeidatech.wppflow.testkit.ModelReply;
import io.github.almeidatech.wppflow.testkit.ScriptedModel;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The dollars that models may cost, through the whole server while much happens at once; {@link BudgetsTest} has the tokens. */
class DollarsTest {

    private static final String MODELS = "WPPFLOW_TENANTS__PET_HOTEL__MODELS__";
    private static final String QUESTION = "quanto custa a diária do cachorro?";
    /** What the model bills for an answer and for a picture. */
    private static final double OF_AN_ANSWER = 0.0023;

    private static final double OF_A_PICTURE = 0.010;

    @TempDir
    private Path data;

    private final ScriptedModel model = ScriptedModel.start()
            .when(
                    call -> call.images() > 0,
                    ModelReply.text("{\"description\":\"um cão\",\"visible_text\":\"\"}")
                            .usage(9_000, 100))
            .otherwise(ModelReply.text("{\"answered\":true,\"text\":\"Fica R$ 85.\",\"passages\":[\"1\"]}")
                    .usage(1_500, 80));

    @AfterEach
    void close() {
        model.close();
    }

    private TestServer server(Map<String, String> more) throws IOException {
        Map<String, String> settings = new HashMap<>(more);
        settings.put("MODEL_KEY", ScriptedModel.KEY);
        settings.put(MODELS + "MAX_CONCURRENT", "50");
        settings.put(MODELS + "MAX_PER_MINUTE", "10000");
        settings.put(MODELS + "CLASSIFY_BELOW", "0");
        settings.put(MODELS + "TOKENS_PER_TURN", "10000000"); // so that dollars are what is short
        settings.put(MODELS + "TOKENS_PER_CONVERSATION", "10000000");
        settings.put(MODELS + "TOKENS_PER_DAY", "100000000");
        settings.put("WPPFLOW_FLOW__TURN_WORKERS", "32");
        settings.put(
                MODELS + "PROVIDERS",
                "[{provider: compatible, base_url: '" + model.openAiUrl()
                        + "', api_key: '${env:MODEL_KEY}', chat_model: m, vision_model: v,"
                        + " price: {input: 1, output: 10}}]");
        return TestServer.start(data, settings);
    }

    private static List<Customer> customers(TestServer server, int number) {
        return IntStream.range(0, number)
                .mapToObj(i ->
                        server.chatwoot().customer(String.format(Locale.ROOT, "+551199000%04d", i), "Cliente " + i))
                .toList();
    }

    private long billed(boolean forPictures) {
        return model.calls().stream()
                .map(ModelCall::images)
                .filter(images -> forPictures == images > 0)
                .count();
    }

    private static JsonNode explained(TestServer server, long conversation) {
        return server.get("/api/v1/explain?conversation_id=" + conversation).data();
    }

    @Test
    void a_hundred_customers_at_once_do_not_cost_more_than_the_day_may_and_each_is_answered() throws Exception {
        try (TestServer server = server(Map.of(MODELS + "DOLLARS_PER_DAY", "0.05"))) {
            var conversations = new ArrayList<Long>();
            for (Customer customer : customers(server, 100)) {
                conversations.add(customer.writes(QUESTION).conversation());
            }

            for (long conversation : conversations) {
                server.awaitReplies(conversation, 1);
            }

            assertThat(billed(false) * OF_AN_ANSWER).isBetween(OF_AN_ANSWER, 0.05);
            assertThat(conversations.stream()
                            .map(conversation -> server.events(conversation, "turn.completed"))
                            .map(turns -> turns.get(0).at("/payload/model").asText())
                            .filter("over_budget"::equals))
                    .as("whoever had no model")
                    .hasSize(100 - Math.toIntExact(billed(false)));
        }
    }

    @Test
    void the_files_of_a_turn_do_not_cost_more_than_they_may_in_any_of_many_turns_at_once() throws Exception {
        Map<String, String> ceiling = Map.of(
                MODELS + "MEDIA_DOLLARS_PER_TURN",
                "0.10",
                "WPPFLOW_TENANTS__PET_HOTEL__TURNS__QUIET",
                "PT60S",
                "WPPFLOW_TENANTS__PET_HOTEL__TURNS__MAX_MESSAGES",
                "4");
        try (TestServer server = server(ceiling)) {
            var conversations = new ArrayList<Long>();
            int picture = 0;
            for (Customer customer : customers(server, 10)) {
                for (int i = 0; i < 4; i++) {
                    conversations.add(customer.sendsFile("foto.png", "image/png", png(++picture), QUESTION)
                            .conversation());
                }
            }

            for (long conversation : conversations) {
                server.awaitReplies(conversation, 1);
                JsonNode turn = explained(server, conversation).at("/turns/0");
                assertThat(turn.at("/cost/dollars_for/describe").asDouble())
                        .as("%s", turn)
                        .isBetween(OF_A_PICTURE, 0.10);
                assertThat(turn.path("unreadable").toString()).contains("over_budget");
            }
        }
    }

    @Test
    void a_conversation_does_not_cost_more_than_it_may_whoever_asks_for_it_and_how_many_at_once() throws Exception {
        try (TestServer server = server(Map.of(MODELS + "DOLLARS_PER_CONVERSATION", "0.09"))) {
            long conversation = customers(server, 1).get(0).writes(QUESTION).conversation();

            List<String> codes = IntStream.range(0, 40)
                    .parallel()
                    .mapToObj(i -> server.post(
                            "/api/v1/multimodal/process",
                            "{\"type\":\"image\",\"conversation_id\":" + conversation + ",\"data\":\""
                                    + Base64.getEncoder().encodeToString(png(i)) + "\"}"))
                    .map(answer -> answer.body().at("/error/details/reason").asText())
                    .toList();
            server.awaitReplies(conversation, 1);

            assertThat(codes).contains("", "over_budget").containsOnly("", "over_budget");
            double spent =
                    explained(server, conversation).at("/spent_today/dollars").asDouble();
            assertThat(spent).isBetween(OF_A_PICTURE, 0.09);
            assertThat(spent).isCloseTo(billed(true) * OF_A_PICTURE + billed(false) * OF_AN_ANSWER, offset(1e-9));
        }
    }

    /** A picture that no other number has. */
    private static byte[] png(int number) {
        var picture = new BufferedImage(20, 20, BufferedImage.TYPE_INT_RGB);
        IntStream.range(0, 20).forEach(i -> picture.setRGB(i, number % 20, number * 997));
        var out = new ByteArrayOutputStream();
        try {
            ImageIO.write(picture, "png", out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}

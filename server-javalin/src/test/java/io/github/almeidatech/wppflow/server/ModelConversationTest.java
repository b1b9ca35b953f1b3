package io.github.almeidatech.wppflow.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.almeidatech.wppflow.testkit.Customer;
import io.github.almeidatech.wppflow.testkit.Fault;
import io.github.almeidatech.wppflow.testkit.ModelCall;
import io.github.almeidatech.wppflow.testkit.ModelReply;
import io.github.almeidatech.wppflow.testkit.ScriptedModel;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.font.PDType1Font;
import org.apache.pdfbox.pdmodel.font.Standard14Fonts;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same conversations with a language model behind the server, and with one that fails. */
class ModelConversationTest {

    private static final String TENANT = "WPPFLOW_TENANTS__PET_HOTEL__";

    @TempDir
    private Path data;

    private final ScriptedModel model = ScriptedModel.start();
    private TestServer server;
    private Customer customer;

    /** @param together so many messages are answered, and at once */
    private void start(int together) throws Exception {
        start(settings(together));
    }

    private void start(Map<String, String> settings) throws Exception {
        server = TestServer.start(data, settings);
        customer = server.chatwoot().customer("+5511990000088", "Joana Exemplo");
    }

    private Map<String, String> settings(int together) {
        Map<String, String> settings = new HashMap<>();
        settings.put("MODEL_KEY", ScriptedModel.KEY);
        settings.put(TENANT + "TURNS__QUIET", "PT20S");
        settings.put(TENANT + "TURNS__VOICE_QUIET", "PT20S");
        settings.put(TENANT + "TURNS__MAX_MESSAGES", String.valueOf(together));
        settings.put(
                TENANT + "MODELS__PROVIDERS",
                "[{provider: compatible, base_url: '" + model.openAiUrl()
                        + "', api_key: '${env:MODEL_KEY}', chat_model: m,"
                        + " vision_model: m, transcription_model: t}]");
        return settings;
    }

    @AfterEach
    void stop() {
        server.close();
        model.close();
    }

    @Test
    @MostlyWaits
    void a_voice_note_a_picture_and_a_document_in_a_burst_get_one_sensible_answer() throws Exception {
        start(3);
        model.nextTranscripts("oi, quanto custa a diária do meu cachorro?")
                .when(
                        call -> call.images() > 0,
                        ModelReply.text("{\"description\":\"um cachorro caramelo\",\"visible_text\":\"\"}"))
                .when(ModelConversationTest::asksForAnAnswer, ModelConversationTest::answerFromTheFirstPassage);

        long conversation = burst(pdf("V10 em dia"), "olha ele");
        server.awaitReplies(conversation, 1);

        assertThat(server.chatwoot().messagesIn(conversation))
                .singleElement()
                .asString()
                .contains("Fica R$ 85");
        JsonNode turn =
                server.get("/api/v1/events?event_type=turn.completed").data().at("/events/0/payload");
        assertThat(turn.path("reason").asText()).isEqualTo("written");
        assertThat(turn.path("heard").asText())
                .contains("quanto custa a diária", "um cachorro caramelo", "olha ele", "V10 em dia");
        assertThat(server.get("/metrics").response().body())
                .contains("wppflow_llm_tokens_total", "wppflow_external_call_seconds");
        assertThat(turn.at("/cost/calls").asInt()).isGreaterThanOrEqualTo(2);
        assertThat(turn.at("/cost/tokens_in").asInt()).isPositive();
        assertThat(turn.at("/cost/models").toString()).contains("\"m\"");
    }

    @Test
    @MostlyWaits
    void a_file_is_paid_for_once_also_over_a_restart_until_somebody_wants_to_be_forgotten() throws Exception {
        start(1);
        model.nextTranscripts("oi, quanto custa?", "oi, quanto custa mesmo?");
        String voice = Base64.getEncoder().encodeToString("OggS voice".getBytes(StandardCharsets.UTF_8));
        String body = "{\"type\":\"audio\",\"data\":\"" + voice + "\"}";
        assertThat(server.post("/api/v1/multimodal/process", body)
                        .data()
                        .path("text")
                        .asText())
                .isEqualTo("oi, quanto custa?");
        server.close();
        server = TestServer.start(data, settings(1));

        assertThat(server.post("/api/v1/multimodal/process", body)
                        .data()
                        .path("text")
                        .asText())
                .isEqualTo("oi, quanto custa?");
        assertThat(model.calls()).hasSize(1);
        assertThat(server.post("/api/v1/lgpd/erase", "{\"phone\":\"+5511990000088\"}")
                        .data()
                        .path("media_cache")
                        .asInt())
                .isEqualTo(1);
        assertThat(server.post("/api/v1/multimodal/process", body)
                        .data()
                        .path("text")
                        .asText())
                .isEqualTo("oi, quanto custa mesmo?");
    }

    @Test
    @MostlyWaits
    void files_beyond_what_a_turn_may_cost_are_not_read_and_the_reason_is_written_down() throws Exception {
        var poor = settings(3);
        poor.put(TENANT + "MODELS__MEDIA_DOLLARS_PER_TURN", "0");
        start(poor);

        long conversation = burst(pdf("Quanto custa a diaria do cachorro?"), "olha ele");
        server.awaitReplies(conversation, 1);

        JsonNode turn = onlyTurn(conversation);
        assertThat(turn.path("unreadable").toString()).isEqualTo("[\"over_budget\",\"over_budget\"]");
        assertThat(turn.path("heard").asText()).contains("olha ele", "Quanto custa a diaria");
        assertThat(model.calls()).noneMatch(call -> call.images() > 0);
    }

    @Test
    @MostlyWaits
    void with_the_model_down_the_knowledge_base_is_quoted_and_a_voice_note_is_asked_for_in_writing() throws Exception {
        start(1);
        model.faults().always(request -> true, Fault.status(500));

        long conversation =
                customer.writes("quanto custa a diária do cachorro?").conversation();
        server.awaitReplies(conversation, 1);
        customer.sendsVoiceNote("OggS voice".getBytes(StandardCharsets.UTF_8));
        server.awaitReplies(conversation, 2);

        assertThat(server.chatwoot().messagesIn(conversation).get(0)).contains("R$ 85", "Fonte");
        assertThat(server.chatwoot().messagesIn(conversation).get(1)).contains("Pode me escrever");
    }

    @Test
    @MostlyWaits
    void with_the_model_down_a_burst_is_answered_from_what_could_be_read_without_it() throws Exception {
        start(3);
        model.faults().always(request -> true, Fault.status(500));

        long conversation = burst(pdf("Quanto custa a diaria do cachorro?"), "olha ele");
        server.awaitReplies(conversation, 1);
        server.chatwoot().awaitIdle(Duration.ofSeconds(5));

        assertThat(server.chatwoot().messagesIn(conversation))
                .singleElement()
                .asString()
                .contains("R$ 85", "Fonte");
        JsonNode turn = onlyTurn(conversation);
        assertThat(turn.path("message_ids")).hasSize(3);
        assertThat(turn.path("heard").asText()).contains("olha ele", "Quanto custa a diaria");
        assertThat(turn.path("unreadable")).hasSize(2);
    }

    @Test
    @MostlyWaits
    void with_the_model_down_a_burst_that_says_nothing_readable_is_not_met_with_silence() throws Exception {
        start(3);
        model.faults().always(request -> true, Fault.status(500));

        long conversation = burst(pdf(""), null);
        server.awaitReplies(conversation, 1);
        server.chatwoot().awaitIdle(Duration.ofSeconds(5));

        assertThat(server.chatwoot().messagesIn(conversation))
                .singleElement()
                .asString()
                .contains("Pode me escrever");
        assertThat(onlyTurn(conversation).path("unreadable")).hasSize(3);
    }

    @Test
    @MostlyWaits
    void a_voice_note_a_picture_with_its_caption_and_a_document_are_each_answered_in_one_turn() throws Exception {
        start(1);
        model.nextTranscripts("oi, quanto custa a diária do meu cachorro?")
                .when(
                        call -> call.images() > 0,
                        ModelReply.text("{\"description\":\"um cachorro caramelo\",\"visible_text\":\"\"}"))
                .when(ModelConversationTest::asksForAnAnswer, ModelConversationTest::answerFromTheFirstPassage);

        for (long conversation : List.of(
                anybody(1).sendsVoiceNote(voice("one")).conversation(),
                anybody(2).sendsImage(jpeg(), "quanto custa a diária dele?").conversation(),
                anybody(3)
                        .sendsFile("pergunta.pdf", "application/pdf", pdf("Quanto custa a diaria do cachorro?"), null)
                        .conversation())) {
            server.awaitReplies(conversation, 1);
            assertThat(server.chatwoot().messagesIn(conversation))
                    .singleElement()
                    .asString()
                    .contains("Fica R$ 85");
            assertThat(onlyTurn(conversation).path("reason").asText()).isEqualTo("written");
        }
    }

    @Test
    @MostlyWaits
    void with_the_model_down_each_ends_with_a_quotation_or_a_person() throws Exception {
        start(1);
        model.faults().always(request -> true, Fault.status(500));

        for (long conversation : List.of(
                anybody(1)
                        .sendsImage(jpeg(), "quanto custa a diária do cachorro?")
                        .conversation(),
                anybody(2)
                        .sendsFile("pergunta.pdf", "application/pdf", pdf("Quanto custa a diaria do cachorro?"), null)
                        .conversation())) {
            server.awaitReplies(conversation, 1);
            assertThat(server.chatwoot().messagesIn(conversation).get(0)).contains("R$ 85", "Fonte");
        }
        Customer speaker = anybody(3);
        long conversation = speaker.sendsVoiceNote(voice("one")).conversation();
        server.awaitReplies(conversation, 1);
        assertThat(server.chatwoot().messagesIn(conversation).get(0)).contains("Pode me escrever");
        speaker.sendsVoiceNote(voice("two"));
        assertThat(server.awaitEvents(conversation, "turn.completed", 2)
                        .get(0)
                        .at("/payload/outcome")
                        .asText())
                .isEqualTo("handed_off");
    }

    private Customer anybody(int number) {
        return server.chatwoot().customer("+551199000009" + number, "Cliente " + number);
    }

    private static byte[] voice(String said) {
        return ("OggS " + said).getBytes(StandardCharsets.UTF_8);
    }

    /** A voice note, a picture and a document, one after the other. */
    private long burst(byte[] document, @Nullable String caption) throws Exception {
        long conversation = customer.sendsVoiceNote("OggS voice".getBytes(StandardCharsets.UTF_8))
                .conversation();
        customer.sendsImage(jpeg(), caption);
        customer.sendsFile("vacinas.pdf", "application/pdf", document, null);
        return conversation;
    }

    private JsonNode onlyTurn(long conversation) throws Exception {
        return assertThat(server.events(conversation, "turn.completed"))
                .singleElement()
                .actual()
                .path("payload");
    }

    @Test
    @MostlyWaits
    void a_model_that_keeps_failing_is_left_alone_by_its_circuit_breaker_and_every_customer_is_answered()
            throws Exception {
        start(1);
        model.faults().always(request -> true, Fault.status(500));

        askedAndAnswered("+551199000071");
        long asked = answersAskedOf(model);
        askedAndAnswered("+551199000072");

        assertThat(asked).isBetween(5L, 6L);
        assertThat(answersAskedOf(model)).isEqualTo(asked);
        assertThat(server.get("/metrics").response().body())
                .contains("wppflow_breaker_state{system=\"compatible/answer\",tenant=\"pet-hotel\"} 2.0");
    }

    @Test
    @MostlyWaits
    void what_was_spent_today_is_known_after_a_restart() throws Exception {
        start(1);
        model.when(
                ModelConversationTest::asksForAnAnswer,
                call -> answerFromTheFirstPassage(call).usage(900, 100));
        long conversation =
                customer.writes("quanto custa a diária do cachorro?").conversation();
        server.awaitReplies(conversation, 1);
        String spent = "wppflow_llm_spent_today_tokens{tenant=\"pet-hotel\"} 1000.0";
        assertThat(server.get("/metrics").response().body()).contains(spent);

        server.close();
        server = TestServer.start(data, settings(1));

        assertThat(server.get("/metrics").response().body()).contains(spent);
    }

    private void askedAndAnswered(String phones) throws Exception {
        var conversations = new ArrayList<Long>();
        for (int i = 0; i < 3; i++) {
            conversations.add(server.chatwoot()
                    .customer(phones + i, "Cliente " + i)
                    .writes("quanto custa a diária do cachorro?")
                    .conversation());
        }
        for (long conversation : conversations) {
            server.awaitReplies(conversation, 1);
            assertThat(server.chatwoot().messagesIn(conversation).get(0)).contains("R$ 85", "Fonte");
        }
    }

    private static long answersAskedOf(ScriptedModel model) {
        return model.requests().stream()
                .filter(request -> request.body().contains("\"answer\""))
                .count();
    }

    private static boolean asksForAnAnswer(ModelCall call) {
        return call.body().at("/response_format/json_schema/name").asText().equals("answer");
    }

    private static ModelReply answerFromTheFirstPassage(ModelCall call) {
        String first = call.body()
                .at("/response_format/json_schema/schema/properties/passages/items/enum/0")
                .asText();
        return ModelReply.text(
                "{\"answered\":true,\"text\":\"Fica R$ 85 para os pequenos.\",\"passages\":[\"" + first + "\"]}");
    }

    private static byte[] pdf(String text) throws Exception {
        try (var document = new PDDocument()) {
            var page = new PDPage();
            document.addPage(page);
            try (var content = new PDPageContentStream(document, page)) {
                content.beginText();
                content.setFont(new PDType1Font(Standard14Fonts.FontName.HELVETICA), 12);
                content.newLineAtOffset(50, 700);
                content.showText(text);
                content.endText();
            }
            var out = new ByteArrayOutputStream();
            document.save(out);
            return out.toByteArray();
        }
    }

    private static byte[] jpeg() throws Exception {
        var out = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(20, 20, BufferedImage.TYPE_INT_RGB), "jpg", out);
        return out.toByteArray();
    }
}

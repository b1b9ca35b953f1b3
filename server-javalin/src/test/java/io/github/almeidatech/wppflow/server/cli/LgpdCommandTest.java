package io.github.almeidatech.wppflow.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.almeidatech.wppflow.server.TestServer;
import io.github.almeidatech.wppflow.testkit.Customer;
import io.github.almeidatech.wppflow.testkit.Fault;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.time.Instant;
import java.util.Comparator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A person who wants to see what is stored, and to be forgotten. */
class LgpdCommandTest {

    private static final String WRITTEN = "(11) 8777-0001";
    private static final String SECRET = "meu gato se chama Xodozinho";

    @TempDir
    private Path data;

    private TestServer server;
    private CommandLineOf cli;
    private Customer joana;
    private long conversation;

    @BeforeEach
    void start() throws Exception {
        server = TestServer.start(data);
        cli = new CommandLineOf(server, data.resolve("api-token"));
        joana = server.chatwoot().customer("+5511987770001", "Joana Exemplo");
        conversation = joana.writes("quanto custa a diária do gato? " + SECRET).conversation();
        server.awaitReplies(conversation, 1);
        server.awaitEvents(conversation, "command.done", 1);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void a_person_sees_all_that_is_stored_whichever_way_the_number_is_written() throws Exception {
        String contact = server.get("/api/v1/contacts/pet-hotel/11987770001")
                .data()
                .path("id")
                .asText();
        server.post("/api/v1/events/log", "{\"event_type\":\"order.paid\",\"contact_id\":\"" + contact + "\"}");
        Path file = data.resolve("joana.json");

        assertThat(cli.run("lgpd", "export", "--phone", WRITTEN, "--out", file.toString()))
                .isZero();
        assertThat(cli.err()).contains("written: " + file).doesNotContain("nothing is stored");
        assertThat(Files.getPosixFilePermissions(file)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(cli.run("lgpd", "export", "--phone", WRITTEN, "--out", file.toString()))
                .as("what is there is not overwritten")
                .isEqualTo(1);
        assertThat(cli.run("lgpd", "export", "--phone", "11 98888-7777")).isZero();
        assertThat(cli.err()).contains("nothing is stored of this number");

        JsonNode all = JsonLines.MAPPER.readTree(Files.readString(file));
        assertThat(all.path("name").asText()).isEqualTo("Joana Exemplo");
        assertThat(all.path("messages").toString()).contains(SECRET);
        assertThat(all.path("commands").toString()).contains("R$ 75");
        assertThat(all.path("events").findValuesAsText("type")).contains("message.received", "order.paid");
        JsonNode noted = events("operator.person_exported");
        assertThat(noted.at("/0/payload/by").asText()).isEqualTo("environment");
        assertThat(noted.toString()).doesNotContain("8777-0001", "87770001");
        assertThat(cli.run("lgpd", "export", "--phone", "nobody")).isEqualTo(2);
    }

    @Test
    void what_chatwoot_has_is_shown_when_asked_for_and_its_failure_keeps_nothing_else_away() throws Exception {
        JsonNode all = cli.json("lgpd", "export", "--phone", WRITTEN, "--chatwoot");

        JsonNode there = all.at("/chatwoot/records/0");
        assertThat(there.path("name").asText()).isEqualTo("Joana Exemplo");
        assertThat(there.path("phone_number").asText()).isEqualTo("+5511987770001");
        assertThat(there.has("custom_attributes")).isTrue();
        assertThat(there.path("conversations").get(0).asLong()).isEqualTo(conversation);
        assertThat(all.at("/baserow/records")).isEmpty();
        assertThat(cli.json("lgpd", "export", "--phone", WRITTEN).has("chatwoot"))
                .isFalse();

        server.chatwoot().faults().always(call -> call.path().contains("/contacts"), Fault.status(503));
        JsonNode without = cli.json("lgpd", "export", "--phone", WRITTEN, "--chatwoot");

        assertThat(without.at("/chatwoot/problem").asText()).isEqualTo("ERR_CHATWOOT_API");
        assertThat(without.path("messages").toString()).contains(SECRET);
    }

    @Test
    void receipts_of_another_time_are_carried_out_again_in_a_database_that_does_not_know_them() throws Exception {
        String person = cli.json("lgpd", "erase", "--phone", WRITTEN, "--yes")
                .path("person")
                .asText();
        Path receipts = data.resolve("receipts.json");
        Files.writeString(receipts, cli.json("lgpd", "receipts").toString());
        assertThat(cli.run("lgpd", "repeat", receipts.toString())).as(cli.err()).isZero();
        assertThat(cli.out()).contains("0 repeated, 1 were known");
        server.awaitReplies(joana.writes("oi, voltei " + SECRET).conversation(), 2);
        Files.writeString(receipts, """
                {"tenant_id":"pet-hotel","id":"r-1","person":"%s","chatwoot":false,"requested_by":"x","requested_at":"2026-11-01T12:00:00Z"}
                {"tenant_id":"other","id":"r-2","person":"%s","chatwoot":false,"requested_by":"x","requested_at":"2026-11-01T12:00:00Z"}
                {"id":"r-3","person":"%s","chatwoot":7,"requested_by":"x","requested_at":"2026-11-01T12:00:00Z"}
                """.formatted(person, person, "0".repeat(64)));

        JsonNode repeated = cli.json("lgpd", "repeat", receipts.toString(), "--tenant", "pet-hotel");

        assertThat(repeated.path("erasures").findValuesAsText("id")).containsExactly("r-1", "r-3");
        assertThat(repeated.at("/erasures/0/messages").asInt()).isPositive();
        assertThat(repeated.at("/erasures/1/messages").asInt()).isZero();
        assertThat(server.post("/api/v1/lgpd/export", "{\"phone\":\"" + WRITTEN + "\"}")
                        .data()
                        .toString())
                .doesNotContain(SECRET);
        TestServer.Answer taken = server.post(
                "/api/v1/lgpd/erasures/repeat",
                "{\"erasures\":[{\"id\":\"r-4\",\"person\":\"" + person
                        + "\",\"requested_at\":\"2026-11-01T12:00:00Z\"}]}");
        assertThat(taken.status()).isEqualTo(202);
        assertThat(taken.data().at("/erasures/0/state").asText()).isEqualTo("open");
        Files.writeString(receipts, "{\"id\":\"r-9\",\"person\":\"x\"}");
        assertThat(cli.run("lgpd", "repeat", receipts.toString())).isEqualTo(2);
        Files.writeString(receipts, "nothing of the kind");
        assertThat(cli.run("lgpd", "repeat", receipts.toString())).isEqualTo(2);
        assertThat(cli.run("lgpd", "repeat", data.resolve("nowhere.json").toString()))
                .isEqualTo(1);
        assertThat(cli.err()).contains("nowhere.json: no such file");
        assertThat(server.post(
                                "/api/v1/lgpd/erasures/repeat",
                                "{\"erasures\":[{\"id\":\"r\",\"person\":\"" + person
                                        + "\",\"requested_at\":\"yesterday\"}]}")
                        .status())
                .isEqualTo(400);
        assertThat(server.post(
                                "/api/v1/lgpd/erasures/repeat",
                                "{\"erasures\":[{\"id\":\"r\",\"person\":\"" + person
                                        + "\",\"requested_at\":\"+999999999-01-01T00:00:00Z\"}]}")
                        .status())
                .as("what no database can hold would stand in the journal")
                .isEqualTo(400);
        assertThat(server.get("/api/v1/events?from=%2B999999999-01-01T00:00:00Z")
                        .status())
                .isEqualTo(400);
    }

    @Test
    void who_is_only_on_a_list_is_shown_that_and_forgotten_too() throws Exception {
        String written = "11 98888-7777";
        server.put("/api/v1/contact-lists/deny/11988887777", "{}");
        server.put("/api/v1/contact-lists/allow/11988887777", "{}");

        assertThat(cli.json("lgpd", "export", "--phone", written).path("lists"))
                .extracting(JsonNode::asText)
                .containsExactly("allow", "deny");
        assertThat(cli.json("lgpd", "erase", "--phone", written, "--yes")
                        .path("state")
                        .asText())
                .isEqualTo("done");

        for (String list : new String[] {"deny", "allow"}) {
            assertThat(server.get("/api/v1/contact-lists/" + list).body().toString())
                    .as(list)
                    .doesNotContain("988887777");
        }
        assertThat(cli.json("lgpd", "export", "--phone", written).path("lists"))
                .as("who was to be left alone is still left alone, and nobody else is answered, by keyed hashes")
                .extracting(JsonNode::asText)
                .containsExactly("allow", "deny");
    }

    @Test
    void an_erased_person_is_gone_everywhere_and_the_chain_still_holds() throws Exception {
        JsonNode receipt = cli.json("lgpd", "erase", "--phone", WRITTEN, "--chatwoot", "--yes");

        assertThat(receipt.path("state").asText()).isEqualTo("done");
        assertThat(receipt.path("contacts").asInt()).isEqualTo(1);
        assertThat(receipt.path("messages").asInt()).isPositive();
        assertThat(receipt.path("events").asInt()).isPositive();
        assertThat(receipt.path("chatwoot").asInt()).isEqualTo(1);
        assertThat(receipt.path("not_erased").toString())
                .doesNotContain("chatwoot")
                .contains("backups");
        assertThat(server.chatwoot().requests())
                .anyMatch(call -> call.method().equals("DELETE") && call.path().contains("/contacts/"));
        assertThat(server.get("/api/v1/contacts/pet-hotel/11987770001").status())
                .isEqualTo(404);
        assertThat(cli.run("events", "verify")).isZero();
        assertThat(cli.json("events", "list", "--phone", WRITTEN).path("events"))
                .isEmpty();
        assertThat(events("operator.person_erased").at("/0/payload/erasure")).isEqualTo(receipt.path("id"));
        server.close();
        for (String trace : new String[] {SECRET, "987770001", "Joana"}) {
            assertThat(bytesOfTheDatabase()).as(trace).doesNotContain(trace);
        }
        server = TestServer.start(data);
    }

    @Test
    void somebody_forgotten_here_can_be_removed_from_chatwoot_later() throws Exception {
        JsonNode here = cli.json("lgpd", "erase", "--phone", WRITTEN, "--yes");
        assertThat(here.path("not_erased").toString()).contains("chatwoot");

        JsonNode there = cli.json("lgpd", "erase", "--phone", WRITTEN, "--chatwoot", "--yes");

        assertThat(there.path("chatwoot").asInt()).isEqualTo(1);
        assertThat(there.path("not_erased").toString()).doesNotContain("chatwoot");
        assertThat(server.chatwoot().requests())
                .anyMatch(call -> call.method().equals("DELETE") && call.path().contains("/contacts/"));
    }

    @Test
    void erasing_twice_is_harmless_and_each_has_its_receipt() throws Exception {
        assertThat(cli.run("lgpd", "erase", "--phone", WRITTEN)).isEqualTo(2);
        assertThat(cli.err()).contains("--yes");
        assertThat(cli.run("lgpd", "receipts")).isZero();
        assertThat(cli.out()).isEqualTo("nobody was erased\n");

        assertThat(cli.run("lgpd", "erase", "--phone", WRITTEN, "--yes")).isZero();
        assertThat(cli.out()).contains("done", "messages", "not erased");
        JsonNode again = cli.json("lgpd", "erase", "--phone", "+5511987770001", "--yes");

        assertThat(again.path("events").asInt()).isZero();
        assertThat(again.path("contacts").asInt()).isZero();
        JsonNode receipts = cli.json("lgpd", "receipts");
        assertThat(receipts.path("erasures")).hasSize(2);
        assertThat(receipts.at("/erasures/0/person")).isEqualTo(receipts.at("/erasures/1/person"));
        assertThat(cli.run("lgpd", "receipts", again.path("id").asText())).isZero();
        assertThat(cli.run("lgpd", "receipts", "none")).isEqualTo(1);
        assertThat(cli.run("lgpd")).isEqualTo(2);
    }

    @Test
    void all_receipts_are_shown_however_many_there_are() throws Exception {
        try (var database = DriverManager.getConnection("jdbc:sqlite:" + data.resolve("wppflow.db"));
                var insert = database.prepareStatement("""
                        insert into erasure (tenant, id, pseudonym, requested_at, finished_at, body)
                        with recursive n(i) as (select 1 union all select i + 1 from n where i < 2001)
                        select 'pet-hotel', 'r-' || i, 'invented', i / 3, i, '{"requested_by":"x","receipt":{"messages":1}}' from n
                        """)) {
            insert.executeUpdate();
        }

        JsonNode receipts = cli.json("lgpd", "receipts").path("erasures");

        assertThat(receipts.findValuesAsText("id")).hasSize(2001).doesNotHaveDuplicates();
        assertThat(receipts.findValues("requested_at"))
                .extracting(at -> Instant.parse(at.asText()))
                .isSortedAccordingTo(Comparator.reverseOrder());
        assertThat(cli.run("lgpd", "receipts")).isZero();
        assertThat(cli.out().lines().filter(line -> line.contains("wanted "))).hasSize(2001);
        JsonNode page = server.get("/api/v1/lgpd/erasures?limit=2").data();
        assertThat(server.get("/api/v1/lgpd/erasures?limit=2&cursor="
                                + page.path("next_cursor").asText())
                        .data()
                        .at("/erasures/0"))
                .isEqualTo(receipts.get(2));
        assertThat(server.get("/api/v1/lgpd/erasures?cursor=nobody").status()).isEqualTo(400);
    }

    @Test
    void what_chatwoot_cannot_do_now_is_done_after_a_restart() throws Exception {
        server.chatwoot().faults().always(request -> request.method().equals("DELETE"), Fault.status(500));

        assertThat(cli.run("lgpd", "erase", "--phone", WRITTEN, "--chatwoot", "--yes"))
                .isEqualTo(1);

        assertThat(cli.out()).contains("open", "ERR_CHATWOOT_API; is repeated by itself");
        assertThat(server.get("/api/v1/contacts/pet-hotel/11987770001").status())
                .isEqualTo(404);
        JsonNode same = cli.json("lgpd", "receipts").at("/erasures/0");
        assertThat(same.path("state").asText()).isEqualTo("open");

        server.close();
        server = TestServer.start(data);
        cli = new CommandLineOf(server, data.resolve("api-token"));

        org.awaitility.Awaitility.await().untilAsserted(() -> {
            JsonNode receipt = cli.json("lgpd", "receipts", same.path("id").asText());
            assertThat(receipt.path("state").asText()).isEqualTo("done");
            assertThat(receipt.path("chatwoot").asInt()).isEqualTo(1);
        });
    }

    @Test
    void an_opt_out_and_a_consent_are_events_and_the_opt_out_outlives_the_person() throws Exception {
        server.patch("/api/v1/contacts/pet-hotel/11987770001", "{\"opted_out\":true}");
        server.post(
                "/api/v1/lgpd/consents",
                "{\"phone\":\"11 98777-0001\",\"purpose\":\"marketing\",\"given\":true,\"evidence\":\"formulario-7\"}");
        assertThat(server.post("/api/v1/lgpd/consents", "{\"phone\":\"11 98777-0001\"}")
                        .errorCode())
                .isEqualTo("ERR_MISSING_FIELD");

        JsonNode told = cli.json("events", "list", "--phone", WRITTEN, "--type", "contact.*")
                .path("events");
        assertThat(told.findValuesAsText("event_type")).containsExactly("contact.consent_given", "contact.opted_out");
        assertThat(told.at("/0/payload/purpose").asText()).isEqualTo("marketing");

        assertThat(cli.run("lgpd", "erase", "--phone", WRITTEN, "--yes")).isZero();
        joana.writes("oi, quanto custa?");
        JsonNode next = server.awaitEvents(conversation, "turn.completed", 1).get(0);
        assertThat(next.at("/payload/reason").asText()).isEqualTo("contact_opted_out");
    }

    @Test
    void opting_in_by_number_holds_at_once_for_the_conversation_of_somebody_who_was_erased() throws Exception {
        server.patch("/api/v1/contacts/pet-hotel/11987770001", "{\"opted_out\":true}");
        assertThat(cli.run("lgpd", "erase", "--phone", WRITTEN, "--yes")).isZero();
        server.put("/api/v1/policies/paid", """
                {"policy":{"event":"order.paid","then":[{"send_message":"Pagamento recebido"}]}}""");
        assertThat(fired(1).toString()).as("erased, and still opted out").contains("opted_out");

        assertThat(server.delete("/api/v1/contact-lists/opted_out/11987770001", "{}")
                        .status())
                .isEqualTo(200);

        assertThat(fired(2).toString()).doesNotContain("opted_out");
        server.awaitEvents(conversation, "command.done", 1);
    }

    /** What a policy makes of an event that names the conversation only. */
    private JsonNode fired(int id) {
        server.post(
                "/api/v1/events/log",
                "{\"event_type\":\"order.paid\",\"id\":\"paid-" + id + "\",\"conversation_id\":" + conversation + "}");
        return server.awaitEvents(conversation, "policy.fired", id).get(0);
    }

    private JsonNode events(String type) {
        return server.get("/api/v1/events?event_type=" + type).data().path("events");
    }

    private String bytesOfTheDatabase() throws Exception {
        var all = new StringBuilder();
        try (var files = Files.walk(data)) {
            for (Path file : files.filter(each -> each.getFileName().toString().contains("wppflow.db"))
                    .toList()) {
                all.append(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
            }
        }
        assertThat(all).isNotEmpty();
        return all.toString();
    }
}

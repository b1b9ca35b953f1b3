package io.github.almeidatech.wppflow.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.almeidatech.wppflow.server.TestServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The event log in an operator's hands. */
class EventsCommandTest {

    @TempDir
    private static Path data;

    private static TestServer server;
    private static CommandLineOf cli;
    private static long ana;
    private static long bruno;

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.start(data);
        cli = new CommandLineOf(server, data.resolve("api-token"));
        ana = server.chatwoot()
                .customer("+5511988880001", "Ana")
                .writes("quanto custa a diária do gato?")
                .conversation();
        bruno = server.chatwoot()
                .customer("+5511988880002", "Bruno")
                .writes("obrigado!")
                .conversation();
        server.awaitReplies(ana, 1);
        server.awaitEvents(bruno, "turn.completed", 1);
        server.awaitEvents(ana, "command.done", 1);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void a_person_is_found_whichever_way_the_number_is_written() throws Exception {
        JsonNode with = cli.json("events", "list", "--phone", "+55 11 98888-0001", "--type", "message.*");
        JsonNode without = cli.json("events", "list", "--phone", "(11) 8888-0001", "--type", "message.*");

        assertThat(with.path("events")).hasSize(1);
        assertThat(with).isEqualTo(without);
        assertThat(with.at("/events/0/conversation_id").asLong()).isEqualTo(ana);
        assertThat(with.at("/events/0/source").asText()).isEqualTo("customer");
        assertThat(cli.run("events", "list", "--phone", "nobody")).isEqualTo(2);
        assertThat(cli.err()).contains("phone: not a phone number");
    }

    @Test
    void a_person_with_two_numbers_has_one_history_one_explanation_and_is_erased_as_one() throws Exception {
        long first = server.chatwoot()
                .customer("+5511988880003", "Clara")
                .writes("oi")
                .conversation();
        server.awaitEvents(first, "turn.completed", 1);
        long second = server.chatwoot()
                .customer("+5511988880004", "Clara Nova")
                .writes("obrigada!")
                .conversation();
        server.awaitEvents(second, "turn.completed", 1);
        String joined = ",\"chatwoot_contact_id\":990077}";
        server.post("/api/v1/contacts/upsert", "{\"phone\":\"+5511988880003\"" + joined);
        String contact = server.post("/api/v1/contacts/upsert", "{\"phone\":\"+5511988880004\"" + joined)
                .data()
                .path("id")
                .asText();

        for (String number : List.of("11 98888-0003", "+55 11 8888-0004")) {
            JsonNode found = cli.json("events", "list", "--phone", number, "--type", "message.received");
            assertThat(found.path("events").findValuesAsText("conversation_id"))
                    .containsExactly("" + second, "" + first);
            assertThat(cli.json("explain", "--phone", number)
                            .path("conversation_id")
                            .asLong())
                    .isIn(first, second);
        }
        assertThat(cli.json("events", "list", "--contact", contact, "--type", "message.received")
                        .path("events"))
                .hasSize(2);
        assertThat(cli.run("events", "list", "--contact", "nobody")).isEqualTo(1);
        assertThat(cli.run("events", "list", "--contact", contact, "--phone", "11988880003"))
                .isEqualTo(2);
        assertThat(cli.run("explain", "--phone", "11 90000-0000")).isEqualTo(1);
        assertThat(server.post("/api/v1/lgpd/export", "{\"phone\":\"11988880003\"}")
                        .data()
                        .path("events")
                        .toString())
                .contains("obrigada!");

        assertThat(cli.run("lgpd", "erase", "--phone", "11 98888-0003", "--yes"))
                .isZero();
        assertThat(server.post("/api/v1/lgpd/export", "{\"phone\":\"11988880004\"}")
                        .data()
                        .path("events"))
                .isEmpty();
    }

    @Test
    void lists_come_in_pages_and_in_words() throws Exception {
        JsonNode first = cli.json("events", "list", "--conversation", "" + ana, "--limit", "2");
        String cursor = first.path("next_cursor").asText();
        JsonNode second = cli.json("events", "list", "--conversation", "" + ana, "--limit", "2", "--cursor", cursor);

        assertThat(second.at("/events/0/timestamp").asLong())
                .isLessThanOrEqualTo(first.at("/events/1/timestamp").asLong());
        assertThat(second.at("/events/0/id")).isNotEqualTo(first.at("/events/1/id"));
        assertThat(cli.run("events", "list", "--conversation", "" + bruno, "--limit", "1"))
                .isZero();
        assertThat(cli.out()).contains("turn.completed", "thanks_only", "more with --cursor");
        assertThat(cli.run("events", "list", "--type", "none.such")).isZero();
        assertThat(cli.out()).isEqualTo("no events\n");
        assertThat(cli.run("events", "list", "--cursor", "x")).isEqualTo(2);
        assertThat(cli.run("events", "list", "--from", "yesterday")).isEqualTo(2);
        assertThat(cli.run("events")).isEqualTo(2);
    }

    @Test
    void the_chain_is_verified_and_continues_what_was_noted() throws Exception {
        Path note = data.resolve("noted.json");
        JsonNode noted = cli.json("events", "verify");
        Files.writeString(note, noted.toString());
        server.post("/api/v1/events/log", "{\"event_type\":\"order.paid\"}");

        assertThat(cli.run("events", "verify", "--noted", note.toString())).isZero();
        assertThat(cli.out()).startsWith("intact: ");

        Files.writeString(note, noted.toString().replace(noted.path("head").asText(), "f".repeat(64)));
        assertThat(cli.run("events", "verify", "--noted", note.toString())).isEqualTo(1);
        assertThat(cli.out()).contains("BROKEN at event " + noted.path("events").asText() + ": not_as_noted");
        assertThat(server.get("/api/v1/events/verify?events=1").errorCode()).isEqualTo("ERR_MISSING_FIELD");
        assertThat(server.get("/api/v1/events/verify?head=1").errorCode()).isEqualTo("ERR_MISSING_FIELD");
    }

    @Test
    void an_export_holds_every_event_in_the_order_of_the_chain() throws Exception {
        Path file = data.resolve("events.jsonl");

        assertThat(cli.run("events", "export", "--out", file.toString())).isZero();

        var positions = new ArrayList<Long>();
        for (String line : Files.readAllLines(file)) {
            JsonNode event = JsonLines.MAPPER.readTree(line);
            positions.add(event.path("position").asLong());
            assertThat(event.path("hash").asText()).hasSize(64);
        }
        assertThat(positions)
                .hasSizeGreaterThan(5)
                .isSorted()
                .doesNotHaveDuplicates()
                .startsWith(1L);
        assertThat(Files.getPosixFilePermissions(file)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(cli.run("events", "export", "--out", file.toString())).isEqualTo(1);
        assertThat(cli.err()).contains("events.jsonl");
    }

    @Test
    void an_export_can_be_of_one_person_or_one_type() throws Exception {
        assertThat(cli.run("events", "export", "--phone", "11 8888-0002", "--type", "turn.completed"))
                .isZero();

        List<String> lines = cli.out().lines().toList();
        assertThat(lines).singleElement().asString().contains("thanks_only", "\"conversation_id\":\"1/" + bruno);
        assertThat(cli.run("events", "export", "--type", "turn.*", "--to", "2020-01-01T00:00:00Z"))
                .isZero();
        assertThat(cli.out()).isEmpty();
        assertThat(cli.run("events", "export", "--tenant", "nobody")).isEqualTo(2);
    }

    @Test
    void an_export_that_breaks_off_on_the_way_says_so_and_does_not_pass_for_complete(@TempDir Path other)
            throws Exception {
        try (var broken = TestServer.start(other)) {
            try (var database = DriverManager.getConnection("jdbc:sqlite:" + other.resolve("wppflow.db"));
                    var insert = database.prepareStatement("""
                            insert into event (tenant, position, event_id, type, version, payload, source, depth, at, latest_at,
                              salt, digest, hash)
                            with recursive n(i) as (select 1 union all select i + 1 from n where i < 1200)
                            select 'pet-hotel', 1000 + i, 'e' || i, 'order.paid', 1, case i when 1200 then '{' else '{"n":1}' end,
                              'system', 0, i, i, zeroblob(16), zeroblob(32), zeroblob(32) from n
                            """)) {
                insert.executeUpdate();
            }
            var client = new CommandLineOf(broken, other.resolve("api-token"));
            Path file = other.resolve("part.jsonl");

            for (int i = 1; i <= 2; i++) {
                assertThat(client.run("events", "export", "--out", file.toString()))
                        .isEqualTo(1);
                assertThat(client.err()).as("try %d", i).contains("the server broke off: what was written is not all");
                try (var files = Files.list(other)) {
                    assertThat(files.map(path -> path.getFileName().toString()))
                            .noneMatch(name -> name.startsWith("part.jsonl"));
                }
            }
            assertThat(client.run("events", "export")).isEqualTo(1);
            assertThat(client.out().lines())
                    .hasSizeGreaterThan(900)
                    .noneMatch(line -> line.contains("\"success\":false"));
        }
    }
}

package io.github.almeidatech.wppflow.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.almeidatech.wppflow.server.TestServer;
import io.github.almeidatech.wppflow.server.TestServer.Answer;
import io.github.almeidatech.wppflow.testkit.BaserowField;
import io.github.almeidatech.wppflow.testkit.BaserowTable;
import io.github.almeidatech.wppflow.testkit.Customer;
import io.github.almeidatech.wppflow.testkit.SimulatedBaserow;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Contacts joined and taken apart, and lists of people, over HTTP and in conversations. */
class ContactMergeTest {

    private static final String MERGES = "/api/v1/contact-merges";
    private static final String LISTS = "/api/v1/contact-lists/";
    private static final SimulatedBaserow BASEROW = SimulatedBaserow.start();
    private static final BaserowTable CONTACTS = BASEROW.table(
            "Clientes",
            BaserowField.text("phone").asUnique(),
            BaserowField.text("name"),
            BaserowField.email("email"),
            BaserowField.longText("custom_fields"),
            BaserowField.checkbox("opted_out"));

    @TempDir
    private static Path data;

    private static TestServer server;

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.start(
                data,
                Map.of(
                        "BASEROW_API_URL", BASEROW.baseUrl().toString(),
                        "BASEROW_API_TOKEN", BASEROW.token(),
                        "BASEROW_TABLE_CONTACTS", String.valueOf(CONTACTS.id()),
                        "WPPFLOW_TENANTS__PET_HOTEL__BASEROW__SYNC_EVERY", "PT0.2S",
                        "WPPFLOW_TENANTS__PET_HOTEL__BASEROW__MAX_PER_SECOND", "1000"));
    }

    @AfterAll
    static void stop() {
        server.close();
        BASEROW.close();
    }

    @Test
    void two_who_wrote_are_one_person_until_the_merge_is_taken_back() throws Exception {
        server.awaitReplies(writes("+5511991110001", "quanto custa a diária do gato?"), 1);
        server.awaitReplies(writes("+5511991110002", "e quais vacinas precisa?"), 1);
        String survivor = contact("5511991110001").path("id").asText();
        String absorbed = contact("5511991110002").path("id").asText();
        server.patch("/api/v1/contacts/pet-hotel/5511991110002", "{\"email\":\"lia@example.com\"}");

        Answer merged = merge("(11) 99111-0001", "11 99111 0002", "número novo");

        assertThat(merged.status()).isEqualTo(200);
        assertThat(merged.data().at("/merge/reason").asText()).isEqualTo("número novo");
        assertThat(merged.data().at("/merge/absorbed/id").asText()).isEqualTo(absorbed);
        assertThat(merged.data().at("/contact/email").asText()).isEqualTo("lia@example.com");
        assertThat(contact("5511991110002").path("id").asText()).isEqualTo(survivor);
        assertThat(export("5511991110001").toString()).contains("diária do gato", "quais vacinas", "número novo");
        assertThat(heard("5511991110001"))
                .isEqualTo(heard("5511991110002"))
                .contains("diária do gato", "quais vacinas");
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(
                        () -> assertThat(emailInBaserow("+5511991110001")).isEqualTo("lia@example.com"));
        String merge = merged.data().at("/merge/id").asText();
        assertThat(merge("11991110001", "+5511991110002", "again")
                        .data()
                        .at("/merge/id")
                        .asText())
                .isEqualTo(merge);
        assertThat(merge(absorbed, survivor, "the other way round")
                        .data()
                        .at("/merge/id")
                        .asText())
                .isEqualTo(merge);
        assertThat(server.get(MERGES + "?phone=5511991110002")
                        .data()
                        .at("/merges/0/id")
                        .asText())
                .isEqualTo(merge);

        Answer undone = server.delete(MERGES + "/" + merge, "{}");

        assertThat(undone.data().at("/contact/id").asText()).isEqualTo(absorbed);
        assertThat(contact("5511991110002").path("id").asText()).isEqualTo(absorbed);
        assertThat(contact("5511991110001").path("email").isNull()).isTrue();
        assertThat(heard("5511991110001")).contains("diária do gato").doesNotContain("quais vacinas");
        assertThat(export("5511991110001").toString())
                .contains("diária do gato")
                .doesNotContain("quais vacinas");
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(
                        () -> assertThat(emailInBaserow("+5511991110001")).isEmpty());
        assertThat(server.delete(MERGES + "/" + merge, "{}").errorCode()).isEqualTo("ERR_NOT_FOUND");
        assertThat(audited("operator.contacts_merged")).contains(merge).doesNotContain("novo");
        assertThat(audited("operator.contacts_unmerged")).contains(merge);
    }

    @Test
    void what_cannot_be_merged_is_refused_with_the_field() {
        server.post("/api/v1/contacts/upsert", "{\"phone\":\"+5511991110011\"}");

        Answer same = merge("11991110011", "+55 11 9111-0011", "by mistake");
        Answer unknown = merge("11991110011", "11991110019", "by mistake");
        Answer nobodys = merge("123", "11991110011", "by mistake");

        assertThat(same.errorCode()).isEqualTo("ERR_VALIDATION");
        assertThat(same.body().at("/error/details/field").asText()).isEqualTo("absorbed");
        assertThat(unknown.errorCode()).isEqualTo("ERR_CONTACT_NOT_FOUND");
        assertThat(unknown.body().at("/error/details/field").asText()).isEqualTo("absorbed");
        assertThat(nobodys.body().at("/error/details/field").asText()).isEqualTo("survivor");
        assertThat(merge("11991110011", "11991110019", "").errorCode()).isEqualTo("ERR_VALIDATION");
        assertThat(server.post(MERGES, "{\"survivor\":\"11991110011\"}").errorCode())
                .isEqualTo("ERR_MISSING_FIELD");
        assertThat(server.get(MERGES).errorCode()).isEqualTo("ERR_MISSING_FIELD");
        assertThat(server.get(MERGES + "?tenant_id=other&phone=1").status()).isEqualTo(403);
        assertThat(server.delete(MERGES + "/nothing", "{}").errorCode()).isEqualTo("ERR_NOT_FOUND");
    }

    @Test
    void who_is_denied_is_not_answered_and_told_why_until_taken_off_the_list() throws Exception {
        assertThat(server.put(LISTS + "deny/(11)%2099111-0021", "{}")
                        .data()
                        .path("listed")
                        .asBoolean())
                .isTrue();
        server.put(LISTS + "deny/5511991110021", "{}");

        Customer customer = server.chatwoot().customer("+5511991110021", "Cliente");
        var message = customer.writes("quanto custa a diária do gato?");
        server.awaitEvents(message.conversation(), "turn.completed", 1);

        assertThat(server.get("/api/v1/explain?message_id=" + message.id())
                        .data()
                        .at("/verdict/reason")
                        .asText())
                .isEqualTo("contact_denied");
        assertThat(server.get(LISTS + "deny").data().path("entries").toString()).contains("+5511991110021");
        assertThat(audited("operator.contact_listed"))
                .containsOnlyOnce("\"list\":\"deny\"")
                .doesNotContain("11991110021");

        assertThat(server.delete(LISTS + "deny/11991110021", "{}")
                        .data()
                        .path("listed")
                        .asBoolean())
                .isFalse();
        customer.writes("e do cachorro?");
        server.awaitReplies(message.conversation(), 1);
        assertThat(server.get(LISTS + "deny/5511991110021")
                        .data()
                        .path("listed")
                        .asBoolean())
                .isFalse();
    }

    @Test
    void a_list_that_is_not_there_and_a_number_that_is_nobodys_are_refused() {
        assertThat(server.get(LISTS + "friends").errorCode()).isEqualTo("ERR_VALIDATION");
        assertThat(server.put(LISTS + "allow/123", "{}").errorCode()).isEqualTo("ERR_VALIDATION");
        assertThat(server.put(LISTS + "allow/11991110031?tenant_id=other", "{}").status())
                .isEqualTo(403);
        assertThat(server.get(LISTS + "allow").data().path("entries")).isEmpty();
    }

    @Test
    void lists_and_merges_are_read_in_pages() {
        for (int i = 1; i <= 5; i++) {
            server.put(LISTS + "deny/1199111006" + i, "{}");
            server.post("/api/v1/contacts/upsert", "{\"phone\":\"+551199111007" + i + "\"}");
            server.post(
                    MERGES, "{\"survivor\":\"11991110071\",\"absorbed\":\"1199111007" + i + "\",\"reason\":\"same\"}");
        }

        assertThat(pages(LISTS + "deny?limit=2", "entries", "value"))
                .containsExactly(
                        "+5511991110061", "+5511991110062", "+5511991110063", "+5511991110064", "+5511991110065");
        assertThat(pages(MERGES + "?phone=11991110071&limit=3", "merges", "id"))
                .hasSize(4)
                .doesNotHaveDuplicates();
        for (String wrong : List.of("limit=0", "limit=1001", "limit=x", "cursor=%20", "cursor=eA", "cursor=c2FuCmE")) {
            assertThat(server.get(LISTS + "deny?" + wrong).status()).as(wrong).isEqualTo(400);
            assertThat(server.get(MERGES + "?phone=11991110071&" + wrong).status())
                    .as(wrong)
                    .isEqualTo(400);
        }
        for (int i = 1; i <= 5; i++) {
            server.delete(LISTS + "deny/1199111006" + i, "{}");
        }
    }

    private static List<String> pages(String path, String list, String field) {
        var all = new ArrayList<String>();
        String cursor = "";
        while (!cursor.equals("null")) {
            JsonNode page = server.get(path + (cursor.isEmpty() ? "" : "&cursor=" + cursor))
                    .data();
            page.path(list).forEach(each -> all.add(each.path(field).asText()));
            cursor = page.path("next_cursor").asText();
        }
        return all;
    }

    @Test
    void an_opt_out_by_list_is_the_contacts_own_and_noted_as_consent() {
        server.post("/api/v1/contacts/upsert", "{\"phone\":\"+5511991110041\"}");

        server.put(LISTS + "opted_out/11991110041", "{}");
        assertThat(contact("5511991110041").path("opted_out").asBoolean()).isTrue();
        assertThat(server.get(LISTS + "opted_out/11991110041")
                        .data()
                        .path("listed")
                        .asBoolean())
                .isTrue();
        server.delete(LISTS + "opted_out/11991110041", "{}");
        server.delete(LISTS + "opted_out/11991110041", "{}");

        assertThat(contact("5511991110041").path("opted_out").asBoolean()).isFalse();
        assertThat(server.get("/api/v1/events?phone=11991110041&event_type=contact.*")
                        .data()
                        .path("events"))
                .extracting(event -> event.path("event_type").asText())
                .containsExactly("contact.opted_in", "contact.opted_out");
    }

    @Test
    void an_opt_out_told_with_other_data_is_noted_once() {
        String out = "{\"phone\":\"+5511991110051\",\"opted_out\":true}";
        server.post("/api/v1/contacts/upsert", out);
        server.post("/api/v1/contacts/upsert", out);

        assertThat(server.get("/api/v1/events?phone=11991110051&event_type=contact.*")
                        .data()
                        .path("events"))
                .extracting(event -> event.path("event_type").asText())
                .containsExactly("contact.opted_out");
    }

    @Test
    void the_examples_of_the_page_work() throws Exception {
        server.post("/api/v1/contacts/upsert", "{\"phone\":\"11990000042\"}");
        server.post("/api/v1/contacts/upsert", "{\"phone\":\"11990000043\"}");
        String page = Files.readString(Path.of("../docs/api.md"));
        Matcher wish = Pattern.compile("\\{\"survivor\".*}").matcher(page);
        assertThat(wish.find()).isTrue();

        Answer merged = server.post(MERGES, wish.group());

        assertThat(merged.status()).as(merged.body().toString()).isEqualTo(200);
        assertThat(merged.data().at("/contact/phone").asText()).isEqualTo("+5511990000042");
        assertThat(page).contains("{\"success\":true,\"data\":{\"list\":\"deny\",\"listed\":true}}");
        assertThat(server.put(LISTS + "deny/11990000044", "{}").data())
                .isEqualTo(new ObjectMapper().readTree("{\"list\":\"deny\",\"listed\":true}"));
        server.delete(LISTS + "deny/11990000044", "{}");
    }

    private static long writes(String phone, String text) {
        return server.chatwoot().customer(phone, "Cliente").writes(text).conversation();
    }

    private static Answer merge(String survivor, String absorbed, String reason) {
        return server.post(
                MERGES,
                "{\"survivor\":\"" + survivor + "\",\"absorbed\":\"" + absorbed + "\",\"reason\":\"" + reason + "\"}");
    }

    private static JsonNode contact(String phone) {
        return server.get("/api/v1/contacts/pet-hotel/" + phone).data();
    }

    private static JsonNode export(String phone) {
        return server.get("/api/v1/contacts/pet-hotel/" + phone + "/export").data();
    }

    private static String heard(String phone) {
        return server.get("/api/v1/events?event_type=turn.completed&phone=" + phone)
                .data()
                .path("events")
                .toString();
    }

    private static String audited(String type) {
        return server.get("/api/v1/events?event_type=" + type)
                .data()
                .path("events")
                .toString();
    }

    private static String emailInBaserow(String phone) {
        return CONTACTS.rows().stream()
                .filter(row -> row.path("phone").asText().equals(phone))
                .map(row -> row.path("email").asText())
                .findFirst()
                .orElse("no row");
    }
}

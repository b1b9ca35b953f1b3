package io.github.almeidatech.wppflow.baserow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.almeidatech.wppflow.baserow.SyncReport.RowProblem;
import io.github.almeidatech.wppflow.knowledge.Document;
import io.github.almeidatech.wppflow.knowledge.InMemoryDocumentStore;
import io.github.almeidatech.wppflow.knowledge.KnowledgeBase;
import io.github.almeidatech.wppflow.knowledge.LuceneKnowledgeBase;
import io.github.almeidatech.wppflow.testkit.BaserowField;
import io.github.almeidatech.wppflow.testkit.BaserowTable;
import io.github.almeidatech.wppflow.testkit.Fault;
import io.github.almeidatech.wppflow.testkit.SimulatedBaserow;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BaserowKnowledgeSyncTest {

    private final Fixture fixture = new Fixture();
    private final SimulatedBaserow baserow = fixture.baserow;
    private final BaserowTable table = baserow.table(
            "knowledge",
            BaserowField.text("doc_id"),
            BaserowField.text("title"),
            BaserowField.longText("content"),
            BaserowField.text("domain"),
            BaserowField.checkbox("enabled"),
            BaserowField.lastModified("last_modified"));
    private final InMemoryDocumentStore documents = new InMemoryDocumentStore();
    private final KnowledgeBase knowledge = LuceneKnowledgeBase.on(documents);
    private final KnowledgeTable plain = KnowledgeTable.standard(table.id());
    private final KnowledgeTable dated = plain.with(KnowledgeColumn.LAST_MODIFIED, "last_modified");

    private BaserowKnowledgeSync sync(BaserowClient client, KnowledgeTable layout) {
        return BaserowKnowledgeSync.builder(client, Fixture.TENANT, layout, knowledge)
                .documents(documents)
                .fullEvery(Duration.ofHours(1))
                .clock(fixture.clock)
                .build();
    }

    @AfterEach
    void close() {
        knowledge.close();
        fixture.close();
    }

    private long add(String id, String title, String content) {
        return table.add(Map.of("doc_id", id, "title", title, "content", content, "enabled", true));
    }

    private List<String> titles() {
        return documents.all(Fixture.TENANT).stream().map(Document::title).toList();
    }

    @Test
    void rows_become_documents_and_follow_what_people_do_to_them() {
        table.withBlankRows();
        long hours = add("horario", "Horário", "Abrimos às 8h.");
        long price = add("", "Preço", "A diária custa R$ 80.");
        table.add(Map.of("title", "Rascunho", "content", "ainda não", "enabled", false));
        add("", "Uma pergunta, ainda sem resposta?", "");
        BaserowKnowledgeSync sync = sync(fixture.client, plain);

        SyncReport first = sync.sync();
        assertThat(documents.all(Fixture.TENANT))
                .containsExactlyInAnyOrder(
                        new Document("baserow:" + table.id() + ":horario", "Horário", "Abrimos às 8h.", null),
                        new Document(
                                "baserow:" + table.id() + ":row-" + price, "Preço", "A diária custa R$ 80.", null));
        assertThat(first.whole()).isTrue();

        fixture.client.update(table.id(), hours, Map.of("content", "Abrimos às 9h.", "domain", "hotel"));
        fixture.client.update(table.id(), price, Map.of("enabled", false));
        SyncReport second = sync.sync();
        assertThat(second.changed()).isEqualTo(2);
        assertThat(documents.all(Fixture.TENANT))
                .containsExactly(
                        new Document("baserow:" + table.id() + ":horario", "Horário", "Abrimos às 9h.", "hotel"));

        table.remove(hours);
        assertThat(sync.sync().removed()).isEqualTo(1);
        assertThat(titles()).isEmpty();
    }

    @Test
    void with_a_last_modified_column_one_request_tells_what_is_new() {
        for (int i = 0; i < 250; i++) {
            add("d" + i, "t" + i, "texto " + i);
        }
        fixture.clock.advance(Duration.ofMinutes(10));
        add("later", "Depois", "texto");
        BaserowKnowledgeSync sync = sync(fixture.client, dated);
        sync.sync();
        fixture.clock.advance(Duration.ofMinutes(10));
        int asked = baserow.requests().size();
        add("new", "Novo", "texto novo");

        SyncReport report = sync.sync();

        assertThat(report.changed()).isEqualTo(1);
        assertThat(report.whole()).isFalse();
        assertThat(baserow.requests()).hasSize(asked + 1);
        assertThat(titles()).contains("Novo").hasSize(252);
    }

    @Test
    void a_deleted_row_is_noticed_by_the_number_of_rows() {
        long row = add("a", "A", "texto a");
        add("b", "B", "texto b");
        BaserowKnowledgeSync sync = sync(fixture.client, dated);
        sync.sync();
        fixture.clock.advance(Duration.ofMinutes(10));
        table.remove(row);

        assertThat(sync.sync().removed()).isEqualTo(1);
        assertThat(titles()).containsExactly("B");
    }

    /** Baserow leaves a column out of its answer without a word when there is none of that name. */
    @ParameterizedTest
    @ValueSource(strings = {"doc_id", "title", "content", "domain", "enabled"})
    void a_column_that_is_renamed_empties_nothing_and_is_told(String column) {
        add("a", "A", "texto a");
        table.add(Map.of("doc_id", "b", "title", "B", "content", "texto b", "domain", "hotel", "enabled", true));
        BaserowKnowledgeSync sync = sync(fixture.client, plain);
        sync.sync();
        List<Document> before = documents.all(Fixture.TENANT);

        table.rename(column, column + " 2");
        assertThatThrownBy(sync::sync)
                .isInstanceOfSatisfying(
                        BaserowException.class, e -> assertThat(e.error()).isEqualTo(BaserowError.COLUMNS_CHANGED));
        assertThatThrownBy(sync(fixture.client, plain)::sync).isInstanceOf(BaserowException.class);
        assertThat(documents.all(Fixture.TENANT)).isEqualTo(before);

        table.rename(column + " 2", column);
        add("c", "C", "texto c");
        sync.sync();
        assertThat(titles()).containsExactlyInAnyOrder("A", "B", "C");
    }

    @Test
    void two_rows_with_one_id_do_not_fight() {
        long first = add("a", "Primeiro", "texto a");
        long second = add("a", "Segundo", "texto b");
        BaserowKnowledgeSync sync = sync(fixture.client, plain);

        assertThat(sync.sync().problems()).containsExactly(new RowProblem(second, "same_id"));
        assertThat(titles()).containsExactly("Primeiro");
        table.remove(first);
        sync.sync();
        sync.sync();
        assertThat(titles()).containsExactly("Segundo");
    }

    @Test
    void rows_deleted_while_nobody_looked_are_noticed_and_other_documents_are_not_touched() {
        long row = add("a", "A", "texto a");
        add("b", "B", "texto b");
        sync(fixture.client, plain).sync();
        knowledge.put(Fixture.TENANT, List.of(new Document("faq", "FAQ", "pelo arquivo", null)));
        table.remove(row);

        SyncReport report = sync(fixture.client, plain).sync();

        assertThat(report.removed()).isEqualTo(1);
        assertThat(titles()).containsExactlyInAnyOrder("B", "FAQ");
    }

    @Test
    void large_rows_are_read_in_smaller_portions_and_only_a_huge_one_is_left_out() {
        var careful = fixture.settings().maxAnswerBytes(20_000).build();
        for (int i = 0; i < 30; i++) {
            add("d" + i, "t" + i, "x".repeat(3_000) + " " + i);
        }
        long huge = add("huge", "Grande", "y".repeat(30_000));
        add("last", "Último", "texto");

        SyncReport report = sync(careful, plain).sync();

        assertThat(titles()).hasSize(31).contains("Último");
        assertThat(report.problems()).containsExactly(new RowProblem(0, "too_large"));
        assertThat(report.whole()).isFalse();
        assertThat(huge).isEqualTo(31);
    }

    @Test
    void a_row_that_grew_too_large_stays_what_it_was_and_keeps_nothing_else_back() {
        var careful = fixture.settings().maxAnswerBytes(20_000).build();
        long grows = add("a", "Grande", "curto");
        long goes = add("b", "B", "texto");
        BaserowKnowledgeSync sync = sync(careful, plain);
        sync.sync();
        fixture.client.update(table.id(), grows, Map.of("content", "y".repeat(30_000)));
        table.remove(goes);

        SyncReport report = sync.sync();

        assertThat(report.removed()).isOne();
        assertThat(report.problems()).containsExactly(new RowProblem(0, "too_large"));
        assertThat(titles()).containsExactly("Grande");
    }

    @Test
    void a_failure_in_the_middle_keeps_what_was_read_and_the_next_call_goes_on() {
        for (int i = 0; i < 250; i++) {
            add("d" + i, "t" + i, "texto " + i);
        }
        baserow.faults()
                .next(1, request -> request.query("page").filter("2"::equals).isPresent(), Fault.status(502));
        BaserowKnowledgeSync sync = sync(fixture.client, plain);

        assertThatThrownBy(sync::sync).isInstanceOf(BaserowException.class);
        assertThat(titles()).hasSize(200);
        assertThat(sync.sync().changed()).isEqualTo(50);
        assertThat(titles()).hasSize(250);
    }

    /** Pages shift while people work in the table: what is there must never be taken for deleted. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 20261125})
    void whatever_people_do_while_it_is_read_the_next_quiet_read_shows_the_table(long seed) {
        var random = new Random(seed);
        for (int i = 0; i < 420; i++) {
            add("", "t" + i, "texto " + i);
        }
        baserow.faults()
                .always(
                        request -> {
                            if (Fixture.LIST.test(request)) {
                                disturb(random);
                            }
                            return false;
                        },
                        Fault.drop());
        var wronglyRemoved = new ArrayList<String>();
        BaserowKnowledgeSync sync = BaserowKnowledgeSync.builder(
                        fixture.client, Fixture.TENANT, random.nextBoolean() ? plain : dated, watched(wronglyRemoved))
                .clock(fixture.clock)
                .build();
        for (int i = 0; i < 6; i++) {
            sync.sync();
            assertThat(wronglyRemoved).as("seed %d", seed).isEmpty();
            fixture.clock.advance(Duration.ofMinutes(5));
        }
        baserow.faults().clear();
        fixture.clock.advance(Duration.ofHours(1));
        sync.sync();

        var wanted = new TreeMap<String, String>();
        table.rows()
                .forEach(row -> wanted.put(
                        "baserow:" + table.id() + ":row-" + row.path("id").asLong(),
                        row.path("title").asText()));
        var found = new TreeMap<String, String>();
        documents.all(Fixture.TENANT).forEach(document -> found.put(document.id(), document.title()));
        assertThat(found).as("seed %d", seed).isEqualTo(wanted);
    }

    /** Notes documents that are taken out although their rows are there. */
    private KnowledgeBase watched(List<String> wronglyRemoved) {
        return (KnowledgeBase) Proxy.newProxyInstance(
                KnowledgeBase.class.getClassLoader(),
                new Class<?>[] {KnowledgeBase.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("remove")) {
                        List<String> present = table.rows().stream()
                                .map(row -> "baserow:" + table.id() + ":row-"
                                        + row.path("id").asLong())
                                .toList();
                        ((Collection<?>) arguments[1])
                                .stream()
                                        .map(Object::toString)
                                        .filter(present::contains)
                                        .forEach(wronglyRemoved::add);
                    }
                    return method.invoke(knowledge, arguments);
                });
    }

    private void disturb(Random random) {
        for (int i = random.nextInt(3); i > 0; i--) {
            var rows = table.rows();
            long row = rows.get(random.nextInt(rows.size())).path("id").asLong();
            if (random.nextBoolean()) {
                table.remove(row);
            } else {
                add("", "novo " + random.nextInt(1_000), "texto");
            }
        }
    }

    @Test
    void a_shared_table_gives_each_tenant_its_own() {
        BaserowTable shared = baserow.table("shared", BaserowField.text("tenant_id"), BaserowField.longText("content"));
        shared.add(Map.of("tenant_id", "outra", "content", "segredo de lá"));
        shared.add(Map.of("tenant_id", Fixture.TENANT.value(), "content", "nosso"));

        sync(fixture.client, KnowledgeTable.of(shared.id(), KnowledgeColumn.CONTENT, KnowledgeColumn.TENANT))
                .sync();

        assertThat(documents.all(Fixture.TENANT)).extracting(Document::content).containsExactly("nosso");
    }

    @Test
    void a_table_without_a_content_column_is_none() {
        assertThatIllegalArgumentException().isThrownBy(() -> KnowledgeTable.of(1, KnowledgeColumn.TITLE));
        assertThat(sync(fixture.client, dated).expectation().columns()).hasSize(6);
    }
}

package io.github.almeidatech.wppflow.chatwoot;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.almeidatech.wppflow.model.OutboundCommand.AddPrivateNote;
import io.github.almeidatech.wppflow.model.OutboundCommand.ChangeLabels;
import io.github.almeidatech.wppflow.model.OutboundCommand.Purpose;
import io.github.almeidatech.wppflow.model.OutboundCommand.SendAttachment;
import io.github.almeidatech.wppflow.model.OutboundCommand.SendMessage;
import io.github.almeidatech.wppflow.model.OutboundCommand.SetContactAttributes;
import io.github.almeidatech.wppflow.model.OutboundCommand.WriteRow;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExecutionPlanTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static ExecutionPlan read(String json, @Nullable Long contactId) {
        try {
            return ExecutionPlan.read(JSON.readTree(json), contactId, url -> url.startsWith("https://files.example/"));
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void a_whole_plan_becomes_commands_and_events() {
        var plan = read("""
                {"messages": ["Olá!", {"content": "Anotado.", "private": true}, {"text": "R$ 80", "in_reply_to": 9001}],
                 "persist": [{"table": "leads", "match": {"phone": "1"}, "fields": {"stage": "new"}}],
                 "labels": {"add": ["vip"], "remove": [" novo "]},
                 "contact_attributes": {"plano": "mensal", "visitas": 3, "ativo": true, "fim": null},
                 "emit_events": ["lead.seen", {"type": "lead.qualified", "payload": {"score": 7}}]}
                """, 27L);

        assertThat(plan.problems()).isEmpty();
        assertThat(plan.commands().get(0))
                .isEqualTo(new WriteRow("leads", Map.of("phone", "1"), Map.of("stage", "new")));
        assertThat(plan.commands().get(1)).isEqualTo(new ChangeLabels(List.of("vip"), List.of("novo")));
        assertThat(((SetContactAttributes) plan.commands().get(2)).contactId()).isEqualTo(27);
        assertThat(((SetContactAttributes) plan.commands().get(2)).attributes())
                .containsEntry("visitas", 3)
                .containsEntry("fim", null);
        assertThat(plan.commands().subList(3, 6))
                .containsExactly(
                        new SendMessage("Olá!", null, Purpose.ANSWER),
                        new AddPrivateNote("Anotado."),
                        new SendMessage("R$ 80", 9001L, Purpose.ANSWER));
        assertThat(plan.messages()).isEqualTo(3);
        assertThat(plan.changesLabels()).isTrue();
        assertThat(plan.changesAttributes()).isTrue();
        assertThat(plan.events())
                .extracting(ExecutionPlan.EmittedEvent::type)
                .containsExactly("lead.seen", "lead.qualified");
        assertThat(plan.events().get(1).payload()).containsEntry("score", 7);
        assertThat(plan.events().get(1).toString()).doesNotContain("7");
    }

    @Test
    void a_message_may_be_a_file_from_where_the_tenants_files_are() {
        var plan = read("""
                {"messages": [{"attachment": "https://files.example/tabela.pdf", "content": " A **tabela** "},
                              {"attachment": "https://files.example/foto.jpg"}, "Viu?"]}
                """, null);

        assertThat(plan.problems()).isEmpty();
        assertThat(plan.messages()).isEqualTo(3);
        assertThat(plan.commands())
                .containsExactly(
                        new SendAttachment("https://files.example/tabela.pdf", "A **tabela**", Purpose.ANSWER),
                        new SendAttachment("https://files.example/foto.jpg", "", Purpose.ANSWER),
                        new SendMessage("Viu?", null, Purpose.ANSWER));
    }

    @Test
    void single_things_need_no_list_and_the_first_systems_names_are_known() {
        var plan = read("""
                {"messages": "Olá!", "persist": {"table": "t", "where": {"a": 1}, "data": {"b": 2}},
                 "emit_events": {"event_type": "x.y", "data": {}}}
                """, null);

        assertThat(plan.problems()).isEmpty();
        assertThat(plan.commands())
                .containsExactly(
                        new WriteRow("t", Map.of("a", 1), Map.of("b", 2)),
                        new SendMessage("Olá!", null, Purpose.ANSWER));
        assertThat(plan.changesLabels()).isFalse();
        assertThat(plan.changesAttributes()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"persist\": true}",
                "{\"persist\": false, \"labels\": null, \"messages\": [], \"contact_attributes\": {}, \"emit_events\": null}",
            })
    void persist_as_a_switch_means_nothing(String json) {
        var plan = read(json, null);

        assertThat(plan.problems()).isEmpty();
        assertThat(plan.commands()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            [] | execution_plan
            {} | execution_plan
            {"lables": {}} | lables
            {"labels": []} | labels
            {"labels": {"add": "vip"}} | labels.add
            {"labels": {"add": ["a", 5]}} | labels.add[1]
            {"labels": {"remove": [" "]}} | labels.remove[0]
            {"messages": [""]} | messages[0].content
            {"messages": [{"content": 5}]} | messages[0].content
            {"messages": {"x": 1}} | messages.content
            {"messages": [{"attachment": "https://elsewhere.example/a.pdf"}]} | messages[0].attachment
            {"messages": ["a", {"attachment": {"url": "https://files.example/a.pdf"}}]} | messages[1].attachment
            {"messages": [{"attachment": "https://files.example/a.pdf", "content": 5}]} | messages[0].content
            {"messages": [{"attachment": "https://files.example/a.pdf", "private": true}]} | messages[0].private
            {"contact_attributes": {"a": 1}} | contact_attributes
            {"contact_attributes": 5} | contact_attributes
            {"persist": [{"fields": {"a": 1}}]} | persist[0].table
            {"persist": [{"table": "t"}]} | persist[0].fields
            {"persist": [{"table": "t", "fields": 5}]} | persist[0].fields
            {"emit_events": [{"type": "with blank"}]} | emit_events[0].type
            {"emit_events": [{}]} | emit_events[0].type
            {"emit_events": ["operator.token_created"]} | emit_events[0].type
            {"emit_events": [{"type": "a", "payload": 5}]} | emit_events[0].payload
            """)
    void what_is_wrong_is_named_with_its_place(String json, String path) {
        assertThat(read(json, null).problems())
                .extracting(ExecutionPlan.Problem::path)
                .contains(path);
    }

    @Test
    void everything_wrong_is_told_at_once_and_quotes_nothing() {
        var plan = read("{\"messages\": [\"\"], \"labels\": {\"add\": [7]}, \"emit_events\": [\"não é\"]}", null);

        assertThat(plan.problems()).hasSize(3);
        assertThat(plan.problems().toString()).doesNotContain("não é");
    }

    @Test
    void endless_plans_are_refused() {
        String many = "[" + "\"a\",".repeat(40) + "\"a\"]";

        assertThat(read("{\"messages\": " + many + "}", null).problems())
                .extracting(ExecutionPlan.Problem::path)
                .containsExactly("messages");
        assertThat(read("{\"messages\": \"" + "x".repeat(150_001) + "\"}", null).problems())
                .hasSize(1);
        assertThat(read("{\"" + "x".repeat(1_000) + "\": 1}", null)
                        .problems()
                        .get(0)
                        .path())
                .isEqualTo("…");
        assertThat(read("{\"labels\": {\"add\": [\"" + "x".repeat(300) + "\"]}}", null)
                        .problems())
                .hasSize(1);
    }
}

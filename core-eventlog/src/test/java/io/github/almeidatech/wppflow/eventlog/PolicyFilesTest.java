package io.github.almeidatech.wppflow.eventlog;

import static io.github.almeidatech.wppflow.eventlog.Events.NOW;
import static io.github.almeidatech.wppflow.eventlog.Events.event;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.model.OutboundCommand;
import io.github.almeidatech.wppflow.model.OutboundCommand.Purpose;
import io.github.almeidatech.wppflow.model.OutboundCommand.SendAttachment;
import io.github.almeidatech.wppflow.model.OutboundCommand.SendMessage;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Policies that send files. */
class PolicyFilesTest {

    private static final Map<String, Object> FACTS = Map.of(
            "id",
            17,
            "name",
            "boleto de Ana/1?x=#",
            "up",
            "..",
            "link",
            " https://files.example/a b.pdf ",
            "blank",
            " ");

    @Test
    void a_file_is_sent_with_its_caption() {
        var action = Map.<String, Object>of(
                "send_attachment",
                Map.of(
                        "url",
                        "https://files.example/boletos/{{id}}.pdf",
                        "caption",
                        "Seu boleto, *{{nome | cliente}}*"));

        assertThat(commands(action))
                .containsExactly(new SendAttachment(
                        "https://files.example/boletos/17.pdf", "Seu boleto, *cliente*", Purpose.ANSWER));
        assertThat(commands(Map.of("send_attachment", "https://files.example/tabela.pdf")))
                .containsExactly(new SendAttachment("https://files.example/tabela.pdf", "", Purpose.ANSWER));
    }

    @Test
    void the_messages_of_an_execution_plan_may_be_files() {
        var plan = Map.of(
                "messages",
                List.of(
                        "Oi!",
                        Map.of("attachment", "https://files.example/a.pdf"),
                        Map.of("attachment", "https://files.example/b.pdf", "content", "Outra")));

        assertThat(decide(Map.of("id", "plan", "event", "*", "execution_plan", plan), false)
                        .commands())
                .containsExactly(
                        new SendMessage("Oi!", null, Purpose.ANSWER),
                        new SendAttachment("https://files.example/a.pdf", "", Purpose.ANSWER),
                        new SendAttachment("https://files.example/b.pdf", "Outra", Purpose.ANSWER));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{{link}} ; https://files.example/a b.pdf",
                "https://f.example/{{name}} ; https://f.example/boleto%20de%20Ana%2F1%3Fx%3D%23",
                "https://f.example?id={{id}}&x=1 ; https://f.example?id=17&x=1",
                "https://f.example/{{missing | geral}}.pdf ; https://f.example/geral.pdf",
                "{{missing | https://f.example/geral.pdf}} ; https://f.example/geral.pdf"
            })
    void what_variables_bring_into_an_address_is_text(String written, String filled) {
        assertThat(new Variables(FACTS).address(written)).isEqualTo(filled);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{missing}}",
                "{{blank}}",
                "https://f.example/{{missing}}.pdf",
                "https://f.example/{{blank}}/a.pdf",
                "https://f.example/{{up}}/a.pdf"
            })
    void a_file_whose_address_misses_something_is_skipped(String url) {
        PolicyPlan plan = decide(policy(Map.of("send_attachment", url)), false);

        assertThat(plan.commands()).isEmpty();
        assertThat(plan.firings().get(0).skipped()).containsExactly("send_attachment: url_missing");
    }

    @Test
    void who_opted_out_gets_no_file() {
        PolicyPlan plan = decide(policy(Map.of("send_attachment", "https://f.example/a.pdf")), true);

        assertThat(plan.commands()).isEmpty();
        assertThat(plan.firings().get(0).skipped()).containsExactly("send_attachment: opted_out");
    }

    @Test
    void a_file_that_goes_with_a_handover_still_goes_out() {
        PolicyPlan plan = decide(
                Map.of(
                        "id",
                        "a",
                        "event",
                        "*",
                        "then",
                        List.of(Map.of("send_attachment", "https://f.example/a.pdf"), Map.of("hand_off", Map.of()))),
                false);

        assertThat(plan.commands()).contains(new SendAttachment("https://f.example/a.pdf", "", Purpose.HANDOFF));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ftp://f.example/a.pdf",
                "/etc/passwd",
                "https://{{host}}/a.pdf",
                "https://f.example{{id}}/a.pdf",
                "https://f.example:{{port}}/a.pdf",
                "{{scheme}}://f.example/a.pdf",
                "https://user@f.example/a.pdf",
                "https://f.example/a b.pdf",
                "https://f.example/{{open",
                "https:///a.pdf"
            })
    void an_address_that_is_none_or_whose_host_varies_is_refused_at_its_place(String url) {
        PolicyReading reading = Policies.parse(List.of(
                Map.of("id", "a", "event", "*", "then", List.of(Map.of("send_attachment", Map.of("url", url))))));

        assertThat(reading.<List<PolicyProblem>>match(valid -> List.of(), problems -> problems))
                .extracting(problem -> problem.path() + " " + problem.kind().word())
                .contains("policies[0].then[0].send_attachment.url syntax");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://elsewhere.example/a.pdf",
                "https://elsewhere.example/{{id}}.pdf",
                "{{link | https://elsewhere.example/a.pdf}}",
                "http://ours.example/a.pdf"
            })
    void a_file_from_where_none_may_be_sent_is_refused_at_its_place(String url) {
        PolicyReading reading = Policies.parse(
                List.of(
                        policy(Map.of("send_attachment", url)),
                        Map.of(
                                "id",
                                "b",
                                "event",
                                "*",
                                "execution_plan",
                                Map.of("messages", List.of("Oi", Map.of("attachment", url))))),
                PolicyFilesTest::ours);

        assertThat(reading.<List<PolicyProblem>>match(valid -> List.of(), problems -> problems))
                .extracting(problem -> problem.path() + " " + problem.kind().word())
                .containsExactly(
                        "policies[0].then[0].send_attachment.url out_of_range",
                        "policies[1].execution_plan.messages[1].attachment out_of_range");
    }

    @Test
    void an_address_that_is_a_variable_is_judged_when_it_is_known_and_the_words_beside_it_are_said() {
        Map<String, Object> action =
                Map.of("send_attachment", Map.of("url", "{{link}}", "caption", "Seu boleto, {{nome | cliente}}"));
        Policies policies = Policies.parse(
                        List.of(Map.of(
                                "id",
                                "a",
                                "event",
                                "*",
                                "then",
                                List.of(
                                        action,
                                        Map.of("send_attachment", "{{link}}"),
                                        Map.of("send_message", "Chegou?")))),
                        PolicyFilesTest::ours)
                .match(valid -> valid, problems -> {
                    throw new AssertionError(problems);
                });

        PolicyPlan plan = new PolicyEngine(policies)
                .decide(List.of(Events.event("x", FACTS)), new PolicyContext(Map.of(), 7L, false, Events.NOW));

        assertThat(plan.commands())
                .containsExactly(
                        new SendMessage("Seu boleto, cliente", null, Purpose.ANSWER),
                        new SendMessage("Chegou?", null, Purpose.ANSWER));
        assertThat(plan.firings().get(0).skipped())
                .containsExactly("send_attachment: file_forbidden_address", "send_attachment: file_forbidden_address");
        assertThat(plan.firings().get(0).actions()).containsExactly("send_message");
    }

    @Test
    void a_file_from_where_the_tenant_keeps_them_passes() {
        PolicyReading reading = Policies.parse(
                List.of(policy(Map.of("send_attachment", "https://ours.example/{{id}}?v={{id}}"))),
                PolicyFilesTest::ours);

        assertThat(reading.<Boolean>match(valid -> true, problems -> false)).isTrue();
    }

    private static boolean ours(String url) {
        return url.startsWith("https://ours.example/");
    }

    @Test
    void what_is_missing_or_unknown_in_an_attachment_is_named_at_its_place() {
        PolicyReading reading = Policies.parse(List.of(
                policy(Map.of("send_attachment", Map.of("caption", "x", "name", "a.pdf"))),
                Map.of(
                        "id",
                        "b",
                        "event",
                        "*",
                        "execution_plan",
                        Map.of("messages", List.of(Map.of("attachment", "a.pdf"))))));

        assertThat(reading.<List<PolicyProblem>>match(valid -> List.of(), problems -> problems))
                .extracting(problem -> problem.path() + " " + problem.kind().word())
                .containsExactly(
                        "policies[0].then[0].send_attachment.url missing",
                        "policies[0].then[0].send_attachment.name unknown_key",
                        "policies[1].execution_plan.messages[0].attachment syntax");
    }

    private static List<OutboundCommand> commands(Map<String, Object> action) {
        return decide(policy(action), false).commands();
    }

    private static Map<String, Object> policy(Map<String, Object> action) {
        return Map.of("id", "a", "event", "*", "then", List.of(action));
    }

    private static PolicyPlan decide(Map<String, Object> policy, boolean optedOut) {
        return new PolicyEngine(PoliciesTest.valid(List.of(policy)))
                .decide(List.of(event("x", FACTS)), new PolicyContext(Map.of(), 7L, optedOut, NOW));
    }
}

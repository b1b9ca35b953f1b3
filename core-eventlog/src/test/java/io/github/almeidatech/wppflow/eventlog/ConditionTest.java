package io.github.almeidatech.wppflow.eventlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ConditionTest {

    private static final Map<String, Object> FACTS = Map.of(
            "intent",
            "price",
            "confidence",
            0.8,
            "count",
            3,
            "vip",
            true,
            "labels",
            List.of("novo", "gato"),
            "contact",
            Map.of("name", "Ana", "custom_fields", Map.of("pet", "Rex")),
            "pets",
            List.of(Map.of("kind", "cat", "age", 3), Map.of("kind", "dog", "age", 9)));

    static Stream<Arguments> conditions() {
        return Stream.of(
                Arguments.of(op("==", var("intent"), "price"), true),
                Arguments.of(op("==", var("contact.name"), "Bia"), false),
                Arguments.of(op("==", var("contact.custom_fields.pet"), "Rex"), true),
                Arguments.of(op("===", var("count"), 3), true),
                Arguments.of(op("!=", var("intent"), "price"), false),
                Arguments.of(op("!==", var("intent"), "price"), false),
                Arguments.of(op(">=", var("confidence"), 0.8), true),
                Arguments.of(op(">", var("confidence"), 0.8), false),
                Arguments.of(op("<", var("confidence"), 0.8), false),
                Arguments.of(op("<=", 0.5, var("confidence"), 0.9), true),
                Arguments.of(op("and", true, var("vip")), true),
                Arguments.of(op("or", false, op("!", var("vip"))), false),
                Arguments.of(op("in", "gato", var("labels")), true),
                Arguments.of(op("in", var("missing"), var("labels")), false),
                Arguments.of(op("in", var("missing"), "some text"), false),
                Arguments.of(op("in", "ric", var("intent")), true),
                Arguments.of(op("some", var("pets"), op(">", var("age"), 8)), true),
                Arguments.of(op("all", var("pets"), op(">", var("age"), 8)), false),
                Arguments.of(op("none", var("pets"), op("==", var("kind"), "fish")), true),
                Arguments.of(op("==", op("%", var("count"), 2), 1), true),
                Arguments.of(op("if", var("vip"), false, true), false),
                Arguments.of(op("!!", var("nothing")), false),
                Arguments.of(op("==", var("nothing"), null), true),
                Arguments.of(op(">", var("nothing"), 1), false),
                Arguments.of(op("==", op("var", "nothing", "none"), "none"), true),
                Arguments.of(op("missing", "intent", "contact"), false),
                Arguments.of(op("in", "phone", op("missing", "intent", "phone")), true),
                Arguments.of(var("vip"), true),
                Arguments.of(false, false),
                Arguments.of(true, true),
                Arguments.of(null, true),
                Arguments.of(Map.of(), true));
    }

    @ParameterizedTest
    @MethodSource("conditions")
    void conditions_hold_as_json_logic_says(@Nullable Object condition, boolean holds) {
        assertThat(read(condition).holds(FACTS)).isEqualTo(holds);
    }

    @Test
    void what_prints_or_grows_is_no_operator_here() {
        for (String operator : List.of("log", "reduce", "method", "eval")) {
            var problems = new ArrayList<PolicyProblem>();
            new ConditionReader(problems).read("when", op(operator, 1, 2));

            assertThat(problems).extracting(PolicyProblem::kind).containsExactly(PolicyProblem.Kind.UNKNOWN_OPERATOR);
        }
    }

    @Test
    void a_condition_takes_a_bounded_number_of_steps() {
        Object nested = op("some", var("list"), op("==", 1, 2));
        for (int i = 0; i < 6; i++) {
            nested = op("some", List.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10), nested);
        }
        Condition condition = read(nested);

        assertThatThrownBy(() -> condition.holds(Map.of("list", List.of(1, 2, 3))))
                .isInstanceOf(ConditionException.class)
                .hasRootCauseMessage("more than 10000 steps");
    }

    @Test
    void facts_that_do_not_fit_are_a_failure_of_the_condition_and_nothing_else() {
        Condition condition = read(op("==", var("labels.first"), 1));

        assertThatThrownBy(() -> condition.holds(FACTS))
                .isInstanceOf(ConditionException.class)
                .hasMessageNotContaining("gato");
    }

    @Test
    void whatever_the_facts_a_condition_decides_or_fails_cleanly() {
        long seed = 20260302L;
        var random = new Random(seed);
        List<Condition> conditions =
                conditions().map(each -> read(each.get()[0])).toList();
        for (int i = 0; i < 3000; i++) {
            var facts = new HashMap<String, Object>();
            for (String name : FACTS.keySet()) {
                facts.put(name, PlainDataSamples.random(random, 2));
            }
            for (Condition condition : conditions) {
                try {
                    condition.holds(facts);
                } catch (ConditionException expected) {
                    assertThat(expected).as("seed %s", seed).hasMessage("the condition does not fit the facts");
                }
            }
        }
    }

    @Test
    void conditions_are_decided_by_many_threads_at_once() {
        Condition condition = read(op("==", var("n"), 1));

        assertThat(Collections.nCopies(2000, 1).parallelStream()
                        .allMatch(one -> condition.holds(Map.of("n", one)) && !condition.holds(Map.of("n", 2))))
                .isTrue();
    }

    private static Condition read(@Nullable Object data) {
        var problems = new ArrayList<PolicyProblem>();
        Condition condition = new ConditionReader(problems).read("when", data);
        assertThat(problems).isEmpty();
        return condition;
    }

    private static Map<String, Object> op(String operator, @Nullable Object... arguments) {
        return Map.of(operator, Arrays.asList(arguments));
    }

    private static Map<String, Object> var(String name) {
        return Map.of("var", name);
    }
}

package io.github.almeidatech.wppflow.eventlog;

import io.github.almeidatech.wppflow.eventlog.PolicyProblem.Kind;
import io.github.jamsesso.jsonlogic.ast.JsonLogicArray;
import io.github.jamsesso.jsonlogic.ast.JsonLogicBoolean;
import io.github.jamsesso.jsonlogic.ast.JsonLogicNode;
import io.github.jamsesso.jsonlogic.ast.JsonLogicNull;
import io.github.jamsesso.jsonlogic.ast.JsonLogicNumber;
import io.github.jamsesso.jsonlogic.ast.JsonLogicOperation;
import io.github.jamsesso.jsonlogic.ast.JsonLogicString;
import io.github.jamsesso.jsonlogic.ast.JsonLogicVariable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Makes a condition out of plain data, and notes everything that is wrong with it. */
final class ConditionReader {

    private static final int MAX_NODES = 300;
    private static final int MAX_DEPTH = 20;

    /** How many arguments operators want at least and at most; others take any number. */
    private static final Map<String, int[]> ARITY = Map.ofEntries(
            Map.entry("==", new int[] {2, 2}),
            Map.entry("===", new int[] {2, 2}),
            Map.entry("!=", new int[] {2, 2}),
            Map.entry("!==", new int[] {2, 2}),
            Map.entry(">", new int[] {2, 2}),
            Map.entry(">=", new int[] {2, 2}),
            Map.entry("<", new int[] {2, 3}),
            Map.entry("<=", new int[] {2, 3}),
            Map.entry("!", new int[] {1, 1}),
            Map.entry("!!", new int[] {1, 1}),
            Map.entry("and", new int[] {1, Integer.MAX_VALUE}),
            Map.entry("or", new int[] {1, Integer.MAX_VALUE}),
            Map.entry("in", new int[] {2, 2}),
            Map.entry("map", new int[] {2, 2}),
            Map.entry("filter", new int[] {2, 2}),
            Map.entry("all", new int[] {2, 2}),
            Map.entry("some", new int[] {2, 2}),
            Map.entry("none", new int[] {2, 2}));

    private final List<PolicyProblem> problems;
    private int nodes;

    ConditionReader(List<PolicyProblem> problems) {
        this.problems = problems;
    }

    /** The condition, which is only to be used when no problems were noted. */
    Condition read(String path, @Nullable Object data) {
        if (data == null || Boolean.TRUE.equals(data) || data instanceof Map<?, ?> map && map.isEmpty()) {
            return Condition.ALWAYS;
        }
        return new JsonLogicCondition(node(path, data, 1));
    }

    private JsonLogicNode node(String path, @Nullable Object data, int depth) {
        if (++nodes == MAX_NODES + 1) {
            problem(path, Kind.TOO_LARGE, "at most " + MAX_NODES + " parts in one condition");
        }
        if (depth > MAX_DEPTH) {
            problem(path, Kind.TOO_LARGE, "at most " + MAX_DEPTH + " levels in one condition");
            return JsonLogicNull.NULL;
        }
        if (data == null) {
            return JsonLogicNull.NULL;
        }
        if (data instanceof Boolean truth) {
            return truth ? JsonLogicBoolean.TRUE : JsonLogicBoolean.FALSE;
        }
        if (data instanceof Number number) {
            return new JsonLogicNumber(number);
        }
        if (data instanceof List<?> list) {
            return array(path, list, depth);
        }
        if (data instanceof Map<?, ?> map) {
            return operation(path, map, depth);
        }
        return new JsonLogicString(data.toString());
    }

    private JsonLogicArray array(String path, List<?> list, int depth) {
        var elements = new ArrayList<JsonLogicNode>(list.size());
        for (int i = 0; i < list.size() && nodes <= MAX_NODES; i++) {
            elements.add(node(path + "[" + i + "]", list.get(i), depth + 1));
        }
        return new JsonLogicArray(elements);
    }

    private JsonLogicNode operation(String path, Map<?, ?> map, int depth) {
        if (map.size() != 1) {
            problem(path, Kind.SYNTAX, "exactly one operator wanted, found " + map.size());
            return JsonLogicNull.NULL;
        }
        var entry = map.entrySet().iterator().next();
        String operator = String.valueOf(entry.getKey());
        String inside = path + "." + operator;
        List<?> given = entry.getValue() instanceof List<?> list ? list : one(entry.getValue());
        JsonLogicArray arguments = array(inside, given, depth);
        if (operator.equals("var")) {
            return variable(inside, given, arguments);
        }
        if (!JsonLogicCondition.OPERATORS.containsKey(operator)) {
            var known = new TreeSet<>(JsonLogicCondition.OPERATORS.keySet());
            known.add("var");
            problem(inside, Kind.UNKNOWN_OPERATOR, "unknown operator; known are " + String.join(" ", known));
            return JsonLogicNull.NULL;
        }
        int[] arity = ARITY.get(operator);
        if (arity != null && (given.size() < arity[0] || given.size() > arity[1])) {
            problem(inside, Kind.SYNTAX, "at least " + arity[0] + " and at most " + arity[1] + " arguments wanted");
        }
        return new JsonLogicOperation(operator, arguments);
    }

    private JsonLogicNode variable(String path, List<?> given, JsonLogicArray arguments) {
        boolean named = given.size() >= 1 && (given.get(0) instanceof String || given.get(0) instanceof Number);
        if (!named || given.size() > 2) {
            problem(path, Kind.SYNTAX, "the name of a variable wanted, and at most a default value");
            return JsonLogicNull.NULL;
        }
        return new JsonLogicVariable(arguments.get(0), arguments.size() > 1 ? arguments.get(1) : JsonLogicNull.NULL);
    }

    private static List<?> one(@Nullable Object value) {
        var list = new ArrayList<@Nullable Object>(1);
        list.add(value);
        return list;
    }

    private void problem(String path, Kind kind, String message) {
        problems.add(new PolicyProblem(path, kind, message));
    }
}

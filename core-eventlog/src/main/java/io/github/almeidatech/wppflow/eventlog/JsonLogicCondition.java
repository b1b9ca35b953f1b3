package io.github.almeidatech.wppflow.eventlog;

import io.github.jamsesso.jsonlogic.JsonLogic;
import io.github.jamsesso.jsonlogic.ast.JsonLogicArray;
import io.github.jamsesso.jsonlogic.ast.JsonLogicNode;
import io.github.jamsesso.jsonlogic.ast.JsonLogicNull;
import io.github.jamsesso.jsonlogic.ast.JsonLogicOperation;
import io.github.jamsesso.jsonlogic.ast.JsonLogicString;
import io.github.jamsesso.jsonlogic.ast.JsonLogicVariable;
import io.github.jamsesso.jsonlogic.evaluator.JsonLogicEvaluationException;
import io.github.jamsesso.jsonlogic.evaluator.JsonLogicEvaluator;
import io.github.jamsesso.jsonlogic.evaluator.JsonLogicExpression;
import io.github.jamsesso.jsonlogic.evaluator.expressions.AllExpression;
import io.github.jamsesso.jsonlogic.evaluator.expressions.ArrayHasExpression;
import io.github.jamsesso.jsonlogic.evaluator.expressions.ConcatenateExpression;
import io.github.jamsesso.jsonlogic.evaluator.expressions.EqualityExpression;
import io.github.jamsesso.jsonlogic.evaluator.expressions.FilterExpression;
import io.github.jamsesso.jsonlogic.evaluator.expressions.IfExpression;
import io.github.jamsesso.jsonlogic.evaluator.expressions.InExpression;
import io.github.jamsesso.jsonlogic.evaluator.expressions.InequalityExpression;
import io.github.jamsesso.jsonlogic.evaluator.expressions.LogicExpression;
import io.github.jamsesso.jsonlogic.evaluator.expressions.MapExpression;
import io.github.jamsesso.jsonlogic.evaluator.expressions.MathExpression;
import io.github.jamsesso.jsonlogic.evaluator.expressions.MergeExpression;
import io.github.jamsesso.jsonlogic.evaluator.expressions.NotExpression;
import io.github.jamsesso.jsonlogic.evaluator.expressions.NumericComparisonExpression;
import io.github.jamsesso.jsonlogic.evaluator.expressions.PreEvaluatedArgumentsExpression;
import io.github.jamsesso.jsonlogic.evaluator.expressions.StrictEqualityExpression;
import io.github.jamsesso.jsonlogic.evaluator.expressions.StrictInequalityExpression;
import io.github.jamsesso.jsonlogic.evaluator.expressions.SubstringExpression;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A condition in JsonLogic, bounded in steps. */
final class JsonLogicCondition implements Condition {

    /** What a condition may use: JsonLogic without {@code log}, which prints, {@code reduce}, which can
     * grow, and {@code missing_some}. */
    static final Map<String, JsonLogicExpression> OPERATORS = Stream.<JsonLogicExpression>of(
                    EqualityExpression.INSTANCE,
                    StrictEqualityExpression.INSTANCE,
                    InequalityExpression.INSTANCE,
                    StrictInequalityExpression.INSTANCE,
                    NumericComparisonExpression.GT,
                    NumericComparisonExpression.GTE,
                    NumericComparisonExpression.LT,
                    NumericComparisonExpression.LTE,
                    LogicExpression.AND,
                    LogicExpression.OR,
                    NotExpression.SINGLE,
                    NotExpression.DOUBLE,
                    IfExpression.IF,
                    IfExpression.TERNARY,
                    new InOrNowhere(),
                    new Missing(),
                    MathExpression.ADD,
                    MathExpression.SUBTRACT,
                    MathExpression.MULTIPLY,
                    MathExpression.DIVIDE,
                    MathExpression.MODULO,
                    MathExpression.MIN,
                    MathExpression.MAX,
                    ConcatenateExpression.INSTANCE,
                    SubstringExpression.INSTANCE,
                    MergeExpression.INSTANCE,
                    MapExpression.INSTANCE,
                    FilterExpression.INSTANCE,
                    AllExpression.INSTANCE,
                    ArrayHasExpression.SOME,
                    ArrayHasExpression.NONE)
            .collect(Collectors.toUnmodifiableMap(JsonLogicExpression::key, Function.identity()));

    private static final int MAX_STEPS = 10_000;

    private final JsonLogicNode root;

    JsonLogicCondition(JsonLogicNode root) {
        this.root = root;
    }

    @Override
    public boolean holds(Map<String, Object> facts) {
        try {
            return JsonLogic.truthy(new Evaluation().evaluate(root, facts, "$"));
        } catch (JsonLogicEvaluationException | RuntimeException e) {
            throw new ConditionException("the condition does not fit the facts", e);
        }
    }

    /** What it will say of an event of which only some facts are known; null when that depends on the others. */
    @Nullable
    Boolean foretell(Foreknowledge known) {
        return foretell(root, known);
    }

    private static @Nullable Boolean foretell(JsonLogicNode node, Foreknowledge known) {
        if (node instanceof JsonLogicOperation operation) {
            JsonLogicArray arguments = operation.getArguments();
            return switch (operation.getOperator()) {
                case "and" -> foretellAll(arguments, known, true);
                case "or" -> foretellAll(arguments, known, false);
                case "!!" -> foretell(arguments.get(0), known);
                case "!" -> {
                    Boolean inner = foretell(arguments.get(0), known);
                    yield inner == null ? null : Boolean.valueOf(!inner);
                }
                default -> foretellAsWhole(node, known);
            };
        }
        return foretellAsWhole(node, known);
    }

    private static @Nullable Boolean foretellAsWhole(JsonLogicNode node, Foreknowledge known) {
        return dependsOnlyOn(known, node) ? new JsonLogicCondition(node).holdsForCertain(known.facts()) : null;
    }

    /** With {@code and} one false decides, with {@code or} one true; else all have to be known. */
    private static @Nullable Boolean foretellAll(List<JsonLogicNode> parts, Foreknowledge known, boolean and) {
        boolean open = false;
        for (JsonLogicNode part : parts) {
            Boolean foretold = foretell(part, known);
            if (foretold != null && foretold != and) {
                return foretold;
            }
            open |= foretold == null;
        }
        return open ? null : and;
    }

    private static boolean dependsOnlyOn(Foreknowledge known, JsonLogicNode node) {
        if (node instanceof JsonLogicVariable variable) {
            return variable.getKey() instanceof JsonLogicString name
                    && known.knows(name.getValue())
                    && dependsOnlyOn(known, variable.getDefaultValue());
        }
        if (node instanceof JsonLogicOperation operation) {
            return !operation.getOperator().equals("missing") && dependsOnlyOn(known, operation.getArguments());
        }
        return !(node instanceof JsonLogicArray array) || array.stream().allMatch(each -> dependsOnlyOn(known, each));
    }

    /** A policy whose condition does not fit the facts does not act. */
    private boolean holdsForCertain(Map<String, Object> facts) {
        try {
            return holds(facts);
        } catch (ConditionException e) {
            return false;
        }
    }

    /** One evaluation, which counts its steps. */
    private static final class Evaluation extends JsonLogicEvaluator {

        private int steps;

        Evaluation() {
            super(OPERATORS);
        }

        @Override
        public @Nullable Object evaluate(JsonLogicNode node, @Nullable Object data, String path)
                throws JsonLogicEvaluationException {
            if (++steps > MAX_STEPS) {
                throw new JsonLogicEvaluationException("more than " + MAX_STEPS + " steps", path);
            }
            return super.evaluate(node, data, path);
        }
    }

    /** The library's {@code in} fails when what is looked for is missing; a missing thing is nowhere. */
    private static final class InOrNowhere implements PreEvaluatedArgumentsExpression {

        @Override
        public String key() {
            return InExpression.INSTANCE.key();
        }

        @Override
        @SuppressWarnings("rawtypes") // the library's signature
        public Object evaluate(List arguments, @Nullable Object data, String path) throws JsonLogicEvaluationException {
            return arguments.get(0) == null ? false : InExpression.INSTANCE.evaluate(arguments, data, path);
        }
    }

    /** The names of which there is no fact. The library's own takes a map for missing. */
    private static final class Missing implements JsonLogicExpression {

        @Override
        public String key() {
            return "missing";
        }

        @Override
        public Object evaluate(JsonLogicEvaluator evaluator, JsonLogicArray arguments, Object data, String path)
                throws JsonLogicEvaluationException {
            var missing = new ArrayList<Object>();
            for (JsonLogicNode name : arguments) {
                if (evaluator.evaluate(new JsonLogicVariable(name, JsonLogicNull.NULL), data, path) == null) {
                    missing.add(evaluator.evaluate(name, data, path));
                }
            }
            return missing;
        }
    }
}

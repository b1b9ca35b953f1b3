package io.github.almeidatech.wppflow.router;

import java.util.List;

/** Where something lies, seen from the middle of all {@link Meanings}: of length one, or nowhere. Immutable. */
final class Direction {

    private final float[] values;

    private Direction(float[] values) {
        this.values = values;
    }

    /** Of a place; nowhere for one without length. */
    static Direction of(float[] place) {
        double length = Math.sqrt(product(place, place));
        var values = new float[place.length];
        for (int i = 0; i < values.length && length > 0; i++) {
            values[i] = (float) (place[i] / length);
        }
        return new Direction(values);
    }

    /** In the middle of several. */
    static Direction middle(List<Direction> all) {
        var sum = new float[Meanings.DIMENSIONS];
        for (Direction each : all) {
            for (int i = 0; i < sum.length; i++) {
                sum[i] += each.values[i];
            }
        }
        return of(sum);
    }

    /** From -1, opposite, to 1, the same direction; 0 when either is nowhere. */
    double nearness(Direction other) {
        return product(values, other.values);
    }

    private static double product(float[] one, float[] other) {
        double sum = 0;
        for (int i = 0; i < one.length; i++) {
            sum += one[i] * other[i];
        }
        return sum;
    }
}

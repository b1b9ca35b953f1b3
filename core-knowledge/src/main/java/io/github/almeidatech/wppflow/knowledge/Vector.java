package io.github.almeidatech.wppflow.knowledge;

/** An embedding of length one. Immutable. */
final class Vector {

    private final float[] values;

    /** @throws IllegalArgumentException when it has no direction */
    Vector(float[] embedding) {
        double squares = 0;
        for (float value : embedding) {
            squares += value * value;
        }
        if (!(squares > 0) || Double.isInfinite(squares)) {
            throw new IllegalArgumentException("an embedding with a direction wanted, got one of length "
                    + Math.sqrt(squares) + " in " + embedding.length + " dimensions");
        }
        values = new float[embedding.length];
        float scale = (float) (1 / Math.sqrt(squares));
        for (int i = 0; i < values.length; i++) {
            values[i] = embedding[i] * scale;
        }
    }

    int dimensions() {
        return values.length;
    }

    /** From -1, opposite, to 1, the same direction. */
    double cosine(Vector other) {
        if (values.length != other.values.length) {
            throw new IllegalArgumentException(
                    values.length + " dimensions cannot be compared with " + other.values.length);
        }
        double sum = 0;
        for (int i = 0; i < values.length; i++) {
            sum += values[i] * other.values[i];
        }
        return sum;
    }
}

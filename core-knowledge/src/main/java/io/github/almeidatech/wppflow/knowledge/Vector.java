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
        float[] a = values;
        float[] b = other.values;
        int i = 0;
        float sum0 = 0;
        float sum1 = 0;
        float sum2 = 0;
        float sum3 = 0;
        for (; i + 3 < a.length; i += 4) { // four sums do not wait for each other
            sum0 += a[i] * b[i];
            sum1 += a[i + 1] * b[i + 1];
            sum2 += a[i + 2] * b[i + 2];
            sum3 += a[i + 3] * b[i + 3];
        }
        for (; i < a.length; i++) {
            sum0 += a[i] * b[i];
        }
        return sum0 + sum1 + sum2 + sum3;
    }
}

package io.github.almeidatech.wppflow.router;

/** Accuracy, and how far confidence is from it on average, over ten bins. */
final class Score {

    private final int[] counts = new int[10];
    private final int[] hits = new int[10];
    private final double[] confidences = new double[10];

    void add(double confidence, boolean right) {
        int bin = Math.min(9, (int) (confidence * 10));
        counts[bin]++;
        hits[bin] += right ? 1 : 0;
        confidences[bin] += confidence;
    }

    double accuracy() {
        int right = 0;
        int all = 0;
        for (int bin = 0; bin < 10; bin++) {
            right += hits[bin];
            all += counts[bin];
        }
        return (double) right / all;
    }

    double calibrationError() {
        double error = 0;
        int all = 0;
        for (int bin = 0; bin < 10; bin++) {
            error += Math.abs(confidences[bin] - hits[bin]);
            all += counts[bin];
        }
        return error / all;
    }
}

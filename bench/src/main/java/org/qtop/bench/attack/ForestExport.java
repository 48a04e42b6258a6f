package org.qtop.bench.attack;

import java.io.IOException;
import java.util.List;
import org.qtop.bench.attack.learn.Forest;
import org.qtop.bench.trace.Flow;

/**
 * Writes down what k-fingerprinting's forest learns from and what it says, so that another program can do the same on
 * the same split: {@code scripts/forest-check} has scikit-learn do it. Not instantiable.
 *
 * <p>The form is comma-separated: {@code part} ({@code training} or {@code test}), {@code label} (the site's number),
 * {@code guess} (what our forest says of a test flow; of a training flow, -1), then the features.
 */
public final class ForestExport {

    private ForestExport() {
    }

    /**
     * Trains our forest once and writes all down. Validation flows are left out: the forest needs none.
     *
     * @param data one mode's flows, several labels among them
     * @param settings how many trees, and the seed
     * @param to where to
     * @throws IOException if it cannot be written
     * @throws IllegalArgumentException if the flows are too few or of one label
     */
    public static void write(Dataset data, AttackSettings settings, Appendable to) throws IOException {
        KFingerprintAttack attack = new KFingerprintAttack();
        Split split = Split.of(data.flows());
        int[] labels = LabelFigures.labels(split.training());
        List<Flow> training = split.training();
        float[][] features = training.stream().map(attack::features).toArray(float[][]::new);
        Forest forest = KFingerprintAttack.forest(features, LabelFigures.classes(training, labels), labels.length,
                settings, settings.seed());
        to.append("part,label,guess");
        for (int i = 0; i < features[0].length; i++) {
            to.append(",f").append(Integer.toString(i));
        }
        to.append('\n');
        for (int i = 0; i < features.length; i++) {
            line(to, "training", training.get(i).label(), -1, features[i]);
        }
        for (Flow flow : split.test()) {
            float[] row = attack.features(flow);
            line(to, "test", flow.label(), labels[forest.classOf(row)], row);
        }
    }

    private static void line(Appendable to, String part, int label, int guess, float[] features) throws IOException {
        to.append(part).append(',').append(Integer.toString(label)).append(',').append(Integer.toString(guess));
        for (float feature : features) {
            to.append(',').append(Float.toString(feature));
        }
        to.append('\n');
    }
}

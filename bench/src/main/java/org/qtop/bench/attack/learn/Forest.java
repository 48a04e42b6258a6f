package org.qtop.bench.attack.learn;

import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.IntStream;
import org.tribuo.Model;
import org.tribuo.MutableDataset;
import org.tribuo.classification.Label;
import org.tribuo.classification.LabelFactory;
import org.tribuo.classification.dtree.CARTClassificationTrainer;
import org.tribuo.classification.dtree.impurity.GiniIndex;
import org.tribuo.classification.ensemble.VotingCombiner;
import org.tribuo.common.tree.RandomForestTrainer;
import org.tribuo.common.tree.TreeModel;
import org.tribuo.ensemble.WeightedEnsembleModel;
import org.tribuo.impl.ArrayExample;
import org.tribuo.provenance.SimpleDataSourceProvenance;

/**
 * A random forest (L. Breiman, "Random Forests", Machine Learning 45, 2001) that tells classes apart. Immutable,
 * thread-safe.
 */
public final class Forest {

    /** Tribuo tells each tree's beginning and end; nobody asked. Held here, for loggers are forgotten otherwise. */
    private static final Logger TRIBUO = Logger.getLogger("org.tribuo");
    /** Trees are grown in this many groups, so that two processors can share them; part of what a seed means. */
    private static final int GROUPS = 4;

    static {
        TRIBUO.setLevel(Level.WARNING);
    }

    private final List<Tree> trees;
    private final int classes;

    private Forest(List<Tree> trees, int classes) {
        this.trees = trees;
        this.classes = classes;
    }

    /**
     * How a forest is grown.
     *
     * @param trees how many trees, 1 or more
     * @param depth how deep a tree may be, 1 or more
     * @param leaf the fewest examples that a part may have after a split, 1 or more
     */
    public record Shape(int trees, int depth, int leaf) {
    }

    /**
     * Grows a forest; each split looks at about the square root of the number of features.
     *
     * @param features a row for each example, all of one length, finite
     * @param classOf the class of each example, from 0
     * @param classes how many classes there are
     * @param shape how to grow it
     * @param seed where all randomness comes from
     * @return the forest
     * @throws IllegalArgumentException if there is no example, or all are of one class
     */
    public static Forest train(float[][] features, int[] classOf, int classes, Shape shape, long seed) {
        if (IntStream.of(classOf).distinct().count() < 2) {
            throw new IllegalArgumentException("a forest needs examples of at least two classes");
        }
        String[] names = IntStream.range(0, features[0].length).mapToObj(i -> String.format("%05d", i))
                .toArray(String[]::new);
        LabelFactory labels = new LabelFactory();
        MutableDataset<Label> examples = new MutableDataset<>(new SimpleDataSourceProvenance("traces",
                OffsetDateTime.of(2000, 1, 1, 0, 0, 0, 0, ZoneOffset.UTC), labels), labels);
        for (int i = 0; i < features.length; i++) {
            double[] row = new double[names.length];
            for (int k = 0; k < row.length; k++) {
                row[k] = features[i][k];
            }
            examples.add(new ArrayExample<>(new Label(Integer.toString(classOf[i])), names, row));
        }
        List<Tree> trees = IntStream.range(0, Math.min(GROUPS, shape.trees())).parallel()
                .mapToObj(group -> grow(examples, names, shape, seed, group))
                .flatMap(List::stream).toList();
        return new Forest(trees, classes);
    }

    private static List<Tree> grow(MutableDataset<Label> examples, String[] names, Shape shape, long seed, int group) {
        int groups = Math.min(GROUPS, shape.trees());
        int count = shape.trees() * (group + 1) / groups - shape.trees() * group / groups;
        float share = Math.min(1, (float) (Math.ceil(Math.sqrt(names.length)) / names.length));
        CARTClassificationTrainer cart = new CARTClassificationTrainer(shape.depth(), shape.leaf(), 0, share, false,
                new GiniIndex(), seed);
        WeightedEnsembleModel<Label> model = (WeightedEnsembleModel<Label>) new RandomForestTrainer<>(cart,
                new VotingCombiner(), count, seed * GROUPS + group).train(examples);
        List<Tree> trees = new ArrayList<>();
        for (Model<Label> one : model.getModels()) {
            TreeModel<Label> tree = (TreeModel<Label>) one;
            int[] feature = new int[tree.getFeatureIDMap().size()];
            for (int i = 0; i < names.length; i++) {
                int id = tree.getFeatureIDMap().getID(names[i]);
                if (id >= 0) {
                    feature[id] = i;
                }
            }
            trees.add(new Tree(tree.getRoot(), feature));
        }
        return trees;
    }

    /**
     * What the trees say of an example, on average.
     *
     * @param features as many as in training
     * @return a share for each class; they sum to 1
     */
    public float[] shares(float[] features) {
        float[] sum = new float[classes];
        for (Tree tree : trees) {
            tree.add(features, sum);
        }
        for (int i = 0; i < classes; i++) {
            sum[i] /= trees.size();
        }
        return sum;
    }

    /**
     * The likeliest class of an example.
     *
     * @param features as many as in training
     * @return the class, the lower one of two that are equally likely
     */
    public int classOf(float[] features) {
        return likeliest(shares(features));
    }

    /**
     * The place of the highest number.
     *
     * @param shares at least one
     * @return its index, the lower one of two equal ones
     */
    public static int likeliest(float[] shares) {
        int best = 0;
        for (int i = 1; i < shares.length; i++) {
            if (shares[i] > shares[best]) {
                best = i;
            }
        }
        return best;
    }
}

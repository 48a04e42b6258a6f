package org.qtop.bench.attack.learn;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.tribuo.classification.Label;
import org.tribuo.common.tree.LeafNode;
import org.tribuo.common.tree.Node;
import org.tribuo.common.tree.SplitNode;

/** A decision tree of Tribuo's as arrays. Immutable, thread-safe. */
final class Tree {

    /** For a split, the feature; for a leaf, -1. */
    private final int[] feature;
    private final double[] limit;
    /** For a split, the node for features above the limit (the other one is next); for a leaf, its number. */
    private final int[] go;
    private final int[][] classes;
    private final float[][] shares;

    /**
     * Takes a tree over.
     *
     * @param root of Tribuo's tree
     * @param features for each of Tribuo's numbers of a feature, ours
     */
    Tree(Node<Label> root, int[] features) {
        List<Node<Label>> nodes = new ArrayList<>();
        List<Integer> above = new ArrayList<>();
        collect(root, nodes, above);
        int leaves = 0;
        feature = new int[nodes.size()];
        limit = new double[nodes.size()];
        go = new int[nodes.size()];
        classes = new int[nodes.size()][];
        shares = new float[nodes.size()][];
        for (int i = 0; i < nodes.size(); i++) {
            if (nodes.get(i) instanceof SplitNode<Label> split) {
                feature[i] = features[split.getFeatureID()];
                limit[i] = split.splitValue();
                go[i] = above.get(i);
            } else {
                feature[i] = -1;
                go[i] = leaves;
                fill(leaves++, ((LeafNode<Label>) nodes.get(i)).getDistribution());
            }
        }
    }

    private static void collect(Node<Label> node, List<Node<Label>> nodes, List<Integer> above) {
        int own = nodes.size();
        nodes.add(node);
        above.add(0);
        if (node instanceof SplitNode<Label> split) {
            collect(split.getLessThanOrEqual(), nodes, above);
            above.set(own, nodes.size());
            collect(split.getGreaterThan(), nodes, above);
        }
    }

    private void fill(int leaf, Map<String, Label> distribution) {
        double total = distribution.values().stream().mapToDouble(Label::getScore).sum();
        List<Label> present = distribution.values().stream().filter(label -> label.getScore() > 0)
                .sorted((a, b) -> a.getLabel().compareTo(b.getLabel())).toList();
        classes[leaf] = present.stream().mapToInt(label -> Integer.parseInt(label.getLabel())).toArray();
        shares[leaf] = new float[present.size()];
        for (int i = 0; i < present.size(); i++) {
            shares[leaf][i] = (float) (present.get(i).getScore() / total);
        }
    }

    /** Adds what this tree says of an example. */
    void add(float[] features, float[] sum) {
        int at = 0;
        while (feature[at] >= 0) {
            at = features[feature[at]] > limit[at] ? go[at] : at + 1;
        }
        int[] found = classes[go[at]];
        for (int i = 0; i < found.length; i++) {
            sum[found[i]] += shares[go[at]][i];
        }
    }
}

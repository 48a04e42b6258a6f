package org.qtop.bench.attack.learn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class ForestTest {

    private static final Forest.Shape SHAPE = new Forest.Shape(30, 10, 1);

    /** Class 1 inside a ring, 2 far off, else 0. */
    private static int classOf(float[] point) {
        double radius = Math.hypot(point[0], point[1]);
        return radius < 0.5 ? 1 : radius > 1.1 ? 2 : 0;
    }

    private static float[][] points(Random random, int count) {
        float[][] points = new float[count][3];
        for (float[] point : points) {
            for (int i = 0; i < 3; i++) {
                point[i] = 2 * random.nextFloat() - 1;
            }
        }
        return points;
    }

    private static int[] classes(float[][] points) {
        int[] classes = new int[points.length];
        for (int i = 0; i < classes.length; i++) {
            classes[i] = classOf(points[i]);
        }
        return classes;
    }

    @Test
    void shouldLearnARing() {
        Random random = new Random(1);
        float[][] training = points(random, 1500);
        Forest forest = Forest.train(training, classes(training), 3, SHAPE, 5);
        int right = 0;
        for (float[] point : points(random, 1000)) {
            float[] shares = forest.shares(point);
            assertEquals(1, shares[0] + shares[1] + shares[2], 1e-4);
            right += forest.classOf(point) == classOf(point) ? 1 : 0;
        }
        assertTrue(right > 930, right + " of 1000");
    }

    @Test
    void shouldBeTheSameForTheSameSeedOnly() {
        float[][] training = points(new Random(2), 300);
        float[] point = {0.45f, 0.2f, 0};
        float[] first = Forest.train(training, classes(training), 3, SHAPE, 1).shares(point);
        assertArrayEquals(first, Forest.train(training, classes(training), 3, SHAPE, 1).shares(point));
        float[] other = Forest.train(training, classes(training), 3, SHAPE, 2).shares(point);
        assertTrue(first[0] != other[0] || first[1] != other[1]);
    }

    @Test
    void shouldWantTwoClasses() {
        assertThrows(IllegalArgumentException.class,
                () -> Forest.train(new float[][] {{1}, {2}}, new int[] {1, 1}, 2, SHAPE, 1));
    }
}

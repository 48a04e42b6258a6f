package org.qtop.proxy.plot;

import java.util.Arrays;

/** A picture of coloured pixels on white, with smooth lines and letters. Confined to one thread. */
final class Canvas {

    private static final int WHITE = 0xFFFFFF;

    final int width;
    final int height;
    private final int[] pixels;
    private final float[] coverage;

    Canvas(int width, int height) {
        this.width = width;
        this.height = height;
        pixels = new int[width * height];
        coverage = new float[width * height];
        Arrays.fill(pixels, WHITE);
    }

    /** The colour at a place, as 0xRRGGBB. */
    int pixel(int x, int y) {
        return pixels[y * width + x];
    }

    /**
     * Draws a line through points.
     *
     * @param xy x and y of each point in turn, in pixels from the upper left corner
     * @param thickness in pixels
     * @param colour 0xRRGGBB
     */
    void line(double[] xy, double thickness, int colour) {
        cover(xy, thickness);
        paint(colour);
    }

    /** Writes text from left to right, beginning at a place on the base line. */
    void text(double x, double y, double size, int colour, String text) {
        double left = x;
        for (char letter : text.toCharArray()) {
            for (double[] stroke : Letters.strokes(letter)) {
                double[] xy = new double[stroke.length];
                for (int i = 0; i < stroke.length; i += 2) {
                    xy[i] = left + stroke[i] * size;
                    xy[i + 1] = y + stroke[i + 1] * size;
                }
                cover(xy, Math.max(1.1, size / 7));
            }
            left += Letters.ADVANCE * size;
        }
        paint(colour);
    }

    /** How wide a text is. */
    static double textWidth(double size, String text) {
        return text.length() * Letters.ADVANCE * size;
    }

    private void cover(double[] xy, double thickness) {
        for (int i = 0; i + 3 < xy.length || i == 0; i += 2) {
            int to = Math.min(i + 2, xy.length - 2);
            cover(xy[i], xy[i + 1], xy[to], xy[to + 1], thickness / 2);
        }
    }

    /** A pixel is covered by how near its middle is to the segment. */
    private void cover(double x0, double y0, double x1, double y1, double radius) {
        int top = (int) Math.max(0, Math.floor(Math.min(y0, y1) - radius - 1));
        int bottom = (int) Math.min(height - 1, Math.ceil(Math.max(y0, y1) + radius + 1));
        int left = (int) Math.max(0, Math.floor(Math.min(x0, x1) - radius - 1));
        int right = (int) Math.min(width - 1, Math.ceil(Math.max(x0, x1) + radius + 1));
        for (int y = top; y <= bottom; y++) {
            for (int x = left; x <= right; x++) {
                double away = distance(x + 0.5, y + 0.5, x0, y0, x1, y1);
                float covered = (float) Math.max(0, Math.min(1, radius + 0.5 - away));
                coverage[y * width + x] = Math.max(coverage[y * width + x], covered);
            }
        }
    }

    private static double distance(double x, double y, double x0, double y0, double x1, double y1) {
        double dx = x1 - x0;
        double dy = y1 - y0;
        double length = dx * dx + dy * dy;
        double along = length == 0 ? 0 : Math.max(0, Math.min(1, ((x - x0) * dx + (y - y0) * dy) / length));
        return Math.hypot(x - x0 - along * dx, y - y0 - along * dy);
    }

    private void paint(int colour) {
        for (int i = 0; i < pixels.length; i++) {
            if (coverage[i] > 0) {
                pixels[i] = mixed(pixels[i], colour, coverage[i]);
                coverage[i] = 0;
            }
        }
    }

    private static int mixed(int below, int above, float part) {
        int mixed = 0;
        for (int shift = 0; shift <= 16; shift += 8) {
            float from = below >> shift & 0xFF;
            float to = above >> shift & 0xFF;
            mixed |= Math.round(from + (to - from) * part) << shift;
        }
        return mixed;
    }
}

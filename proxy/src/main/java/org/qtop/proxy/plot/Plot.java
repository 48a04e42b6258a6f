package org.qtop.proxy.plot;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Curves over two axes. Confined to one thread. */
public final class Plot {

    private static final int WIDTH = 960;
    private static final int HEIGHT = 600;
    private static final int LEFT = 90;
    private static final int RIGHT = 30;
    private static final int TOP = 70;
    private static final int BOTTOM = 80;
    private static final int BLACK = 0x202020;
    private static final int GREY = 0xD8D8D8;
    private static final int[] COLOURS = {0x0B6FB8, 0xC8500A, 0x2E7D32, 0x7B3FA0, 0x8A6D00};
    private static final double TEXT = 12;
    private static final double TITLE = 15;
    private static final int MOST_STEPS = 8;

    /**
     * One curve.
     *
     * @param name what it shows
     * @param x places along the first axis, rising
     * @param y heights at them, as many
     */
    public record Curve(String name, double[] x, double[] y) {
    }

    private final String title;
    private final String xName;
    private final double xEnd;
    private final double yFrom;
    private final double yEnd;
    private final List<Curve> curves = new ArrayList<>();
    private double mark = Double.NaN;

    /**
     * An empty plot.
     *
     * @param title above it
     * @param xName what the first axis shows, with its unit; it begins at 0
     * @param xEnd where it ends, above 0
     * @param yFrom where the second axis begins
     * @param yEnd where it ends, above {@code yFrom}
     */
    public Plot(String title, String xName, double xEnd, double yFrom, double yEnd) {
        this.title = title;
        this.xName = xName;
        this.xEnd = xEnd;
        this.yFrom = yFrom;
        this.yEnd = yEnd;
    }

    /**
     * Adds a curve, in a colour of its own.
     *
     * @param curve at most five in one plot
     */
    public void add(Curve curve) {
        curves.add(curve);
    }

    /**
     * Marks a place along the first axis by an upright line.
     *
     * @param x the place
     */
    public void mark(double x) {
        mark = x;
    }

    /**
     * Draws it.
     *
     * @return a PNG file
     */
    public byte[] png() {
        Canvas canvas = new Canvas(WIDTH, HEIGHT);
        xAxis(canvas);
        yAxis(canvas);
        if (mark >= 0 && mark <= xEnd) {
            canvas.line(new double[] {across(mark), up(yFrom), across(mark), up(yEnd)}, 1.2, BLACK);
        }
        for (int i = curves.size() - 1; i >= 0; i--) {
            canvas.line(points(curves.get(i)), 2.4, COLOURS[i % COLOURS.length]);
        }
        legend(canvas);
        canvas.text(LEFT, TOP / 2.0 + TITLE / 2, TITLE, BLACK, title);
        canvas.text((WIDTH + LEFT - RIGHT - Canvas.textWidth(TEXT, xName)) / 2, HEIGHT - 20, TEXT, BLACK, xName);
        return Png.of(canvas);
    }

    private void xAxis(Canvas canvas) {
        double step = step(xEnd);
        for (int i = 0; i * step <= xEnd * (1 + 1e-9); i++) {
            double x = across(i * step);
            canvas.line(new double[] {x, up(yFrom), x, up(yEnd)}, 1, i == 0 ? BLACK : GREY);
            String label = number(i * step);
            canvas.text(x - Canvas.textWidth(TEXT, label) / 2, up(yFrom) + 24, TEXT, BLACK, label);
        }
    }

    private void yAxis(Canvas canvas) {
        double step = step(yEnd - yFrom);
        for (int i = 0; yFrom + i * step <= yEnd * (1 + 1e-9); i++) {
            double y = up(yFrom + i * step);
            canvas.line(new double[] {across(0), y, across(xEnd), y}, 1, i == 0 ? BLACK : GREY);
            String label = number(yFrom + i * step);
            canvas.text(LEFT - 10 - Canvas.textWidth(TEXT, label), y + TEXT / 2, TEXT, BLACK, label);
        }
    }

    private void legend(Canvas canvas) {
        for (int i = 0; i < curves.size(); i++) {
            double y = up(yFrom) - 24 - (curves.size() - 1 - i) * 24;
            double right = WIDTH - RIGHT - 16;
            double left = right - Canvas.textWidth(TEXT, curves.get(i).name());
            canvas.text(left, y, TEXT, BLACK, curves.get(i).name());
            canvas.line(new double[] {left - 44, y - TEXT / 2, left - 12, y - TEXT / 2}, 3,
                    COLOURS[i % COLOURS.length]);
        }
    }

    private double[] points(Curve curve) {
        double[] xy = new double[2 * curve.x().length];
        for (int i = 0; i < curve.x().length; i++) {
            xy[2 * i] = across(curve.x()[i]);
            xy[2 * i + 1] = up(curve.y()[i]);
        }
        return xy;
    }

    private double across(double x) {
        return LEFT + x / xEnd * (WIDTH - LEFT - RIGHT);
    }

    private double up(double y) {
        return HEIGHT - BOTTOM - (y - yFrom) / (yEnd - yFrom) * (HEIGHT - TOP - BOTTOM);
    }

    /** The smallest of 1, 2 or 5 times a power of ten that cuts a range into few parts. */
    private static double step(double range) {
        double power = Math.pow(10, Math.floor(Math.log10(range / MOST_STEPS)));
        for (int times : new int[] {1, 2, 5}) {
            if (range / (power * times) <= MOST_STEPS) {
                return power * times;
            }
        }
        return power * 10;
    }

    private static String number(double value) {
        String text = String.format(Locale.ROOT, "%.6f", value);
        return text.replaceFirst("\\.?0+$", "");
    }
}

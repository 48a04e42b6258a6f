package org.qtop.proxy.plot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlotTest {

    private static BufferedImage read(byte[] png) throws IOException {
        return ImageIO.read(new ByteArrayInputStream(png));
    }

    @Test
    void shouldWriteWhatAnotherProgramReads() throws IOException {
        Canvas canvas = new Canvas(40, 20);
        canvas.line(new double[] {5, 10, 35, 10}, 4, 0x123456);
        BufferedImage picture = read(Png.of(canvas));
        assertEquals(40, picture.getWidth());
        assertEquals(20, picture.getHeight());
        for (int y = 0; y < 20; y++) {
            for (int x = 0; x < 40; x++) {
                assertEquals(canvas.pixel(x, y), picture.getRGB(x, y) & 0xFFFFFF);
            }
        }
        assertEquals(0x123456, canvas.pixel(20, 10));
        assertEquals(0xFFFFFF, canvas.pixel(20, 15));
        assertEquals(0xFFFFFF, canvas.pixel(1, 10));
    }

    @Test
    void shouldStayInsideThePicture() {
        Canvas canvas = new Canvas(10, 10);
        canvas.line(new double[] {-50, -50, 60, 60}, 3, 0);
        canvas.text(-5, 3, 12, 0, "Wide");
        assertEquals(0, canvas.pixel(5, 5));
    }

    @Test
    void shouldDrawEachCurveWhereItBelongs() throws IOException {
        Plot plot = new Plot("Title", "x", 10, 0, 1);
        plot.add(new Plot.Curve("flat", new double[] {0, 10}, new double[] {0.5, 0.5}));
        plot.add(new Plot.Curve("top", new double[] {0, 10}, new double[] {1, 1}));
        BufferedImage picture = read(plot.png());
        assertEquals(0x0B6FB8, picture.getRGB(500, 295) & 0xFFFFFF);
        assertEquals(0xC8500A, picture.getRGB(500, 70) & 0xFFFFFF);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Success of the best guesser: at one moment, or D later?", "time apart D in ms",
        " (1000000 streams that share the moment)", "least of any law (one stream)", "uniform", "exponential",
        "0123456789.-"})
    void shouldHaveEveryLetterThatIsWritten(String text) {
        List<double[]> unknown = Letters.strokes('\u2603');
        for (char letter : text.toCharArray()) {
            List<double[]> strokes = Letters.strokes(letter);
            assertEquals(letter == ' ', strokes.isEmpty(), () -> "letter " + letter);
            assertFalse(strokes.size() == 1 && java.util.Arrays.equals(strokes.get(0), unknown.get(0)),
                    () -> "letter " + letter);
        }
    }

    @Test
    void shouldTellLettersApart() {
        String letters = "ADHSTWabcdefghijklmnopqrstuvwxyz0123456789.,:-/=()?%";
        assertTrue(letters.chars().mapToObj(letter -> drawing((char) letter)).distinct().count() == letters.length());
    }

    private static String drawing(char letter) {
        Canvas canvas = new Canvas(20, 30);
        canvas.text(3, 20, 14, 0, String.valueOf(letter));
        StringBuilder drawing = new StringBuilder();
        for (int i = 0; i < 600; i++) {
            drawing.append(canvas.pixel(i % 20, i / 20) < 0x808080 ? '#' : ' ');
        }
        return drawing.toString();
    }
}

package org.qtop.proxy.plot;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Letters made of straight strokes, on a grid 4 wide and 6 high above the base line, 2 below it. Immutable.
 *
 * <p>A letter is written as its strokes, a stroke as its points, a point as two digits: column from the left, row from
 * the top.
 */
final class Letters {

    /** How far the next letter is, in heights of a capital. */
    static final double ADVANCE = 0.95;

    private static final double CAPITAL_ROWS = 6;
    private static final String UNKNOWN = "0040460600";
    private static final Map<Character, List<double[]>> STROKES = new HashMap<>();

    static {
        digits();
        marks();
        capitals();
        smallUpToM();
        smallFromN();
    }

    private Letters() {
    }

    private static void digits() {
        letter('0', "103041453616050110");
        letter('1', "112026 1636");
        letter('2', "01103041420646");
        letter('3', "01103041423313 334445361605");
        letter('4', "36300444");
        letter('5', "400003334445361605");
        letter('6', "4130100105163645443303");
        letter('7', "004016");
        letter('8', "13020110304142331304051636454433");
        letter('9', "0516364541301001021343");
    }

    private static void marks() {
        letter(' ', "");
        letter('.', "2626");
        letter(',', "2617");
        letter(':', "2323 2626");
        letter('-', "0343");
        letter('/', "4006");
        letter('=', "0242 0444");
        letter('(', "30212536");
        letter(')', "10212516");
        letter('?', "01103041422324 2626");
        letter('%', "4006 0000 4646");
    }

    private static void capitals() {
        letter('A', "062046 1434");
        letter('D', "00063645413000");
        letter('H', "0006 4046 0343");
        letter('S', "413010010213334445361605");
        letter('T', "0040 2026");
        letter('W', "0016223640");
    }

    private static void smallUpToM() {
        letter('a', "12324346 441405163645");
        letter('b', "0006 0312324345361605");
        letter('c', "4332120305163645");
        letter('d', "4046 4332120305163645");
        letter('e', "04444332120305163645");
        letter('f', "41302126 1232");
        letter('g', "4247381807 4332120305163645");
        letter('h', "0006 0312324346");
        letter('i', "2226 2020");
        letter('j', "222718 2020");
        letter('k', "0006 4205 1446");
        letter('l', "2026");
        letter('m', "0206 03122326 23324346");
    }

    private static void smallFromN() {
        letter('n', "0206 0312324346");
        letter('o', "123243453616050312");
        letter('p', "0208 0312324345361605");
        letter('q', "4248 4332120305163645");
        letter('r', "0206 03123243");
        letter('s', "43321203143445361605");
        letter('t', "20253646 1232");
        letter('u', "0205163645 4246");
        letter('v', "022642");
        letter('w', "0216233642");
        letter('x', "0246 4206");
        letter('y', "0226 4218");
        letter('z', "02420646");
    }

    private static void letter(char letter, String points) {
        STROKES.put(letter, read(points));
    }

    private static List<double[]> read(String points) {
        List<double[]> strokes = new ArrayList<>();
        for (String stroke : points.split(" ")) {
            double[] xy = new double[stroke.length()];
            for (int i = 0; i + 1 < xy.length; i += 2) {
                xy[i] = (stroke.charAt(i) - '0') / CAPITAL_ROWS;
                xy[i + 1] = (stroke.charAt(i + 1) - '0' - CAPITAL_ROWS) / CAPITAL_ROWS;
            }
            if (xy.length > 0) {
                strokes.add(xy);
            }
        }
        return List.copyOf(strokes);
    }

    /**
     * Gives the strokes of a letter.
     *
     * @return x and y of each point in turn, in heights of a capital, y up to 0 at the base line; a box for a letter
     *     that is not here
     */
    static List<double[]> strokes(char letter) {
        List<double[]> strokes = STROKES.get(letter);
        return strokes == null ? read(UNKNOWN) : strokes;
    }
}

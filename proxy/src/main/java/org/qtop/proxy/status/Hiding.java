package org.qtop.proxy.status;

import java.util.Locale;
import org.qtop.engine.guarantee.Guarantee;
import org.qtop.engine.guarantee.HoldShape;
import org.qtop.proxy.config.HoldAt;
import org.qtop.proxy.config.Settings;
import org.qtop.proxy.config.Values;

/** Says in one sentence what a set-up hides. Stateless. */
final class Hiding {

    private static final int PARTS = 10;

    private Hiding() {
    }

    /** The sentence, from the engine's guarantee, which is of holds before BEGIN leaves. */
    static String sentence(Settings settings, HoldAt holdAt) {
        if (holdAt == HoldAt.REPLY) {
            return "This set-up hides nothing of when you acted: streams are held " + holdAt.words()
                    + ", when the network has seen them; only their first data leaves late.";
        }
        HoldShape shape = settings.meanHoldNanos() == 0
                ? HoldShape.uniform(settings.minHoldNanos(), settings.maxHoldNanos())
                : HoldShape.exponential(settings.minHoldNanos(), settings.maxHoldNanos(), settings.meanHoldNanos());
        if (shape.widthNanos() < PARTS) {
            return "This set-up hides nothing: every stream is held for the same time.";
        }
        long apart = shape.widthNanos() / PARTS;
        double guess = Guarantee.bestGuess(shape.totalVariation(apart));
        return String.format(Locale.ROOT, "Whether you acted at one moment or %s later, whoever sees only the release"
                + " guesses right %.1f%% of the time (a coin: 50%%); from %s apart on it is no secret, and nothing else"
                + " is hidden.", Values.time(apart), 100 * guess, Values.time(shape.widthNanos()));
    }
}

/**
 * Pictures: curves over axes, drawn and written as PNG without the desktop classes of the JDK.
 *
 * <p>{@code java.awt} was left out on purpose: a headless JDK on a bare machine has no fonts, so text drawn with it
 * fails or comes out empty, and its native libraries want freetype and fontconfig. A few hundred lines of our own,
 * letters included, look the same everywhere.
 *
 * <p>Must never import another room.
 */
package org.qtop.proxy.plot;

/**
 * What learns for the attacks: random forests, from Tribuo, and small networks, of our own.
 *
 * <p>Numbers in, numbers out; deterministic for a seed. Tribuo trains its trees; they are then kept as plain arrays,
 * for a million pairs are judged by each forest, and Tribuo looks features up by name in each of them. Networks are
 * ours because a library for them brings native code of several hundred megabytes; their gradients are held against
 * finite differences by a test.
 *
 * <p>Must never import another room, nor another package of this one.
 */
package org.qtop.bench.attack.learn;

/**
 * JMH benchmarks, and the report that says what their figures mean.
 *
 * <p>A benchmark is named for the room it measures. It carries a {@link org.qtop.bench.micro.Meaning}: what one
 * operation is, and which method of the class is the baseline that the others are compared with; a figure without its
 * baseline says little. Benchmarks consume their results, loop nothing by hand, and run in three forks or more.
 */
package org.qtop.bench.micro;

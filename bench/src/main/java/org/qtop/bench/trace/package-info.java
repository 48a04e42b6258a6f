/**
 * What an observer has seen: times, directions and numbers of bytes, and nothing else; and the files it is kept in.
 *
 * <p>An attack is given what is in this room. What held or shaped the traffic is not told here, on purpose.
 *
 * <p>All numbers in files are variable-length integers, seven bits an octet, the lowest first, the top bit set on all
 * but the last octet (LEB128); <em>signed</em> ones are folded first, 0, -1, 1, -2 becoming 0, 1, 2, 3. One trace is:
 *
 * <ol>
 * <li>how many chunks it has;
 * <li>if there are any, the time of the first in nanoseconds, signed;
 * <li>for each chunk the nanoseconds since the one before it (0 for the first), and twice its bytes, plus 1 if it went
 * upstream.
 * </ol>
 *
 * <p>A trace file ({@link org.qtop.bench.trace.TraceFile}) is the eight octets {@code qtoptrc1}, one trace, and the
 * CRC-32 of that trace in four octets, highest first. The flows of one mode
 * ({@link org.qtop.bench.trace.FlowStore}) are the eight octets {@code qtopflw1} and then one record a flow: the
 * record's length in four octets, highest first; the flow's id, circuit and label (signed), its start (signed), and
 * its three traces (application, guard, destination); and the CRC-32 of all since the length. Records are only ever
 * appended, so a run that was cut off leaves whole flows and at most one torn record at the end.
 *
 * <p>Must never import another room.
 */
package org.qtop.bench.trace;

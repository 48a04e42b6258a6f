/**
 * The account of every release: the ring, the journal, and the verifier that watches both.
 *
 * <p>A release is recorded when both halves are known: when it happened (its event loop) and which circuit it rode
 * (Tor's events). Binding the advance to the circuit's path, checking it and writing it down happen under one lock, so
 * that a circuit's records stand in the journal in the order of its path. A journal line is written and flushed at
 * once: a queue would have to drop or to block when it is full, and a write to the page cache costs microseconds.
 *
 * <p>Each line carries all that is needed to check it (the law, the phase before and after, the count of bindings), so
 * that a journal may be appended to by several runs and cut at any line.
 *
 * <p>May import {@code stream} and the engine. Must never import a room that owns a socket.
 */
package org.qtop.proxy.audit;

/**
 * What a running proxy tells of itself: metrics for Prometheus, health for supervisors, JSON, and a page for people.
 *
 * <p>Decisions. It has one event loop of its own: whatever somebody asks here, no release waits for the answer. Nothing
 * is computed until somebody asks; the page's stream of events is computed once a second for all who look, and not at
 * all while nobody does. The text for Prometheus is written by the Prometheus client, whose classes are loaded by the
 * first scrape and not at the start.
 *
 * <p>Nothing here can change anything: only GET and HEAD are answered, so there is no token to guard. Still a web page
 * from elsewhere must not read it: the gate checks Host (a name that was rebound to loopback) and Origin and
 * Sec-Fetch-Site (a script of another site). No destination, login, payload or seed is sent, because none reaches this
 * room.
 *
 * <p>May import {@code stream}, {@code audit} and the engine. Must never import a room that owns a client's bytes.
 */
package org.qtop.proxy.status;

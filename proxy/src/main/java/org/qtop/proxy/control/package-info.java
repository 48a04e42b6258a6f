/**
 * Tor's control port: logging in, staying connected, typed events out, commands in.
 *
 * <p>{@link org.qtop.proxy.control.TorControl} is the only way in. It owns one connection at a time and builds a new
 * one when that is lost; {@link org.qtop.proxy.control.ControlObserver} hears of everything on one thread, in the order
 * in which Tor said it.
 *
 * <p>Decisions, with what was rejected:
 * <ul>
 * <li><b>jtorctl stands on a wire of ours</b> ({@code ControlWire}), not on the socket. The wire reads whole replies,
 * hands jtorctl only those that its parser survives, answers its waiting commands when the connection is lost, and
 * keeps the reply code that jtorctl drops. Rejected: the bare socket, where one short line ends jtorctl's reader and
 * strands every waiter; a copy of jtorctl, which somebody would have to keep up.
 * <li><b>Commands may be pipelined</b> ({@code TorControl.send}). jtorctl sends one command and waits for it; an
 * interceptor attaches thousands of streams a second. Tor answers in order, so the wire keeps one queue of who waits,
 * jtorctl's commands and ours alike. Rejected: several control connections, each with its own login, its own events and
 * still a round trip a command.
 * <li><b>Deadlines belong to the queue</b>: when its oldest command has waited too long the connection is closed and
 * built anew, since later replies could no longer be told apart. Rejected: a time limit a command that leaves the
 * connection open.
 * <li><b>Events are read through jtorctl's raw listener</b> and parsed here, because its {@code EventHandler} drops the
 * circuit and SOURCE_ADDR.
 * <li><b>The login is ours</b>, on the wire before jtorctl has it: its {@code protocolInfo} returns nothing, and only
 * so can an error say which file could not be read.
 * <li><b>Observers run on a thread apart from the reader</b>, so one may call commands; its queue is bounded, and
 * events beyond it are dropped and counted. Rejected: waiting for a slow observer, which would stop the replies too.
 * <li><b>SocketChannel for TCP and Unix sockets alike</b>: it can be closed under a blocked reader, and unlike the
 * streams of {@code Channels} in Java 17 it reads and writes at once.
 * </ul>
 *
 * <p>Targets, logins and event lines never reach a log or an exception. Must never import another room than
 * {@code stream}, {@code config} and {@code metrics}; jtorctl is imported nowhere else.
 */
package org.qtop.proxy.control;

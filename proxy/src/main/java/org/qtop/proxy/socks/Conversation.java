package org.qtop.proxy.socks;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.ByteToMessageDecoder;

/**
 * What a client said that may still matter, and how much of it Tor has got. Confined to one event loop.
 *
 * <p>It keeps the bytes from the first message that Tor has not wholly got. Whole messages go to Tor with whatever was
 * read together with them: Tor answers only the last of the messages that it reads at once, so where it would read them
 * at once from the client, it must from us.
 */
final class Conversation {

    private final ClientFramer framer = new ClientFramer();
    private ByteBuf bytes = Unpooled.EMPTY_BUFFER;
    private int messageAt;
    private int sent;
    private int held;

    /**
     * Takes in what the client said next.
     *
     * @param alloc for a larger buffer
     * @param more handed over
     */
    void append(ByteBufAllocator alloc, ByteBuf more) {
        bytes = ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(alloc, bytes, more);
    }

    /**
     * Goes on to the next message that is not a whole greeting or login.
     *
     * @return what it is: any but GREETING and LOGIN
     */
    ClientFramer.Message advance() {
        framer.mark();
        messageAt = 0;
        while (true) {
            ClientFramer.Message message = framer.next(bytes, bytes.readerIndex() + messageAt);
            if (message != ClientFramer.Message.GREETING && message != ClientFramer.Message.LOGIN) {
                return message;
            }
            messageAt += framer.length();
        }
    }

    /**
     * Sends Tor all that it has not got, and keeps the message that {@link #advance} stopped at.
     *
     * @param tor where to
     */
    void passOn(Channel tor) {
        if (size() > sent) {
            tor.writeAndFlush(bytes.retainedSlice(bytes.readerIndex() + sent, size() - sent), tor.voidPromise());
        }
        bytes.skipBytes(messageAt);
        messageAt = 0;
        sent = size();
        if (sent == 0) {
            drop();
        }
    }

    /** Notes that the request is complete with what is there now, unless that was noted before. */
    void holdHere() {
        held = held == 0 ? size() : held;
    }

    /**
     * The request that {@link #advance} stopped at.
     *
     * @return a view, to be read before anything else happens here
     */
    ByteBuf request() {
        return bytes.slice(bytes.readerIndex() + messageAt, framer.length());
    }

    /**
     * Tells whether anything came after the request was complete.
     *
     * @return true if something did
     */
    boolean hasLate() {
        return size() > held;
    }

    /**
     * Takes away what came after the request was complete.
     *
     * @return handed over
     */
    ByteBuf takeLate() {
        ByteBuf late = bytes.retainedSlice(bytes.readerIndex() + held, size() - held);
        bytes.writerIndex(bytes.readerIndex() + held);
        return late;
    }

    /**
     * Takes away what follows the request; the request stays.
     *
     * @return handed over
     */
    ByteBuf takeEarly() {
        int end = messageAt + framer.length();
        ByteBuf early = bytes.retainedSlice(bytes.readerIndex() + end, size() - end);
        bytes.writerIndex(bytes.readerIndex() + end);
        return early;
    }

    /**
     * Takes away what Tor has not got.
     *
     * @return handed over
     */
    ByteBuf takeUnsent() {
        return take().skipBytes(sent);
    }

    /**
     * Takes away what follows the request.
     *
     * @return handed over
     */
    ByteBuf takeBehindRequest() {
        return take().skipBytes(messageAt + framer.length());
    }

    /**
     * Takes away what is not answered: all from the first message that Tor has not wholly got. The framer is set back
     * to there.
     *
     * @return handed over
     */
    ByteBuf takeUnanswered() {
        framer.reset();
        return take();
    }

    private ByteBuf take() {
        ByteBuf taken = bytes;
        bytes = Unpooled.EMPTY_BUFFER;
        return taken;
    }

    /** Forgets the bytes. */
    void drop() {
        take().release();
        sent = 0;
    }

    /**
     * How much is kept.
     *
     * @return bytes
     */
    int size() {
        return bytes.readableBytes();
    }

    /**
     * What the messages are told by.
     *
     * @return the framer of this conversation
     */
    ClientFramer framer() {
        return framer;
    }
}

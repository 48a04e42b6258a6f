package org.qtop.proxy.status;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.util.CharsetUtil;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers the requests of one connection. Confined to one event loop. */
final class StatusHandler extends SimpleChannelInboundHandler<HttpObject> {

    /** How long a first request may take: 10 s. */
    static final int REQUEST_SECONDS = 10;

    private static final Logger LOG = LoggerFactory.getLogger(StatusHandler.class);
    private static final String PLAIN = "text/plain; charset=utf-8";
    private static final String JSON = "application/json";

    private final Subject subject;
    private final StatusJson json;
    private final EventStream events;
    private boolean asked;

    StatusHandler(Subject subject, StatusJson json, EventStream events) {
        this.subject = subject;
        this.json = json;
        this.events = events;
    }

    /** Whoever connects and does not ask, or asks byte by byte, is not waited for. */
    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        ctx.executor().schedule(() -> {
            if (!asked) {
                ctx.close();
            }
        }, REQUEST_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, HttpObject message) {
        if (message instanceof HttpRequest && !ctx.channel().isWritable()) {
            // Who asks on and reads nothing would have answers pile up without end.
            ctx.close();
        } else if (message instanceof HttpRequest request) {
            asked = true;
            Optional<HttpResponseStatus> refusal = Gate.refusal(request, ctx.channel());
            if (refusal.isPresent()) {
                refuse(ctx, refusal.get());
            } else {
                route(ctx, request);
            }
        } else if (message instanceof HttpContent content && content.content().isReadable()) {
            ctx.close();
        }
    }

    private void route(ChannelHandlerContext ctx, HttpRequest request) {
        String uri = request.uri();
        int query = uri.indexOf('?');
        String path = query < 0 ? uri : uri.substring(0, query);
        switch (path) {
            case "/metrics" -> answer(ctx, request, HttpResponseStatus.OK, MetricsText.CONTENT_TYPE,
                    new MetricsText(subject).write());
            case "/healthz" -> health(ctx, request, subject.alive().getAsBoolean(), "alive", "an event loop is silent");
            case "/readyz" -> health(ctx, request, subject.alive().getAsBoolean() && subject.tor().get().ready(),
                    "ready", "Tor is not ready");
            case "/api/status" -> answer(ctx, request, HttpResponseStatus.OK, JSON, json.status());
            case "/api/circuits" -> answer(ctx, request, HttpResponseStatus.OK, JSON, json.circuits());
            case "/api/streams" -> answer(ctx, request, HttpResponseStatus.OK, JSON, json.streams());
            case "/api/events" -> subscribe(ctx, request);
            default -> file(ctx, request, path.equals("/") ? "page.html" : path.substring(Math.min(1, path.length())));
        }
    }

    private static void health(ChannelHandlerContext ctx, HttpRequest request, boolean good, String yes, String no) {
        answer(ctx, request, good ? HttpResponseStatus.OK : HttpResponseStatus.SERVICE_UNAVAILABLE, PLAIN,
                ((good ? yes : no) + "\n").getBytes(CharsetUtil.US_ASCII));
    }

    private static void file(ChannelHandlerContext ctx, HttpRequest request, String name) {
        String type = Assets.type(name);
        if (type == null) {
            answer(ctx, request, HttpResponseStatus.NOT_FOUND, PLAIN, "There is no such page.\n".getBytes(
                    CharsetUtil.US_ASCII));
        } else {
            answer(ctx, request, HttpResponseStatus.OK, type, Assets.content(name));
        }
    }

    private void subscribe(ChannelHandlerContext ctx, HttpRequest request) {
        if (request.method().equals(HttpMethod.HEAD) || !events.hasRoom()) {
            refuse(ctx, HttpResponseStatus.SERVICE_UNAVAILABLE);
            return;
        }
        HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
        protect(head.headers());
        head.headers().set(HttpHeaderNames.CONTENT_TYPE, "text/event-stream");
        head.headers().set(HttpHeaderNames.CONNECTION, "close");
        ctx.write(head);
        events.add(ctx.channel());
    }

    private static void refuse(ChannelHandlerContext ctx, HttpResponseStatus status) {
        FullHttpResponse response = response(status, PLAIN, (status.reasonPhrase() + "\n").getBytes(
                CharsetUtil.US_ASCII));
        if (status.equals(HttpResponseStatus.METHOD_NOT_ALLOWED)) {
            response.headers().set(HttpHeaderNames.ALLOW, "GET, HEAD");
        }
        response.headers().set(HttpHeaderNames.CONNECTION, "close");
        ctx.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
    }

    private static void answer(ChannelHandlerContext ctx, HttpRequest request, HttpResponseStatus status, String type,
            byte[] content) {
        boolean head = request.method().equals(HttpMethod.HEAD);
        FullHttpResponse response = response(status, type, head ? new byte[0] : content);
        response.headers().set(HttpHeaderNames.CONTENT_LENGTH, content.length);
        boolean keep = HttpUtil.isKeepAlive(request);
        HttpUtil.setKeepAlive(response, keep);
        ChannelFuture sent = ctx.writeAndFlush(response);
        if (!keep) {
            sent.addListener(ChannelFutureListener.CLOSE);
        }
    }

    private static FullHttpResponse response(HttpResponseStatus status, String type, byte[] content) {
        ByteBuf body = Unpooled.wrappedBuffer(content);
        FullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, body);
        protect(response.headers());
        response.headers().set(HttpHeaderNames.CONTENT_TYPE, type);
        response.headers().set(HttpHeaderNames.CONTENT_LENGTH, content.length);
        return response;
    }

    private static void protect(HttpHeaders headers) {
        headers.set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self';"
                + " connect-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
        headers.set("X-Content-Type-Options", "nosniff");
        headers.set("X-Frame-Options", "DENY");
        headers.set("Cross-Origin-Resource-Policy", "same-origin");
        headers.set("Cross-Origin-Opener-Policy", "same-origin");
        headers.set("Referrer-Policy", "no-referrer");
        headers.set(HttpHeaderNames.CACHE_CONTROL, "no-store");
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof IdleStateEvent) {
            ctx.close();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        LOG.debug("a status connection failed: {}", cause.getClass().getSimpleName());
        ctx.close();
    }
}

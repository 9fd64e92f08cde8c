package dev.reseat.api.rest.passthrough;

import dev.reseat.api.rest.BodyReader;
import dev.reseat.api.rest.HttpFault;
import dev.reseat.api.rest.RequestLimits;
import dev.reseat.api.rest.RequestLog;
import dev.reseat.api.rest.Running;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;

/**
 * Stands where cinder-api stood. {@code os-reset_status} of a volume and our own paths are served here, everything else
 * goes to cinder-api, as it comes. Only the bodies of volumes' actions are read before: one that could be understood in
 * two ways is refused here, and a reset never goes on, whatever becomes of it here.
 */
public final class PassThrough extends Handler.Wrapper {
    private static final String ROUTE = "cinder-api";
    /** Names no action: what our own API refuses as Cinder refuses two. */
    private static final byte[] NO_ACTION = "{}".getBytes(StandardCharsets.UTF_8);

    private final PassThroughConfig config;
    private final RequestLimits limits;
    private final Running running;
    private final RequestLog log;
    private final CinderProxy cinder;
    private volatile UriCompliance ownCompliance = UriCompliance.DEFAULT;

    /** @param running what goes through takes its slots, as what is served here does */
    public PassThrough(PassThroughConfig config, RequestLimits limits, Running running, RequestLog log) {
        this.config = config;
        this.limits = limits;
        this.running = running;
        this.log = log;
        this.cinder = new CinderProxy(config);
        installBean(cinder);
    }

    @Override
    public void setServer(Server server) {
        super.setServer(server);
        cinder.setServer(server);
    }

    /** What cinder-api would read, the server must read too: each spelling of path and value, headers of its size. */
    public void widen(HttpConfiguration http) {
        ownCompliance = http.getUriCompliance();
        http.setUriCompliance(UriCompliance.UNSAFE);
        http.setRequestHeaderSize(CinderProxy.HEADERS);
        http.setHeaderCacheCaseSensitive(true);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        if (HttpMethod.CONNECT.is(request.getMethod())) {
            return refuse(new NoAnswer(405, "This server is no proxy."), response, callback);
        }
        String path = request.getHttpURI().getPath();
        if (isOurs(path)) {
            return serve(request, response, callback);
        }
        if (ActionPath.couldBe(path)) { // of whichever method: cinder-api takes another one from _method in the query
            return act(request, response, callback);
        }
        return pass(request, response, callback);
    }

    private static boolean isOurs(String path) {
        return !path.startsWith("/") || path.equals("/reseat") || path.startsWith("/reseat/")
                || path.equals("/v2.1") || path.startsWith("/v2.1/");
    }

    private boolean act(Request request, Response response, Callback callback) throws Exception {
        if (request.getLength() > config.maxBodySize()) {
            return serve(request, response, callback); // which says so
        }
        byte[] body;
        try (var _ = enter(request, response)) {
            body = new BodyReader(Content.Source.asInputStream(request), config.maxBodySize() + 1, limits).read();
        } catch (HttpFault refused) {
            return refuse(NoAnswer.to(refused), response, callback);
        } catch (IOException brokenOff) {
            callback.failed(brokenOff);
            return true;
        }
        Request read = new ReadRequest(request, body, request.getHttpURI());
        if (body.length > config.maxBodySize()) {
            return serve(read, response, callback);
        }
        return switch (Meaning.of(body)) {
            case OTHER -> pass(read, response, callback);
            case AMBIGUOUS -> serve(new ReadRequest(request, NO_ACTION, canonical(request)), response, callback);
            case RESET -> serve(new ReadRequest(request, body, canonical(request)), response, callback);
        };
    }

    private static HttpURI canonical(Request request) {
        HttpURI uri = request.getHttpURI();
        Optional<String> path = ActionPath.canonical(uri.getPath());
        return path.isEmpty() || path.get().equals(uri.getPath())
                ? uri
                : HttpURI.build(uri).path(path.get()).asImmutable();
    }

    private boolean serve(Request request, Response response, Callback callback) throws Exception {
        if (!request.getHttpURI().getViolations().stream().allMatch(ownCompliance::allows)) {
            Response.writeError(request, response, callback, 400);
            return true;
        }
        return super.handle(request, response, callback);
    }

    private Running.Slot enter(Request request, Response response) {
        return running.enter(Request.getRemoteAddr(request), false, response.getHeaders()::put);
    }

    /** Says so, and reads no further. */
    private static boolean refuse(NoAnswer answer, Response response, Callback callback) {
        response.getHeaders().put(HttpHeader.CONNECTION, "close");
        answer.write(response, callback);
        return true;
    }

    private boolean pass(Request request, Response response, Callback callback) {
        long begin = System.nanoTime();
        Callback logged = Callback.from(callback, () -> log.finished(
                Request.getRemoteAddr(request), request.getMethod(), request.getHttpURI().getPath(), ROUTE,
                response.getStatus(), Duration.ofNanos(System.nanoTime() - begin)));
        Running.Slot slot;
        try {
            slot = enter(request, response);
        } catch (HttpFault full) {
            return refuse(NoAnswer.to(full), response, logged);
        }
        Callback ended = Callback.from(logged, slot::close);
        try {
            return cinder.handle(request, response, ended);
        } catch (RuntimeException failure) {
            ended.failed(failure);
            return true;
        }
    }

    /** A request whose body has been read. */
    private static final class ReadRequest extends Request.Wrapper {
        private final Content.Source body;
        private final HttpURI uri;
        private final HttpFields headers;
        private final int length;

        ReadRequest(Request request, byte[] body, HttpURI uri) {
            super(request);
            this.body = Content.Source.from(ByteBuffer.wrap(body));
            this.uri = uri;
            this.headers = HttpFields.build(request.getHeaders()).remove(HttpHeader.EXPECT).asImmutable();
            this.length = body.length;
        }

        @Override
        public HttpURI getHttpURI() {
            return uri;
        }

        @Override
        public HttpFields getHeaders() {
            return headers;
        }

        @Override
        public long getLength() {
            return length;
        }

        @Override
        public Content.Chunk read() {
            return body.read();
        }

        @Override
        public void demand(Runnable demandCallback) {
            body.demand(demandCallback);
        }

        @Override
        public void fail(Throwable failure) {
            body.fail(failure);
        }
    }
}

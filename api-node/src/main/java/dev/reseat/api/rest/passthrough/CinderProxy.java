package dev.reseat.api.rest.passthrough;

import dev.reseat.api.rest.passthrough.ClientWatch.ClientGone;
import dev.reseat.runtime.TrustedCertificates;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.transport.HttpClientTransportOverHTTP;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.proxy.ProxyHandler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Sends requests on to cinder-api and its answers back, as they come: path and query letter by letter, bodies in
 * pieces, the {@code Host} the client has sent. Only what concerns one connection is taken out. A client that goes away
 * ends its request behind us too; one for which no connection becomes free in time is refused.
 */
final class CinderProxy extends ProxyHandler {
    private static final System.Logger LOG = System.getLogger(CinderProxy.class.getName());
    /** Less than web servers keep connections that are idle: a request must not meet the end of one. */
    private static final Duration IDLE = Duration.ofSeconds(4);
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final int WAITING = 4096;
    private static final int THREADS = 32;
    private static final Set<String> OF_CONNECTION = Set.of(
            "connection", "content-length", "expect", "keep-alive", "proxy-authenticate", "proxy-authorization",
            "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade");
    /** What tokens and catalogs have been seen to need. */
    static final int HEADERS = 64 * 1024;

    private final PassThroughConfig config;

    CinderProxy(PassThroughConfig config) {
        this.config = config;
        setViaHost("reseat");
    }

    @Override
    protected HttpClient newHttpClient() {
        var connector = new ClientConnector();
        var threads = new QueuedThreadPool(THREADS, 2);
        threads.setName("cinder-api");
        connector.setExecutor(threads);
        connector.setSelectors(1);
        connector.setConnectTimeout(CONNECT_TIMEOUT);
        var tls = new SslContextFactory.Client();
        config.caFile().map(TrustedCertificates::in).ifPresent(tls::setSslContext);
        connector.setSslContextFactory(tls);
        var http = new HttpClientTransportOverHTTP(connector);
        http.setHeaderCacheCaseSensitive(true); // values that it knows come as they are written, too
        return new HttpClient(http);
    }

    @Override
    protected void configureHttpClient(HttpClient client) {
        super.configureHttpClient(client);
        client.setUserAgentField(null);
        client.setMaxConnectionsPerDestination(config.connections());
        client.setMaxRequestsQueuedPerDestination(WAITING);
        client.setIdleTimeout(IDLE.toMillis());
        client.setMaxRequestHeadersSize(HEADERS);
        client.setMaxResponseHeadersSize(HEADERS);
    }

    @Override
    protected HttpURI rewriteHttpURI(Request request) {
        return HttpURI.from(config.cinderApi());
    }

    @Override
    protected org.eclipse.jetty.client.Request newProxyToServerRequest(Request request, HttpURI behind) {
        // two slashes in front would be read as a host
        String path = request.getHttpURI().getPathQuery().replaceFirst("^/+", "/");
        String prefix = config.cinderApi().getRawPath();
        return getHttpClient().newRequest(behind.toURI())
                .method(request.getMethod())
                .path(prefix + path)
                .idleTimeout(config.timeout().toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Nothing that a server in Python would take for a header of the connection: it reads an underscore as a dash. */
    @Override
    protected void copyRequestHeaders(Request request, org.eclipse.jetty.client.Request behind) {
        super.copyRequestHeaders(request, behind);
        behind.headers(headers -> {
            for (Iterator<HttpField> each = headers.iterator(); each.hasNext();) {
                String name = each.next().getLowerCaseName();
                if (name.indexOf('_') >= 0 && OF_CONNECTION.contains(name.replace('_', '-'))) {
                    each.remove();
                }
            }
        });
    }

    /**
     * {@code X-Forwarded-…}, as oslo.middleware reads them for cinder-api: one address, the caller's own. What a
     * trusted proxy in front of us has said of how it was reached stays; nobody else's words have come as far as this.
     */
    @Override
    protected void addForwardedHeader(Request request, org.eclipse.jetty.client.Request behind) {
        String host = request.getHeaders().get(HttpHeader.HOST);
        behind.headers(headers -> {
            headers.put(HttpHeader.X_FORWARDED_FOR, Request.getRemoteAddr(request));
            putIfAbsent(headers, HttpHeader.X_FORWARDED_PROTO, request.isSecure() ? "https" : "http");
            if (host != null) {
                putIfAbsent(headers, HttpHeader.X_FORWARDED_HOST, host);
            }
        });
    }

    private static void putIfAbsent(HttpFields.Mutable headers, HttpHeader name, String value) {
        if (!headers.contains(name)) {
            headers.put(name, value);
        }
    }

    @Override
    protected void sendProxyToServerRequest(
            Request request, org.eclipse.jetty.client.Request behind, Response response, Callback callback) {
        var watch = new ClientWatch(request, gone -> abort(behind, gone));
        Scheduler.Task late = getHttpClient().getScheduler()
                .schedule(() -> abort(behind, new RejectedExecutionException("no connection was free in time")),
                        config.queueTimeout().toMillis(), TimeUnit.MILLISECONDS);
        behind.onRequestBegin(_ -> late.cancel());
        // until then the server notices an end by itself; from then on silence is cinder-api's
        behind.onRequestSuccess(_ -> watch.begin());
        request.addIdleTimeoutListener(_ -> !watch.hasBegun());
        super.sendProxyToServerRequest(request, behind, response, Callback.from(() -> {
            late.cancel();
            watch.end();
            callback.succeeded();
        }, failure -> {
            late.cancel();
            watch.end();
            callback.failed(failure);
        }));
    }

    private static void abort(org.eclipse.jetty.client.Request behind, Throwable why) {
        CompletableFuture<Boolean> _ = behind.abort(why); // what becomes of it the answer's listener is told
    }

    @Override
    protected org.eclipse.jetty.client.Response.CompleteListener newServerToProxyResponseListener(
            Request request, org.eclipse.jetty.client.Request behind, Response response, Callback callback) {
        return new ProxyResponseListener(request, behind, response, callback) {
            @Override
            public void onHeaders(org.eclipse.jetty.client.Response answer) {
                super.onHeaders(answer);
                namedByConnection(answer.getHeaders()).forEach(response.getHeaders()::remove);
            }
        };
    }

    /** What an answer says concerns one connection only. */
    private static Set<String> namedByConnection(HttpFields headers) {
        Set<String> names = new HashSet<>();
        headers.getCSV(HttpHeader.CONNECTION, false).forEach(name -> names.add(name.toLowerCase(Locale.ROOT)));
        return names;
    }

    @Override
    protected void onServerToProxyResponseFailure(
            Request request,
            org.eclipse.jetty.client.Request behind,
            org.eclipse.jetty.client.Response answer,
            Response response,
            Callback callback,
            Throwable failure) {
        boolean byClient = failure instanceof ClientGone || failure instanceof HttpException;
        if (byClient || response.isCommitted()) {
            callback.failed(failure);
            return;
        }
        NoAnswer answered = NoAnswer.because(failure);
        LOG.log(Level.WARNING, () -> "cinder-api at " + config.cinderApi() + ": " + request.getMethod() + " "
                + request.getHttpURI().getPath() + " " + answered.status() + ": " + failure);
        response.reset();
        answered.write(response, callback);
    }
}

package dev.reseat.api.rest;

import dev.reseat.api.rest.RestConfig.AuthStrategy;
import dev.reseat.api.rest.passthrough.PassThrough;
import dev.reseat.runtime.ServerTls;
import dev.reseat.runtime.Service;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.HandlerType;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Inject;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/**
 * The HTTP server of api-node: the block storage and compute APIs in OpenStack's form, and Reseat's own. Requests run
 * on virtual threads. After {@link #start} it answers; {@link #drain} refuses new requests with 503 while those inside
 * finish.
 */
public final class RestServer implements Service {
    private static final System.Logger LOG = System.getLogger(RestServer.class.getName());

    private final RestConfig config;
    private final Running running;
    private final Javalin server;
    private boolean started;

    /** @param resources in the order in which their routes are tried */
    @Inject
    public RestServer(RestConfig config, Authenticator authenticator, MeterRegistry meters, Set<Resource> resources) {
        this.config = config;
        this.running = new Running(config.limits());
        RequestLog log = new RequestLog(meters);
        Optional<PassThrough> front = config.passThrough()
                .map(behind -> new PassThrough(behind, config.limits(), running, log));
        RequestPipeline pipeline = new RequestPipeline(config, authenticator, log, running);
        Routes routes = new Routes();
        resources.forEach(resource -> resource.register(routes));
        this.server = Javalin.create(javalin -> {
            listen(javalin, config, front);
            configure(javalin, pipeline, routes.all());
        });
    }

    /** @throws RuntimeException if the address is taken */
    @Override
    public synchronized void start() {
        server.start();
        started = true;
        LOG.log(Level.INFO, () -> "REST APIs on " + (config.tls().isPresent() ? "https://" : "http://")
                + config.listen() + ":" + port());
        config.passThrough()
                .ifPresent(behind -> LOG.log(Level.INFO, () -> "everything else goes to " + behind.cinderApi()));
        if (config.authStrategy() == AuthStrategy.NOAUTH) {
            LOG.log(Level.WARNING, "auth_strategy is noauth: everybody who reaches this port is an administrator");
        }
    }

    @Override
    public Drained drain(Duration grace) {
        return running.drain(grace);
    }

    @Override
    public synchronized void stop() {
        if (started) {
            server.stop();
            started = false;
        }
    }

    /** The port it listens on; only after {@link #start}. */
    public int port() {
        return server.port();
    }

    private static void listen(JavalinConfig javalin, RestConfig config, Optional<PassThrough> front) {
        SlowHeaders slow = new SlowHeaders(config.limits());
        javalin.jetty.modifyServer(jetty -> {
            jetty.setErrorHandler(new MalformedRequests());
            front.ifPresent(jetty::setHandler);
        });
        javalin.jetty.addConnector((jetty, http) -> {
            http.addCustomizer(slow);
            http.addCustomizer(config.proxies());
            front.ifPresent(passing -> passing.widen(http));
            HttpConnectionFactory plain = new HttpConnectionFactory(http);
            ServerConnector connector = config.tls()
                    .map(tls -> new ServerConnector(jetty, encrypting(tls), plain))
                    .orElseGet(() -> new ServerConnector(jetty, plain));
            connector.setHost(config.listen());
            connector.setPort(config.port());
            connector.addBean(slow, true);
            return connector;
        });
    }

    private static SslConnectionFactory encrypting(ServerTls tls) {
        SslContextFactory.Server factory = new SslContextFactory.Server();
        factory.setSslContext(tls.context());
        factory.setIncludeProtocols(ServerTls.PROTOCOLS.toArray(String[]::new));
        factory.setNeedClientAuth(tls.clientAuthorities().isPresent());
        return new SslConnectionFactory(factory, HttpVersion.HTTP_1_1.asString());
    }

    private static void configure(JavalinConfig javalin, RequestPipeline pipeline, List<Route> routes) {
        javalin.concurrency.useVirtualThreads = true;
        javalin.startup.showJavalinBanner = false;
        javalin.startup.showOldJavalinVersionWarning = false;
        javalin.http.defaultContentType = "application/json";
        javalin.router.ignoreTrailingSlashes = false;
        for (Route route : routes) {
            HandlerType method = HandlerType.findOrCreate(route.method());
            javalin.routes.addHttpHandler(method, route.path(), http -> pipeline.serve(http, Optional.of(route)));
        }
        for (HandlerType method : HandlerType.commonHttp()) {
            javalin.routes.addHttpHandler(method, "/*", http -> pipeline.serve(http, Optional.empty()));
        }
    }
}

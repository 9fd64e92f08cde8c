package dev.reseat.api.rest;

import dev.reseat.api.rest.RestConfig.AuthStrategy;
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
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.ServerConnector;

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
        RequestPipeline pipeline = new RequestPipeline(config, authenticator, new RequestLog(meters), running);
        Routes routes = new Routes();
        resources.forEach(resource -> resource.register(routes));
        this.server = Javalin.create(javalin -> {
            listen(javalin, config);
            configure(javalin, pipeline, routes.all());
        });
    }

    /** @throws RuntimeException if the address is taken */
    @Override
    public synchronized void start() {
        server.start();
        started = true;
        LOG.log(Level.INFO, () -> "REST APIs on http://" + config.listen() + ":" + port());
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

    private static void listen(JavalinConfig javalin, RestConfig config) {
        SlowHeaders slow = new SlowHeaders(config.limits());
        javalin.jetty.modifyServer(jetty -> jetty.setErrorHandler(new MalformedRequests()));
        javalin.jetty.addConnector((jetty, http) -> {
            http.addCustomizer(slow);
            ServerConnector connector = new ServerConnector(jetty, new HttpConnectionFactory(http));
            connector.setHost(config.listen());
            connector.setPort(config.port());
            connector.addBean(slow, true);
            return connector;
        });
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

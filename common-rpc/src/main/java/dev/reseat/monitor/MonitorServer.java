package dev.reseat.monitor;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import dev.reseat.monitor.Health.Status;
import dev.reseat.runtime.ServerTls;
import dev.reseat.runtime.Service;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLParameters;

/**
 * Answers {@code /metrics} for Prometheus, {@code /health} for load balancers (200 only if no check is down and the
 * process takes new work; one that is degraded says so in the body) and {@code /health/live} for supervisors (200 as
 * long as it answers). Without authentication.
 *
 * <p>List it last in a {@code Lifecycle}: then it can be reached once all works, says "draining" before anything else
 * drains, and answers until the drains are over.
 */
public final class MonitorServer implements Service {
    private static final System.Logger LOG = System.getLogger(MonitorServer.class.getName());
    private static final Duration CHECK_LIMIT = Duration.ofSeconds(2);

    private final MonitorConfig config;
    private final PrometheusMeterRegistry meters;
    private final HealthChecks checks;
    private volatile Optional<Running> running = Optional.empty();
    private volatile boolean draining;

    private record Running(HttpServer server, ExecutorService threads, ProcessMeters process) {}

    public MonitorServer(MonitorConfig config, PrometheusMeterRegistry meters, List<HealthCheck> checks) {
        this(config, meters, checks, CHECK_LIMIT);
    }

    MonitorServer(
            MonitorConfig config, PrometheusMeterRegistry meters, List<HealthCheck> checks, Duration checkLimit) {
        this.config = config;
        this.meters = meters;
        this.checks = new HealthChecks(checks, checkLimit);
    }

    /**
     * Returns when it listens, or at once if it is not enabled.
     *
     * @throws UncheckedIOException if it cannot listen there
     */
    @Override
    public void start() {
        if (!config.enabled()) {
            return;
        }
        HttpServer server;
        try {
            server = create(new InetSocketAddress(config.listen(), config.port()));
        } catch (IOException failure) {
            throw new UncheckedIOException(
                    "cannot listen on " + config.listen() + " port " + config.port() + " for [monitor]", failure);
        }
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
        running = Optional.of(new Running(server, threads, new ProcessMeters(meters)));
        LOG.log(Level.INFO, "metrics and health on {0}{1}", server.getAddress(),
                config.tls().isPresent() ? " with TLS" : "");
    }

    private HttpServer create(InetSocketAddress address) throws IOException {
        if (config.tls().isEmpty()) {
            return HttpServer.create(address, 0);
        }
        ServerTls tls = config.tls().get();
        HttpsServer server = HttpsServer.create(address, 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls.context()) {
            @Override
            public void configure(HttpsParameters connection) {
                SSLParameters parameters = getSSLContext().getDefaultSSLParameters();
                parameters.setProtocols(ServerTls.PROTOCOLS.toArray(String[]::new));
                parameters.setNeedClientAuth(tls.clientAuthorities().isPresent());
                connection.setSSLParameters(parameters);
            }
        });
        return server;
    }

    /** Says "draining" from now on, and goes on answering. */
    @Override
    public Drained drain(Duration grace) {
        draining = true;
        return Drained.CLEAN;
    }

    @Override
    public void stop() {
        running.ifPresent(parts -> {
            parts.server().stop(0);
            parts.threads().shutdownNow();
            parts.process().close();
        });
        running = Optional.empty();
    }

    /** Where it listens; empty before the start, after the stop, and if it is not enabled. */
    public Optional<InetSocketAddress> address() {
        return running.map(parts -> parts.server().getAddress());
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            answer(exchange).send(exchange);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    private MonitorAnswer answer(HttpExchange exchange) throws InterruptedException {
        String method = exchange.getRequestMethod();
        if (!method.equals("GET") && !method.equals("HEAD")) {
            return MonitorAnswer.error(405, "only GET and HEAD are answered here");
        }
        try {
            return switch (exchange.getRequestURI().getPath()) {
                case "/metrics" -> metrics(exchange);
                case "/health" -> MonitorAnswer.health(health());
                case "/health/live" -> MonitorAnswer.health(new HealthReport(Status.UP, Map.of()));
                default -> MonitorAnswer.error(404, "there are /metrics, /health and /health/live");
            };
        } catch (RuntimeException failure) {
            LOG.log(Level.ERROR, "cannot answer " + exchange.getRequestURI(), failure);
            return MonitorAnswer.error(500, "see the log");
        }
    }

    private MonitorAnswer metrics(HttpExchange exchange) {
        String accept = String.join(",", exchange.getRequestHeaders().getOrDefault("Accept", List.of()));
        String contentType = MetricsFormat.preferredBy(accept).contentType();
        return new MonitorAnswer(200, contentType, meters.scrape(contentType));
    }

    private HealthReport health() throws InterruptedException {
        HealthReport report = checks.run();
        return draining ? new HealthReport(Status.DRAINING, report.checks()) : report;
    }
}

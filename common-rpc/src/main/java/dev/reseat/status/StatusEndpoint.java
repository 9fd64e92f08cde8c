package dev.reseat.status;

import dev.reseat.contract.status.StatusRpc;
import dev.reseat.contract.status.StatusRpc.StatusTold;
import dev.reseat.contract.status.StatusRpc.TellStatus;
import dev.reseat.monitor.HealthCheck;
import dev.reseat.monitor.HealthChecks;
import dev.reseat.rpc.RequestContext;
import dev.reseat.rpc.RpcException;
import dev.reseat.rpc.client.RpcClient;
import dev.reseat.rpc.server.Endpoint;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/**
 * Tells an api-node that asks everybody. For all servers of a process together: of those that hear one question the
 * first tells. Thread-safe.
 */
public final class StatusEndpoint {
    private static final System.Logger LOG = System.getLogger(StatusEndpoint.class.getName());
    private static final Duration CHECK_LIMIT = Duration.ofSeconds(1);
    private static final Duration WITHIN = Duration.ofSeconds(5);

    private final String process = UUID.randomUUID().toString();
    private final String program;
    private final String host;
    private final List<String> servers;
    private final RpcClient client;
    private final HealthChecks checks;
    private String answered = ""; // guarded by this

    /**
     * @param program as it is called
     * @param servers as which it listens on its own topic
     * @param checks run at each question
     */
    public StatusEndpoint(
            String program, String host, List<String> servers, RpcClient client, List<HealthCheck> checks) {
        this.program = program;
        this.host = host;
        this.servers = List.copyOf(servers);
        this.client = client;
        this.checks = new HealthChecks(checks, CHECK_LIMIT);
    }

    /** To be served on the program's own topic. */
    public Endpoint endpoint() {
        return Endpoint.of(StatusRpc.NAMESPACE, StatusRpc.VERSION.major(), StatusRpc.VERSION.minor())
                .method(TellStatus.METHOD, TellStatus.class, this::tell)
                .build();
    }

    private Object tell(RequestContext context, TellStatus asked) {
        if (isNew(asked.question())) {
            try {
                client.prepare(StatusRpc.asking(asked.server()))
                        .timeout(WITHIN)
                        .expiring(WITHIN)
                        .cast(context, StatusTold.METHOD, told(asked.question()));
            } catch (RpcException e) {
                LOG.log(Level.WARNING, "api-node {0} could not be told how this process is: {1}", asked.server(),
                        e.getMessage());
            }
        }
        return null;
    }

    private synchronized boolean isNew(String question) {
        boolean isNew = !question.equals(answered);
        answered = question;
        return isNew;
    }

    private StatusTold told(String question) {
        return new StatusTold(
                question, process, program, host, servers, version(),
                started().truncatedTo(ChronoUnit.SECONDS).toString(),
                results());
    }

    private List<StatusTold.Check> results() {
        try {
            return checks.run()
                    .checks()
                    .entrySet()
                    .stream()
                    .map(check -> new StatusTold.Check(
                            check.getKey(), check.getValue().status().name().toLowerCase(Locale.ROOT),
                            check.getValue().detail()))
                    .toList();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while its checks were running", e);
        }
    }

    /** What the jar says it is. */
    private static String version() {
        return Optional.ofNullable(StatusEndpoint.class.getPackage().getImplementationVersion()).orElse("unpacked");
    }

    private static Instant started() {
        return ProcessHandle.current().info().startInstant().orElseGet(Instant::now);
    }
}

package dev.reseat.benchmark;

import java.time.Duration;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Client and server of one contender, running. For one thread. */
final class Pair implements AutoCloseable {
    private static final Duration ARRIVAL = Duration.ofMinutes(1);

    private final Contender contender;
    private final ProcessHandle broker;
    private final String form;
    private final int servers;
    private final PeerProcess server;
    private final PeerProcess client;

    private Pair(Contender contender, ProcessHandle broker, Plan plan, PeerProcess server, PeerProcess client) {
        this.contender = contender;
        this.broker = broker;
        this.form = plan.form();
        this.servers = plan.servers();
        this.server = server;
        this.client = client;
    }

    static Pair start(Contender contender, String transportUrl, ProcessHandle broker, Plan plan) {
        int servers = plan.servers();
        var server = PeerProcess.start(contender.label() + " server",
                contender.command("server", transportUrl, servers, plan.jvmFlags()));
        try {
            var client = PeerProcess.start(contender.label() + " client",
                    contender.command("client", transportUrl, servers, plan.jvmFlags()));
            return new Pair(contender, broker, plan, server, client);
        } catch (RuntimeException e) {
            server.close();
            throw e;
        }
    }

    Contender contender() {
        return contender;
    }

    /** Runs it for the time, and until all that was sent has arrived. */
    Measurement measure(Workload workload, Duration time) {
        server.ask(Map.of("do", "reset"), Duration.ZERO);
        long client0 = Usage.cpuNanos(client.handle());
        long server0 = Usage.cpuNanos(server.handle());
        long broker0 = Usage.cpuNanos(broker);
        long begin = System.nanoTime();
        JsonNode load =
                client.ask(Map.of("do", workload.kind().label(), "form", form, "size", workload.size(), "in_flight",
                        workload.inFlight(), "seconds", time.toMillis() / 1000.0), time);
        long sent = load.path("count").longValue();
        double seconds = load.path("seconds").doubleValue();
        if (workload.kind() != Workload.Kind.CALL) {
            awaitArrival(sent * (workload.kind() == Workload.Kind.FANOUT ? servers : 1));
            seconds = (System.nanoTime() - begin) / 1e9;
        }
        double each = Math.max(1, sent) * 1000.0;
        return new Measurement(sent, load.path("failed").longValue(), sent / seconds,
                load.path("p50").doubleValue(), load.path("p99").doubleValue(),
                (Usage.cpuNanos(client.handle()) - client0) / each, (Usage.cpuNanos(server.handle()) - server0) / each,
                (Usage.cpuNanos(broker) - broker0) / each);
    }

    private void awaitArrival(long expected) {
        long arrived = server.ask(
                Map.of("do", "await", "count", expected, "millis", ARRIVAL.toMillis()), ARRIVAL)
                .path("count")
                .longValue();
        if (arrived < expected) {
            throw new IllegalStateException(contender.label() + ": " + arrived + " of " + expected + " have arrived");
        }
    }

    @Override
    public void close() {
        client.close();
        server.close();
    }
}

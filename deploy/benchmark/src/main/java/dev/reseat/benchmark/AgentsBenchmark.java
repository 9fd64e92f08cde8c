package dev.reseat.benchmark;

import dev.reseat.broker.PrivateRabbitNode;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Measures what agents cost that do nothing but be there, and what the loss of the broker costs them. */
final class AgentsBenchmark {
    private static final Duration ANSWER_LIMIT = Duration.ofMinutes(5);

    private final Path server;
    private final Duration idle;
    private final PrintStream progress;

    /**
     * @param server as from {@link PrivateRabbitNode#installedServer}
     * @param idle how long nothing is asked, to see what being there costs
     */
    AgentsBenchmark(Path server, Duration idle, PrintStream progress) {
        this.server = server;
        this.idle = idle;
        this.progress = progress;
    }

    /** On a broker and in processes of their own, so that nothing of an earlier size is counted. */
    AgentsResult run(Hosting hosting, int agents) throws IOException, InterruptedException {
        progress.printf("%d agents: %s%n", agents, hosting.label());
        try (var scratch = Scratch.launch(server);
                var herd = Herd.start(hosting, agents, scratch.node().transportUrl());
                var pinger = Hosting.startPinger(scratch.node().transportUrl())) {
            return measure(hosting, agents, scratch.node(), herd, pinger);
        }
    }

    private AgentsResult measure(Hosting hosting, int agents, PrivateRabbitNode node, Herd herd, PeerProcess pinger)
            throws InterruptedException {
        double start = seconds(() -> herd.startAgents(agents));
        double ping = seconds(() -> awaitAnswers(pinger, agents));
        ProcessHandle beam = node.beam().orElseThrow();
        long broker0 = Usage.cpuNanos(beam);
        long agents0 = herd.cpuNanos();
        TimeUnit.NANOSECONDS.sleep(idle.toNanos());
        double idleBroker = 100.0 * (Usage.cpuNanos(beam) - broker0) / idle.toNanos();
        double idleAgents = 100.0 * (herd.cpuNanos() - agents0) / idle.toNanos();
        long heap = herd.heapBytes();
        long resident = herd.residentBytes();
        long brokerBytes = Usage.residentBytes(beam);
        JsonNode status = new JsonMapper().readTree(node.control("status", "--formatter", "json"));
        double down = seconds(() -> {
            node.kill();
            node.start();
        });
        double back = seconds(() -> awaitAnswers(pinger, agents));
        return new AgentsResult(hosting, agents, start, ping,
                status.at("/totals/connection_count").longValue() - 2, // the pinger's
                status.at("/totals/queue_count").longValue() - 1, brokerBytes,
                status.at("/memory/total/rss").longValue(), resident, heap, herd.threads(), idleBroker, idleAgents,
                down, back);
    }

    private static void awaitAnswers(PeerProcess pinger, int agents) {
        JsonNode said = pinger.ask(
                Map.of("do", "ping", "count", agents, "seconds", ANSWER_LIMIT.toSeconds()), ANSWER_LIMIT);
        if (said.path("answered").intValue() != agents) {
            throw new IllegalStateException("of " + agents + " agents have answered: " + said.path("answered"));
        }
    }

    private static double seconds(Runnable work) {
        long begin = System.nanoTime();
        work.run();
        return (System.nanoTime() - begin) / 1e9;
    }
}

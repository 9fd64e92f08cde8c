package dev.reseat.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.reseat.broker.PrivateRabbitNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Three real RabbitMQ nodes as one cluster, one cluster per test JVM, for tests that take it apart. A node that finds
 * itself alone pauses, as clouds configure it. Skipped, or failed, as {@link RabbitBroker#serverProgram} is.
 */
public final class RabbitCluster {
    private static final int SIZE = 3;
    private static final String CONFIGURATION = "cluster_partition_handling = pause_minority\n";
    private static Optional<RabbitCluster> shared = Optional.empty();

    private final List<PrivateRabbitNode> nodes;

    private RabbitCluster(List<PrivateRabbitNode> nodes) {
        this.nodes = nodes;
    }

    /** The cluster of this JVM, whole: what is down is started again. */
    public static synchronized RabbitCluster running() {
        if (shared.isEmpty()) {
            shared = Optional.of(launch(RabbitBroker.serverProgram()));
        }
        shared.get().startAll();
        return shared.get();
    }

    private static RabbitCluster launch(Path server) {
        try {
            Path directory = Files.createTempDirectory("reseat-cluster-");
            List<PrivateRabbitNode> nodes =
                    PrivateRabbitNode.launchCluster(server, directory, CONFIGURATION, SIZE);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                nodes.forEach(PrivateRabbitNode::kill);
                nodes.forEach(PrivateRabbitNode::close);
                remove(directory);
            }));
            return new RabbitCluster(nodes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As an option {@code transport_url} that names every node. */
    public String transportUrl() {
        return transportUrl(nodes.stream().map(PrivateRabbitNode::port).toList());
    }

    /** The same over other ports of this host, that lead to nodes. */
    public static String transportUrl(List<Integer> ports) {
        return ports.stream()
                .map(port -> "guest:guest@127.0.0.1:" + port)
                .collect(Collectors.joining(",", "rabbit://", "/"));
    }

    public List<PrivateRabbitNode> nodes() {
        return nodes;
    }

    /** Starts the nodes that are down, together: a cluster's last node may wait for the others. */
    public void startAll() {
        nodes.stream()
                .map(node -> CompletableFuture.runAsync(node::start, Thread::startVirtualThread))
                .toList()
                .forEach(CompletableFuture::join);
    }

    /** The node that leads a quorum queue, or has a classic one. */
    public PrivateRabbitNode leader(String queue) {
        String shown = nodes.getFirst().control("list_queues", "--no-table-headers", "name", "pid");
        List<PrivateRabbitNode> found = shown.lines()
                .filter(line -> line.startsWith(queue + "\t"))
                .flatMap(line -> nodes.stream().filter(node -> line.contains(node.name())))
                .toList();
        assertEquals(1, found.size(), () -> "no leader of " + queue + " in:\n" + shown);
        return found.getFirst();
    }

    /** Stops the process as it is: its connections stay open, and nothing is read or written. */
    public static void freeze(PrivateRabbitNode node) {
        FrozenProcess.freeze(node.beam().orElseThrow().pid());
    }

    public static void thaw(PrivateRabbitNode node) {
        FrozenProcess.thaw(node.beam().orElseThrow().pid());
    }

    /** Cuts the node off from the other nodes, not from its clients: it refuses their cookie. */
    public void isolate(PrivateRabbitNode node) {
        onOthers(node, "erlang:set_cookie(N, wrong), erlang:disconnect_node(N)");
    }

    /** Ends {@link #isolate}; the node and its queues are back some seconds later. */
    public void rejoin(PrivateRabbitNode node) {
        onOthers(node, "erlang:set_cookie(N, erlang:get_cookie()), net_kernel:connect_node(N)");
    }

    /** In one go: a node that loses one other before the next makes the cluster suspect a partial partition. */
    private void onOthers(PrivateRabbitNode node, String actions) {
        String others = nodes.stream()
                .filter(other -> !other.equals(node))
                .map(other -> "'" + other.name() + "'")
                .collect(Collectors.joining(", "));
        node.control("eval", "[begin " + actions + " end || N <- [" + others + "]].");
    }

    private static void remove(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

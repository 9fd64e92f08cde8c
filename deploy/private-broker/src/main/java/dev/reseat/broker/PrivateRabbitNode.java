package dev.reseat.broker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;

/**
 * A RabbitMQ node on the loopback interface with its own port mapper, cookie and directory, so that it meets no other
 * node of the machine. Its ports stay the same over stop and start, and so do its durable queues. Thread-safe.
 */
public final class PrivateRabbitNode implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofMinutes(2);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(20);
    private static final String NODE_READY = "Server startup complete";
    static final String LOOPBACK = "127.0.0.1";

    private final Path server;
    private final Path directory;
    private final String configuration;
    private final String cookie;
    private final PortMapper mapper;
    private final String name = "reseat-" + UUID.randomUUID().toString().substring(0, 8) + "@localhost";
    private final int port = LoopbackPorts.reserve();
    private final int distributionPort = LoopbackPorts.reserve();
    // guarded by this
    private Optional<Child> node = Optional.empty();
    /** Remembered: a node that is stopping has removed its pid file already. */
    private Optional<ProcessHandle> beam = Optional.empty();
    private Optional<DeadManSwitch> deadMan = Optional.empty();

    private PrivateRabbitNode(
            Path server, Path directory, String configuration, String cookie, PortMapper mapper) {
        this.server = server;
        this.directory = directory;
        this.configuration = configuration;
        this.cookie = cookie;
        this.mapper = mapper;
    }

    /** The program {@code rabbitmq-server} itself (not the wrapper that wants to be root or rabbitmq), if installed. */
    public static Optional<Path> installedServer() {
        List<Path> found = new ArrayList<>(glob(Path.of("/usr/lib/rabbitmq/lib"), "rabbitmq_server-*"));
        found.sort(Comparator.reverseOrder());
        return found.stream()
                .map(home -> home.resolve("sbin/rabbitmq-server"))
                .filter(Files::isExecutable)
                .findFirst()
                .or(() -> Optional.of(Path.of("/usr/lib/rabbitmq/bin/rabbitmq-server")).filter(Files::isExecutable));
    }

    /** As {@link #launch(Path, Path, String)}, with RabbitMQ's own defaults. */
    public static PrivateRabbitNode launch(Path server, Path directory) {
        return launch(server, directory, "");
    }

    /**
     * Starts a new node and waits until it accepts connections. It ends with this JVM, even if that is killed.
     *
     * @param server as from {@link #installedServer}
     * @param directory for its files; made if missing, not removed. Plugins are those of its {@code enabled_plugins}
     * @param configuration content of its {@code rabbitmq.conf}
     * @throws IllegalStateException if it does not start; the message ends with what it printed last
     */
    public static PrivateRabbitNode launch(Path server, Path directory, String configuration) {
        Path own = directory.toAbsolutePath();
        var node = new PrivateRabbitNode(server, own, configuration, newCookie(), new PortMapper(own));
        try {
            node.prepare("");
            node.start();
            return node;
        } catch (RuntimeException e) {
            node.close();
            throw e;
        }
    }

    /**
     * Starts new nodes that form one cluster, and waits until all accept connections. They end with this JVM.
     *
     * @param directory for their files, one folder each; made if missing, not removed
     * @param configuration added to the {@code rabbitmq.conf} of each
     * @throws IllegalStateException if one does not start
     */
    public static List<PrivateRabbitNode> launchCluster(
            Path server, Path directory, String configuration, int size) {
        Path own = directory.toAbsolutePath();
        var mapper = new PortMapper(own);
        String cookie = newCookie();
        List<PrivateRabbitNode> nodes = IntStream.range(0, size)
                .mapToObj(i -> new PrivateRabbitNode(server, own.resolve("node-" + i), configuration, cookie, mapper))
                .toList();
        String formation = formation(nodes);
        try {
            nodes.forEach(node -> node.prepare(formation));
            List<CompletableFuture<Void>> starts = nodes.stream()
                    .map(node -> CompletableFuture.runAsync(node::start, Thread::startVirtualThread))
                    .toList();
            starts.forEach(CompletableFuture::join);
            return nodes;
        } catch (CompletionException e) {
            nodes.forEach(PrivateRabbitNode::close);
            throw new IllegalStateException("the cluster does not start", e.getCause());
        }
    }

    private static String formation(List<PrivateRabbitNode> nodes) {
        var lines = new StringBuilder("""
                cluster_formation.peer_discovery_backend = classic_config
                cluster_formation.randomized_startup_delay_range.min = 0
                cluster_formation.randomized_startup_delay_range.max = 1
                """);
        for (int i = 0; i < nodes.size(); i++) {
            lines.append("cluster_formation.classic_config.nodes.%d = %s\n".formatted(i + 1, nodes.get(i).name));
        }
        return lines.toString();
    }

    /** As an option {@code transport_url}: account guest, virtual host {@code /}. */
    public String transportUrl() {
        return "rabbit://guest:guest@" + LOOPBACK + ":" + port + "/";
    }

    /** Its Erlang name, as {@code rabbitmqctl} shows it. */
    public String name() {
        return name;
    }

    public int port() {
        return port;
    }

    /** Starts the node again after {@link #stop} or {@link #kill}; waits until it accepts connections. */
    public synchronized void start() {
        if (deadMan.isEmpty()) {
            deadMan = Optional.of(DeadManSwitch.arm(List.of(pidFile(), mapper.pidFile())));
        }
        mapper.start(environment());
        if (!isRunning(node)) {
            List<String> words = List.of(server.toString());
            node = Optional.of(Child.start(words, environment(), directory.resolve("node.log"), NODE_READY));
            beam = Optional.empty();
            node.get().awaitReady(START_LIMIT);
            beam = writtenPid().flatMap(ProcessHandle::of);
        }
    }

    /** Stops the node in order, or ends it if that takes too long. Repeatable. */
    public synchronized void stop() {
        if (node.filter(child -> !child.end(STOP_LIMIT)).isPresent()) {
            kill();
        }
        ended();
    }

    /** Ends the node as a crash would (SIGKILL). Repeatable. */
    public synchronized void kill() {
        beam.ifPresent(ProcessHandle::destroyForcibly);
        if (node.filter(child -> !child.kill(STOP_LIMIT)).isPresent()) { // one that never was ready has told no pid
            throw new IllegalStateException("the RabbitMQ node does not end: " + name);
        }
        ended();
    }

    private void ended() {
        beam = Optional.empty();
        remove(pidFile());
    }

    /** The process that is the broker, while it runs; what {@link #start} runs is only its script. */
    public synchronized Optional<ProcessHandle> beam() {
        return beam.filter(ProcessHandle::isAlive);
    }

    private Optional<Long> writtenPid() {
        try {
            return Files.exists(pidFile())
                    ? Optional.of(Long.parseLong(Files.readString(pidFile()).strip()))
                    : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Runs {@code rabbitmqctl} on this node.
     *
     * @return what it printed
     * @throws IllegalStateException if it fails
     */
    public String control(String... words) {
        List<String> command = new ArrayList<>(
                List.of(server.resolveSibling("rabbitmqctl").toString(), "--quiet", "-n", name));
        command.addAll(List.of(words));
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().putAll(environment());
        try {
            Process process = builder.start();
            String printed = new String(process.getInputStream().readAllBytes(), Child.CHARSET);
            if (!process.waitFor(START_LIMIT.toSeconds(), TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IllegalStateException("rabbitmqctl " + List.of(words) + " failed: " + printed);
            }
            return printed;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while rabbitmqctl was running", e);
        }
    }

    /** Stops the node and its port mapper; to be called for all nodes of a cluster. Repeatable. */
    @Override
    public synchronized void close() {
        stop();
        mapper.close();
        deadMan.ifPresent(DeadManSwitch::close);
        deadMan = Optional.empty();
    }

    private Path pidFile() {
        return directory.resolve("pid");
    }

    private Path pluginFolder() {
        return directory.resolve("plugins");
    }

    private static void remove(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void prepare(String formation) {
        try {
            Files.createDirectories(directory);
            Path plugins = directory.resolve("enabled_plugins");
            if (!Files.exists(plugins)) {
                Files.writeString(plugins, "[].");
            }
            NodePlugins.link(server, Files.readString(plugins), pluginFolder());
            Files.writeString(directory.resolve("rabbitmq.conf"), formation + configuration);
            Path file = directory.resolve(".erlang.cookie");
            if (!Files.exists(file)) {
                Files.writeString(file, cookie);
                Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--------"));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String newCookie() {
        return UUID.randomUUID().toString().replace("-", "");
    }

    /** All the node sees: nothing of the machine's own RabbitMQ configuration is read. */
    private Map<String, String> environment() {
        Map<String, String> variables = new HashMap<>(Map.ofEntries(
                Map.entry("PATH", Optional.ofNullable(System.getenv("PATH")).orElse("/usr/bin:/bin")),
                Map.entry("HOME", directory.toString()),
                Map.entry("RABBITMQ_CONF_ENV_FILE", "/dev/null"),
                Map.entry("RABBITMQ_NODENAME", name),
                Map.entry("RABBITMQ_NODE_IP_ADDRESS", LOOPBACK),
                Map.entry("RABBITMQ_NODE_PORT", String.valueOf(port)),
                Map.entry("RABBITMQ_DIST_PORT", String.valueOf(distributionPort)),
                Map.entry("ERL_EPMD_PORT", String.valueOf(mapper.port())),
                Map.entry("ERL_EPMD_ADDRESS", LOOPBACK),
                Map.entry("RABBITMQ_MNESIA_BASE", directory.toString()),
                Map.entry("RABBITMQ_LOG_BASE", directory.toString()),
                Map.entry("RABBITMQ_LOGS", "-"),
                Map.entry("RABBITMQ_PID_FILE", pidFile().toString()),
                Map.entry("RABBITMQ_CONFIG_FILE", directory.resolve("rabbitmq").toString()), // it adds .conf
                Map.entry("RABBITMQ_ENABLED_PLUGINS_FILE", directory.resolve("enabled_plugins").toString()),
                Map.entry("RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS", "-kernel inet_dist_use_interface {127,0,0,1}")));
        if (Files.isDirectory(pluginFolder())) {
            variables.put("RABBITMQ_PLUGINS_DIR", pluginFolder().toString());
        }
        return variables;
    }

    private static boolean isRunning(Optional<Child> child) {
        return child.filter(Child::isRunning).isPresent();
    }

    private static List<Path> glob(Path directory, String pattern) {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (DirectoryStream<Path> found = Files.newDirectoryStream(directory, pattern)) {
            return StreamSupport.stream(found.spliterator(), false).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

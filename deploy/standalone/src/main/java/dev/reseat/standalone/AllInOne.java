package dev.reseat.standalone;

import dev.reseat.api.ApiNode;
import dev.reseat.compute.ComputeAgent;
import dev.reseat.launch.ServiceProgram;
import dev.reseat.monitor.MonitoredService;
import dev.reseat.runtime.ServiceGroup;
import dev.reseat.runtime.Settings;
import dev.reseat.volume.VolumeManager;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SequencedMap;
import java.util.TreeMap;

/**
 * All of Reseat in this process: databases, broker, one api-node, one volume-manager with one backend, and the agents
 * of two hosts. Each part is made of its settings, as in a process of its own, and meets the others over RPC
 * and HTTP only. Listens on loopback only.
 */
final class AllInOne implements AutoCloseable {
    private static final Duration GRACE = Duration.ofSeconds(15);

    private final WorkDirectory directory;
    private final EmbeddedDatabases databases;
    private final DemoBroker broker;
    private final CloudStorage storage;
    private final AllInOneSettings settings;
    private final SequencedMap<String, ComputeAgent> agents = new TreeMap<>();
    private final ServiceGroup started = new ServiceGroup(List.of());
    private URI root;

    private AllInOne(WorkDirectory directory, DemoBroker broker, CloudStorage storage) {
        this.directory = directory;
        this.databases = new EmbeddedDatabases(directory.directory("postgres"));
        this.broker = broker;
        this.storage = storage;
        this.settings = new AllInOneSettings(directory, storage);
    }

    /**
     * Returns when every part works.
     *
     * @param port of REST; 0 for any free one
     */
    static AllInOne start(WorkDirectory directory, DemoBroker broker, int port, CloudStorage storage) {
        return start(directory, broker, port, storage, true);
    }

    /** The same with nobody but the api-node; whoever calls has the others run, by {@link #settings}. */
    static AllInOne startWithoutWorkers(WorkDirectory directory, DemoBroker broker, CloudStorage storage) {
        return start(directory, broker, 0, storage, false);
    }

    private static AllInOne start(
            WorkDirectory directory, DemoBroker broker, int port, CloudStorage storage, boolean workers) {
        AllInOne cloud = new AllInOne(directory, broker, storage);
        try {
            cloud.start(port);
            if (workers) {
                cloud.startWorkers();
            }
            return cloud;
        } catch (RuntimeException failure) {
            try {
                cloud.close();
            } catch (RuntimeException another) {
                failure.addSuppressed(another);
            }
            throw failure;
        }
    }

    private void start(int port) {
        started.start(storage);
        started.start(databases);
        started.start(broker);
        ApiNode api = run(ApiNode.PROGRAM, settings.apiNode(databases, broker.transportUrl(), port));
        root = URI.create("http://127.0.0.1:" + api.port());
    }

    private void startWorkers() {
        run(VolumeManager.program(storage.commands()), settings.volumeManager(broker.transportUrl()));
        for (String host : AllInOneSettings.HOSTS) {
            agents.put(
                    host,
                    run(ComputeAgent.PROGRAM, settings.agent(host, broker.transportUrl(), volumeEndpoint())));
        }
    }

    /** As the part's own {@code main}, only with this cloud's broker and without a monitor. */
    private <S extends MonitoredService> S run(ServiceProgram<?, S> program, Settings settings) {
        ServiceProgram.Part<S> part = program.part(settings, broker::connect, new SimpleMeterRegistry());
        started.start(part.rpc());
        started.start(part.service());
        return part.service();
    }

    AllInOneSettings settings() {
        return settings;
    }

    /** {@code http://127.0.0.1:PORT}. */
    URI root() {
        return root;
    }

    /** Of the volume-manager, as in its settings. */
    String backend() {
        return storage.backend();
    }

    URI volumeEndpoint() {
        return root.resolve("/v3");
    }

    String transportUrl() {
        return broker.transportUrl();
    }

    /** By host, sorted. */
    SequencedMap<String, ComputeAgent> agents() {
        return agents;
    }

    CinderDatabase cinder() {
        return new CinderDatabase(databases.source("cinder"));
    }

    NovaDatabase nova() {
        return new NovaDatabase(databases.source("nova"));
    }

    /** Where the {@code file} backend keeps its volumes. */
    Path backendDirectory() {
        return directory.directory(FileStorage.VOLUMES);
    }

    WorkDirectory directory() {
        return directory;
    }

    /** Drains and stops everything, the last started first. */
    @Override
    public void close() {
        started.drainAndStop(GRACE);
    }
}

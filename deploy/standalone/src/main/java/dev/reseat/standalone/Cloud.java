package dev.reseat.standalone;

import com.google.inject.AbstractModule;
import com.google.inject.Guice;
import com.google.inject.Module;
import com.google.inject.Stage;
import dev.reseat.api.ApiNode;
import dev.reseat.api.ApiNodeConfig;
import dev.reseat.api.ApiNodeModule;
import dev.reseat.compute.ComputeAgent;
import dev.reseat.compute.ComputeAgentConfig;
import dev.reseat.compute.ComputeAgentModule;
import dev.reseat.rpc.wiring.Rpc;
import dev.reseat.rpc.wiring.RpcConfig;
import dev.reseat.runtime.Lifecycle;
import dev.reseat.runtime.Service;
import dev.reseat.runtime.Settings;
import dev.reseat.volume.VolumeManager;
import dev.reseat.volume.VolumeManagerConfig;
import dev.reseat.volume.VolumeManagerModule;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * All of Reseat in this process: databases, broker, one api-node, one volume-manager with a {@code file} backend, and
 * the agents of two hosts. Each part is made of its settings, as in a process of its own, and meets the others over RPC
 * and HTTP only. Listens on loopback only.
 */
final class Cloud implements AutoCloseable {
    private static final Duration GRACE = Duration.ofSeconds(15);

    private final WorkDirectory directory;
    private final EmbeddedDatabases databases;
    private final Broker broker;
    private final SequencedMap<String, ComputeAgent> agents = new TreeMap<>();
    private final Deque<Lifecycle> started = new ArrayDeque<>();
    private URI root;

    private Cloud(WorkDirectory directory, Broker broker) {
        this.directory = directory;
        this.databases = new EmbeddedDatabases(directory.directory("postgres"));
        this.broker = broker;
    }

    /**
     * Returns when every part works.
     *
     * @param port of REST; 0 for any free one
     */
    static Cloud start(WorkDirectory directory, Broker broker, int port) {
        Cloud cloud = new Cloud(directory, broker);
        try {
            cloud.start(port);
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
        CloudSettings settings = new CloudSettings(directory);
        run(List.of(databases, broker));
        ApiNode api = startApiNode(settings.apiNode(databases, broker.transportUrl(), port));
        root = URI.create("http://127.0.0.1:" + api.port());
        startVolumeManager(settings.volumeManager(broker.transportUrl()));
        for (String host : CloudSettings.HOSTS) {
            agents.put(host, startAgent(settings.agent(host, broker.transportUrl(), volumeEndpoint())));
        }
    }

    private ApiNode startApiNode(Settings settings) {
        var part = part("api-node", settings, ApiNodeConfig::from, ApiNodeModule::new, ApiNode.class);
        List<Service> services = new ArrayList<>(List.of(part.rpc()));
        services.addAll(part.made().services());
        run(services);
        return part.made();
    }

    private void startVolumeManager(Settings settings) {
        var part = part(
                "volume-manager",
                settings,
                all -> VolumeManagerConfig.from(all, CloudSettings.VOLUME_HOST),
                VolumeManagerModule::new,
                VolumeManager.class);
        run(List.of(part.rpc(), part.made()));
    }

    private ComputeAgent startAgent(Settings settings) {
        var part = part(
                "compute-agent", settings, ComputeAgentConfig::from, ComputeAgentModule::new, ComputeAgent.class);
        run(List.of(part.rpc(), part.made()));
        return part.made();
    }

    private record Part<T>(Rpc rpc, T made) {}

    private record Config<C>(C own, RpcConfig rpc) {}

    /** As the part's own {@code main} builds it, only with this cloud's broker. */
    private <C, T> Part<T> part(
            String program, Settings settings, Function<Settings, C> read, Function<C, Module> module, Class<T> type) {
        Config<C> config = settings.checked(all -> new Config<>(read.apply(all), RpcConfig.from(all)));
        MeterRegistry meters = new SimpleMeterRegistry();
        Rpc rpc = broker.connect(config.rpc(), program, meters);
        T made = Guice.createInjector(Stage.PRODUCTION, new Shared(rpc, meters), module.apply(config.own()))
                .getInstance(type);
        return new Part<>(rpc, made);
    }

    private void run(List<Service> services) {
        Lifecycle lifecycle = new Lifecycle(services, GRACE);
        lifecycle.start();
        started.push(lifecycle);
    }

    /** {@code http://127.0.0.1:PORT}. */
    URI root() {
        return root;
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

    CinderRows cinder() {
        return new CinderRows(databases.source("cinder"));
    }

    NovaRows nova() {
        return new NovaRows(databases.source("nova"));
    }

    /** Where the {@code file} backend keeps its volumes. */
    Path backendDirectory() {
        return directory.directory(CloudSettings.VOLUMES);
    }

    WorkDirectory directory() {
        return directory;
    }

    /** Drains and stops everything, the last started first. */
    @Override
    public void close() {
        RuntimeException first = null;
        while (!started.isEmpty()) {
            try {
                started.pop().close();
            } catch (RuntimeException failure) {
                if (first == null) {
                    first = failure;
                } else {
                    first.addSuppressed(failure);
                }
            }
        }
        if (first != null) {
            throw first;
        }
    }

    /** What the process shares; and nothing is built that no module names. */
    private static final class Shared extends AbstractModule {
        private final Rpc rpc;
        private final MeterRegistry meters;

        Shared(Rpc rpc, MeterRegistry meters) {
            this.rpc = rpc;
            this.meters = meters;
        }

        @Override
        protected void configure() {
            binder().requireExplicitBindings();
            binder().requireAtInjectOnConstructors();
            binder().disableCircularProxies();
            bind(Rpc.class).toInstance(rpc);
            bind(MeterRegistry.class).toInstance(meters);
        }
    }
}

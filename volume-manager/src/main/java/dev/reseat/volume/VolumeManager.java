package dev.reseat.volume;

import dev.reseat.contract.OpenStackService;
import dev.reseat.contract.volume.VolumeRpc;
import dev.reseat.launch.ServiceProgram;
import dev.reseat.monitor.Health;
import dev.reseat.monitor.HealthCheck;
import dev.reseat.monitor.MonitoredService;
import dev.reseat.process.CommandRunner;
import dev.reseat.process.SystemCommandRunner;
import dev.reseat.rpc.Target;
import dev.reseat.rpc.server.Endpoint;
import dev.reseat.rpc.server.RpcServer;
import dev.reseat.rpc.wiring.Rpc;
import dev.reseat.runtime.Deadline;
import dev.reseat.runtime.Service;
import dev.reseat.runtime.ServiceGroup;
import dev.reseat.status.StatusEndpoint;
import dev.reseat.step.CastSteps;
import dev.reseat.step.RetryPauses;
import dev.reseat.volume.driver.Backend;
import dev.reseat.volume.driver.DriverException;
import dev.reseat.volume.driver.VolumeDriver;
import dev.reseat.volume.endpoint.RefusalEndpoint;
import dev.reseat.volume.endpoint.ReseatEndpoint;
import dev.reseat.volume.endpoint.VolumeEndpoint;
import dev.reseat.volume.service.AttachmentExports;
import dev.reseat.volume.service.BackendView;
import dev.reseat.volume.service.CinderPresence;
import dev.reseat.volume.service.HostConnections;
import dev.reseat.volume.service.LostClients;
import dev.reseat.volume.service.RefusedOperations;
import dev.reseat.volume.service.StateReset;
import dev.reseat.volume.service.VolumeLoader;
import dev.reseat.volume.service.VolumeLocks;
import dev.reseat.volume.state.SchedulerClient;
import dev.reseat.volume.state.StateClient;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * All backends of one volume-manager. Each is served on {@code reseat-volume} as {@code HOST@BACKEND}, and as
 * {@code CLUSTER@BACKEND} where it is one of a cluster. Told to replace cinder-volume, each has Cinder's RPC servers
 * too: topic {@code cinder-volume} as server {@code HOST@BACKEND}, topic {@code cinder-volume.HOST@BACKEND} as server
 * {@code HOST}, and {@code cinder-volume.CLUSTER@BACKEND} as {@code CLUSTER}; and it is reported to Cinder. A backend
 * that cannot be made ready is served all the same: its requests fail with the reason, and each of them tries again.
 */
public final class VolumeManager implements MonitoredService {
    public static final ServiceProgram<VolumeManagerConfig, VolumeManager> PROGRAM =
            program(new SystemCommandRunner(List.of()));

    private static final System.Logger LOG = System.getLogger(VolumeManager.class.getName());

    private static final Duration READINESS = Duration.ofSeconds(10);

    private final List<Backend> backends = new ArrayList<>();
    private final Service vacancy;
    private final CastSteps steps;
    private final List<RpcServer> servers = new ArrayList<>();
    private final List<CinderPresence> presences = new ArrayList<>();
    private final ServiceGroup parts = new ServiceGroup(List.of());

    /** @param drivers one for each backend, by the backend's name */
    @Inject
    public VolumeManager(
            VolumeManagerConfig config, Map<String, VolumeDriver> drivers, Rpc rpc, MeterRegistry meters) {
        var state = new StateClient(rpc.client(), config.stateTimeout());
        var locks = new VolumeLocks(config.times());
        steps = new CastSteps(rpc.client(), meters, RetryPauses.DEFAULT);
        config.backends()
                .forEach(enabled -> backends.add(backend(enabled, drivers.get(enabled.name()), meters)));
        Endpoint status = status(config, rpc);
        List<Target> taken = new ArrayList<>();
        for (int i = 0; i < backends.size(); i++) {
            VolumeManagerConfig.Backend enabled = config.backends().get(i);
            List<Endpoint> endpoints = endpoints(backends.get(i), state, locks, steps);
            List<Endpoint> own = Stream.concat(endpoints.stream(), Stream.of(status)).toList();
            ownTargets(enabled).forEach(target -> servers.add(rpc.server(target, own)));
            if (config.replaces().includes(OpenStackService.CINDER_VOLUME)) {
                List<Target> cinders = cinderTargets(config, enabled);
                taken.addAll(cinders);
                Endpoint refusals = refusals(backends.get(i), enabled, config, state, rpc);
                List<Endpoint> all = Stream.concat(endpoints.stream(), Stream.of(refusals)).toList();
                cinders.forEach(target -> servers.add(rpc.server(target, all)));
            }
        }
        this.vacancy = rpc.vacant(
                OpenStackService.CINDER_VOLUME.program(), config.replaces().takeover() ? List.of() : taken);
    }

    /** For all backends together; without any there is nobody to ask. */
    private Endpoint status(VolumeManagerConfig config, Rpc rpc) {
        List<String> names = config.backends()
                .stream()
                .flatMap(VolumeManager::ownTargets)
                .flatMap(target -> target.server().stream())
                .toList();
        String host = names.isEmpty() ? "" : names.getFirst().replaceFirst("@.*", "");
        return new StatusEndpoint(PROGRAM.name(), host, names, rpc.client(), healthChecks()).endpoint();
    }

    /**
     * Returns when every backend is served. They are made ready at the same time, each on a thread of its own and
     * waited for a while: one that hangs holds up no other, and its requests wait for it alone. Throws if it is to take
     * the place of a service that is at work.
     */
    @Override
    public void start() {
        parts.start(vacancy);
        Deadline deadline = Deadline.after(READINESS);
        List<Thread> preparing = backends.stream()
                .map(backend -> Thread.ofVirtual()
                        .name("prepare-" + backend.host())
                        .start(() -> prepare(backend, deadline)))
                .toList();
        for (Thread thread : preparing) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        servers.forEach(parts::start);
        presences.forEach(parts::start);
    }

    private static void prepare(Backend backend, Deadline deadline) {
        try {
            backend.makeReady(deadline);
        } catch (DriverException e) {
            LOG.log(System.Logger.Level.WARNING, "backend {0} is not ready, and served all the same: {1}",
                    backend.host(), e.getMessage());
        }
    }

    /** The same with programs of backends run by others, as where they are not this machine's own. */
    public static ServiceProgram<VolumeManagerConfig, VolumeManager> program(CommandRunner commands) {
        return new ServiceProgram<>(
                "reseat-volume-manager", 9092,
                settings -> VolumeManagerConfig.from(
                        settings, settings.host(), DriversModule.factories(commands)),
                VolumeManagerModule::new, VolumeManager.class);
    }

    @Override
    public Drained drain(Duration grace) {
        return parts.drain(grace);
    }

    @Override
    public void stop() {
        parts.stop();
        steps.stop();
    }

    /** One for each backend: whether its driver can work now. Without any backend there is nothing to be up for. */
    @Override
    public List<HealthCheck> healthChecks() {
        if (backends.isEmpty()) {
            return List.of(new HealthCheck("backends", () -> Health.down("no enabled backend has a driver here")));
        }
        return backends.stream()
                .map(backend -> new HealthCheck(
                        "backend:" + backend.host(),
                        () -> backend.problem().map(Health::down).orElseGet(() -> up(backend))))
                .toList();
    }

    private static Health up(Backend backend) {
        List<String> overdue = backend.overdue();
        return overdue.isEmpty()
                ? Health.up("driver " + backend.driverName())
                : Health.degraded("given up and not back: " + String.join(", ", overdue));
    }

    private static Backend backend(
            VolumeManagerConfig.Backend enabled, VolumeDriver driver, MeterRegistry meters) {
        return enabled.clusterHost()
                .map(cluster -> Backend.inCluster(cluster, enabled.host(), enabled.backendName(), driver, meters))
                .orElseGet(() -> new Backend(enabled.host(), enabled.backendName(), driver, meters));
    }

    private Endpoint refusals(
            Backend backend, VolumeManagerConfig.Backend enabled, VolumeManagerConfig config, StateClient state,
            Rpc rpc) {
        var refused = new RefusedOperations(backend, state);
        var presence = new CinderPresence(
                backend, config.presence(), CinderPresence.report(backend, enabled.clusterHost(), enabled.zone()),
                refused, state, new SchedulerClient(rpc.client(), config.exchange(), config.stateTimeout()));
        presences.add(presence);
        return RefusalEndpoint.of(refused, presence);
    }

    private static List<Endpoint> endpoints(
            Backend backend, StateClient state, VolumeLocks locks, CastSteps steps) {
        var volumes = new VolumeLoader(backend, state);
        return List.of(
                VolumeEndpoint.of(
                        new HostConnections(backend, volumes, locks),
                        new AttachmentExports(backend, volumes, state, locks)),
                ReseatEndpoint.of(
                        new StateReset(backend, volumes, locks), new BackendView(backend, volumes, locks),
                        new LostClients(backend, volumes, locks), steps));
    }

    private static Stream<Target> ownTargets(VolumeManagerConfig.Backend backend) {
        return Stream.concat(Stream.of(backend.host()), backend.clusterHost().stream()).map(VolumeRpc::own);
    }

    private static List<Target> cinderTargets(VolumeManagerConfig config, VolumeManagerConfig.Backend backend) {
        Stream<Target> ofHost = Stream.of(
                Target.of(config.exchange(), VolumeRpc.TOPIC).onServer(backend.host()),
                VolumeRpc.backend(config.exchange(), backend.host()));
        Stream<Target> ofCluster =
                backend.clusterHost().stream().map(cluster -> VolumeRpc.backend(config.exchange(), cluster));
        return Stream.concat(ofHost, ofCluster).toList();
    }
}

package dev.reseat.volume;

import dev.reseat.contract.OpenStackService;
import dev.reseat.contract.volume.VolumeRpc;
import dev.reseat.launch.ServiceProgram;
import dev.reseat.monitor.Health;
import dev.reseat.monitor.HealthCheck;
import dev.reseat.monitor.MonitoredService;
import dev.reseat.rpc.Target;
import dev.reseat.rpc.server.Endpoint;
import dev.reseat.rpc.server.RpcServer;
import dev.reseat.rpc.wiring.Rpc;
import dev.reseat.runtime.Deadline;
import dev.reseat.runtime.Service;
import dev.reseat.runtime.ServiceGroup;
import dev.reseat.step.CastSteps;
import dev.reseat.step.RetryPauses;
import dev.reseat.volume.driver.Backend;
import dev.reseat.volume.driver.DriverException;
import dev.reseat.volume.driver.VolumeDriver;
import dev.reseat.volume.endpoint.ReseatEndpoint;
import dev.reseat.volume.endpoint.VolumeEndpoint;
import dev.reseat.volume.service.AttachmentExports;
import dev.reseat.volume.service.BackendView;
import dev.reseat.volume.service.HostConnections;
import dev.reseat.volume.service.StateReset;
import dev.reseat.volume.service.VolumeLoader;
import dev.reseat.volume.service.VolumeLocks;
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
 * {@code CLUSTER@BACKEND} where it is one of a cluster. Told to replace cinder-volume, each has Cinder's two RPC
 * servers too: topic {@code cinder-volume} as server {@code HOST@BACKEND}, and topic {@code cinder-volume.HOST@BACKEND}
 * as server {@code HOST}. A backend that cannot be made
 * ready is served all the same: its requests fail with the reason, and each of them tries again.
 */
public final class VolumeManager implements MonitoredService {
    public static final ServiceProgram<VolumeManagerConfig, VolumeManager> PROGRAM = new ServiceProgram<>(
            "reseat-volume-manager", 9092, settings -> VolumeManagerConfig.from(settings, settings.host()),
            VolumeManagerModule::new, VolumeManager.class);

    private static final System.Logger LOG = System.getLogger(VolumeManager.class.getName());

    private static final Duration READINESS = Duration.ofSeconds(10);

    private final List<Backend> backends = new ArrayList<>();
    private final Service vacancy;
    private final CastSteps steps;
    private final List<RpcServer> servers = new ArrayList<>();
    private final ServiceGroup parts = new ServiceGroup(List.of());

    /** @param drivers one for each backend, by the backend's name */
    @Inject
    public VolumeManager(
            VolumeManagerConfig config, Map<String, VolumeDriver> drivers, Rpc rpc, MeterRegistry meters) {
        var state = new StateClient(rpc.client(), config.stateTimeout());
        var locks = new VolumeLocks(config.times());
        steps = new CastSteps(rpc.client(), meters, RetryPauses.DEFAULT);
        List<Target> taken = new ArrayList<>();
        for (VolumeManagerConfig.Backend enabled : config.backends()) {
            var backend = new Backend(enabled.host(), enabled.backendName(), drivers.get(enabled.name()), meters);
            List<Endpoint> endpoints = endpoints(backend, state, locks, steps);
            backends.add(backend);
            List<Target> cinders = cinderTargets(config, enabled);
            taken.addAll(cinders);
            Stream.concat(cinders.stream(), ownTargets(enabled))
                    .forEach(target -> servers.add(rpc.server(target, endpoints)));
        }
        this.vacancy = rpc.vacant(
                OpenStackService.CINDER_VOLUME.program(), config.replaces().takeover() ? List.of() : taken);
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
    }

    private static void prepare(Backend backend, Deadline deadline) {
        try {
            backend.makeReady(deadline);
        } catch (DriverException e) {
            LOG.log(System.Logger.Level.WARNING, "backend {0} is not ready, and served all the same: {1}",
                    backend.host(), e.getMessage());
        }
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
        return Health.up("driver " + backend.driverName()
                + (overdue.isEmpty() ? "" : "; given up and not back: " + String.join(", ", overdue)));
    }

    private static List<Endpoint> endpoints(
            Backend backend, StateClient state, VolumeLocks locks, CastSteps steps) {
        var volumes = new VolumeLoader(backend, state);
        return List.of(
                VolumeEndpoint.of(
                        new HostConnections(backend, volumes, locks),
                        new AttachmentExports(backend, volumes, state, locks)),
                ReseatEndpoint.of(
                        new StateReset(backend, volumes, locks), new BackendView(backend, volumes, locks), steps));
    }

    private static Stream<Target> ownTargets(VolumeManagerConfig.Backend backend) {
        return Stream.concat(Stream.of(backend.host()), backend.clusterHost().stream()).map(VolumeRpc::own);
    }

    private static List<Target> cinderTargets(VolumeManagerConfig config, VolumeManagerConfig.Backend backend) {
        if (!config.replaces().includes(OpenStackService.CINDER_VOLUME)) {
            return List.of();
        }
        return List.of(
                Target.of(config.exchange(), VolumeRpc.TOPIC).onServer(backend.host()),
                VolumeRpc.backend(config.exchange(), backend.host()));
    }
}

package dev.reseat.volume;

import dev.reseat.contract.Replaces;
import dev.reseat.contract.state.StateRpc;
import dev.reseat.contract.volume.SchedulerRpc;
import dev.reseat.contract.volume.VolumeRpc;
import dev.reseat.rpc.RequestContext;
import dev.reseat.rpc.Target;
import dev.reseat.rpc.client.PreparedCall;
import dev.reseat.rpc.server.Endpoint;
import dev.reseat.rpc.server.RpcServer;
import dev.reseat.rpc.transport.Transport;
import dev.reseat.rpc.wiring.Rpc;
import dev.reseat.rpc.wiring.RpcConfig;
import dev.reseat.runtime.RequestTimes;
import dev.reseat.runtime.Settings;
import dev.reseat.testing.StepServiceFake;
import dev.reseat.volume.driver.ConfiguredDriver;
import dev.reseat.volume.driver.DriverFactory;
import dev.reseat.volume.driver.VolumeDriver;
import dev.reseat.volume.service.PresenceConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;

/** A volume-manager with one backend {@code host-1@one}, a state service and a caller, on any transport. */
final class OneBackend implements AutoCloseable {
    static final String EXCHANGE = "openstack";
    static final String HOST = "host-1@one";
    private static final Duration WITHIN = Duration.ofSeconds(20);
    /** What a caller waits for longer than any of its requests may take. */
    private static final Duration ON_THE_WAY = Duration.ofSeconds(10);
    private static final Duration REPORTS = Duration.ofMillis(200);
    private static final Duration STATE_WITHIN = Duration.ofSeconds(5);

    private final RequestContext context = RequestContext.admin();
    private final KeptState state = new KeptState();
    private final StepServiceFake steps = new StepServiceFake();
    private final Rpc rpc;
    private final RpcServer stateService;
    private final VolumeManager manager;

    OneBackend(Transport transport, VolumeDriver driver) {
        this(transport, driver, Replaces.NONE);
    }

    OneBackend(Transport transport, VolumeDriver driver, Replaces replaces) {
        this(transport, Map.of("one", driver), replaces);
    }

    OneBackend(Transport transport, Map<String, VolumeDriver> drivers, Replaces replaces) {
        this(transport, drivers, replaces, WITHIN);
    }

    /** @param within how long a request may take */
    OneBackend(Transport transport, Map<String, VolumeDriver> drivers, Replaces replaces, Duration within) {
        var meters = new SimpleMeterRegistry();
        rpc = new Rpc(
                transport,
                Settings.parse("[DEFAULT]\nrpc_response_timeout = " + within.plus(ON_THE_WAY).toSeconds())
                        .checked(RpcConfig::from),
                meters);
        stateService = rpc.server(StateRpc.target().onServer("api-1"), List.of(state.endpoint(), steps.endpoint()));
        var config = new VolumeManagerConfig(
                EXCHANGE,
                replaces,
                STATE_WITHIN,
                new PresenceConfig(REPORTS, REPORTS),
                new RequestTimes(within, within),
                drivers.keySet()
                        .stream()
                        .map(name -> new VolumeManagerConfig.Backend(
                                name, "host-1", Optional.of("cluster-1"), "gold", "nova", made(drivers.get(name))))
                        .toList());
        manager = new VolumeManager(config, drivers, rpc, meters);
    }

    /** One that is there already. */
    private static ConfiguredDriver<VolumeDriver> made(VolumeDriver driver) {
        return new ConfiguredDriver<>(new DriverFactory<>() {
            @Override
            public VolumeDriver configure(Settings settings, String backend) {
                return driver;
            }

            @Override
            public VolumeDriver create(VolumeDriver given) {
                return given;
            }
        }, driver);
    }

    /** What the volume-manager asks, before it is there itself. */
    void startState() {
        stateService.start();
    }

    OneBackend start() {
        startState();
        manager.start();
        return this;
    }

    StepServiceFake steps() {
        return steps;
    }

    KeptState state() {
        return state;
    }

    VolumeManager manager() {
        return manager;
    }

    /** Calls Cinder's interface, as cinder-api does. */
    <T> T call(String method, Map<String, Object> args, Class<T> result) {
        return backend().call(context, method, args, result);
    }

    /** Calls our own namespace. */
    <T> T callReseat(String method, Object args, Class<T> result) {
        return backend().inNamespace(VolumeRpc.NAMESPACE)
                .atVersion(VolumeRpc.NAMESPACE_VERSION)
                .call(context, method, args, result);
    }

    PreparedCall backend() {
        return calling(VolumeRpc.own(HOST + "#pool"));
    }

    /** One of Cinder's schedulers; what it is told of backends comes into the queue. */
    RpcServer scheduler(BlockingQueue<Map<?, ?>> told) {
        RpcServer scheduler = rpc.server(
                SchedulerRpc.target(EXCHANGE).onServer("scheduler-1"),
                List.of(Endpoint.inDefaultNamespace(3, 12)
                        .method(SchedulerRpc.UpdateServiceCapabilities.METHOD, Map.class, (_, args) -> {
                            told.add(args);
                            return null;
                        })
                        .build()));
        scheduler.start();
        return scheduler;
    }

    PreparedCall calling(Target target) {
        return rpc.client().prepare(target).atVersion(VolumeRpc.VERSION);
    }

    RequestContext context() {
        return context;
    }

    /** Keeps the state from answering. */
    void stopState() {
        stateService.drain(WITHIN);
        stateService.stop();
    }

    @Override
    public void close() {
        manager.drain(WITHIN);
        manager.stop();
        stopState();
        rpc.stop();
    }
}

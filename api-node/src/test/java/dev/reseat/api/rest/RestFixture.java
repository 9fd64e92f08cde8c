package dev.reseat.api.rest;

import com.google.inject.AbstractModule;
import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.Key;
import com.google.inject.TypeLiteral;
import dev.reseat.api.flow.ReconcilerConfig;
import dev.reseat.api.job.JobConfig;
import dev.reseat.api.job.JobModule;
import dev.reseat.api.remote.AllBrokers;
import dev.reseat.api.remote.ComputeClient;
import dev.reseat.api.remote.PowerClient;
import dev.reseat.api.remote.RemoteConfig;
import dev.reseat.api.remote.RepairQueue;
import dev.reseat.api.remote.StatusClient;
import dev.reseat.api.remote.VolumeClient;
import dev.reseat.api.rest.keystone.KeystoneConfig;
import dev.reseat.api.service.ReceiptConfig;
import dev.reseat.api.service.RecordedVersions;
import dev.reseat.api.service.ServiceModule;
import dev.reseat.api.store.CaptureReader;
import dev.reseat.api.store.Database;
import dev.reseat.api.store.cell.Cells;
import dev.reseat.api.store.cinder.AttachmentTable;
import dev.reseat.api.store.cinder.VolumeTable;
import dev.reseat.api.store.job.InstanceStopTable;
import dev.reseat.api.store.job.JobClaims;
import dev.reseat.api.store.job.JobItemTable;
import dev.reseat.api.store.job.JobTable;
import dev.reseat.api.store.journal.JournalTable;
import dev.reseat.api.store.journal.LeaseConfig;
import dev.reseat.api.store.journal.LeaseTable;
import dev.reseat.api.store.journal.OutboxTable;
import dev.reseat.api.store.journal.ProcessLeases;
import dev.reseat.api.store.nova.BlockDeviceTable;
import dev.reseat.api.store.nova.ComputeServiceTable;
import dev.reseat.api.store.nova.InstanceTable;
import dev.reseat.api.store.nova.MappedVolumeTable;
import dev.reseat.api.store.nova.WhereaboutsTable;
import dev.reseat.contract.volume.DescribeConnections;
import dev.reseat.contract.volume.ResetStatus;
import dev.reseat.contract.volume.StoredVolume;
import dev.reseat.contract.volume.VolumeArguments;
import dev.reseat.contract.volume.VolumeRpc;
import dev.reseat.rpc.Failure;
import dev.reseat.rpc.client.ClientConfig;
import dev.reseat.rpc.client.RpcClient;
import dev.reseat.rpc.envelope.EnvelopeCodec;
import dev.reseat.rpc.notification.NotificationConfig;
import dev.reseat.rpc.notification.Notifier;
import dev.reseat.rpc.object.WireMapper;
import dev.reseat.rpc.server.Endpoint;
import dev.reseat.rpc.server.EndpointFailure;
import dev.reseat.rpc.server.RpcServer;
import dev.reseat.rpc.server.ServerConfig;
import dev.reseat.rpc.transport.Transport;
import dev.reseat.rpc.transport.memory.MemoryBroker;
import dev.reseat.rpc.transport.memory.MemoryTransport;
import dev.reseat.runtime.Settings;
import dev.reseat.testing.CloudFixture;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** The whole api-node behind its HTTP door: real flows on real databases, and a volume service by hand. */
public final class RestFixture implements AutoCloseable {
    /** A driver that has done it. */
    public static final Function<ResetStatus, ResetStatus.Result> PROVED =
            _ -> new ResetStatus.Result(ResetStatus.Outcome.PROVED, "scripted", "nothing is connected", List.of());

    public final CloudFixture cloud = CloudFixture.open();
    public final RestServer server;
    /** What the volume service answers to a reset. */
    public volatile Function<ResetStatus, ResetStatus.Result> reset = PROVED;

    /** What the volume service was told of connections, in order. */
    public final List<Object> asked = new CopyOnWriteArrayList<>();
    /** Which of its methods for connections fail, and how. */
    public final Map<String, Failure> failures = new ConcurrentHashMap<>();

    private final Transport transport = new MemoryTransport(new MemoryBroker());
    private final EnvelopeCodec codec = new EnvelopeCodec(WireMapper.create());
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final RpcClient client =
            new RpcClient(transport, codec, ClientConfig.withTimeout(Duration.ofSeconds(10)), meters);
    private final RpcServer backend;
    private final Set<Resource> resources;
    private final ProcessLeases owners;

    private RestFixture(String settings) {
        Settings read = Settings.parse("[api]\nport = 0\n" + settings);
        Injector injector = Guice.createInjector(
                new RestModule(RestConfig.from(read), KeystoneConfig.from(read)),
                new ServiceModule("api-1", ReconcilerConfig.from(read), ReceiptConfig.from(read)),
                new JobModule(JobConfig.from(read)),
                new Below(this));
        owners = injector.getInstance(ProcessLeases.class);
        owners.start();
        backend = backend();
        backend.start();
        resources = injector.getInstance(Key.get(new TypeLiteral<Set<Resource>>() {}));
        server = injector.getInstance(RestServer.class);
        server.start();
    }

    /** Where everybody is an administrator. */
    public static RestFixture noauth() {
        return new RestFixture("auth_strategy = noauth\n");
    }

    /** @param more sections of settings */
    public static RestFixture with(String more) {
        return new RestFixture(more);
    }

    /** Everything that is served. */
    List<Route> routes() {
        Routes routes = new Routes();
        resources.forEach(resource -> resource.register(routes));
        return routes.all();
    }

    /** A client in the project of the cloud's volumes. */
    public HttpCalls calls() {
        return calls(CloudFixture.PROJECT);
    }

    /** A client in a project. */
    public HttpCalls calls(String project) {
        String token = CloudFixture.USER + ":" + project;
        return new HttpCalls(server.port(), "X-Auth-Token", token, "Accept", "application/json");
    }

    @Override
    public void close() {
        server.stop();
        backend.stop();
        owners.stop();
        client.close();
        transport.close();
        cloud.close();
    }

    private Map<String, Object> asked(String method, Object args) {
        asked.add(args);
        Optional.ofNullable(failures.get(method)).ifPresent(failure -> {
            throw new EndpointFailure(failure);
        });
        return method.equals("initialize_connection")
                ? Map.of("driver_volume_type", "local", "data", Map.of("device_path", "/dev/loop0"))
                : null;
    }

    private RpcServer backend() {
        Endpoint reseat = Endpoint.of(VolumeRpc.NAMESPACE, 1, 0)
                .method(ResetStatus.METHOD, ResetStatus.class, (_, args) -> reset.apply(args))
                .method(
                        DescribeConnections.METHOD,
                        DescribeConnections.class,
                        (_, _) -> new DescribeConnections.Result(
                                true, "scripted", List.of(), Optional.empty(), StoredVolume.PLAIN))
                .build();
        Endpoint cinder = Endpoint.inDefaultNamespace(3, 18)
                .method("initialize_connection", VolumeArguments.InitializeConnection.class,
                        (_, args) -> asked("initialize_connection", args))
                .method("terminate_connection", VolumeArguments.TerminateConnection.class,
                        (_, args) -> asked("terminate_connection", args))
                .method("attach_volume", VolumeArguments.AttachVolume.class, (_, args) -> asked("attach_volume", args))
                .method("detach_volume", VolumeArguments.DetachVolume.class, (_, args) -> asked("detach_volume", args))
                .method("attachment_update", VolumeArguments.AttachmentUpdate.class, (_, _) -> Map.of(
                        "driver_volume_type", "local", "data", Map.of("device_path", "/dev/loop0")))
                .method("attachment_delete", VolumeArguments.AttachmentDelete.class, (_, _) -> null)
                .build();
        return new RpcServer(
                transport,
                codec,
                VolumeRpc.own(CloudFixture.HOST),
                List.of(cinder, reseat),
                ServerConfig.DEFAULT,
                meters);
    }

    /** What the process gives the flows. */
    private static final class Below extends AbstractModule {
        private final RestFixture fixture;

        Below(RestFixture fixture) {
            this.fixture = fixture;
        }

        @Override
        protected void configure() {
            RemoteConfig remote =
                    new RemoteConfig("openstack", "nova", Duration.ofMillis(1500), Duration.ofMillis(1500),
                            Optional.empty(), Optional.empty());
            bind(MeterRegistry.class).toInstance(fixture.meters);
            bind(Database.class).toInstance(fixture.cloud.database());
            bind(Cells.class).toInstance(Cells.of(fixture.cloud.database()));
            bind(VolumeTable.class).toInstance(new VolumeTable());
            bind(AttachmentTable.class).toInstance(new AttachmentTable());
            bind(InstanceTable.class).toInstance(new InstanceTable());
            bind(WhereaboutsTable.class).toInstance(new WhereaboutsTable());
            bind(BlockDeviceTable.class).toInstance(new BlockDeviceTable());
            bind(MappedVolumeTable.class).toInstance(new MappedVolumeTable());
            bind(CaptureReader.class).toInstance(new CaptureReader());
            bind(JobTable.class).toInstance(new JobTable());
            bind(JobItemTable.class).toInstance(new JobItemTable());
            bind(JobClaims.class).toInstance(new JobClaims());
            bind(RepairQueue.class).toInstance(new RepairQueue(fixture.client));
            bind(JournalTable.class).toInstance(new JournalTable());
            bind(OutboxTable.class).toInstance(new OutboxTable());
            bind(ProcessLeases.class).toInstance(new ProcessLeases(
                    fixture.cloud.database(), new LeaseTable(), new LeaseConfig(Duration.ofSeconds(30))));
            bind(VolumeClient.class).toInstance(new VolumeClient(fixture.client, remote));
            bind(ComputeClient.class).toInstance(new ComputeClient(
                    _ -> fixture.client, remote,
                    new RecordedVersions(Cells.of(fixture.cloud.database()), new ComputeServiceTable())));
            bind(PowerClient.class).toInstance(new PowerClient(_ -> fixture.client, remote, _ -> Optional.empty()));
            bind(InstanceStopTable.class).toInstance(new InstanceStopTable());
            bind(StatusClient.class).toInstance(new StatusClient(new OneBroker(fixture.client)));
            bind(Notifier.class)
                    .toInstance(new Notifier(fixture.transport, fixture.codec, "openstack", NotificationConfig.NONE));
        }
    }

    private record OneBroker(RpcClient own) implements AllBrokers {
        @Override
        public List<RpcClient> ofCells() {
            return List.of();
        }
    }
}

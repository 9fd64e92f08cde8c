package dev.reseat.compute;

import com.google.inject.Binder;
import com.google.inject.Guice;
import com.google.inject.Module;
import com.google.inject.Stage;
import com.google.inject.TypeLiteral;
import com.google.inject.multibindings.MapBinder;
import dev.reseat.blockstorage.BlockStorageConfig;
import dev.reseat.compute.connector.VolumeConnector;
import dev.reseat.compute.connector.local.LocalConfig;
import dev.reseat.compute.connector.local.LocalModule;
import dev.reseat.compute.connector.nfs.NfsConfig;
import dev.reseat.compute.guest.GuestsConfig;
import dev.reseat.compute.guest.libvirt.LibvirtConfig;
import dev.reseat.compute.host.HostConfig;
import dev.reseat.compute.host.HostFiles;
import dev.reseat.contract.Replaces;
import dev.reseat.contract.compute.ComputeRpc;
import dev.reseat.contract.conductor.ConductorRpc;
import dev.reseat.contract.connection.ConnectionInfo;
import dev.reseat.process.SystemCommandRunner;
import dev.reseat.rpc.RpcVersion;
import dev.reseat.rpc.Target;
import dev.reseat.rpc.client.ClientConfig;
import dev.reseat.rpc.client.PreparedCall;
import dev.reseat.rpc.notification.NotificationConfig;
import dev.reseat.rpc.server.ServerConfig;
import dev.reseat.rpc.transport.Transport;
import dev.reseat.rpc.transport.TransportUrl;
import dev.reseat.rpc.transport.memory.MemoryBroker;
import dev.reseat.rpc.transport.memory.MemoryTransport;
import dev.reseat.rpc.transport.rabbit.RabbitConfig;
import dev.reseat.rpc.wiring.Rpc;
import dev.reseat.rpc.wiring.RpcConfig;
import dev.reseat.rpc.wiring.RpcModule;
import dev.reseat.runtime.Deadline;
import dev.reseat.runtime.RequestTimes;
import dev.reseat.runtime.Service;
import dev.reseat.runtime.Settings;
import dev.reseat.testing.StepServiceFake;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** A small cloud around real agents: a conductor and a block-storage API that are fakes, and somebody who calls. */
final class AgentCloud implements AutoCloseable {
    static final String VOLUME = "f03d9935-d4e5-4635-a103-bce71c84e2dc";
    static final String INSTANCE = "5dd4c430-0f4c-4f5e-9c1d-5a3f0d9b7e21";
    static final String ATTACHMENT = "17ac433c-c4bf-4a64-8816-2f334dbb643a";
    static final String EXCHANGE = "nova";

    final BlockStorageFake blockStorage = new BlockStorageFake();
    final ConductorFake conductor = new ConductorFake();
    final StepServiceFake steps = new StepServiceFake();
    final MeterRegistry meters = new SimpleMeterRegistry();
    final Path directory;
    private final Supplier<Transport> transports;
    private final Replaces replaces;
    private final Deque<Service> services = new ArrayDeque<>();
    private final Rpc caller;
    private final Map<String, VolumeConnector<?>> more = new HashMap<>();
    private GuestsConfig guests = GuestsConfig.NONE;
    private LibvirtConfig libvirt = LibvirtConfig.from(Settings.parse(""));
    private RequestTimes times = new RequestTimes(Duration.ofSeconds(30), Duration.ofSeconds(10));

    /** @param transports each connects to the same broker */
    AgentCloud(Path directory, Supplier<Transport> transports) {
        this(directory, transports, Replaces.NONE);
    }

    /** @param replaces what its agents take the place of */
    AgentCloud(Path directory, Supplier<Transport> transports, Replaces replaces) {
        this.replaces = replaces;
        this.directory = directory;
        this.transports = transports;
        this.caller = rpc();
        started(caller);
    }

    /** Over a broker in memory, with its conductor. */
    static AgentCloud inMemory(Path directory) {
        var broker = new MemoryBroker();
        return new AgentCloud(directory, () -> new MemoryTransport(broker)).withConductor();
    }

    static Deadline soon() {
        return Deadline.after(Duration.ofSeconds(30));
    }

    /** From now on the conductor answers, or who does so beside it. */
    AgentCloud withConductor() {
        Target target = replaces.services().isEmpty() ? ConductorRpc.own() : ConductorRpc.target(EXCHANGE);
        started(caller.server(target.onServer("controller"), List.of(conductor.endpoint(), steps.endpoint())));
        return this;
    }

    /** A running agent. */
    ComputeAgent agent(String host) {
        ComputeAgent agent = unstarted(host);
        agent.start();
        services.push(agent);
        return agent;
    }

    /** From now on new agents have guests of that libvirt. */
    AgentCloud withLibvirt(LibvirtConfig config) {
        guests = new GuestsConfig("libvirt.LibvirtDriver");
        libvirt = config;
        return this;
    }

    /** From now on requests to new agents may take so long. */
    AgentCloud within(Duration time) {
        times = new RequestTimes(time, time);
        return this;
    }

    /** From now on new agents speak another protocol too. */
    AgentCloud with(String driverVolumeType, VolumeConnector<?> connector) {
        more.put(driverVolumeType, connector);
        return this;
    }

    private void bindMore(Binder binder) {
        var all = MapBinder.newMapBinder(
                binder, TypeLiteral.get(String.class), new TypeLiteral<VolumeConnector<?>>() {});
        more.forEach((type, connector) -> all.addBinding(type).toInstance(connector));
    }

    ComputeAgent unstarted(String host) {
        Rpc rpc = rpc();
        started(rpc);
        List<Module> bound = List.of(new LocalModule(config(host).local()), this::bindMore);
        return Guice.createInjector(
                Stage.PRODUCTION, new RpcModule(rpc, meters),
                new ComputeAgentModule(
                        config(host), new SystemCommandRunner(List.of()), HostFiles.OF_THIS_MACHINE, bound))
                .getInstance(ComputeAgent.class);
    }

    ComputeAgentConfig config(String host) {
        return new ComputeAgentConfig(
                EXCHANGE, replaces, state(host), new HostConfig(host, "192.0.2.10", false, Optional.empty()),
                new LocalConfig(host, LocalConfig.UseLoop.FALSE, List.of(directory), true),
                NfsConfig.from(Settings.parse("")),
                blockStorageConfig(), guests, libvirt, times);
    }

    private BlockStorageConfig blockStorageConfig() {
        return BlockStorageConfig.from(Settings.parse("""
                [cinder]
                auth_type = noauth
                username = nova
                project_id = %s
                endpoint_template = %s
                """.formatted(BlockStorageFake.PROJECT, blockStorage.endpoint())));
    }

    Path state(String host) {
        return directory.resolve("state-" + host);
    }

    /** The volume, connected to that agent's host and mapped to the instance. */
    ConnectionInfo.Local attachedTo(ComputeAgent agent) {
        ConnectionInfo.Local connection = volumeFile();
        agent.connectors().connect(connection, soon());
        conductor.map(VOLUME, INSTANCE, ATTACHMENT, connectionInfo(connection));
        return connection;
    }

    /** A volume file, and the connection to it. */
    ConnectionInfo.Local volumeFile() {
        Path file = directory.resolve("volume-" + VOLUME);
        try (var created = new RandomAccessFile(file.toFile(), "rw")) {
            created.setLength(1 << 20);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return ConnectionInfo.Local.at(file);
    }

    /** As Nova stores it. */
    static String connectionInfo(ConnectionInfo.Local connection) {
        return "{\"driver_volume_type\": \"local\", \"data\": {\"device_path\": \"" + connection.device()
                + "\"}, \"status\": \"attached\", \"volume_id\": \"" + VOLUME + "\", \"serial\": \"" + VOLUME + "\"}";
    }

    /** The instance of the recorded message. */
    static Map<String, Object> instance() {
        try (InputStream json = AgentCloud.class.getResourceAsStream("instance-2.7.json")) {
            return new JsonMapper().readValue(json, new TypeReference<>() {});
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    PreparedCall calling(String host) {
        return caller.client().prepare(ComputeRpc.own(host));
    }

    /** On a topic of Nova's. */
    PreparedCall calling(String host, String topic) {
        return caller.client().prepare(Target.of(EXCHANGE, topic).onServer(host).atVersion(RpcVersion.of(6, 0)));
    }

    private Rpc rpc() {
        var config = new RpcConfig(
                TransportUrl.parse("memory://"), RabbitConfig.defaults(),
                ClientConfig.withTimeout(Duration.ofSeconds(10)), ServerConfig.DEFAULT, NotificationConfig.NONE,
                Optional.empty());
        return new Rpc(transports.get(), config, meters);
    }

    private void started(Service service) {
        service.start();
        services.push(service);
    }

    @Override
    public void close() {
        services.forEach(Service::stop);
        blockStorage.close();
    }
}

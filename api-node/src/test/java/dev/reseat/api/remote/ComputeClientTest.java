package dev.reseat.api.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.api.model.Instance;
import dev.reseat.contract.compute.ComputeRpc;
import dev.reseat.contract.compute.RemoveVolumeConnection;
import dev.reseat.contract.compute.ServiceVersions;
import dev.reseat.rpc.RequestContext;
import dev.reseat.rpc.RpcException;
import dev.reseat.rpc.RpcVersion;
import dev.reseat.rpc.Target;
import dev.reseat.rpc.client.ClientConfig;
import dev.reseat.rpc.client.RpcClient;
import dev.reseat.rpc.client.VersionCap;
import dev.reseat.rpc.envelope.EnvelopeCodec;
import dev.reseat.rpc.object.WireMapper;
import dev.reseat.rpc.server.Endpoint;
import dev.reseat.rpc.server.RpcServer;
import dev.reseat.rpc.server.ServerConfig;
import dev.reseat.rpc.transport.Transport;
import dev.reseat.rpc.transport.memory.MemoryBroker;
import dev.reseat.rpc.transport.memory.MemoryTransport;
import dev.reseat.runtime.Deadline;
import dev.reseat.runtime.Settings;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which version of remove_volume_connection a host is sent, by what it offers and what the operator allows. */
final class ComputeClientTest {
    private final EnvelopeCodec codec = new EnvelopeCodec(WireMapper.create());
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Transport transport = new MemoryTransport(new MemoryBroker());
    private final RpcClient rpc =
            new RpcClient(transport, codec, ClientConfig.withTimeout(Duration.ofSeconds(10)), meters);
    private final List<Optional<Boolean>> deletions = new ArrayList<>();

    @AfterEach
    void close() {
        rpc.close();
        transport.close();
    }

    private boolean remove(String offered, String level) {
        RemovedConnection removal = remove(ComputeRpc.host("nova", "host-a"), offered, level);
        assertThat(removal.performer()).isEqualTo(Performer.NOVA_COMPUTE);
        return removal.attachmentDeleted();
    }

    private RemovedConnection remove(Target target, String offered, String level) {
        RpcServer server = serving(target, offered);
        try {
            return client(level).removeVolumeConnection(RequestContext.admin(), instance(), "v1");
        } finally {
            server.stop();
        }
    }

    private ComputeClient client(String level) {
        return client(level, 0);
    }

    /** @param serviceVersion of every nova-compute, by its row; 0 where there is none */
    private ComputeClient client(String level, int serviceVersion) {
        Optional<VersionCap> cap = Settings.parse("[upgrade_levels]\ncompute = " + level)
                .checked(RemoteConfig::from)
                .computeCap();
        return new ComputeClient(
                _ -> rpc,
                new RemoteConfig("openstack", "nova", Duration.ofSeconds(10), Duration.ofSeconds(10), Optional.empty(),
                        cap),
                _ -> ServiceVersions.served(serviceVersion));
    }

    private long refused() {
        return meters.find("reseat.rpc.server.dispatch")
                .tag("outcome", "UnsupportedVersion")
                .timers()
                .stream()
                .mapToLong(Timer::count)
                .sum();
    }

    private RpcServer serving(Target target, String offered) {
        RpcVersion version = RpcVersion.parse(offered);
        Endpoint endpoint = Endpoint.inDefaultNamespace(version.major(), version.minor())
                .method(RemoveVolumeConnection.METHOD, RemoveVolumeConnection.class,
                        (_, args) -> deletions.add(args.deleteAttachment()))
                .build();
        var server = new RpcServer(transport, codec, target, List.of(endpoint), ServerConfig.DEFAULT, meters);
        server.start();
        return server;
    }

    /** As nova.compute.rpcapi chooses under a cap; without one the host's own answer decides. */
    @ParameterizedTest
    @CsvSource({
            "6.5, auto, true", "6.5, gazpacho, true", "6.3, 6.3, true", "6.5, zed, false", "6.0, auto, false",
            "6.0, zed, false", "5.13, victoria, false",
    })
    void theHostIsAskedToDeleteTheAttachmentIfItCanBe(String offered, String level, boolean asked) {
        assertThat(remove(offered, level)).isEqualTo(asked);
        assertThat(deletions).containsExactly(asked ? Optional.of(true) : Optional.empty());
    }

    /** As Nova's own {@code auto} chooses; that of a row which is behind or ahead is found out from the host. */
    @ParameterizedTest
    @CsvSource({
            "54, 5.13, auto, false, 0", "63, 6.0, auto, false, 0", "64, 6.1, auto, false, 0", "66, 6.2, auto, false, 0",
            "67, 6.3, auto, true, 0", "71, 6.5, auto, true, 0", "90, 6.5, auto, true, 0", "71, 6.5, zed, false, 0",
            "64, 6.1, gazpacho, false, 0", "66, 6.2, caracal, false, 0", "54, 5.13, yoga, false, 0",
            "64, 6.5, auto, false, 0", "71, 6.1, auto, false, 1", "0, 6.1, auto, false, 1", "0, 5.13, auto, false, 2",
    })
    void whatIsWrittenDownOfAHostSparesItARequestThatItWouldRefuse(
            int serviceVersion, String offered, String level, boolean asked, int refusals) {
        RpcServer nova = serving(ComputeRpc.host("nova", "host-a"), offered);
        try {
            RemovedConnection removal = client(level, serviceVersion)
                    .removeVolumeConnection(RequestContext.admin(), instance(), "v1");
            assertThat(removal).isEqualTo(new RemovedConnection(Performer.NOVA_COMPUTE, asked));
        } finally {
            nova.stop();
        }
        assertThat(deletions).containsExactly(asked ? Optional.of(true) : Optional.empty());
        assertThat(refused()).isEqualTo(refusals);
    }

    @Test
    void aHostThatIsTooOldIsSentNothing() {
        RpcServer nova = serving(ComputeRpc.host("nova", "host-a"), "4.22");
        try {
            assertThatThrownBy(
                    () -> client("auto", 29).removeVolumeConnection(RequestContext.admin(), instance(), "v1"))
                    .isInstanceOf(RpcException.VersionCapExceeded.class)
                    .hasMessageContaining("its row in Nova's services");
        } finally {
            nova.stop();
        }
        assertThat(refused()).isZero();
    }

    /** From 6.5 on a nova-compute serves both topics, and stops the older one first when it is told to end. */
    @ParameterizedTest
    @CsvSource({"auto, compute-alt", "gazpacho, compute-alt", "caracal, compute", "zed, compute"})
    void aNovaComputeThatServesTheAlternateTopicIsSentRemovalsThereIfTheCapAllowsIt(String level, String topic) {
        List<String> took = new ArrayList<>();
        List<RpcServer> nova = List.of(
                noting(ComputeRpc.host("nova", "host-a"), took), noting(ComputeRpc.alternate("nova", "host-a"), took));
        try {
            client(level).removeVolumeConnection(RequestContext.admin(), instance(), "v1");
        } finally {
            nova.forEach(RpcServer::stop);
        }
        assertThat(took).containsExactly(topic);
    }

    @ParameterizedTest
    @CsvSource({"70, compute", "71, compute-alt", "0, compute-alt"})
    void aHostWhoseVersionHasNoAlternateTopicIsNotLookedForThere(int serviceVersion, String topic) {
        List<String> took = new ArrayList<>();
        List<RpcServer> nova = List.of(
                noting(ComputeRpc.host("nova", "host-a"), took), noting(ComputeRpc.alternate("nova", "host-a"), took));
        try {
            client("auto", serviceVersion).removeVolumeConnection(RequestContext.admin(), instance(), "v1");
        } finally {
            nova.forEach(RpcServer::stop);
        }
        assertThat(took).containsExactly(topic);
    }

    @Test
    void whatIsWrittenOfNovaComputeIsNotOfOurAgentBesideIt() {
        RpcServer agent = serving(ComputeRpc.own("host-a"), "6.5");
        try {
            assertThat(client("auto", 64).removeVolumeConnection(RequestContext.admin(), instance(), "v1"))
                    .isEqualTo(new RemovedConnection(Performer.COMPUTE_AGENT, true));
        } finally {
            agent.stop();
        }
    }

    private RpcServer noting(Target target, List<String> took) {
        var server = new RpcServer(transport, codec, target, List.of(Endpoint.inDefaultNamespace(6, 5)
                .method(RemoveVolumeConnection.METHOD, RemoveVolumeConnection.class, (_, _) -> took.add(target.topic()))
                .build()), ServerConfig.DEFAULT, meters);
        server.start();
        return server;
    }

    @Test
    void ourAgentGoesBeforeNovaCompute() {
        RpcServer nova = serving(ComputeRpc.host("nova", "host-a"), "6.5");
        try {
            assertThat(remove(ComputeRpc.own("host-a"), "6.5", "zed"))
                    .as("a cap is for Nova's")
                    .isEqualTo(new RemovedConnection(Performer.COMPUTE_AGENT, true));
            assertThat(client("auto").performer("host-a")).as("its queue outlives it").contains(Performer.NOVA_COMPUTE);
        } finally {
            nova.stop();
        }
    }

    @Test
    void aQueueThatNobodyListensToIsNoSignOfLife() {
        serving(ComputeRpc.host("nova", "host-a"), "6.5").stop();

        assertThat(client("auto").performer("host-a")).isEmpty();
        assertThatThrownBy(() -> client("auto").removeVolumeConnection(RequestContext.admin(), instance(), "v1"))
                .isInstanceOf(RpcException.NotDelivered.class)
                .hasMessageContaining("reseat-compute-agent on reseat-compute.host-a")
                .hasMessageContaining("nova-compute on compute.host-a");
        serving(ComputeRpc.host("nova", "host-a"), "6.5").stop();
        assertThat(deletions).as("nothing was published that it would read later").isEmpty();
    }

    @Test
    void whatOnlyTheAgentTellsIsAbsentWithoutIt() {
        RpcServer nova = serving(ComputeRpc.host("nova", "host-a"), "6.5");
        try {
            assertThat(client("auto").connector(RequestContext.admin(), "host-a", Deadline.never()))
                    .isInstanceOf(Performed.Absent.class);
        } finally {
            nova.stop();
        }
    }

    @Test
    void aHostThatOffersLessThanTheCapSaysSo() {
        assertThatThrownBy(() -> remove("5.13", "zed"))
                .isInstanceOfSatisfying(RpcException.RemoteFailure.class, e -> assertThat(e.notOffered()).isTrue());
    }

    @Test
    void underACapThatAllowsNoVersionNothingIsSent() {
        assertThatThrownBy(() -> remove("6.5", "4.13"))
                .isInstanceOf(RpcException.VersionCapExceeded.class)
                .hasMessageContaining("[upgrade_levels] compute");
        assertThat(deletions).isEmpty();
    }

    private static Instance instance() {
        Optional<String> none = Optional.empty();
        Optional<Integer> unknown = Optional.empty();
        return new Instance(
                1, "43605b2a-0000-4000-8000-000000000001", none, none, Optional.of("host-a"), none, none, none, none,
                none, unknown, false, none, none, unknown, unknown, unknown, unknown, unknown, none, none, none, none,
                Optional.empty(), Optional.empty(), Map.of(), Map.of());
    }
}

package dev.reseat.api.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.api.model.Volume;
import dev.reseat.contract.volume.DescribeConnections;
import dev.reseat.contract.volume.VolumeArguments;
import dev.reseat.contract.volume.VolumeRpc;
import dev.reseat.rpc.Failure;
import dev.reseat.rpc.RequestContext;
import dev.reseat.rpc.RpcException;
import dev.reseat.rpc.Target;
import dev.reseat.rpc.client.ClientConfig;
import dev.reseat.rpc.client.RpcClient;
import dev.reseat.rpc.envelope.EnvelopeCodec;
import dev.reseat.rpc.object.WireMapper;
import dev.reseat.rpc.server.Endpoint;
import dev.reseat.rpc.server.EndpointFailure;
import dev.reseat.rpc.server.RpcServer;
import dev.reseat.rpc.server.ServerConfig;
import dev.reseat.rpc.transport.Transport;
import dev.reseat.rpc.transport.memory.MemoryBroker;
import dev.reseat.rpc.transport.memory.MemoryTransport;
import dev.reseat.runtime.Settings;
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

/** Who is asked for the backend of a volume. */
final class VolumeClientTest {
    private static final RequestContext ADMIN = RequestContext.admin();

    private final EnvelopeCodec codec = new EnvelopeCodec(WireMapper.create());
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Transport transport = new MemoryTransport(new MemoryBroker());
    private final RpcClient rpc =
            new RpcClient(transport, codec, ClientConfig.withTimeout(Duration.ofSeconds(10)), meters);
    private final VolumeClient volumes =
            new VolumeClient(rpc, Settings.parse("").checked(RemoteConfig::from));
    private final List<RpcServer> servers = new ArrayList<>();
    private final List<String> asked = new ArrayList<>();

    @AfterEach
    void close() {
        servers.forEach(RpcServer::stop);
        rpc.close();
        transport.close();
    }

    private RpcServer serve(Target target, boolean ours) {
        String name = target.routingKey();
        Endpoint cinder = Endpoint.inDefaultNamespace(3, 18)
                .method("remove_export", VolumeArguments.RemoveExport.class, (_, _) -> {
                    asked.add("remove_export " + name);
                    return null;
                })
                .method("attachment_update", VolumeArguments.AttachmentUpdate.class,
                        (_, _) -> Map.of("driver_volume_type", "iscsi"))
                .build();
        Endpoint reseat = Endpoint.of(VolumeRpc.NAMESPACE, 1, 0)
                .method(DescribeConnections.METHOD, DescribeConnections.class,
                        (_, _) -> new DescribeConnections.Result(true, name, List.of()))
                .build();
        var server = new RpcServer(
                transport, codec, target, ours ? List.of(cinder, reseat) : List.of(cinder), ServerConfig.DEFAULT,
                meters);
        server.start();
        servers.add(server);
        return server;
    }

    @Test
    void ourVolumeManagerGoesBeforeCinderVolume() {
        serve(VolumeRpc.backend("openstack", "host@fake1"), false);
        RpcServer manager = serve(VolumeRpc.own("host@fake1"), true);
        Volume volume = volume(Optional.of("host@fake1#pool"), Optional.empty());

        assertThat(volumes.removeExport(ADMIN, volume)).isEqualTo(Performer.VOLUME_MANAGER);
        manager.stop();
        assertThat(volumes.removeExport(ADMIN, volume)).as("its queue outlives it").isEqualTo(Performer.CINDER_VOLUME);
        assertThat(asked).containsExactly(
                "remove_export reseat-volume.host@fake1", "remove_export cinder-volume.host@fake1.host");
    }

    @Test
    void aClusterIsLookedForBeforeItsHost() {
        serve(VolumeRpc.own("host@fake1"), true);
        serve(VolumeRpc.own("cluster@fake1"), true);
        Volume volume = volume(Optional.of("host@fake1#pool"), Optional.of("cluster@fake1#pool"));

        assertThat(volumes.describeConnections(ADMIN, volume).orThrow().driver())
                .isEqualTo("reseat-volume.cluster@fake1");
    }

    @Test
    void cinderVolumeOfAClusterIsAddressedByTheClustersName() {
        serve(VolumeRpc.backend("openstack", "cluster@fake1"), false);
        Volume volume = volume(Optional.of("host@fake1#pool"), Optional.of("cluster@fake1#pool"));

        assertThat(volumes.removeExport(ADMIN, volume)).isEqualTo(Performer.CINDER_VOLUME);
        assertThat(asked).containsExactly("remove_export cinder-volume.cluster@fake1.cluster");
    }

    /** As clients did that may not send 3.6: topic {@code cinder-volume}, server HOST@BACKEND. */
    @ParameterizedTest
    @CsvSource({"3.5, openstack, true", "3.6, openstack, false", "3.18, openstack, false"})
    void aBackendIsAddressedInTheOldWayByWhoIsCappedBelow36(String cap, String exchange, boolean old) {
        serve(Target.of(exchange, "cinder-volume").onServer("host@fake1"), false);
        var capped = new VolumeClient(
                rpc, Settings.parse("[upgrade_levels]\nvolume = " + cap).checked(RemoteConfig::from));
        Volume volume = volume(Optional.of("host@fake1#pool"), Optional.empty());

        assertThat(capped.performer(volume).isPresent()).isEqualTo(old);
        serve(VolumeRpc.backend(exchange, "host@fake1"), false);
        assertThat(capped.removeExport(ADMIN, volume)).isEqualTo(Performer.CINDER_VOLUME);
        assertThat(asked).containsExactly(
                "remove_export " + (old ? "cinder-volume.host@fake1" : "cinder-volume.host@fake1.host"));
    }

    @Test
    void whatOnlyOursCanIsAbsentWithoutIt() {
        serve(VolumeRpc.backend("openstack", "host@fake1"), false);
        Volume volume = volume(Optional.of("host@fake1"), Optional.empty());

        assertThat(volumes.resetStatus(ADMIN, volume, "available"))
                .isEqualTo(new Performed.Absent<>(
                        "nobody listens: no reseat-volume-manager on reseat-volume.host@fake1"));
        assertThat(volumes.describeConnections(ADMIN, volume)).isInstanceOf(Performed.Absent.class);
        assertThat(volumes.performer(volume)).contains(Performer.CINDER_VOLUME);
    }

    @Test
    void whoHasGivenUpWaitingItselfKnowsNoMoreThanWe() {
        Endpoint hanging = Endpoint.inDefaultNamespace(3, 18)
                .method("remove_export", VolumeArguments.RemoveExport.class, (_, _) -> {
                    throw new EndpointFailure(
                            Failure.of("oslo_messaging.exceptions", "MessagingTimeout", "the backend hangs"));
                })
                .build();
        var server = new RpcServer(
                transport, codec, VolumeRpc.own("host@fake1"), List.of(hanging), ServerConfig.DEFAULT, meters);
        server.start();
        servers.add(server);
        Volume volume = volume(Optional.of("host@fake1"), Optional.empty());

        assertThatThrownBy(() -> volumes.removeExport(ADMIN, volume)).isInstanceOf(RpcException.OutcomeUnknown.class)
                .hasMessage("the backend hangs");
    }

    @Test
    void theConnectionInfoThatCinderVolumeAnswersIsTheCallers() {
        serve(VolumeRpc.backend("openstack", "host@fake1"), false);
        Volume volume = volume(Optional.of("host@fake1"), Optional.empty());

        assertThat(volumes.attachmentUpdate(ADMIN, volume, Map.of("host", "host-a"), "a-1"))
                .isEqualTo(new Performed.Done<>(Performer.CINDER_VOLUME, Map.of("driver_volume_type", "iscsi")));
    }

    @Test
    void whereNobodyListensNothingIsPublished() {
        Volume volume = volume(Optional.of("host@fake1"), Optional.empty());
        serve(VolumeRpc.backend("openstack", "host@fake1"), false).stop();

        assertThat(volumes.performer(volume)).isEmpty();
        assertThatThrownBy(() -> volumes.removeExport(ADMIN, volume)).isInstanceOf(RpcException.NotDelivered.class)
                .hasMessageContaining("cinder-volume on cinder-volume.host@fake1.host");
        serve(VolumeRpc.backend("openstack", "host@fake1"), false);
        assertThat(volumes.removeExport(ADMIN, volume)).isEqualTo(Performer.CINDER_VOLUME);
        assertThat(asked).as("nothing waited in the queue").hasSize(1);
    }

    @Test
    void aVolumeOnNoHostHasNoBackend() {
        assertThatThrownBy(() -> volumes.resetStatus(ADMIN, volume(Optional.empty(), Optional.empty()), "available"))
                .isInstanceOf(RpcException.NotDelivered.class)
                .hasMessageContaining("is on no host");
    }

    static Volume volume(Optional<String> host, Optional<String> cluster) {
        Optional<String> none = Optional.empty();
        return new Volume(
                "v-1", none, none, host, cluster, 1, none, "in-use", none, none, none, none, none, none, none, none,
                none, none, none, none, none, none, none, none, none, none, false, false, Optional.empty(), true,
                Optional.empty(), Optional.empty(), Optional.empty(), Map.of(), Map.of(), List.of());
    }
}

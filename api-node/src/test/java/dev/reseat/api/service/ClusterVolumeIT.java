package dev.reseat.api.service;

import static dev.reseat.api.service.ServiceFixture.ADMIN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.api.model.Volume;
import dev.reseat.api.remote.RemoteConfig;
import dev.reseat.api.remote.VolumeClient;
import dev.reseat.rpc.wiring.Rpc;
import dev.reseat.rpc.wiring.RpcConfig;
import dev.reseat.runtime.Settings;
import dev.reseat.testing.PythonPeer;
import dev.reseat.testing.RabbitBroker;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A volume of an active-active cluster: its services listen as the cluster, and nobody as the host in its row. */
@Tag("database")
@Tag("broker")
final class ClusterVolumeIT {
    private static final Map<String, Object> CONNECTOR = Map.of("host", "host-a");

    private final String url = RabbitBroker.running().transportUrl();
    private final String cluster = "cluster-" + UUID.randomUUID() + "@ceph";
    private final ServiceFixture fixture = new ServiceFixture();
    private PythonPeer service;
    private Rpc rpc;
    private VolumeClient client;

    @BeforeEach
    void serve() throws InterruptedException {
        service = PythonPeer.start("cluster_volume.py", url, cluster);
        assertThat(service.line()).isEqualTo("serving");
        rpc = Rpc.overBroker(
                Settings.parse("[DEFAULT]\ntransport_url = " + url).checked(RpcConfig::from), "cluster-test",
                new SimpleMeterRegistry());
        rpc.start();
        client = new VolumeClient(rpc.client(), RemoteConfig.from(Settings.parse("")));
    }

    @AfterEach
    void close() {
        rpc.stop();
        service.close();
        fixture.close();
    }

    @Test
    void isAskedForAtItsCluster() throws InterruptedException {
        Volume volume = fixture.volume(fixture.cloud.volume(
                Map.of("host", "host-1@ceph#ceph", "cluster_name", cluster + "#ceph")));

        Map<String, Object> answer = client.attachmentUpdate(ADMIN, volume, CONNECTOR, "attachment-1").answer();
        client.terminateConnection(ADMIN, volume, Optional.of(CONNECTOR));

        assertThat(answer).containsEntry("name", "volumes/volume-1");
        assertThat(service.line()).isEqualTo("attachment_update attachment-1 host-a");
        assertThat(service.line()).isEqualTo("terminate_connection " + volume.id() + " host-a");
    }

    @Test
    void isAskedForAtItsHostWhereItHasNoCluster() throws InterruptedException {
        Volume volume = fixture.volume(fixture.cloud.volume(Map.of("host", cluster + "#ceph")));

        client.terminateConnection(ADMIN, volume, Optional.of(CONNECTOR));

        assertThat(service.line()).isEqualTo("terminate_connection " + volume.id() + " host-a");
    }
}

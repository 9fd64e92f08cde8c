package dev.reseat.compute;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.contract.compute.ComputeRpc;
import dev.reseat.contract.compute.DisconnectVolume;
import dev.reseat.contract.compute.HostInventory;
import dev.reseat.contract.compute.InspectVolume;
import dev.reseat.contract.connection.ConnectionInfo;
import dev.reseat.contract.evidence.Answer;
import dev.reseat.rpc.RequestContext;
import dev.reseat.rpc.client.PreparedCall;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an agent tells of its host, without changing anything. */
final class HostQuestionsTest {
    private static final String HOST = "host-a";
    private static final RequestContext CONTEXT = RequestContext.admin();

    @TempDir private Path directory;
    private AgentCloud cloud;
    private ComputeAgent agent;
    private ConnectionInfo.Local connection;

    @BeforeEach
    void startWithAConnectedVolume() {
        cloud = AgentCloud.inMemory(directory);
        agent = cloud.agent(HOST);
        connection = cloud.attachedTo(agent);
        cloud.conductor.instance(AgentCloud.INSTANCE, AgentCloud.instance());
    }

    @AfterEach
    void stop() {
        agent.connectors().disconnect(connection, AgentCloud.soon());
        cloud.close();
    }

    @Test
    void tellsTheConnectorOfTheHost() {
        Map<?, ?> connector = ours().call(CONTEXT, "get_volume_connector", Map.of(), Map.class);
        assertThat(connector.get("host")).isEqualTo(HOST);
        assertThat(connector.get("ip")).isEqualTo("192.0.2.10");
    }

    @Test
    void inspectsAVolume() {
        InspectVolume.Result seen = inspect(Map.of(
                "driver_volume_type", "local", "data", Map.of("device_path", connection.device().toString())));
        assertThat(seen.host()).isEqualTo(Answer.YES);
        assertThat(seen.definitions()).map(InspectVolume.Definitions::guests).contains(Answer.NO);
        assertThat(seen.detail()).contains("runs no guests").contains(connection.device().toString());
        agent.connectors().disconnect(connection, AgentCloud.soon());
        assertThat(inspect(Map.of("driver_volume_type", "local", "device_path", connection.device().toString())).host())
                .isEqualTo(Answer.NO);
    }

    @Test
    void anAttachmentOfTheHostItselfIsAskedOfAllGuests() {
        Map<String, Object> arguments = Map.of("volume_id", AgentCloud.VOLUME);

        InspectVolume.Result seen = ours().call(CONTEXT, "inspect_volume", arguments, InspectVolume.Result.class);

        assertThat(seen.guest()).isEqualTo(Answer.NO);
        assertThat(seen.running()).isEqualTo(Answer.NO);
        assertThat(seen.definitions()).contains(new InspectVolume.Definitions(Answer.NO, Answer.NO, Answer.NO));
    }

    @Test
    void whatCannotBeSeenIsUnknown() {
        assertThat(inspect(Map.of("driver_volume_type", "rbd", "data", Map.of())).host()).isEqualTo(Answer.UNKNOWN);
        assertThat(inspect(Map.of("data", 7)).host()).isEqualTo(Answer.UNKNOWN);
    }

    @Test
    void aConnectionThatNoRowNamesIsTakenDown() {
        Map<String, Object> order = Map.of(
                "volume_id", AgentCloud.VOLUME, "connection_info",
                Map.of("driver_volume_type", "local", "data", Map.of("device_path", connection.device().toString())));

        DisconnectVolume.Result done =
                ours().call(CONTEXT, "disconnect_volume", order, DisconnectVolume.Result.class);

        assertThat(done.outcome()).as(done.detail()).isEqualTo(DisconnectVolume.Outcome.DISCONNECTED);
        assertThat(inspect(null).host()).isEqualTo(Answer.NO);
    }

    @Test
    void withoutAWayToTheVolumeItLooksAmongWhatItHolds() {
        assertThat(inspect(null).host()).isEqualTo(Answer.YES);
        assertThat(ours().call(CONTEXT, "inventory", Map.of("limit", 10), HostInventory.Result.class).held())
                .extracting(HostInventory.Held::name)
                .containsExactly("volume-" + AgentCloud.VOLUME);
    }

    private PreparedCall ours() {
        return cloud.calling(HOST)
                .inNamespace(ComputeRpc.NAMESPACE)
                .atVersion(ComputeRpc.NAMESPACE_VERSION)
                .timeout(Duration.ofSeconds(10));
    }

    private InspectVolume.Result inspect(Map<String, Object> connectionInfo) {
        Map<String, Object> arguments = new HashMap<>();
        arguments.put("volume_id", AgentCloud.VOLUME);
        arguments.put("instance_uuid", AgentCloud.INSTANCE);
        arguments.put("connection_info", connectionInfo);
        return ours().call(CONTEXT, "inspect_volume", arguments, InspectVolume.Result.class);
    }
}

package dev.reseat.compute;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.compute.journal.RemovalJournal;
import dev.reseat.contract.compute.ComputeRpc;
import dev.reseat.contract.connection.ConnectionInfo;
import dev.reseat.contract.evidence.Answer;
import dev.reseat.rpc.RequestContext;
import dev.reseat.rpc.RpcException;
import dev.reseat.rpc.RpcVersion;
import dev.reseat.rpc.client.PreparedCall;
import dev.reseat.testing.HostileArguments;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hostile arguments at every method: answered by failures that Nova knows, and the host's volume is left alone. */
final class AgentRpcFuzzTest {
    private static final String HOST = "host-a";
    private static final String AS_STEP = "remove_volume_connection as step";
    private static final List<String> METHODS = List.of(
            "remove_volume_connection", "remove_volume_connection", AS_STEP, "ping", "get_volume_connector",
            "inspect_volume", "inventory", "disconnect_volume");

    @TempDir private Path directory;

    @Test
    void whatIsRefusedIsRefusedInKnownNamesAndChangesNothing() {
        fuzz(20_261_129, 1_000);
    }

    @Test
    @Tag("slow")
    void theSameForLong() {
        for (long seed = 1; seed <= 10; seed++) {
            fuzz(seed, 3_000);
        }
    }

    private void fuzz(long seed, int calls) {
        try (var cloud = AgentCloud.inMemory(directory.resolve("seed-" + seed))) {
            assertThat(cloud.directory.toFile().mkdirs()).isTrue();
            ComputeAgent agent = cloud.agent(HOST);
            ConnectionInfo.Local connection = cloud.volumeFile();
            agent.connectors().connect(connection, AgentCloud.soon());
            // mapped to nobody, so that no call is right
            cloud.conductor.instance(AgentCloud.INSTANCE, AgentCloud.instance());
            try {
                assertThat(broken(cloud, new HostileArguments(
                        seed, AgentCloud.INSTANCE, AgentCloud.instance(), AgentCloud.instance(),
                        AgentCloud.connectionInfo(connection)),
                        calls))
                        .isEmpty();
                assertThat(agent.connectors().inspect(connection, AgentCloud.soon()).held()).isEqualTo(Answer.YES);
                assertThat(cloud.blockStorage.lines()).isEmpty();
                assertThat(new RemovalJournal(cloud.state(HOST)).unfinished()).isEmpty();
            } finally {
                agent.connectors().disconnect(connection, AgentCloud.soon());
            }
        }
    }

    private static List<String> broken(AgentCloud cloud, HostileArguments hostile, int calls) {
        List<String> broken = new ArrayList<>();
        for (int i = 0; i < calls; i++) {
            String method = hostile.oneOf(METHODS);
            Map<String, Object> args = arguments(hostile, method);
            try {
                calling(cloud, hostile, method).call(
                        RequestContext.admin(), method.equals(AS_STEP) ? "remove_volume_connection" : method, args,
                        Object.class);
            } catch (RpcException.RemoteFailure failure) {
                if (!HostileArguments.isKnown(failure.failure())) {
                    broken.add(method + " " + args + ": " + failure.failure());
                }
            }
        }
        return broken;
    }

    private static PreparedCall calling(AgentCloud cloud, HostileArguments hostile, String method) {
        PreparedCall agent = cloud.calling(HOST);
        return switch (method) {
            case "remove_volume_connection" ->
                agent.atVersion(hostile.oneOf(List.of(RpcVersion.of(6, 3), RpcVersion.of(6, 0), RpcVersion.of(5, 0))));
            case "ping" -> agent.inNamespace(ComputeRpc.BASE_NAMESPACE).atVersion(RpcVersion.of(1, 1));
            default -> agent.inNamespace(ComputeRpc.NAMESPACE).atVersion(ComputeRpc.NAMESPACE_VERSION);
        };
    }

    private static Map<String, Object> arguments(HostileArguments hostile, String method) {
        return switch (method) {
            case "remove_volume_connection", AS_STEP -> {
                Map<String, Object> args = hostile.of("instance", "volume_id", "delete_attachment");
                if (method.equals(AS_STEP)) {
                    args.put("report_to", hostile.oneOf(List.of(true, true, false))
                            ? hostile.of("journal_id", "step", "epoch")
                            : hostile.any());
                }
                if (hostile.oneOf(List.of(true, false))) {
                    args.put("instance", hostile.object(
                            "nova_object", "nova", "Instance", "uuid", "host", "vm_state", "task_state",
                            "power_state", "id", "project_id", "launched_at", "metadata"));
                }
                yield args;
            }
            case "ping" -> hostile.of("arg");
            case "get_volume_connector" -> hostile.oneOf(List.of(Map.of(), hostile.of("arg")));
            case "inventory" -> hostile.of("after", "limit");
            default -> hostile.of("volume_id", "instance_uuid", "connection_info");
        };
    }
}

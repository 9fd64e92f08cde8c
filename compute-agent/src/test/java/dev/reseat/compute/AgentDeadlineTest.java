package dev.reseat.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.contract.connection.ConnectionInfo;
import dev.reseat.rpc.RequestContext;
import dev.reseat.rpc.RpcException;
import dev.reseat.rpc.RpcVersion;
import dev.reseat.runtime.Service;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is left of the caller's time is what the agent waits for others, not a time of its own. */
final class AgentDeadlineTest {
    private static final String HOST = "host-a";
    /** Much less than the minute that block storage is given otherwise, for each of five attempts. */
    private static final Duration WITHIN = Duration.ofSeconds(30);

    @TempDir private Path directory;

    @Test
    void theAgentWaitsForBlockStorageNoLongerThanItsCallerWaitsForIt() throws Exception {
        try (var cloud = AgentCloud.inMemory(directory)) {
            ComputeAgent agent = cloud.agent(HOST);
            ConnectionInfo.Local connection = cloud.volumeFile();
            cloud.conductor.map(AgentCloud.VOLUME, AgentCloud.INSTANCE, AgentCloud.ATTACHMENT,
                    AgentCloud.connectionInfo(connection));
            CountDownLatch gate = cloud.blockStorage.holdAnswers();

            assertThatThrownBy(() -> cloud.calling(HOST)
                    .atVersion(RpcVersion.of(6, 3))
                    .timeout(Duration.ofSeconds(5))
                    .call(RequestContext.admin(), "remove_volume_connection",
                            Map.of("instance", AgentCloud.instance(), "volume_id", AgentCloud.VOLUME,
                                    "delete_attachment", true),
                            Void.class))
                    .isInstanceOf(RpcException.class);

            assertThat(cloud.blockStorage.asked().getCount()).as("it was asked").isZero();
            assertThat(agent.drain(WITHIN)).as("its method has ended").isEqualTo(Service.Drained.CLEAN);
            gate.countDown();
        }
    }
}

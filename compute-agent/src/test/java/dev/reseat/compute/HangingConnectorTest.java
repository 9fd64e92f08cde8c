package dev.reseat.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.reseat.compute.connector.ConnectorException;
import dev.reseat.compute.connector.Device;
import dev.reseat.compute.connector.Inspection;
import dev.reseat.compute.connector.VolumeConnector;
import dev.reseat.contract.compute.InspectVolume;
import dev.reseat.contract.connection.ConnectionInfo;
import dev.reseat.contract.evidence.Answer;
import dev.reseat.rpc.Failure;
import dev.reseat.rpc.RequestContext;
import dev.reseat.rpc.RpcException;
import dev.reseat.rpc.RpcVersion;
import dev.reseat.runtime.Deadline;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A host that does not come back with a volume, and the requests beside that. */
final class HangingConnectorTest {
    private static final String HOST = "host-a";
    private static final RequestContext CONTEXT = RequestContext.admin();
    private static final Map<String, Object> ISCSI = Map.of("driver_volume_type", "iscsi", "data",
            Map.of("target_portal", "192.0.2.1:3260", "target_iqn", "iqn.2026-01.x:v", "target_lun", 1));

    @TempDir private Path directory;

    private final Stuck stuck = new Stuck();
    private AgentCloud cloud;
    private ComputeAgent agent;

    /** Blocks as a system call does, whoever interrupts, until it is let go. */
    private static final class Stuck implements VolumeConnector<ConnectionInfo.Iscsi> {
        private final CountDownLatch open = new CountDownLatch(1);
        private final List<String> acts = new CopyOnWriteArrayList<>();

        @Override
        public Class<ConnectionInfo.Iscsi> handles() {
            return ConnectionInfo.Iscsi.class;
        }

        @Override
        public Device connect(ConnectionInfo.Iscsi connection, Deadline deadline) {
            throw new ConnectorException.Failed("nobody asks for it");
        }

        @Override
        public void disconnect(ConnectionInfo.Iscsi connection, Deadline deadline) {
            block();
            if (deadline.isOver()) {
                throw new ConnectorException.Failed("the time for it is over");
            }
            acts.add("logout");
        }

        @Override
        public Inspection inspect(ConnectionInfo.Iscsi connection) {
            block();
            return new Inspection(List.of());
        }

        private void block() {
            boolean opened = false;
            while (!opened) {
                try {
                    opened = open.await(60, TimeUnit.SECONDS);
                } catch (InterruptedException e) {
                    // goes on waiting
                }
            }
        }
    }

    @BeforeEach
    void start() {
        cloud = AgentCloud.inMemory(directory)
                .within(Duration.ofSeconds(2))
                .with("iscsi", stuck);
        agent = cloud.agent(HOST);
        cloud.conductor.map(AgentCloud.VOLUME, AgentCloud.INSTANCE, AgentCloud.ATTACHMENT, """
                {"driver_volume_type": "iscsi", "data": {"target_portal": "192.0.2.1:3260",
                 "target_iqn": "iqn.2026-01.x:v", "target_lun": 1}}""");
        cloud.conductor.instance(AgentCloud.INSTANCE, AgentCloud.instance());
    }

    @AfterEach
    void stop() {
        stuck.open.countDown();
        cloud.close();
    }

    private Failure failure() {
        return catchThrowableOfType(RpcException.RemoteFailure.class, this::remove).failure();
    }

    private void remove() {
        cloud.calling(HOST)
                .atVersion(RpcVersion.of(6, 3))
                .call(CONTEXT, "remove_volume_connection",
                        Map.of("instance", AgentCloud.instance(), "volume_id", AgentCloud.VOLUME, "delete_attachment",
                                true),
                        Void.class);
    }

    private InspectVolume.Result inspect(Map<String, Object> connectionInfo) {
        return cloud.calling(HOST)
                .inNamespace("reseat")
                .atVersion(RpcVersion.of(1, 0))
                .call(CONTEXT, InspectVolume.METHOD,
                        Map.of("volume_id", "another", "connection_info", connectionInfo), InspectVolume.Result.class);
    }

    @Test
    void isUnknownAtTheDeadlineAndKeptInTheJournalWithNothingTakenBack() {
        Failure unknown = failure();

        assertThat(unknown.type()).isEqualTo("MessagingTimeout");
        assertThat(unknown.message()).contains("disconnect of this host has not come back in time");
        assertThat(cloud.blockStorage.lines()).isEmpty();
        assertThat(agent.healthChecks().getFirst().probe().get().detail()).contains("1 unfinished", AgentCloud.VOLUME);
        assertThat(agent.healthChecks().getLast().probe().get().detail())
                .startsWith("given up and not back: disconnect since 20");
    }

    @Test
    void whoWaitsForTheVolumeIsToldByWhomItIsHeldAndLateItDoesNothing() throws Exception {
        failure();

        Failure busy = failure();
        assertThat(busy.type()).isEqualTo("DeviceDetachFailed");
        assertThat(busy.message())
                .contains("volume " + AgentCloud.VOLUME + " is held by remove_volume_connection since 20");

        var again = CompletableFuture.runAsync(this::remove); // waits for the one that hangs
        stuck.open.countDown();
        again.get(30, TimeUnit.SECONDS);
        assertThat(stuck.acts).containsExactly("logout"); // of the last one alone
        assertThat(cloud.blockStorage.lines()).containsExactly("DELETE /attachments/" + AgentCloud.ATTACHMENT);
    }

    @Test
    void aLookThatHangsIsUnknownAndHoldsUpNoOther() {
        assertThat(inspect(ISCSI).host()).isEqualTo(Answer.UNKNOWN);

        var beside = Map.<String, Object>of("driver_volume_type", "local", "data",
                Map.of("device_path", cloud.volumeFile().device().toString()));
        assertThat(inspect(beside).host()).isEqualTo(Answer.NO);
    }
}

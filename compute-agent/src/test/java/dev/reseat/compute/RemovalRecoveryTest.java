package dev.reseat.compute;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.compute.journal.Removal;
import dev.reseat.compute.journal.RemovalJournal;
import dev.reseat.contract.connection.ConnectionInfo;
import dev.reseat.contract.evidence.Answer;
import dev.reseat.monitor.Health;
import dev.reseat.rpc.RequestContext;
import dev.reseat.rpc.RpcVersion;
import dev.reseat.runtime.Service;
import dev.reseat.testing.CapturedLog;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an agent does at its start with a removal that was left unfinished. */
final class RemovalRecoveryTest {
    private static final String HOST = "host-a";
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final RequestContext CONTEXT = RequestContext.admin();

    @TempDir private Path directory;
    private AgentCloud cloud;
    private ComputeAgent agent;
    private ConnectionInfo.Local connection;

    @BeforeEach
    void connectAVolume() {
        cloud = AgentCloud.inMemory(directory);
        agent = cloud.unstarted(HOST);
        connection = cloud.attachedTo(agent);
        cloud.conductor.instance(AgentCloud.INSTANCE, AgentCloud.instance());
    }

    @AfterEach
    void stop() {
        agent.connectors().disconnect(connection, AgentCloud.soon());
        cloud.close();
    }

    @Test
    void finishesOnThisHostWhatAKilledAgentHadBegun() throws Exception {
        crashedAt(Removal.Step.HOST, AgentCloud.ATTACHMENT);
        try (var journal = new JournalWatch(cloud.state(HOST))) {
            agent = cloud.agent(HOST);
            journal.await(LIMIT, left -> left.stream().noneMatch(Removal::touchesHost));
        }
        assertThat(held()).isEqualTo(Answer.NO);
        assertThat(cloud.blockStorage.lines()).isEmpty(); // only its caller may ask for that
        assertThat(unfinished()).hasSize(1);
        removeAgain();
        assertThat(unfinished()).isEmpty();
    }

    @Test
    void finishesNothingOnceNovaHasMovedOn() {
        crashedAt(Removal.Step.GUEST, "an-attachment-of-before");
        agent = cloud.agent(HOST);
        assertThat(agent.drain(LIMIT)).isEqualTo(Service.Drained.CLEAN); // it has been looked at
        assertThat(held()).isEqualTo(Answer.YES);
        assertThat(unfinished()).extracting(Removal::step).containsExactly(Removal.Step.GUEST);
    }

    @Test
    void whatNovaHasLetGoOfIsUnfinishedNoMore() {
        crashedAt(Removal.Step.BLOCK_STORAGE, AgentCloud.ATTACHMENT);
        agent = cloud.agent(HOST);
        cloud.conductor.unmap(AgentCloud.VOLUME, AgentCloud.INSTANCE);
        removeAgain();
        assertThat(unfinished()).isEmpty();
    }

    @Test
    void whatIsUnfinishedIsShown() {
        crashedAt(Removal.Step.BLOCK_STORAGE, AgentCloud.ATTACHMENT);
        agent = cloud.agent(HOST);
        var health = agent.healthChecks().getFirst().probe().get();
        assertThat(health.status()).isEqualTo(Health.Status.DEGRADED);
        assertThat(health.detail()).contains("1 unfinished").contains(AgentCloud.VOLUME);
        assertThat(cloud.meters.get("reseat.compute.removals.unfinished").gauge().value()).isEqualTo(1);
    }

    @Test
    void aConductorThatRefusesUsIsSaidOnceAndShown() {
        crashedAt(Removal.Step.HOST, AgentCloud.ATTACHMENT);
        cloud.conductor.failWith("ValueError", "time data does not match format");
        try (CapturedLog log = CapturedLog.of("dev.reseat.compute")) {
            agent = cloud.agent(HOST);
            assertThat(agent.drain(LIMIT)).isEqualTo(Service.Drained.CLEAN); // one round is over

            assertThat(log.lines("WARN").stream().filter(line -> line.contains("cannot be finished yet")))
                    .singleElement()
                    .asString()
                    .contains("the conductor answers with ValueError", "time data");
        }
        assertThat(held()).isEqualTo(Answer.YES);
        assertThat(unfinished()).hasSize(1);
        assertThat(agent.healthChecks().getFirst().probe().get().detail()).contains("answers with ValueError");
        assertThat(cloud.meters.get("reseat.compute.removals.failed_rounds").gauge().value()).isEqualTo(1);
    }

    /** As if the agent had been killed there. */
    private void crashedAt(Removal.Step step, String attachment) {
        var journal = new RemovalJournal(cloud.state(HOST));
        journal.start();
        journal.write(new Removal(
                AgentCloud.VOLUME, AgentCloud.INSTANCE, Optional.of(attachment), true, Optional.of("local"),
                Optional.of(connection.device().toString()), CONTEXT.requestId(), Instant.EPOCH, step));
        journal.stop();
    }

    private void removeAgain() {
        cloud.calling(HOST)
                .atVersion(RpcVersion.of(6, 3))
                .call(CONTEXT, "remove_volume_connection",
                        Map.of("instance", AgentCloud.instance(), "volume_id", AgentCloud.VOLUME, "delete_attachment",
                                true),
                        Void.class);
    }

    private List<Removal> unfinished() {
        return new RemovalJournal(cloud.state(HOST)).unfinished();
    }

    private Answer held() {
        return agent.connectors().inspect(connection, AgentCloud.soon()).held();
    }
}

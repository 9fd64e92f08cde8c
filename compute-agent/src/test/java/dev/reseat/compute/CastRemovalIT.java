package dev.reseat.compute;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.contract.compute.ComputeRpc;
import dev.reseat.contract.connection.ConnectionInfo;
import dev.reseat.contract.evidence.Answer;
import dev.reseat.contract.step.ReportStep;
import dev.reseat.contract.step.StepOutcome;
import dev.reseat.rpc.RequestContext;
import dev.reseat.rpc.client.PreparedCall;
import dev.reseat.rpc.transport.TransportUrl;
import dev.reseat.rpc.transport.rabbit.RabbitConfig;
import dev.reseat.rpc.transport.rabbit.RabbitTransport;
import dev.reseat.testing.RabbitBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Removals that are cast over a real RabbitMQ, to an agent that may be away when they are sent. */
@Tag("broker")
final class CastRemovalIT {
    private static final Duration GRACE = Duration.ofSeconds(20);
    private static final String DELETE = "DELETE /attachments/" + AgentCloud.ATTACHMENT;

    @TempDir private Path directory;
    private final TransportUrl broker = TransportUrl.parse(RabbitBroker.running().transportUrl());
    private final String host = "host-" + UUID.randomUUID();
    private AgentCloud cloud;
    private ComputeAgent agent;
    private ConnectionInfo.Local connection;

    @BeforeEach
    void anAgentThatHasGone() {
        cloud = new AgentCloud(directory, () -> RabbitTransport.of(broker, RabbitConfig.defaults(), "reseat-test"))
                .withConductor();
        agent = cloud.unstarted(host);
        connection = cloud.attachedTo(agent);
        ComputeAgent gone = cloud.unstarted(host);
        gone.start();
        gone.drain(GRACE);
        gone.stop();
    }

    @AfterEach
    void stop() {
        agent.stop();
        agent.connectors().disconnect(connection, AgentCloud.soon());
        cloud.close();
    }

    @Test
    void aCastThatIsReadInTimeIsAdmittedDoneAndReported() throws Exception {
        cast("removal", 3);

        agent.start();

        assertThat(cloud.steps.nextAsked().epoch()).isEqualTo(3);
        ReportStep report = cloud.steps.nextReport();
        assertThat(report.outcome()).isEqualTo(StepOutcome.DONE);
        assertThat(report.step()).isEqualTo("removal");
        assertThat(held()).isEqualTo(Answer.NO);
        assertThat(cloud.blockStorage.lines()).containsExactly(DELETE);
    }

    @Test
    void aCastOfAStepThatWasSettledMeanwhileDoesNothing() throws Exception {
        cloud.steps.admitting(step -> step.epoch() > 1);
        cast("settled", 1);

        agent.start();
        cloud.steps.nextAsked();
        agent.drain(GRACE); // returns when the method has ended

        assertNothingDone();
        assertThat(cloud.steps.furtherReports()).isZero();
    }

    @Test
    void withoutAnAnswerNothingIsDone() throws Exception {
        cloud.steps.admitting(_ -> {
            throw new IllegalStateException("the journal cannot be read");
        });
        cast("unanswered", 1);

        agent.start();

        assertThat(cloud.steps.nextReport().outcome()).isEqualTo(StepOutcome.SKIPPED);
        assertNothingDone();
    }

    @Test
    void aCastThatHasExpiredIsNeverRead() throws Exception {
        agent().expiring(Duration.ofMillis(1)).cast(RequestContext.admin(), "remove_volume_connection", args("old", 1));
        cast("later", 1);

        agent.start();

        assertThat(cloud.steps.nextReport().step()).isEqualTo("later");
        assertThat(cloud.steps.nextAsked().step()).as("the only one that was asked for").isEqualTo("later");
    }

    @Test
    void aFailureIsReported() throws Exception {
        cloud.conductor.map(AgentCloud.VOLUME, AgentCloud.INSTANCE, AgentCloud.ATTACHMENT,
                "{\"driver_volume_type\": \"smbfs\", \"data\": {\"export\": \"//server/share\"}}");
        cast("removal", 1);

        agent.start();

        ReportStep report = cloud.steps.nextReport();
        assertThat(report.outcome()).isEqualTo(StepOutcome.FAILED);
        assertThat(report.detail().orElseThrow()).contains("smbfs");
    }

    @Test
    void withoutAnyoneToReportToItIsACallLikeTheOther() {
        agent.start();
        Map<String, Object> args = new HashMap<>(args("-", 1));
        args.remove("report_to");

        assertThat(agent().call(RequestContext.admin(), "remove_volume_connection", args, Void.class)).isNull();

        assertThat(held()).isEqualTo(Answer.NO);
        assertThat(cloud.blockStorage.lines()).containsExactly(DELETE);
    }

    private void cast(String step, long epoch) {
        agent().expiring(Duration.ofMinutes(10))
                .cast(RequestContext.admin(), "remove_volume_connection", args(step, epoch));
    }

    private static Map<String, Object> args(String step, long epoch) {
        return Map.of(
                "instance", AgentCloud.instance(), "volume_id", AgentCloud.VOLUME, "delete_attachment", true,
                "report_to",
                Map.of("journal_id", "17ac433c-c4bf-4a64-8816-2f334dbb643a", "step", step, "epoch", epoch));
    }

    private PreparedCall agent() {
        return cloud.calling(host).inNamespace(ComputeRpc.NAMESPACE).atVersion(ComputeRpc.NAMESPACE_VERSION);
    }

    private void assertNothingDone() {
        assertThat(held()).isEqualTo(Answer.YES);
        assertThat(cloud.blockStorage.lines()).isEmpty();
    }

    private Answer held() {
        return agent.connectors().inspect(connection, AgentCloud.soon()).held();
    }
}

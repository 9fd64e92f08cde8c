package dev.reseat.volume;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.contract.step.ReportStep;
import dev.reseat.contract.step.StepOutcome;
import dev.reseat.contract.volume.VolumeRpc;
import dev.reseat.rpc.client.PreparedCall;
import dev.reseat.rpc.transport.Transport;
import dev.reseat.rpc.transport.TransportUrl;
import dev.reseat.rpc.transport.rabbit.RabbitConfig;
import dev.reseat.rpc.transport.rabbit.RabbitTransport;
import dev.reseat.testing.RabbitBroker;
import dev.reseat.volume.driver.MemoryDriver;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Resets that are cast over a real RabbitMQ, to a volume-manager that may be away when they are sent. */
@Tag("broker")
final class CastResetIT {
    private static final Duration GRACE = Duration.ofSeconds(20);

    private final String volume = UUID.randomUUID().toString();
    private final MemoryDriver driver = new MemoryDriver();
    private OneBackend cloud;

    @BeforeEach
    void aVolumeManagerThatHasGone() {
        try (OneBackend gone = new OneBackend(transport(), driver)) {
            gone.start();
        }
        cloud = new OneBackend(transport(), driver);
        driver.create(volume);
        cloud.state().add(Rows.volume(volume, OneBackend.HOST + "#pool", Map.of()));
        cloud.state().add(Rows.attachmentTo("compute-1", "a-1", volume));
        cloud.startState();
    }

    @AfterEach
    void close() {
        cloud.close();
    }

    @Test
    void aCastThatIsReadInTimeIsAdmittedDoneAndReportedWithItsAnswer() throws Exception {
        cast("driver", 3);

        cloud.manager().start();

        assertThat(cloud.steps().nextAsked().epoch()).isEqualTo(3);
        ReportStep report = cloud.steps().nextReport();
        assertThat(report.outcome()).isEqualTo(StepOutcome.DONE);
        assertThat(report.result().orElseThrow()).containsEntry("outcome", "proved").containsKey("connections");
    }

    @Test
    void aCastOfAStepThatWasSettledMeanwhileDoesNothing() throws Exception {
        cloud.steps().admitting(_ -> false);
        cast("settled", 1);

        cloud.manager().start();
        cloud.steps().nextAsked();
        cloud.manager().drain(GRACE); // returns when the method has ended

        assertThat(driver.calls()).isEmpty();
        assertThat(cloud.steps().furtherReports()).isZero();
    }

    @Test
    void withoutAnAnswerNothingIsDone() throws Exception {
        cloud.steps().admitting(_ -> {
            throw new IllegalStateException("the journal cannot be read");
        });
        cast("unanswered", 1);

        cloud.manager().start();

        assertThat(cloud.steps().nextReport().outcome()).isEqualTo(StepOutcome.SKIPPED);
        assertThat(driver.calls()).isEmpty();
    }

    @Tag("slow")
    @Test
    void aCastThatHasExpiredIsNeverRead() throws Exception {
        backend().expiring(Duration.ofMillis(1)).cast(cloud.context(), "reset_status", args("old", 1));
        cast("later", 1);

        cloud.manager().start();

        assertThat(cloud.steps().nextReport().step()).isEqualTo("later");
        assertThat(cloud.steps().nextAsked().step()).as("the only one that was asked for").isEqualTo("later");
    }

    private static Transport transport() {
        return RabbitTransport.of(
                TransportUrl.parse(RabbitBroker.running().transportUrl()), RabbitConfig.defaults(), "reseat-test");
    }

    private void cast(String step, long epoch) {
        backend().expiring(Duration.ofMinutes(10)).cast(cloud.context(), "reset_status", args(step, epoch));
    }

    private Map<String, Object> args(String step, long epoch) {
        return Map.of(
                "volume_id", volume, "status", "available", "report_to",
                Map.of("journal_id", "17ac433c-c4bf-4a64-8816-2f334dbb643a", "step", step, "epoch", epoch));
    }

    private PreparedCall backend() {
        return cloud.backend().inNamespace(VolumeRpc.NAMESPACE).atVersion(VolumeRpc.NAMESPACE_VERSION);
    }
}

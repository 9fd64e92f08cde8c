package dev.reseat.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.reseat.contract.Replaces;
import dev.reseat.contract.volume.DescribeConnections;
import dev.reseat.contract.volume.ResetStatus;
import dev.reseat.contract.volume.ResetStatus.Outcome;
import dev.reseat.contract.volume.VolumeRpc;
import dev.reseat.monitor.Health;
import dev.reseat.rpc.Failure;
import dev.reseat.rpc.RpcException;
import dev.reseat.rpc.transport.memory.MemoryBroker;
import dev.reseat.rpc.transport.memory.MemoryTransport;
import dev.reseat.volume.driver.MemoryDriver;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A driver call that does not come back, and those beside it. */
final class HangingBackendTest {
    private static final String STUCK = "e3333de9-0000-4000-8000-000000000001";
    private static final String BESIDE = "e3333de9-0000-4000-8000-000000000002";
    private static final String ELSEWHERE = "e3333de9-0000-4000-8000-000000000003";

    private final MemoryDriver hanging = new MemoryDriver();
    private final MemoryDriver other = new MemoryDriver();
    private final OneBackend cloud = new OneBackend(
            new MemoryTransport(new MemoryBroker()), Map.of("one", hanging, "two", other), Replaces.NONE,
            Duration.ofSeconds(3)).start();

    @BeforeEach
    void volumes() {
        hanging.create(STUCK);
        hanging.create(BESIDE);
        other.create(ELSEWHERE);
        cloud.state().add(Rows.volume(STUCK, "host-1@one#pool", Map.of()));
        cloud.state().add(Rows.volume(BESIDE, "host-1@one#pool", Map.of()));
        cloud.state().add(Rows.volume(ELSEWHERE, "host-1@two#pool", Map.of()));
        cloud.state().add(Rows.attachmentTo("compute-1", "a-1", STUCK));
    }

    @AfterEach
    void stop() {
        cloud.close();
    }

    private <T> T call(String backend, String method, Map<String, Object> args, Class<T> result) {
        return cloud.calling(VolumeRpc.own("host-1@" + backend))
                .inNamespace(VolumeRpc.NAMESPACE)
                .atVersion(VolumeRpc.NAMESPACE_VERSION)
                .call(cloud.context(), method, args, result);
    }

    private ResetStatus.Result reset(String backend, String volume, String status) {
        return call(backend, ResetStatus.METHOD, Map.of("volume_id", volume, "status", status),
                ResetStatus.Result.class);
    }

    private DescribeConnections.Result describe(String backend, String volume) {
        return call(backend, DescribeConnections.METHOD, Map.of("volume_id", volume), DescribeConnections.Result.class);
    }

    private static Failure failureOf(Runnable call) {
        return catchThrowableOfType(RpcException.RemoteFailure.class, call::run).failure();
    }

    @Test
    void aCallThatHangsHasAnUnknownOutcomeAndHoldsUpNobodyElse() throws Exception {
        reset("one", STUCK, "in-use");
        try (var _ = hanging.stop("terminateConnections")) {
            Failure unknown = failureOf(() -> reset("one", STUCK, "available"));

            assertThat(unknown.type()).isEqualTo("MessagingTimeout");
            assertThat(unknown.message()).contains("reset_status of host-1@one", "outcome unknown");
            assertThat(describe("one", BESIDE).supported()).isTrue();
            assertThat(reset("two", ELSEWHERE, "available").outcome()).isEqualTo(Outcome.PROVED);
            assertThat(cloud.manager().healthChecks())
                    .filteredOn(check -> check.name().equals("backend:host-1@one"))
                    .singleElement()
                    .satisfies(check -> {
                        Health health = check.probe().get();
                        assertThat(health.status()).isEqualTo(Health.Status.DEGRADED);
                        assertThat(health.detail()).startsWith("given up and not back: reset_status since 20");
                    });
        }
    }

    @Test
    void theVolumeIsKeptUntilTheCallIsBackAndThatIsSaid() throws Exception {
        reset("one", STUCK, "in-use");
        try (var _ = hanging.stop("terminateConnections")) {
            failureOf(() -> reset("one", STUCK, "available"));

            Failure busy = failureOf(() -> describe("one", STUCK));

            assertThat(busy.type()).isEqualTo("ServiceUnavailable");
            assertThat(busy.message()).contains("volume " + STUCK + " is held by reset_status since 20");
        }

        assertThat(describe("one", STUCK).connections()).hasSize(1); // it came back and did nothing more
        assertThat(hanging.hosts(STUCK)).containsExactly("compute-1");
        assertThat(hanging.calls()).doesNotContain("removeExport");
        assertThat(reset("one", STUCK, "available").outcome()).isEqualTo(Outcome.PROVED);
    }

    @Test
    void whatWasMadeBeforeTheHangIsNotTakenBackBehindItsBack() throws Exception {
        try (var _ = hanging.stop("initializeConnection")) {
            Failure unknown = failureOf(() -> cloud.call(
                    "attachment_update",
                    Map.of("vref", Rows.volume(STUCK), "connector", Map.of("host", "compute-1"), "attachment_id",
                            "a-1"),
                    Map.class));

            assertThat(unknown.type()).isEqualTo("MessagingTimeout");
        }
        assertThat(describe("one", STUCK).connections()).hasSize(1);
        assertThat(hanging.calls()).doesNotContain("terminateConnection");
        assertThat(cloud.state().committed()).isEmpty();
    }

    @Test
    void aHealthCheckThatHangsIsDownAndTheNextOneDoesNotHangToo() throws Exception {
        var check = cloud.manager()
                .healthChecks()
                .stream()
                .filter(one -> one.name().equals("backend:host-1@one"))
                .findFirst()
                .orElseThrow();
        try (var _ = hanging.stop("probe")) {
            assertThat(check.probe().get().status()).isEqualTo(Health.Status.DOWN);
            assertThat(check.probe().get().detail()).contains("the backend does not answer: probe since 20");
            assertThat(reset("one", BESIDE, "available").outcome()).isEqualTo(Outcome.PROVED);
        }
    }
}

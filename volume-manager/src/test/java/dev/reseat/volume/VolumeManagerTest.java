package dev.reseat.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.contract.OpenStackService;
import dev.reseat.contract.Replaces;
import dev.reseat.contract.evidence.Answer;
import dev.reseat.contract.volume.DescribeConnections;
import dev.reseat.contract.volume.ResetStatus;
import dev.reseat.contract.volume.ResetStatus.Outcome;
import dev.reseat.contract.volume.ShowConnection;
import dev.reseat.contract.volume.VolumeObject;
import dev.reseat.contract.volume.VolumeRpc;
import dev.reseat.monitor.Health;
import dev.reseat.rpc.Failure;
import dev.reseat.rpc.RpcVersion;
import dev.reseat.rpc.Target;
import dev.reseat.rpc.transport.Delivery;
import dev.reseat.rpc.transport.ListenAddress;
import dev.reseat.rpc.transport.Transport;
import dev.reseat.rpc.transport.memory.MemoryBroker;
import dev.reseat.rpc.transport.memory.MemoryTransport;
import dev.reseat.rpc.wiring.QueueInUse;
import dev.reseat.volume.driver.MemoryDriver;
import dev.reseat.volume.driver.PlainDriver;
import dev.reseat.volume.driver.VolumeDriver;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The whole module, called as its callers call it: what all methods have in common, and our own. */
final class VolumeManagerTest extends CalledManager {
    private static final List<Target> OWN =
            List.of(VolumeRpc.own(OneBackend.HOST), VolumeRpc.own("cluster-1@one#pool"));
    private static final List<Target> CINDERS = List.of(
            VolumeRpc.backend(OneBackend.EXCHANGE, OneBackend.HOST),
            Target.of(OneBackend.EXCHANGE, VolumeRpc.TOPIC).onServer(OneBackend.HOST));

    private DescribeConnections.Result described(OneBackend cloud, Target target) {
        return cloud.calling(target)
                .inNamespace(VolumeRpc.NAMESPACE)
                .atVersion(VolumeRpc.NAMESPACE_VERSION)
                .call(cloud.context(), "describe_connections", args("volume_id", VOLUME),
                        DescribeConnections.Result.class);
    }

    @Test
    void itsHostAndItsClusterAreServedOnItsOwnTopicAndNothingOfCinders() {
        stuckVolume();
        attachment("a-1", "compute-1");

        for (Target target : OWN) {
            assertThat(described(cloud, target).supported()).isTrue();
            assertThat(described(cloud, target).driver()).isEqualTo("memory");
        }
        assertThat(CINDERS).noneMatch(target -> cloud.calling(target).isServed(Duration.ofSeconds(5)));
    }

    @Test
    void inPlaceOfCinderVolumeBothOfItsQueuesAreServedToo() {
        driver.create(VOLUME);
        var replaces = new Replaces(Set.of(OpenStackService.CINDER_VOLUME), false);
        try (var instead = new OneBackend(new MemoryTransport(new MemoryBroker()), driver, replaces).start()) {
            instead.state().add(Rows.volume(VOLUME, OneBackend.HOST + "#pool", Map.of()));

            assertThat(Stream.concat(OWN.stream(), CINDERS.stream()))
                    .allMatch(target -> described(instead, target).supported());
        }
    }

    @Test
    void cinderVolumesPlaceIsNotTakenWhileItIsAtWorkUnlessTold() {
        var broker = new MemoryBroker();
        Set<OpenStackService> service = Set.of(OpenStackService.CINDER_VOLUME);
        try (Transport python = new MemoryTransport(broker)) {
            var source = new ListenAddress.Server(OneBackend.EXCHANGE, "cinder-volume", OneBackend.HOST);
            python.listen(source, Delivery::acknowledge);

            try (var refused = new OneBackend(new MemoryTransport(broker), driver, new Replaces(service, false))) {
                assertThatThrownBy(refused::start).isInstanceOf(QueueInUse.class)
                        .hasMessageContaining("queue 'cinder-volume." + OneBackend.HOST + "' of cinder-volume")
                        .hasMessageContaining("--takeover");
                assertThat(python.consumers(source.serverQueue(), Duration.ofSeconds(5))).isOne();
            }
            try (var _ = new OneBackend(new MemoryTransport(broker), driver, new Replaces(service, true)).start()) {
                // it is one of the topic, and the topic of the backend's other server
                assertThat(python.consumers(source.serverQueue(), Duration.ofSeconds(5))).isEqualTo(1 + 2);
            }
        }
    }

    @Test
    void resetToAvailableTakesEverythingDownAndSaysSo() {
        VolumeObject volume = stuckVolume();
        attachment("a-1", "compute-1");
        cloud.call("initialize_connection", args("connector", CONNECTOR, "volume", volume), Map.class);
        assertThat(driver.hosts(VOLUME)).containsExactly("compute-1");

        ResetStatus.Result result = reset("available");

        assertThat(result.outcome()).isEqualTo(Outcome.PROVED);
        assertThat(result.connections()).isEmpty();
        assertThat(driver.hosts(VOLUME)).isEmpty();
        assertThat(cloud.state().committed()).isEmpty();
        assertThat(reset("available").outcome()).isEqualTo(Outcome.PROVED);
    }

    @Test
    void resetToAvailableIsRefusedUnderAUser() throws Exception {
        stuckVolume();
        attachment("a-1", "compute-1");
        reset("in-use");

        try (var _ = driver.use(VOLUME)) {
            ResetStatus.Result result = reset("available");

            assertThat(result.outcome()).isEqualTo(Outcome.REFUSED);
            assertThat(result.connections()).singleElement().satisfies(connection -> {
                assertThat(connection.inUse()).isEqualTo(Answer.YES);
                assertThat(connection.attachmentId()).contains("a-1");
            });
            assertThat(driver.hosts(VOLUME)).containsExactly("compute-1");
        }
    }

    @Test
    void connectionsAreDescribedWhenAChangeHasEnded() throws Exception {
        stuckVolume();
        attachment("a-1", "compute-1");
        reset("in-use");
        CompletableFuture<ResetStatus.Result> reset;
        CompletableFuture<DescribeConnections.Result> described;
        try (var _ = driver.stop("terminateConnections")) {
            reset = CompletableFuture.supplyAsync(() -> reset("available"));
            driver.awaitStopped("terminateConnections");
            described = CompletableFuture.supplyAsync(() -> cloud.callReseat(
                    "describe_connections", args("volume_id", VOLUME), DescribeConnections.Result.class));
            assertThatThrownBy(() -> described.get(300, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
        }

        assertThat(reset.get(10, TimeUnit.SECONDS).outcome()).isEqualTo(Outcome.PROVED);
        assertThat(described.get(10, TimeUnit.SECONDS).connections()).isEmpty();
    }

    @Test
    void aBackendThatHangsHoldsUpNoOther() throws Exception {
        var other = new MemoryDriver();
        Map<String, VolumeDriver> both = Map.of("slow", driver, "quick", other);
        try (var cloud = new OneBackend(new MemoryTransport(new MemoryBroker()), both, Replaces.NONE)) {
            CompletableFuture<OneBackend> started;
            try (var _ = driver.stop("prepare"); var _ = other.stop("prepare")) {
                started = CompletableFuture.supplyAsync(cloud::start);
                driver.awaitStopped("prepare"); // neither waits for the other
                other.awaitStopped("prepare");
            }
            started.get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void resetToInUseUsesTheAttachmentsThatWereSent() {
        VolumeObject volume = stuckVolume();
        VolumeObject sent = Rows.with(volume, Rows.attachmentTo("compute-9", "a-9", VOLUME));

        var result = cloud.callReseat(
                "reset_status", args("volume", sent, "status", "in-use"), ResetStatus.Result.class);

        assertThat(result.outcome()).isEqualTo(Outcome.PROVED);
        assertThat(driver.hosts(VOLUME)).containsExactly("compute-9");
    }

    @Test
    void attachmentsThatAreGoneAreNotPutBack() {
        VolumeObject volume = stuckVolume();
        VolumeObject sent = Rows.with(
                volume,
                Rows.attachmentTo("compute-1", "a-1", VOLUME),
                Rows.attachment("a-2", VOLUME, Map.of("attach_status", "detached")),
                Rows.attachment("a-3", VOLUME, Map.of("deleted", true)));

        var result = cloud.callReseat(
                "reset_status", args("volume", sent, "status", "in-use"), ResetStatus.Result.class);

        assertThat(result.outcome()).isEqualTo(Outcome.PROVED);
        assertThat(driver.hosts(VOLUME)).containsExactly("compute-1");
    }

    @Test
    void otherStatusesAskNothingOfTheBackend() {
        for (String status : List.of("error", "maintenance", "attaching")) {
            assertThat(reset(status).outcome()).isEqualTo(Outcome.NOTHING_TO_DO);
        }
        assertThat(driver.calls()).isEmpty();
    }

    @Test
    void aFailingDriverMakesAFailedResetNotAnError() {
        cloud.state().add(Rows.volume(VOLUME, OneBackend.HOST, Map.of()));

        ResetStatus.Result missing = reset("available");

        assertThat(missing.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(missing.detail()).contains(VOLUME);
    }

    @Test
    void aDriverWithoutTheAbilitySaysSo() {
        try (var plain = new OneBackend(new MemoryTransport(new MemoryBroker()), new PlainDriver(driver)).start()) {
            VolumeObject row = stuckVolume();
            plain.state().add(row);

            var reset = plain.callReseat(
                    "reset_status", args("volume_id", VOLUME, "status", "available"), ResetStatus.Result.class);
            var described = plain.callReseat(
                    "describe_connections", args("volume_id", VOLUME), DescribeConnections.Result.class);

            assertThat(reset.outcome()).isEqualTo(Outcome.NOT_IMPLEMENTED);
            assertThat(described.supported()).isFalse();
        }
    }

    @Test
    void whatAHostWouldBeGivenIsWhatItWasGivenAndNothingIsChangedByAsking() {
        VolumeObject volume = stuckVolume();
        attachment("a-1", "compute-1");
        cloud.state().add(Rows.attachment("a-blank", VOLUME));
        assertThat(shown("a-1")).as("not let in yet").isEmpty();

        Map<?, ?> given = cloud.call("attachment_update", args(
                "vref", volume, "connector", Map.of("host", "compute-1"), "attachment_id", "a-1"),
                Map.class);
        List<String> calls = driver.calls();

        assertThat(shown("a-1")).hasValueSatisfying(info -> {
            assertThat(info).containsEntry("driver_volume_type", given.get("driver_volume_type"));
            assertThat((Map<?, ?>) info.get("data")).allSatisfy(
                    (key, value) -> assertThat(given.get(key)).as(String.valueOf(key)).isEqualTo(value));
            assertThat(((Map<?, ?>) info.get("data")).containsKey("access_mode")).as("what Cinder adds").isTrue();
        });
        assertThat(shown("a-blank")).as("nobody's").isEmpty();
        assertThat(shown("a-9")).as("none of the volume's").isEmpty();
        assertThat(driver.calls()).isEqualTo(calls);
    }

    private Optional<Map<String, Object>> shown(String attachment) {
        return cloud.callReseat(
                "show_connection", args("volume_id", VOLUME, "attachment_id", attachment), ShowConnection.Result.class)
                .connectionInfo();
    }

    @Test
    void anUnknownVolumeIsNotFoundInCindersWords() {
        Failure failure = failureOf(() -> reset("available"));

        assertThat(failure.type()).isEqualTo("VolumeNotFound");
        assertThat(failure.module()).isEqualTo("cinder.exception");
        assertThat(failure.kwargs()).containsEntry("volume_id", VOLUME);
    }

    @Test
    void aVolumeOfAnotherBackendIsRefused() {
        driver.create(VOLUME);
        cloud.state().add(Rows.volume(VOLUME, "host-1@two#pool", Map.of()));

        Failure failure = failureOf(() -> reset("available"));

        assertThat(failure.type()).isEqualTo("InvalidVolume");
        assertThat(failure.message()).contains("host-1@two#pool").contains(OneBackend.HOST);
        assertThat(driver.calls()).isEmpty();
    }

    @Test
    void whatIsNotOfferedIsNamedAsOsloDoes() {
        var reseat = cloud.backend().inNamespace(VolumeRpc.NAMESPACE);

        assertThat(failureOf(() -> reseat.atVersion(RpcVersion.of(1, 0))
                .call(cloud.context(), "no_such", Map.of(), Void.class)).type()).isEqualTo("NoSuchMethod");
        assertThat(failureOf(() -> reseat.atVersion(RpcVersion.of(2, 0))
                .call(cloud.context(), "reset_status", Map.of(), Void.class)).type()).isEqualTo("UnsupportedVersion");
        assertThat(failureOf(() -> cloud.backend()
                .atVersion(RpcVersion.of(3, 19))
                .call(cloud.context(), "remove_export", Map.of(), Void.class)).type()).isEqualTo("UnsupportedVersion");
        assertThat(failureOf(() -> cloud.call("reset_status", args("volume_id", VOLUME, "status", "error"), Map.class))
                .type()).isEqualTo("NoSuchMethod");
    }

    @Test
    void argumentsThatAreMissingOrContradictAreNamed() {
        stuckVolume();

        assertThat(failureOf(() -> cloud.call("remove_export", Map.of(), Void.class)).message())
                .contains("missing required arguments: volume_id");
        assertThat(failureOf(() -> cloud.callReseat("reset_status", args("status", "available"), Map.class)).message())
                .contains("volume_id or volume is needed");
        assertThat(failureOf(() -> cloud.callReseat(
                "reset_status",
                args("volume_id", "another", "volume", Rows.volume(VOLUME), "status", "available"),
                Map.class)).type()).isEqualTo("InvalidInput");
        assertThat(failureOf(() -> cloud.call(
                "initialize_connection", args("connector", Map.of(), "volume", Rows.volume(VOLUME)), Map.class))
                .message()).isEqualTo("Invalid input received: Connector doesn't have required information: host");
    }

    @Test
    void aBackendThatIsNotReadySaysSoAndRecovers() {
        VolumeObject volume = stuckVolume();
        driver.breakDown("prepare");
        try (var broken = new OneBackend(new MemoryTransport(new MemoryBroker()), driver).start()) {
            broken.state().add(volume);
            var health = broken.manager().healthChecks().getFirst().probe();

            Failure failure = failureOf(() -> broken.callReseat(
                    "reset_status", args("volume_id", VOLUME, "status", "available"), Map.class));
            assertThat(failure.type()).isEqualTo("DriverNotInitialized");
            assertThat(failure.message()).isEqualTo("Volume driver not ready. the memory is full");
            assertThat(health.get()).isEqualTo(Health.down("the memory is full"));

            driver.repair();

            assertThat(broken.callReseat(
                    "reset_status", args("volume_id", VOLUME, "status", "available"), ResetStatus.Result.class)
                    .outcome()).isEqualTo(Outcome.PROVED);
            assertThat(health.get()).isEqualTo(Health.up("driver memory"));
        }
    }

    @Test
    void withoutTheStateNothingIsDone() {
        cloud.stopState();

        Failure failure = failureOf(() -> cloud.callReseat(
                "reset_status", args("volume", Rows.volume(VOLUME), "status", "available"), Map.class));

        assertThat(failure.type()).isIn("ServiceUnavailable");
        assertThat(driver.calls()).isEmpty();
    }
}

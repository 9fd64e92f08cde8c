package dev.reseat.volume;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.contract.OpenStackService;
import dev.reseat.contract.Replaces;
import dev.reseat.contract.state.OperationNotServed;
import dev.reseat.contract.state.ReportVolumeService;
import dev.reseat.contract.state.StateRpc;
import dev.reseat.contract.volume.VolumeRpc;
import dev.reseat.rpc.server.RpcServer;
import dev.reseat.rpc.transport.memory.MemoryBroker;
import dev.reseat.rpc.transport.memory.MemoryTransport;
import dev.reseat.volume.driver.MemoryDriver;
import dev.reseat.volume.driver.ModelUpdate;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A backend in place of a cinder-volume, as Cinder sees it. */
final class CinderPresenceTest {
    private static final int PATIENCE = 30;
    private static final Replaces CINDER_VOLUME = new Replaces(Set.of(OpenStackService.CINDER_VOLUME), false);

    private final MemoryDriver driver = new MemoryDriver();
    private final OneBackend cloud =
            new OneBackend(new MemoryTransport(new MemoryBroker()), driver, CINDER_VOLUME);
    private final BlockingQueue<Map<?, ?>> told = new LinkedBlockingQueue<>();
    private final RpcServer scheduler = cloud.scheduler(told);

    @AfterEach
    void stop() {
        scheduler.stop();
        cloud.close();
    }

    @Test
    void itReportsAsLongAsItsDriverCanWork() throws Exception {
        driver.breakDown("prepare");
        cloud.start();
        for (int looks = 0; looks < 2; looks++) {
            try (var _ = driver.stop("probe")) {
                driver.awaitStopped("probe");
                assertThat(cloud.state().reports()).isEmpty();
            }
        }

        driver.repair();

        assertThat(cloud.state().reports().poll(PATIENCE, SECONDS)).isEqualTo(new ReportVolumeService(
                OneBackend.HOST, Optional.of("cluster-1@one"), "nova", "3.18", "1.39"));
        assertThat(cloud.state().reports().poll(PATIENCE, SECONDS)).isNotNull();
    }

    @Test
    void schedulersAreToldThatItHasNoRoom() throws Exception {
        cloud.start();

        Map<?, ?> first = told.poll(PATIENCE, SECONDS);

        assertThat(first.get("service_name")).isEqualTo("volume");
        assertThat(first.get("host")).isEqualTo(OneBackend.HOST);
        assertThat(first.get("cluster_name")).isEqualTo("cluster-1@one");
        assertThat(first.get("timestamp").toString()).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6}");
        Map<?, ?> capabilities = (Map<?, ?>) first.get("capabilities");
        assertThat(capabilities.get("volume_backend_name")).isEqualTo("gold");
        assertThat(capabilities.get("vendor_name")).isEqualTo("Reseat");
        assertThat(capabilities.get("total_capacity_gb")).isEqualTo(0);
        assertThat(capabilities.get("free_capacity_gb")).isEqualTo(0);
        assertThat(told.poll(PATIENCE, SECONDS)).as("the next time").isNotNull();
    }

    @Test
    void aDefectOfADriverDoesNotEndTheReports() throws Exception {
        driver.breakDown("capabilities");
        cloud.start();
        for (int reports = 0; reports < 3; reports++) {
            assertThat(cloud.state().reports().poll(PATIENCE, SECONDS)).isNotNull();
        }
        assertThat(told).isEmpty();

        driver.repair();

        assertThat(told.poll(PATIENCE, SECONDS)).as("capabilities").isNotNull();
    }

    @Test
    void schedulersThatAskAreTold() throws Exception {
        cloud.start();
        told.poll(PATIENCE, SECONDS);

        cloud.calling(VolumeRpc.backend(OneBackend.EXCHANGE, OneBackend.HOST))
                .call(cloud.context(), "publish_service_capabilities", Map.of(), Void.class);

        assertThat(told.poll(PATIENCE, SECONDS)).isNotNull();
    }

    @Test
    void whatNoApiNodeHasSettledIsToldAgain() throws Exception {
        var refused = new OperationNotServed("delete_volume", "v-1", OneBackend.HOST);
        cloud.start();
        cloud.state().refuseChanges();
        cloud.calling(VolumeRpc.backend(OneBackend.EXCHANGE, OneBackend.HOST))
                .cast(cloud.context(), "delete_volume",
                        Map.of("volume", Map.of("versioned_object.data", Map.of("id", "v-1"))));
        assertThat(cloud.state().tried().poll(PATIENCE, SECONDS)).isEqualTo(refused);
        assertThat(cloud.state().committed()).isEmpty();

        cloud.state().acceptChanges();

        while (cloud.state().committed().isEmpty()) {
            assertThat(cloud.state().tried().poll(PATIENCE, SECONDS)).isEqualTo(refused);
        }
        assertThat(cloud.state().committed()).containsExactly(refused);
    }

    @Test
    void aClusterIsServedAsCinderAddressesIt() {
        cloud.start();

        Map<?, ?> capabilities = cloud.calling(VolumeRpc.backend(OneBackend.EXCHANGE, "cluster-1@one#gold"))
                .call(cloud.context(), "get_capabilities", Map.of("discover", false), Map.class);

        assertThat(capabilities.get("volume_backend_name")).isEqualTo("gold");
    }

    @Test
    void aVolumeOfTheClusterIsServedWhicheverHostHasMadeIt() {
        cloud.start();
        String volume = CalledManager.VOLUME;
        driver.create(volume);
        driver.exportAs(new ModelUpdate(Optional.of("192.0.2.1:3260,1 iqn"), Optional.empty()));
        cloud.state().add(Rows.volume(volume, "host-2@one#gold", Map.of("cluster_name", "cluster-1@one#gold")));

        cloud.calling(VolumeRpc.own("cluster-1@one#gold"))
                .call(cloud.context(), "initialize_connection", Map.of("connector", CalledManager.CONNECTOR, "volume",
                        Rows.volume(volume)), Map.class);

        assertThat(driver.hosts(volume)).containsExactly("compute-1");
        assertThat(cloud.state().committed()).containsExactly(new StateRpc.ExportCreated(
                volume, "cluster-1@one", Optional.of("192.0.2.1:3260,1 iqn"), Optional.empty()));
    }

    @Test
    void aVolumeOfAnotherClusterIsNot() {
        cloud.start();
        driver.create(CalledManager.VOLUME);
        cloud.state()
                .add(Rows.volume(
                        CalledManager.VOLUME, "host-2@one#gold", Map.of("cluster_name", "cluster-2@one#gold")));

        assertThatThrownBy(() -> cloud.call("remove_export", Map.of("volume_id", CalledManager.VOLUME), Void.class))
                .hasMessageContaining("is on host-2@one#gold, and this is " + OneBackend.HOST);
    }
}

package dev.reseat.volume;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.contract.Replaces;
import dev.reseat.contract.connection.ConnectionInfo;
import dev.reseat.contract.connection.ConnectionInfo.Chap;
import dev.reseat.contract.connection.ConnectionInfo.IscsiPath;
import dev.reseat.contract.connection.Connector;
import dev.reseat.contract.evidence.Answer;
import dev.reseat.contract.volume.BackendConnection;
import dev.reseat.contract.volume.FenceClient;
import dev.reseat.contract.volume.ResetStatus;
import dev.reseat.contract.volume.ResetStatus.Outcome;
import dev.reseat.rpc.transport.memory.MemoryBroker;
import dev.reseat.rpc.transport.memory.MemoryTransport;
import dev.reseat.runtime.Deadline;
import dev.reseat.storage.PrivateNetwork;
import dev.reseat.volume.driver.BackendVolume;
import dev.reseat.volume.driver.VolumeAttachment;
import dev.reseat.volume.driver.VolumeDriver;
import dev.reseat.volume.driver.lvm.LvmBackend;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Resets, driver first, of logical volumes behind a real tgtd whose initiators are on hosts of their own, which are cut
 * off. A target keeps the session of who went without a farewell, so the volume stays in use until he is kept out.
 */
@Tag("slow")
final class LvmPartitionIT {
    private static final String IQN = "iqn.2026-01.example:compute-";
    private static final int PORT = 3260;

    private static PrivateNetwork network;
    private static LvmBackend lvm;

    private final String volume = UUID.randomUUID().toString();
    private VolumeDriver driver;
    private OneBackend cloud;

    @BeforeAll
    static void start() throws Exception {
        network = PrivateHosts.start(2);
        lvm = LvmBackend.start(network.storage(), PORT);
    }

    @AfterAll
    static void stop() {
        if (lvm != null) {
            lvm.close();
        }
        if (network != null) {
            network.close();
        }
    }

    @BeforeEach
    void open() {
        lvm.create("volume-" + volume);
        driver = lvm.driver();
        cloud = new OneBackend(new MemoryTransport(new MemoryBroker()), Map.of("one", driver), Replaces.NONE,
                Duration.ofSeconds(60)).start();
        cloud.state().add(Rows.volume(volume, "host-1@one#pool", Map.of()));
        for (int host = 1; host <= 2; host++) {
            cloud.state().add(Rows.attachment("a-" + host, volume, Map.of("connector", connector(host))));
        }
        assertThat(reset("in-use").outcome()).isEqualTo(Outcome.PROVED);
    }

    @AfterEach
    void close() {
        cloud.close();
        network.heal(1);
        network.heal(2);
    }

    private static Map<String, Object> connector(int host) {
        return Map.of("host", "compute-" + host, "initiator", IQN + host);
    }

    /** A guest on that host that has the volume. */
    private WritingClient guest(int host) {
        var attachment = new VolumeAttachment(
                "a-" + host, Optional.empty(), Optional.of(new Connector(connector(host))));
        var info = (ConnectionInfo.Iscsi) driver.initializeConnection(
                new BackendVolume(volume, volume, List.of(attachment)), attachment.access().orElseThrow(),
                Deadline.after(Duration.ofSeconds(60)));
        IscsiPath path = info.paths().getFirst();
        Chap chap = info.chap().orElseThrow();
        return WritingClient.open(
                network.host(host), "--object", "secret,id=s0,data=" + chap.password().reveal(), "--image-opts",
                "driver=raw,file.driver=iscsi,file.transport=tcp,file.portal=" + path.portal() + ",file.target="
                        + path.iqn() + ",file.lun=" + path.lun() + ",file.user=" + chap.user()
                        + ",file.password-secret=s0,file.initiator-name=" + IQN + host);
    }

    private ResetStatus.Result reset(String status) {
        return cloud.callReseat(
                ResetStatus.METHOD, Map.of("volume_id", volume, "status", status), ResetStatus.Result.class);
    }

    private static List<String> users(ResetStatus.Result result) {
        return result.connections()
                .stream()
                .filter(client -> client.inUse() == Answer.YES)
                .flatMap(client -> client.host().stream())
                .toList();
    }

    @Test
    void whoIsCutOffKeepsHisSessionAndGoesOnWhenHeIsBack() {
        try (WritingClient guest = guest(1)) {
            assertThat(guest.write()).startsWith("wrote");
            network.cut(1);

            ResetStatus.Result refused = reset("available");

            assertThat(refused.outcome()).isEqualTo(Outcome.REFUSED);
            assertThat(users(refused)).containsExactly("compute-1");
            network.heal(1);
            assertThat(guest.write()).startsWith("wrote");
        }
    }

    @Test
    void whoIsFencedWhileHeIsCutOffStaysOutWhenHeComesBackAndTheOtherHostStaysIn() {
        try (WritingClient guest = guest(1); WritingClient other = guest(2)) {
            assertThat(guest.write()).startsWith("wrote");
            assertThat(other.write()).startsWith("wrote");
            assertThat(users(reset("available"))).containsExactlyInAnyOrder("compute-1", "compute-2");
            network.cut(1);

            FenceClient.Result fenced = cloud.callReseat(
                    FenceClient.METHOD, new FenceClient(IQN + 1, Optional.empty()), FenceClient.Result.class);

            assertThat(fenced.detail()).contains("is let in to no target any more");
            assertThat(users(reset("available"))).containsExactly("compute-2");
            network.heal(1);
            guest.begin(); // what comes of it is libiscsi's affair, which tries again for good
            assertThat(other.write()).startsWith("wrote");
            ResetStatus.Result after = reset("available");
            assertThat(users(after)).containsExactly("compute-2");
            assertThat(after.connections()).extracting(BackendConnection::client).containsExactly(Optional.of(IQN + 2));
        }
    }

    @Test
    void whoHasDiedWithoutAFarewellIsInUseUntilHeIsFenced() {
        try (WritingClient guest = guest(1)) {
            assertThat(guest.write()).startsWith("wrote");
            network.cut(1); // so that nothing its kernel says at the end of it comes through
        }
        assertThat(reset("available").outcome()).isEqualTo(Outcome.REFUSED);

        cloud.callReseat(FenceClient.METHOD, new FenceClient(IQN + 1, Optional.empty()), FenceClient.Result.class);

        ResetStatus.Result proved = reset("available");
        assertThat(proved.outcome()).as(proved.detail()).isEqualTo(Outcome.PROVED);
    }
}

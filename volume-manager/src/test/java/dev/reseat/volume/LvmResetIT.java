package dev.reseat.volume;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.contract.Replaces;
import dev.reseat.contract.connection.ConnectionInfo;
import dev.reseat.contract.connection.Connector;
import dev.reseat.contract.evidence.Answer;
import dev.reseat.contract.volume.BackendConnection;
import dev.reseat.contract.volume.ResetStatus;
import dev.reseat.contract.volume.ResetStatus.Outcome;
import dev.reseat.rpc.transport.memory.MemoryBroker;
import dev.reseat.rpc.transport.memory.MemoryTransport;
import dev.reseat.runtime.Deadline;
import dev.reseat.volume.driver.BackendVolume;
import dev.reseat.volume.driver.VolumeAttachment;
import dev.reseat.volume.driver.VolumeDriver;
import dev.reseat.volume.driver.lvm.LvmBackend;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Resets, driver first, of logical volumes behind a real tgtd, with real initiators. */
final class LvmResetIT {
    private static final String IQN = "iqn.2026-01.example:";

    private static LvmBackend lvm;

    private final String volume = UUID.randomUUID().toString();
    private VolumeDriver driver;
    private OneBackend cloud;

    @BeforeAll
    static void start() throws Exception {
        lvm = LvmBackend.start();
    }

    @AfterAll
    static void stop() {
        if (lvm != null) {
            lvm.close();
        }
    }

    @BeforeEach
    void open() throws Exception {
        lvm.create("volume-" + volume);
        driver = lvm.driver();
        cloud = new OneBackend(new MemoryTransport(new MemoryBroker()), Map.of("one", driver), Replaces.NONE,
                Duration.ofSeconds(60)).start();
        cloud.state().add(Rows.volume(volume, "host-1@one#pool", Map.of()));
    }

    @AfterEach
    void close() throws Exception {
        if (cloud != null) {
            cloud.close();
        }
    }

    private void attach(String... hosts) {
        for (String host : hosts) {
            cloud.state()
                    .add(Rows.attachment("a-" + host, volume,
                            Map.of("connector", Map.of("host", host, "initiator", IQN + host))));
        }
    }

    private ResetStatus.Result reset(String status) {
        return cloud.callReseat(
                ResetStatus.METHOD, Map.of("volume_id", volume, "status", status), ResetStatus.Result.class);
    }

    /** As a host of that name is told to connect. */
    private ConnectionInfo connection(String host) {
        VolumeAttachment attachment = new VolumeAttachment("a-" + host, Optional.empty(), Optional.of(
                new Connector(Map.of("host", host, "initiator", IQN + host))));
        return driver.initializeConnection(new BackendVolume(volume, volume, List.of(attachment)),
                attachment.access().orElseThrow(), Deadline.after(Duration.ofSeconds(60)));
    }

    @Test
    void isRefusedUnderALiveSessionThatIsNamedAndProvedWhenItHasGone() throws Exception {
        attach("compute-1");
        assertThat(reset("in-use").outcome()).isEqualTo(Outcome.PROVED);

        try (var _ = lvm.connect(connection("compute-1"), IQN + "compute-1")) {
            ResetStatus.Result refused = reset("available");

            assertThat(refused.outcome()).isEqualTo(Outcome.REFUSED);
            assertThat(refused.detail()).contains("has an iSCSI session", "compute-1");
            assertThat(refused.connections()).singleElement().satisfies(connection -> {
                assertThat(connection.host()).contains("compute-1");
                assertThat(connection.inUse()).isEqualTo(Answer.YES);
                assertThat(connection.detail()).contains("initiator " + IQN + "compute-1", "at 127.0.0.1", "session");
            });
            assertThat(reset("in-use").outcome()).isEqualTo(Outcome.PROVED); // and the session was left alone
        }
        assertThat(reset("available").outcome()).isEqualTo(Outcome.PROVED);
        assertThat(reset("available").connections()).isEmpty();
    }

    @Test
    void aClientThatWasKilledIsGoneAndTheVolumeFree() throws Exception {
        attach("compute-1");
        reset("in-use");
        ProcessHandle process = lvm.startConnected(connection("compute-1"), IQN + "compute-1");
        assertThat(reset("available").outcome()).isEqualTo(Outcome.REFUSED);

        process.destroyForcibly();
        process.onExit().get(60, TimeUnit.SECONDS);

        Deadline deadline = Deadline.after(Duration.ofSeconds(60)); // its kernel closes the connection, tgtd reads it
        ResetStatus.Result result = reset("available");
        while (result.outcome() == Outcome.REFUSED && !deadline.isOver()) {
            result = reset("available");
        }
        assertThat(result.outcome()).isEqualTo(Outcome.PROVED);
    }

    @Test
    void eachHostOfAMultiattachIsSeenAndTheOneThatIsLeftIsNamed() throws Exception {
        attach("compute-1", "compute-2");
        ResetStatus.Result exported = reset("in-use");
        assertThat(exported.outcome()).isEqualTo(Outcome.PROVED);
        assertThat(exported.connections()).extracting(BackendConnection::host)
                .containsExactlyInAnyOrder(Optional.of("compute-1"), Optional.of("compute-2"));

        try (var _ = lvm.connect(connection("compute-2"), IQN + "compute-2")) {
            try (var _ = lvm.connect(connection("compute-1"), IQN + "compute-1")) {
                assertThat(reset("available").detail()).contains("compute-1", "compute-2");
            }
            ResetStatus.Result refused = reset("available");
            assertThat(refused.outcome()).isEqualTo(Outcome.REFUSED);
            assertThat(refused.connections()).filteredOn(one -> one.inUse() == Answer.YES)
                    .extracting(BackendConnection::host)
                    .containsExactly(Optional.of("compute-2"));
        }
        assertThat(reset("available").outcome()).isEqualTo(Outcome.PROVED);
    }
}

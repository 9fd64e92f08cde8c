package dev.reseat.volume;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.contract.Replaces;
import dev.reseat.contract.evidence.Answer;
import dev.reseat.contract.volume.BackendConnection;
import dev.reseat.contract.volume.BreakLock;
import dev.reseat.contract.volume.FenceClient;
import dev.reseat.contract.volume.ResetStatus;
import dev.reseat.contract.volume.ResetStatus.Outcome;
import dev.reseat.rpc.transport.memory.MemoryBroker;
import dev.reseat.rpc.transport.memory.MemoryTransport;
import dev.reseat.runtime.Deadline;
import dev.reseat.storage.PrivateNetwork;
import dev.reseat.volume.driver.rbd.CephBackend;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Resets, driver first, of volumes on a real Ceph whose clients are on hosts of their own, which die and are cut off.
 * That nobody watches is no proof: who is cut off comes back and writes.
 */
@Tag("slow")
final class RbdPartitionIT {
    /** Clients say every 5 seconds that they are there, and on a busy machine some seconds later. */
    private static final Duration WATCH_TIMEOUT = Duration.ofSeconds(20);

    private static PrivateNetwork network;
    private static CephBackend ceph;

    private final String volume = UUID.randomUUID().toString();
    private OneBackend cloud;

    @BeforeAll
    static void start() throws Exception {
        network = PrivateHosts.start(2);
        ceph = CephBackend.start(network.storage(), WATCH_TIMEOUT);
    }

    @AfterAll
    static void stop() throws Exception {
        if (ceph != null) {
            ceph.close();
        }
        if (network != null) {
            network.close();
        }
    }

    @BeforeEach
    void open() {
        ceph.create("volume-" + volume);
        cloud = new OneBackend(new MemoryTransport(new MemoryBroker()), Map.of("one", ceph.driver()), Replaces.NONE,
                Duration.ofSeconds(60)).start();
        cloud.state().add(Rows.volume(volume, "host-1@one#pool", Map.of()));
        for (int host = 1; host <= 2; host++) {
            cloud.state()
                    .add(Rows.attachment("a-" + host, volume, Map.of("connector", Map.of(
                            "host", "compute-" + host, "ip", network.host(host).address()))));
        }
    }

    @AfterEach
    void close() {
        cloud.close();
        network.heal(1);
        network.heal(2);
    }

    private WritingClient guest(int host) {
        return WritingClient.open(
                network.host(host), "-f", "raw", "rbd:volumes/volume-" + volume + ":id=cinder:conf=" + ceph.conf());
    }

    private ResetStatus.Result reset() {
        return cloud.callReseat(
                ResetStatus.METHOD, Map.of("volume_id", volume, "status", "available"), ResetStatus.Result.class);
    }

    /** Once the cluster has noticed that somebody is gone. */
    private ResetStatus.Result resetWhenNobodyWatches() {
        return resetUntil(result -> result.outcome() != Outcome.REFUSED);
    }

    private ResetStatus.Result resetUntil(Predicate<ResetStatus.Result> seen) {
        Deadline deadline = Deadline.after(Duration.ofMinutes(3));
        ResetStatus.Result result = reset();
        while (!seen.test(result) && !deadline.isOver()) {
            result = reset();
        }
        return result;
    }

    /** A disk that comes back writes before it has told the cluster that it watches again. */
    private ResetStatus.Result resetWhenItWatchesAgain() {
        return resetUntil(result -> {
            assertThat(result.outcome()).as(result.detail()).isNotEqualTo(Outcome.PROVED);
            return result.outcome() == Outcome.REFUSED;
        });
    }

    private FenceClient.Result fence(BackendConnection client) {
        return cloud.callReseat(FenceClient.METHOD, new FenceClient(
                client.client().orElseThrow(), Optional.of(600)), FenceClient.Result.class);
    }

    @Test
    void whoIsCutOffIsADoubtAndComesBackAsAUser() {
        try (WritingClient guest = guest(1)) {
            assertThat(guest.write()).startsWith("wrote");
            assertThat(reset().outcome()).isEqualTo(Outcome.REFUSED);
            network.cut(1);

            ResetStatus.Result away = resetWhenNobodyWatches();

            assertThat(away.outcome()).as(away.detail()).isEqualTo(Outcome.UNPROVED);
            assertThat(away.connections()).singleElement().satisfies(client -> {
                assertThat(client.inUse()).isEqualTo(Answer.UNKNOWN);
                assertThat(client.host()).contains("compute-1");
                assertThat(client.detail()).contains("not on the blocklist");
            });
            network.heal(1);
            assertThat(guest.write()).as("it was nobody's to give away").startsWith("wrote");
            assertThat(resetWhenItWatchesAgain().outcome()).isEqualTo(Outcome.REFUSED);
        }
    }

    @Test
    void whoIsFencedWhileHeIsCutOffStaysOutWhenHeComesBack() {
        try (WritingClient guest = guest(1)) {
            assertThat(guest.write()).startsWith("wrote");
            network.cut(1);
            ResetStatus.Result away = resetWhenNobodyWatches();

            FenceClient.Result fenced = fence(away.connections().getFirst());

            assertThat(fenced.detail()).contains("ceph osd blocklist rm");
            ResetStatus.Result proved = reset();
            assertThat(proved.outcome()).as(proved.detail()).isEqualTo(Outcome.PROVED);
            network.heal(1);
            assertThat(guest.write()).doesNotStartWith("wrote");
            assertThat(reset().outcome()).isEqualTo(Outcome.PROVED);
            assertThat(cloud.callReseat(BreakLock.METHOD, Map.of("volume_id", volume), BreakLock.Result.class)
                    .outcome()).isEqualTo(BreakLock.Outcome.BROKEN);
        }
        try (WritingClient next = guest(2)) {
            assertThat(next.write()).as("the volume is another one's now").startsWith("wrote");
        }
    }

    @Test
    void whoWasKilledIsSeenForAWhileAndThenADoubtUntilHeIsFenced() {
        try (WritingClient guest = guest(1)) {
            assertThat(guest.write()).startsWith("wrote");
        }
        assertThat(reset().outcome()).as("the cluster has not noticed yet").isEqualTo(Outcome.REFUSED);

        ResetStatus.Result dead = resetWhenNobodyWatches();

        assertThat(dead.outcome()).as(dead.detail()).isEqualTo(Outcome.UNPROVED);
        fence(dead.connections().getFirst());
        assertThat(reset().outcome()).isEqualTo(Outcome.PROVED);
    }

    @Test
    void eachHostOfAMultiattachIsNamedAndTheOneThatStaysKeepsTheVolume() throws Exception {
        Process one = ceph.ceph().watch("volume-" + volume, network.host(1));
        Process other = ceph.ceph().watch("volume-" + volume, network.host(2));
        assertThat(hosts(reset())).containsExactlyInAnyOrder("compute-1", "compute-2");
        network.cut(2);
        ResetStatus.Result left = resetUntil(result -> hosts(result).size() <= 1);

        assertThat(left.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(hosts(left)).as("one without a lock leaves nothing; only its host can say")
                .containsExactly(
                        "compute-1");
        for (Process watcher : List.of(one, other)) {
            watcher.descendants().forEach(ProcessHandle::destroyForcibly);
            watcher.destroyForcibly().waitFor();
        }
    }

    private static List<String> hosts(ResetStatus.Result result) {
        return result.connections()
                .stream()
                .filter(client -> client.inUse() == Answer.YES)
                .flatMap(client -> client.host().stream())
                .toList();
    }
}

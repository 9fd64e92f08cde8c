package dev.reseat.standalone;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.broker.PrivateRabbitNode;
import dev.reseat.runtime.Deadline;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Resets and refreshes on a real Ceph with real guests, while at random moments {@code kill -9} hits an agent or the
 * volume-manager, a guest and the libvirtd of a host, and the OSD hangs; all but the guest come back a little later.
 * When nothing is under way any more: no available volume has a watcher, no guest has a volume whose attachment is
 * gone, and nothing was taken from a running guest.
 */
@Tag("slow")
final class StorageKillIT {
    private static final int ROUNDS = Integer.getInteger("reseat.kill.rounds", 6);
    private static final int LATEST_KILL = 4_000;
    private static final int DEAD = 4_000;
    private static final int SHORTEST = 500;
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    /** Whom it can hit. */
    private enum Victim {
        AGENT_OF_A, AGENT_OF_B, VOLUME_MANAGER, GUEST, LIBVIRTD_OF_A, LIBVIRTD_OF_B, OSD
    }

    private static final List<Victim> OURS = List.of(Victim.AGENT_OF_A, Victim.AGENT_OF_B, Victim.VOLUME_MANAGER);

    @Test
    void killsLeaveNothingHalfDone() throws Exception {
        Optional<Path> rabbit = PrivateRabbitNode.installedServer();
        Needed.packages(Stream.concat(
                CephStorage.missingPackages().stream(),
                rabbit.isEmpty() ? Stream.of("rabbitmq-server") : Stream.empty())
                .toList());
        long seed = Long.getLong("reseat.kill.seed", new Random().nextLong());
        try (WorkDirectory directory = WorkDirectory.create()) {
            CephStorage storage = new CephStorage(directory);
            var broker = new DemoBroker.Rabbit(rabbit.orElseThrow(), directory.directory("rabbitmq"));
            try (AllInOne cloud = AllInOne.startWithoutWorkers(directory, broker, storage);
                    KillableWorkers workers = KillableWorkers.start(cloud);
                    ScheduledExecutorService later = Executors.newScheduledThreadPool(12)) {
                cloud.cinder().insertType();
                for (int round = 0; round < ROUNDS; round++) {
                    String name = "seed " + seed + ", round " + round;
                    KilledStorage scene = KilledStorage.make(cloud, storage, String.valueOf(round));
                    assertThat(round(scene, storage, workers, later, new Random(seed + round))).as(name).isEmpty();
                    scene.end();
                }
            }
        }
    }

    private static List<String> round(
            KilledStorage scene, CephStorage storage, KillableWorkers workers, ScheduledExecutorService later,
            Random random) throws Exception {
        List<Future<?>> all = new ArrayList<>();
        for (String[] repair : scene.repairs()) {
            all.add(later.schedule(() -> scene.reseat(repair), random.nextInt(LATEST_KILL / 2), MILLISECONDS));
        }
        List<Victim> victims = victims(random);
        for (Victim victim : victims) {
            int dead = SHORTEST + random.nextInt(DEAD);
            all.add(later.schedule(() -> {
                kill(victim, scene, storage, workers);
                return later.schedule(() -> revive(victim, storage, workers), dead, MILLISECONDS).get();
            }, random.nextInt(LATEST_KILL), MILLISECONDS));
        }
        for (Future<?> one : all) {
            one.get();
        }
        List<String> violations = new ArrayList<>();
        Deadline deadline = Deadline.after(PATIENCE);
        while (!scene.isSettled() && !deadline.isOver()) {
            Thread.onSpinWait(); // every look is a request
        }
        if (!scene.isSettled()) {
            violations.add("a repair is not settled");
        }
        violations.addAll(scene.violations());
        violations.addAll(scene.finish());
        System.out.println("killed " + victims + ": " + (violations.isEmpty() ? "all holds" : violations));
        return violations.stream().map(one -> "after " + victims + ": " + one).toList();
    }

    private static void kill(Victim victim, KilledStorage scene, CephStorage storage, KillableWorkers workers) {
        switch (victim) {
            case AGENT_OF_A -> workers.of("host-a").kill();
            case AGENT_OF_B -> workers.of("host-b").kill();
            case VOLUME_MANAGER -> workers.of(KillableWorkers.MANAGER).kill();
            case GUEST -> scene.killGuest();
            case LIBVIRTD_OF_A -> storage.libvirt("host-a").killDaemon();
            case LIBVIRTD_OF_B -> storage.libvirt("host-b").killDaemon();
            case OSD -> storage.ceph().freezeOsd();
        }
    }

    private static void revive(Victim victim, CephStorage storage, KillableWorkers workers) {
        switch (victim) {
            case AGENT_OF_A -> workers.of("host-a").start();
            case AGENT_OF_B -> workers.of("host-b").start();
            case VOLUME_MANAGER -> workers.of(KillableWorkers.MANAGER).start();
            case GUEST -> {} // nobody starts it
            case LIBVIRTD_OF_A -> storage.libvirt("host-a").startDaemon();
            case LIBVIRTD_OF_B -> storage.libvirt("host-b").startDaemon();
            case OSD -> storage.ceph().thawOsd();
        }
    }

    /** One of ours, and up to two others. */
    private static List<Victim> victims(Random random) {
        List<Victim> all = new ArrayList<>(List.of(Victim.values()));
        Collections.shuffle(all, random);
        Victim own = OURS.get(random.nextInt(OURS.size()));
        all.remove(own);
        all.addFirst(own);
        return List.copyOf(all.subList(0, 1 + random.nextInt(3)));
    }
}

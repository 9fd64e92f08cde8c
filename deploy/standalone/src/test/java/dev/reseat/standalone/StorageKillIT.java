package dev.reseat.standalone;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.rpc.transport.memory.MemoryBroker;
import dev.reseat.runtime.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Resets and refreshes on a real Ceph with real guests, while at random moments {@code kill -9} hits a guest and the
 * libvirtd of a host, and the OSD hangs; daemons come back a little later. When nothing is under way any more: no
 * available volume has a watcher, no guest has a volume whose attachment is gone, and nothing was taken from a running
 * guest.
 */
@Tag("slow")
final class StorageKillIT {
    private static final int ROUNDS = Integer.getInteger("reseat.kill.rounds", 6);
    private static final int LATEST_KILL = 4_000;
    private static final int DEAD = 4_000;
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    /** Whom it can hit. */
    private enum Victim {
        GUEST, LIBVIRTD_OF_A, LIBVIRTD_OF_B, OSD
    }

    @Test
    void killsLeaveNothingHalfDone() throws Exception {
        Needed.packages(CephStorage.missingPackages());
        long seed = Long.getLong("reseat.kill.seed", new Random().nextLong());
        try (WorkDirectory directory = WorkDirectory.create()) {
            CephStorage storage = new CephStorage(directory);
            try (AllInOne cloud = AllInOne.start(
                    directory, new DemoBroker.Memory(new MemoryBroker()), 0, storage);
                    ScheduledExecutorService later = Executors.newScheduledThreadPool(8)) {
                cloud.cinder().insertType();
                for (int round = 0; round < ROUNDS; round++) {
                    String name = "seed " + seed + ", round " + round;
                    KilledStorage scene = KilledStorage.make(cloud, storage, String.valueOf(round));
                    assertThat(round(scene, storage, later, new Random(seed + round))).as(name).isEmpty();
                    scene.end();
                }
            }
        }
    }

    private static List<String> round(
            KilledStorage scene, CephStorage storage, ScheduledExecutorService later, Random random) throws Exception {
        List<Future<?>> all = new ArrayList<>();
        for (String[] repair : scene.repairs()) {
            all.add(later.schedule(() -> scene.reseat(repair), random.nextInt(LATEST_KILL / 2), MILLISECONDS));
        }
        List<Victim> victims = victims(random);
        for (Victim victim : victims) {
            int at = random.nextInt(LATEST_KILL);
            all.add(later.schedule(() -> kill(victim, scene, storage), at, MILLISECONDS));
            all.add(later.schedule(
                    () -> revive(victim, storage), at + 500L + random.nextInt(DEAD), MILLISECONDS));
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

    private static void kill(Victim victim, KilledStorage scene, CephStorage storage) {
        switch (victim) {
            case GUEST -> scene.killGuest();
            case LIBVIRTD_OF_A -> storage.libvirt("host-a").killDaemon();
            case LIBVIRTD_OF_B -> storage.libvirt("host-b").killDaemon();
            case OSD -> storage.ceph().freezeOsd();
        }
    }

    private static void revive(Victim victim, CephStorage storage) {
        switch (victim) {
            case GUEST -> {} // nobody starts it
            case LIBVIRTD_OF_A -> storage.libvirt("host-a").startDaemon();
            case LIBVIRTD_OF_B -> storage.libvirt("host-b").startDaemon();
            case OSD -> storage.ceph().thawOsd();
        }
    }

    private static List<Victim> victims(Random random) {
        List<Victim> all = new ArrayList<>(List.of(Victim.values()));
        Collections.shuffle(all, random);
        return List.copyOf(all.subList(0, 1 + random.nextInt(3)));
    }
}

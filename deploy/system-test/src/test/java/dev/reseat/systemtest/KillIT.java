package dev.reseat.systemtest;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.systemtest.KillCloud.Victim;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Resets and refreshes run, and at random moments {@code kill -9} hits api-nodes, agent, volume-manager, broker and
 * database. When all run again, every repair must have one outcome, and tell it truthfully.
 */
@Tag("broker")
@Tag("database")
@Tag("slow")
final class KillIT {
    private static final int EACH = 4;
    private static final int LATEST_KILL = 1_500;
    private static final int MANY = Integer.getInteger("reseat.kill.rounds", 25);

    @Test
    void aFewKillsLeaveNothingHalfDone(@TempDir Path directory) throws Exception {
        killing(directory, 3, 2); // both api-nodes, volume-manager, broker and database are among the victims
    }

    @Test
    void manyKillsLeaveNothingHalfDone(@TempDir Path directory) throws Exception {
        long seed = Long.getLong("reseat.kill.seed", new Random().nextLong());
        killing(directory, seed, MANY);
    }

    private static void killing(Path directory, long seed, int rounds) throws Exception {
        try (KillCloud cloud = KillCloud.start(directory);
                ScheduledExecutorService later = Executors.newScheduledThreadPool(2)) {
            for (int round = 0; round < rounds; round++) {
                String name = "seed " + seed + ", round " + round;
                List<String> violations = round(cloud, later, new Random(seed + round), name);
                assertThat(violations).as(name).isEmpty();
            }
        }
    }

    private static List<String> round(
            KillCloud cloud, ScheduledExecutorService later, Random random, String name) throws Exception {
        var repairs = new ArrayList<KilledRepair>();
        Scene scene = new Scene(cloud.cloud());
        for (int i = 0; i < EACH; i++) {
            repairs.add(KilledRepair.reset(cloud, scene.stuck(name + " reset " + i, "detaching")));
            repairs.add(KilledRepair.refresh(cloud, scene, scene.attached(name + " refresh " + i)));
        }
        List<Future<?>> kills = new ArrayList<>();
        List<Victim> victims = victims(random);
        for (KilledRepair repair : repairs) {
            Http api = cloud.http(random.nextBoolean());
            kills.add(later.schedule(() -> repair.send(api), random.nextInt(LATEST_KILL / 2), MILLISECONDS));
        }
        for (Victim victim : victims) {
            kills.add(later.schedule(() -> {
                cloud.kill(victim);
                return victim;
            }, random.nextInt(LATEST_KILL), MILLISECONDS));
        }
        for (Future<?> kill : kills) {
            kill.get();
        }
        cloud.revive();
        List<String> violations = new ArrayList<>();
        for (KilledRepair repair : repairs) {
            repair.settle().forEach(violation -> violations.add("after " + victims + ": " + violation));
        }
        for (KilledRepair repair : repairs) {
            repair.finish().forEach(violation -> violations.add("after " + victims + ", run again: " + violation));
        }
        return violations;
    }

    private static List<Victim> victims(Random random) {
        List<Victim> all = new ArrayList<>(List.of(Victim.values()));
        Collections.shuffle(all, random);
        return List.copyOf(all.subList(0, 2 + random.nextInt(2)));
    }
}

package dev.reseat.volume.driver.lvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.contract.connection.ConnectionInfo.Chap;
import dev.reseat.contract.connection.Connector;
import dev.reseat.contract.connection.Portal;
import dev.reseat.contract.connection.Secret;
import dev.reseat.host.DeviceUsers;
import dev.reseat.runtime.Deadline;
import dev.reseat.testing.ScriptedCommands;
import dev.reseat.volume.driver.BackendPrograms;
import dev.reseat.volume.driver.BackendVolume;
import dev.reseat.volume.driver.ConnectionRequest;
import dev.reseat.volume.driver.DriverException;
import dev.reseat.volume.driver.ModelUpdate;
import dev.reseat.volume.driver.NameTemplate;
import dev.reseat.volume.target.IscsiTarget;
import dev.reseat.volume.target.IscsiTargets;
import dev.reseat.volume.target.TargetConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** What else goes on while a client is kept out, on targets whose changes a test can stop in the middle. */
final class LvmFenceTest {
    private static final String PREFIX = "iqn.2010-10.org.openstack:";
    private static final String ID = "11111111-2222-4333-8444-555555555555";
    private static final String IQN = PREFIX + "volume-" + ID;
    private static final String A = "iqn.2026-01.example:host-a";
    private static final String B = "iqn.2026-01.example:host-b";

    private final StoppableTargets targets = new StoppableTargets();
    private final LvmDriver driver = driver();

    private LvmDriver driver() {
        var config = new LvmConfig("group", Optional.empty(), "tgtadm",
                new TargetConfig(PREFIX, List.of(new Portal("192.0.2.20", 3260)), Path.of("/nowhere"), true,
                        Optional.empty(), Optional.empty()),
                new NameTemplate("volume-%s"));
        return new LvmDriver(config, new LogicalVolumes(config, new BackendPrograms(new ScriptedCommands())), targets,
                new TargetClients(DeviceUsers.onThisHost()));
    }

    private static Deadline soon() {
        return Deadline.after(Duration.ofSeconds(30));
    }

    private String fence(String client) {
        return driver.fence(client, Duration.ofHours(1), soon());
    }

    private void attach(String initiator) {
        BackendVolume volume = new BackendVolume(ID, ID, List.of()).with(
                new ModelUpdate(Optional.empty(), Optional.of(new Secret("CHAP user password"))));
        driver.initializeConnection(volume, ConnectionRequest.of(new Connector(
                Map.of("host", "some-host", "initiator", initiator))), soon());
    }

    @Test
    void anAddressIsNoNameOfAnInitiator() {
        for (String other : List.of("192.0.2.7", "192.0.2.7:0/123", "host-a", "iqn", "")) {
            assertThatThrownBy(() -> fence(other)).isInstanceOf(DriverException.BackendFailed.class)
                    .hasMessageContaining("is not the name of an initiator");
        }
        assertThat(targets.admitted).containsExactly(A);
    }

    @Test
    void aNameIsTheSameInLargeAndSmallLetters() {
        assertThat(fence(A.toUpperCase(Locale.ROOT).replaceFirst("IQN", "iqn")))
                .contains("is let in to no target any more, it was to 1");

        assertThat(targets.admitted).isEmpty();
    }

    @Test
    void whoIsLetInMeanwhileStaysIn() {
        targets.afterLook = () -> targets.admitted.add(B);

        assertThat(fence(A)).contains("is let in to no target any more, it was to 1");

        assertThat(targets.admitted).containsExactly(B);
    }

    @Test
    void whoComesBackMeanwhileIsNotCalledKeptOut() {
        targets.afterKeepingOut = () -> targets.admitted.add(A);

        assertThatThrownBy(() -> fence(A)).isInstanceOf(DriverException.BackendFailed.class)
                .hasMessageContaining("has let it in meanwhile");
    }

    @Test
    void aTargetThatSomebodyElseChangesIsWaitedFor() throws Exception {
        var admitting = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        targets.admitting = () -> {
            admitting.countDown();
            await(goOn);
        };
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> attach = threads.submit(() -> attach(B));
            await(admitting);
            Future<String> fence = threads.submit(() -> fence(A));
            assertThatThrownBy(() -> fence.get(300, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
            assertThat(targets.admitted).contains(A);

            goOn.countDown();

            attach.get(30, TimeUnit.SECONDS);
            fence.get(30, TimeUnit.SECONDS);
        }
        assertThat(targets.admitted).containsExactly(B);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** One target, that lets host A in at first. */
    private static final class StoppableTargets implements IscsiTargets {
        private final Set<String> admitted = ConcurrentHashMap.newKeySet();
        private Runnable afterLook = () -> {};
        private Runnable afterKeepingOut = () -> {};
        private Runnable admitting = () -> {};

        private StoppableTargets() {
            admitted.add(A);
        }

        @Override
        public int lun() {
            return 1;
        }

        @Override
        public void probe(Deadline deadline) {
            throw new AssertionError("not asked for");
        }

        @Override
        public SortedMap<String, IscsiTarget> all(Deadline deadline) {
            var seen = new TreeMap<>(Map.of(IQN, new IscsiTarget(IQN, "1", false, Set.copyOf(admitted), List.of())));
            afterLook.run();
            return seen;
        }

        @Override
        public Optional<Chap> password(String iqn) {
            return Optional.empty();
        }

        @Override
        public IscsiTarget export(String iqn, Path device, Chap chap, Deadline deadline) {
            throw new AssertionError("not asked for");
        }

        @Override
        public void admit(String iqn, String initiator, Chap chap, Deadline deadline) {
            admitting.run();
            admitted.add(initiator);
        }

        @Override
        public void admitOnly(String iqn, Set<String> initiators, Deadline deadline) {
            admitted.retainAll(new HashSet<>(initiators));
        }

        @Override
        public void keepOut(String iqn, String initiator, Deadline deadline) {
            admitted.removeIf(initiator::equalsIgnoreCase);
            afterKeepingOut.run();
        }

        @Override
        public void remove(String iqn, Deadline deadline) {
            throw new AssertionError("not asked for");
        }
    }
}

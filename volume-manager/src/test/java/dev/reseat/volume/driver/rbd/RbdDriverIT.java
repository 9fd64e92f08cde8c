package dev.reseat.volume.driver.rbd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.contract.connection.ConnectionInfo;
import dev.reseat.contract.connection.Connector;
import dev.reseat.contract.evidence.Answer;
import dev.reseat.contract.volume.BreakLock;
import dev.reseat.contract.volume.StoredVolume;
import dev.reseat.contract.volume.StoredVolume.LockState;
import dev.reseat.contract.volume.StoredVolume.ObjectState;
import dev.reseat.process.SystemCommandRunner;
import dev.reseat.runtime.Deadline;
import dev.reseat.volume.driver.BackendPrograms;
import dev.reseat.volume.driver.BackendVolume;
import dev.reseat.volume.driver.Client;
import dev.reseat.volume.driver.DriverException;
import dev.reseat.volume.driver.ListedVolume;
import dev.reseat.volume.driver.NameTemplate;
import dev.reseat.volume.driver.VolumeAttachment;
import dev.reseat.volume.driver.VolumeDriver;
import dev.reseat.volume.driver.VolumeDriverContract;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The driver on a real Ceph. */
final class RbdDriverIT extends VolumeDriverContract {
    private static final VolumeAttachment HERE = new VolumeAttachment("a-1", Optional.empty(),
            Optional.of(new Connector(Map.of("host", "compute-1", "ip", "127.0.0.1"))));

    private static CephBackend ceph;

    private final RbdDriver driver = driver(ceph.config());

    @BeforeAll
    static void start() throws Exception {
        ceph = CephBackend.start();
    }

    @AfterAll
    static void stop() throws Exception {
        if (ceph != null) {
            ceph.close();
        }
    }

    private static RbdDriver driver(RbdConfig config) {
        return new RbdDriver(config, new CephPrograms(config, new BackendPrograms(new SystemCommandRunner(List.of()))));
    }

    @Override
    protected VolumeDriver open() {
        return driver;
    }

    @Override
    protected boolean fencesClients() {
        return true;
    }

    @Override
    protected boolean breaksLocks() {
        return true;
    }

    @Override
    protected String newVolume() {
        String id = UUID.randomUUID().toString();
        ceph.create("volume-" + id);
        return id;
    }

    @Override
    protected AutoCloseable use(String volumeId) throws Exception {
        return ceph.watch("volume-" + volumeId);
    }

    private List<Client> clients(String id) {
        return driver.describe(new BackendVolume(id, id, List.of(HERE)), soon());
    }

    private StoredVolume stored(String id) {
        return driver.stored(new BackendVolume(id, id, List.of(HERE)), soon());
    }

    @Test
    void theConnectionIsWhatCindersDriverGives() {
        String id = newVolume();
        var volume = new BackendVolume(id, id, List.of(HERE));

        var info = (ConnectionInfo.Rbd) driver.initializeConnection(volume, HERE.access().orElseThrow(), soon());

        String fsid = ceph.admin("ceph", "fsid").strip();
        assertThat(info.pool()).isEqualTo("volumes");
        assertThat(info.image()).isEqualTo("volume-" + id);
        assertThat(info.monitors()).singleElement()
                .satisfies(
                        monitor -> assertThat(ceph.admin("ceph", "mon", "dump")).contains("v1:" + monitor));
        assertThat(info.user()).contains("cinder");
        assertThat(info.document().data()).containsEntry("auth_enabled", true)
                .containsEntry("secret_type", "ceph")
                .containsEntry("secret_uuid", fsid)
                .containsEntry("cluster_name", "ceph")
                .containsEntry("volume_id", id)
                .containsEntry("discard", true)
                .doesNotContainKey("keyring");
    }

    @Test
    void theKeyringIsGivenWhereItIsAskedForAndShownToNobody() {
        RbdConfig plain = ceph.config();
        var asked = new RbdConfig(plain.pool(), plain.user(), plain.cephConf(), "ceph", Optional.of("uuid-1"),
                Optional.of(ceph.keyring()), plain.nameTemplate());
        String id = newVolume();

        var info = (ConnectionInfo.Rbd) driver(asked)
                .initializeConnection(new BackendVolume(id, id, List.of()), HERE.access().orElseThrow(), soon());

        assertThat(info.keyring().orElseThrow().reveal()).contains("[client.cinder]");
        assertThat(info.document().data()).containsEntry("secret_uuid", "uuid-1");
        assertThat(info.toString()).doesNotContain("key =");
    }

    @Test
    void aWatcherIsNamedByItsAddressAndTheHostThatIsThere() throws Exception {
        String id = newVolume();
        try (var _ = use(id)) {
            assertThat(clients(id)).singleElement().satisfies(client -> {
                assertThat(client.inUse()).isEqualTo(Answer.YES);
                assertThat(client.host()).contains("compute-1");
                assertThat(client.address().orElseThrow()).startsWith("127.0.0.1:");
                assertThat(client.session().orElseThrow()).startsWith("client.");
            });
        }
        assertThat(clients(id)).isEmpty();
    }

    @Test
    void aLockWhoseOwnerDoesNotWatchIsADoubtUntilTheOwnerIsOnTheBlocklist() {
        String id = newVolume();
        ceph.admin("rbd", "lock", "add", "volumes/volume-" + id, "left"); // by a client that has ended

        Client lost = clients(id).getFirst();

        assertThat(clients(id)).hasSize(1);
        assertThat(lost.inUse()).isEqualTo(Answer.UNKNOWN);
        assertThat(lost.detail()).contains("not on the blocklist");
        assertThat(stored(id).lock()).isEqualTo(LockState.UNKNOWN);
        ceph.admin("ceph", "osd", "blocklist", "add", lost.address().orElseThrow());
        assertThat(clients(id)).singleElement().satisfies(client -> {
            assertThat(client.inUse()).isEqualTo(Answer.NO);
            assertThat(client.detail()).contains("is on the blocklist");
        });
        assertThat(stored(id).lock()).isEqualTo(LockState.DEAD);
    }

    @Test
    void anImageWithSnapshotsIsHeld() {
        String id = newVolume();
        ceph.admin("rbd", "snap", "create", "volumes/volume-" + id + "@one");

        assertThat(stored(id))
                .isEqualTo(new StoredVolume(ObjectState.BUSY, LockState.NONE, List.of("snapshot one")));
        assertListedAsStored(id);
    }

    @Test
    void clonesAreNamedAndTheSnapshotThatIsKeptForThemToo() {
        String id = newVolume();
        String image = "volumes/volume-" + id;
        ceph.admin("rbd", "snap", "create", image + "@one");
        ceph.admin("rbd", "clone", "--rbd-default-clone-format", "2", image + "@one", "volumes/clone-" + id);
        assertThat(stored(id).remarks()).containsExactly("snapshot one", "clone volumes/clone-" + id);
        assertListedAsStored(id);

        ceph.admin("rbd", "snap", "rm", image + "@one");
        assertThat(stored(id)).isEqualTo(new StoredVolume(ObjectState.BUSY, LockState.NONE, List.of(
                "snapshot one, deleted, in the trash for its clones", "clone volumes/clone-" + id)));
        assertListedAsStored(id);
    }

    @Test
    void anImageThatIsBeingMovedIsHeldByThat() {
        String id = newVolume();
        String image = "volumes/volume-" + id;
        ceph.admin("rbd", "migration", "prepare", image, image);

        assertThat(stored(id))
                .isEqualTo(new StoredVolume(ObjectState.BUSY, LockState.NONE, List.of("migration, prepared")));
        assertListedAsStored(id);
        ceph.admin("rbd", "migration", "abort", image);
        assertThat(stored(id)).isEqualTo(StoredVolume.PLAIN);
    }

    @Test
    void ofAnImageInTheTrashIsSaidWhereItIs() {
        String id = newVolume();
        ceph.admin("rbd", "trash", "mv", "volumes/volume-" + id);

        assertThatThrownBy(() -> stored(id))
                .isInstanceOf(DriverException.VolumeMissing.class)
                .hasMessageMatching("image volume-" + id + " is in the trash as \\p{XDigit}+ in pool volumes");
    }

    private void assertListedAsStored(String id) {
        assertThat(driver.inventory(Optional.empty(), 1000, soon()).volumes().get("volume-" + id).stored())
                .isEqualTo(stored(id));
    }

    @Test
    void oneLockIsBrokenAndOnlyWhenItsOwnerIsKeptOut() {
        String id = newVolume();
        BackendVolume volume = new BackendVolume(id, id, List.of(HERE));
        assertThat(driver.breakLock(volume, soon()).outcome()).isEqualTo(BreakLock.Outcome.NONE);
        ceph.admin("rbd", "lock", "add", "volumes/volume-" + id, "left"); // by a client that has ended
        String owner = clients(id).getFirst().address().orElseThrow();

        BreakLock.Result refused = driver.breakLock(volume, soon());
        driver.fence(owner, Duration.ofMinutes(5), soon());
        BreakLock.Result broken = driver.breakLock(volume, soon());

        assertThat(refused.outcome()).isEqualTo(BreakLock.Outcome.REFUSED);
        assertThat(refused.detail()).contains("not on the blocklist");
        assertThat(broken.outcome()).as(broken.detail()).isEqualTo(BreakLock.Outcome.BROKEN);
        assertThat(broken.detail()).contains(owner);
        assertThat(clients(id)).isEmpty();
        assertThat(driver.breakLock(volume, soon()).outcome()).isEqualTo(BreakLock.Outcome.NONE);
    }

    @Test
    void aListTellsOfEachImageWhatADescriptionTells() throws Exception {
        String watched = newVolume();
        String locked = newVolume();
        String held = newVolume();
        ceph.admin("rbd", "lock", "add", "volumes/volume-" + locked, "left"); // by a client that has ended
        ceph.admin("rbd", "snap", "create", "volumes/volume-" + held + "@one");
        ceph.create(watched + "_disk"); // a guest's own, in a pool that services share
        try (var _ = use(watched)) {
            var all = driver.inventory(Optional.empty(), 1000, soon()).volumes();

            for (String id : List.of(watched, locked, held)) {
                BackendVolume volume = new BackendVolume(id, id, List.of());
                assertThat(all.get("volume-" + id)).isEqualTo(new ListedVolume(
                        Answer.YES, driver.describe(volume, soon()), driver.stored(volume, soon()),
                        driver.location(volume, soon())));
            }
            assertThat(all).doesNotContainKey(watched + "_disk");
            assertThat(all.get("volume-" + locked).stored().lock()).isEqualTo(LockState.UNKNOWN);
            assertThat(all.get("volume-" + held).stored().object()).isEqualTo(ObjectState.BUSY);
        }
    }

    @Tag("slow")
    @Test
    void aListTakesTheSameFewProgramsHoweverManyImagesThereAre() {
        var started = new AtomicInteger();
        var system = new SystemCommandRunner(List.of());
        RbdConfig config = ceph.config();
        var counted = new RbdDriver(config, new CephPrograms(config, new BackendPrograms(command -> {
            started.incrementAndGet();
            return system.run(command);
        })));
        newVolume();
        counted.inventory(Optional.empty(), 1000, soon());
        int few = started.getAndSet(0);
        for (int i = 0; i < 20; i++) {
            newVolume();
        }

        assertThat(counted.inventory(Optional.empty(), 1000, soon()).volumes()).hasSizeGreaterThan(20);

        assertThat(started).as("programs started").hasValue(few).hasValueLessThan(10);
    }

    @Test
    void theWayToAnImageIsTheMonitorsThatAreThere() {
        String id = newVolume();
        BackendVolume volume = new BackendVolume(id, id, List.of(HERE));

        Map<?, ?> way = (Map<?, ?>) driver.location(volume, soon()).orElseThrow().get("data");

        Map<String, Object> stored = driver.initializeConnection(volume, HERE.access().orElseThrow(), soon())
                .document()
                .data();
        assertThat(way.keySet()).extracting(String::valueOf).containsExactly("name", "hosts", "ports");
        way.forEach((key, value) -> assertThat(stored.get(String.valueOf(key))).isEqualTo(value));
    }

    @Test
    void aWatcherThatWasKilledIsSeenUntilTheClusterHasNoticed() throws Exception {
        String id = newVolume();
        Process watcher = ceph.startWatching("volume-" + id);
        watcher.destroyForcibly().waitFor();

        assertThat(clients(id)).extracting(Client::inUse).containsExactly(Answer.YES);
    }

    @Test
    void aClusterThatDoesNotAnswerIsGivenUpAtTheDeadline() {
        var nowhere = new RbdConfig("volumes", Optional.of("cinder"), Optional.of(Path.of("/dev/null")), "ceph",
                Optional.empty(), Optional.empty(), new NameTemplate("volume-%s"));
        Deadline deadline = Deadline.after(Duration.ofSeconds(3));

        assertThatThrownBy(() -> driver(nowhere).probe(deadline)).isInstanceOf(DriverException.NotReady.class)
                .hasMessageContaining("pool volumes cannot be read");
    }

    @Test
    void aPoolThatIsNotThereIsNoBackend() {
        RbdConfig plain = ceph.config();
        var other = new RbdConfig("other", Optional.of("admin"), plain.cephConf(), "ceph", Optional.empty(),
                Optional.empty(), plain.nameTemplate());

        assertThatThrownBy(() -> driver(other).prepare(soon())).isInstanceOf(DriverException.NotReady.class)
                .hasMessageContaining("other");
    }
}

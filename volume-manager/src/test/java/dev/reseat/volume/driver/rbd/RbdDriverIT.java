package dev.reseat.volume.driver.rbd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.contract.connection.ConnectionInfo;
import dev.reseat.contract.connection.Connector;
import dev.reseat.contract.evidence.Answer;
import dev.reseat.process.SystemCommandRunner;
import dev.reseat.runtime.Deadline;
import dev.reseat.volume.driver.Attachment;
import dev.reseat.volume.driver.Client;
import dev.reseat.volume.driver.DriverException;
import dev.reseat.volume.driver.Volume;
import dev.reseat.volume.driver.VolumeDriver;
import dev.reseat.volume.driver.VolumeDriverContract;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The driver on a real Ceph. */
final class RbdDriverIT extends VolumeDriverContract {
    private static final Attachment HERE = new Attachment("a-1", Optional.empty(),
            Optional.of(new Connector(Map.of("host", "compute-1", "ip", "127.0.0.1"))));

    private static PrivateCeph ceph;

    private final RbdDriver driver = driver(ceph.config());

    @BeforeAll
    static void start() throws Exception {
        ceph = PrivateCeph.start();
    }

    @AfterAll
    static void stop() {
        if (ceph != null) {
            ceph.close();
        }
    }

    private static RbdDriver driver(RbdConfig config) {
        return new RbdDriver(config, new CephPrograms(config, new SystemCommandRunner(List.of())));
    }

    @Override
    protected VolumeDriver open() {
        return driver;
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
        return driver.describe(new Volume(id, id, List.of(HERE)), soon());
    }

    @Test
    void theConnectionIsWhatCindersDriverGives() {
        String id = newVolume();
        var volume = new Volume(id, id, List.of(HERE));

        var info = (ConnectionInfo.Rbd) driver.initializeConnection(volume, HERE.access().orElseThrow(), soon());

        String fsid = ceph.admin("ceph", "fsid").output().strip();
        assertThat(info.pool()).isEqualTo("volumes");
        assertThat(info.image()).isEqualTo("volume-" + id);
        assertThat(info.monitors()).singleElement()
                .satisfies(
                        monitor -> assertThat(ceph.admin("ceph", "mon", "dump").output()).contains("v1:" + monitor));
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
                .initializeConnection(new Volume(id, id, List.of()), HERE.access().orElseThrow(), soon());

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
        ceph.admin("ceph", "osd", "blocklist", "add", lost.address().orElseThrow());
        assertThat(clients(id)).singleElement().satisfies(client -> {
            assertThat(client.inUse()).isEqualTo(Answer.NO);
            assertThat(client.detail()).contains("is on the blocklist");
        });
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
                Optional.empty(), Optional.empty(), "volume-%s");
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

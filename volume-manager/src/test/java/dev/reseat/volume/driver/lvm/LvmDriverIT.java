package dev.reseat.volume.driver.lvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.reseat.contract.connection.ConnectionInfo;
import dev.reseat.contract.connection.Secret;
import dev.reseat.contract.evidence.Answer;
import dev.reseat.process.SystemCommandRunner;
import dev.reseat.volume.driver.BackendPrograms;
import dev.reseat.volume.driver.BackendVolume;
import dev.reseat.volume.driver.Client;
import dev.reseat.volume.driver.ConnectionRequest;
import dev.reseat.volume.driver.DriverException;
import dev.reseat.volume.driver.ExportUse;
import dev.reseat.volume.driver.ModelUpdate;
import dev.reseat.volume.driver.VolumeAttachment;
import dev.reseat.volume.driver.VolumeDriver;
import dev.reseat.volume.driver.VolumeDriverContract;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The driver on a real volume group and a real tgtd, with real initiators. */
final class LvmDriverIT extends VolumeDriverContract {
    private static final VolumeAttachment A = attached("a-1", "host-a");
    private static final VolumeAttachment B = attached("a-2", "host-b");
    private static final String INITIATOR_A = "iqn.2026-01.example:host-a";
    private static final String INITIATOR_B = "iqn.2026-01.example:host-b";

    private static LvmBackend lvm;

    private final LvmDriver driver = (LvmDriver) lvm.driver();

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

    @Override
    protected VolumeDriver open() {
        return driver;
    }

    @Override
    protected boolean fencesClients() {
        return true;
    }

    @Override
    protected String newVolume() {
        String id = UUID.randomUUID().toString();
        lvm.create("volume-" + id);
        return id;
    }

    /** By a session of the host that is let in; without one, on the host that has the volume. */
    @Override
    protected AutoCloseable use(String volumeId) throws Exception {
        BackendVolume volume = new BackendVolume(volumeId, volumeId, List.of());
        Optional<String> initiator =
                driver.describe(volume, soon()).stream().flatMap(client -> client.initiator().stream()).findFirst();
        if (initiator.isPresent()) {
            return lvm.connect(connection(volume, A), initiator.get());
        }
        Process reader = new ProcessBuilder("sh", "-c", "exec 3<\"$0\"; echo open; read line",
                lvm.device("volume-" + volumeId).toString()).start();
        assertThat(reader.inputReader().readLine()).isEqualTo("open");
        return () -> {
            reader.destroyForcibly().waitFor();
        };
    }

    private static ConnectionRequest access(VolumeAttachment attachment) {
        return attachment.access().orElseThrow();
    }

    private BackendVolume exported(String id, VolumeAttachment... attachments) {
        BackendVolume volume = new BackendVolume(id, id, List.of(attachments));
        for (VolumeAttachment attachment : attachments) {
            volume = volume.with(driver.createExport(volume, access(attachment), soon()).orElseThrow());
            driver.initializeConnection(volume, access(attachment), soon());
        }
        return volume;
    }

    private ConnectionInfo connection(BackendVolume volume, VolumeAttachment attachment) {
        return driver.initializeConnection(volume, access(attachment), soon());
    }

    @Test
    void whatIsStoredAndGivenIsWhatCindersDriverStoresAndGives() {
        String id = newVolume();
        BackendVolume volume = exported(id, A);
        var info = (ConnectionInfo.Iscsi) connection(volume, A);
        String iqn = "iqn.2010-10.org.openstack:volume-" + id;
        String portal = lvm.config().targets().portals().getFirst().toString();

        assertThat(volume.providerLocation().orElseThrow()).matches(portal + ",\\d+ " + iqn + " 1");
        String[] auth = volume.providerAuth().map(Secret::reveal).orElseThrow().split(" ", -1);
        assertThat(auth).hasSize(3).startsWith("CHAP");
        assertThat(info.document().data()).containsEntry("target_portal", portal)
                .containsEntry("target_iqn", iqn)
                .containsEntry("target_lun", 1)
                .containsEntry("target_discovered", false)
                .containsEntry("auth_username", auth[1])
                .containsEntry("auth_password", auth[2])
                .containsEntry("volume_id", id)
                .doesNotContainKey("target_portals");
        assertThat(info.toString()).doesNotContain(auth[2]);
        assertThat(driver.location(volume, soon()).orElseThrow().toString()).contains(iqn).doesNotContain(auth[2]);
    }

    @Test
    void onlyWhoIsLetInByNameAndHasThePasswordComesIn() throws Exception {
        BackendVolume volume = exported(newVolume(), A);
        ConnectionInfo info = connection(volume, A);

        assertThatThrownBy(() -> lvm.connect(info, INITIATOR_B)).isInstanceOf(IllegalStateException.class);
        ConnectionInfo wrong = info.with(Map.of("auth_password", "another-password"));
        assertThatThrownBy(() -> lvm.connect(wrong, INITIATOR_A)).isInstanceOf(IllegalStateException.class);
        try (var _ = lvm.connect(info, INITIATOR_A)) {
            assertThat(driver.describe(volume, soon())).singleElement().satisfies(client -> {
                assertThat(client.inUse()).isEqualTo(Answer.YES);
                assertThat(client.host()).contains("host-a");
                assertThat(client.initiator()).contains(INITIATOR_A);
                assertThat(client.address()).contains("127.0.0.1");
                assertThat(client.session()).isPresent();
            });
        }
        assertThat(driver.describe(volume, soon())).singleElement()
                .satisfies(client -> assertThat(client.inUse()).isEqualTo(Answer.NO));
    }

    @Test
    void aHostThatIsKeptOutStaysOutThoughItTriesAgain() throws Exception {
        BackendVolume volume = exported(newVolume(), A, B);
        ConnectionInfo info = connection(volume, A);
        try (var _ = lvm.connect(info, INITIATOR_A); var _ = lvm.connect(info, INITIATOR_B)) {
            assertThat(driver.terminateConnection(volume, access(A), soon())).isEqualTo(ExportUse.SHARED);

            assertThat(driver.describe(volume, soon())).extracting(Client::initiator, Client::inUse)
                    .containsExactly(tuple(Optional.of(INITIATOR_B), Answer.YES));
            assertThatThrownBy(() -> lvm.connect(info, INITIATOR_A)).isInstanceOf(IllegalStateException.class);
            driver.removeExport(volume, soon());
            assertThat(driver.describe(volume, soon())).filteredOn(client -> client.exported() == Answer.YES).isEmpty();
        }
    }

    @Test
    void whoIsFencedStaysOutOfEveryTargetAndTheOthersStayIn() throws Exception {
        BackendVolume shared = exported(newVolume(), A, B);
        BackendVolume alone = exported(newVolume(), A);
        ConnectionInfo toShared = connection(shared, B);
        ConnectionInfo toAlone = connection(alone, A);
        try (var _ = lvm.connect(toShared, INITIATOR_A);
                var _ = lvm.connect(toShared, INITIATOR_B);
                var _ = lvm.connect(toAlone, INITIATOR_A)) {
            driver.fence(INITIATOR_A, Duration.ofHours(1), soon());

            assertThat(driver.describe(shared, soon())).extracting(Client::initiator, Client::inUse)
                    .containsExactly(tuple(Optional.of(INITIATOR_B), Answer.YES));
            assertThatThrownBy(() -> lvm.connect(toShared, INITIATOR_A)).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> lvm.connect(toAlone, INITIATOR_A)).as("by a target that lets in nobody")
                    .isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void aTargetThatCinderHasMadeIsSeenAndNarrowedToThoseWhoStay() throws Exception {
        String id = newVolume();
        String iqn = "iqn.2010-10.org.openstack:volume-" + id;
        lvm.tgtadm("--op", "new", "--mode", "target", "--tid", "900", "--targetname", iqn);
        lvm.tgtadm("--op", "new", "--mode", "logicalunit", "--tid", "900", "--lun", "1", "--backing-store",
                lvm.device("volume-" + id).toString());
        lvm.tgtadm("--op", "new", "--mode", "account", "--user", "cinders", "--password", "secret-of-cinder");
        lvm.tgtadm("--op", "bind", "--mode", "account", "--tid", "900", "--user", "cinders");
        lvm.tgtadm("--op", "bind", "--mode", "target", "--tid", "900", "--initiator-address", "ALL");
        BackendVolume volume = new BackendVolume(id, id, List.of(A, B)).with(
                new ModelUpdate(Optional.of("127.0.0.1:3260,900 " + iqn + " 1"),
                        Optional.of(new Secret("CHAP cinders secret-of-cinder"))));

        assertThat(driver.describe(volume, soon())).extracting(Client::host)
                .containsExactly(Optional.of("host-a"), Optional.of("host-b"));
        ConnectionInfo info = connection(volume, A);
        try (var _ = lvm.connect(info, INITIATOR_B)) {
            assertThat(driver.terminateConnection(volume, access(A), soon())).isEqualTo(ExportUse.SHARED);
            assertThatThrownBy(() -> lvm.connect(info, INITIATOR_A)).isInstanceOf(IllegalStateException.class);
            assertThat(driver.describe(volume, soon())).singleElement()
                    .satisfies(client -> assertThat(client.inUse()).isEqualTo(Answer.YES));
        }
        driver.removeExport(volume, soon());
        assertThat(driver.inventory(Optional.empty(), 1000, soon()).volumes().get("volume-" + id).clients()).isEmpty();
    }

    @Test
    void tgtdHasItsTargetsBackFromTheFilesWhichNobodyElseReads() throws IOException {
        String id = newVolume();
        BackendVolume volume = exported(id, A);

        List<String> lines = Files.readAllLines(lvm.file("volume-" + id));
        assertThat(lines.getFirst()).isEqualTo("<target iqn.2010-10.org.openstack:volume-" + id + ">");
        assertThat(lines).contains("    backing-store " + lvm.device("volume-" + id),
                "    incominguser " + volume.providerAuth().orElseThrow().reveal().substring(5),
                "    initiator-name " + INITIATOR_A);
        assertThat(Files.getPosixFilePermissions(lvm.file("volume-" + id))).hasSize(2);
        driver.removeExport(volume, soon());
        assertThat(lvm.file("volume-" + id)).doesNotExist();
        assertThat(lvm.tgtadm("--op", "show", "--mode", "account"))
                .doesNotContain(volume.providerAuth().orElseThrow().reveal().split(" ", -1)[1]);
    }

    @Test
    void whatOneThatWasKilledHasBegunIsFinished() throws Exception {
        String id = newVolume();
        String iqn = "iqn.2010-10.org.openstack:volume-" + id;
        lvm.tgtadm("--op", "new", "--mode", "target", "--tid", "800", "--targetname", iqn); // and no more

        BackendVolume volume = exported(id, A);

        try (var _ = lvm.connect(connection(volume, A), INITIATOR_A)) {
            assertThat(driver.describe(volume, soon())).hasSize(1);
        }
    }

    @Test
    void everyVolumeIsListedAndTargetsWhoseVolumeIsGone() {
        String idle = newVolume();
        String used = newVolume();
        exported(used, A);
        lvm.tgtadm("--op", "new", "--mode", "target", "--tid", "700", "--targetname",
                "iqn.2010-10.org.openstack:volume-gone");
        lvm.create("root.of-this-host");

        var all = driver.inventory(Optional.empty(), 1000, soon()).volumes();

        assertThat(all).containsKeys("volume-" + idle, "volume-" + used, "volume-gone");
        assertThat(all).as("not called as a volume is").doesNotContainKey("root.of-this-host");
        assertThat(all.get("volume-gone").object()).isEqualTo(Answer.NO);
        assertThat(all.get("volume-" + used).object()).isEqualTo(Answer.YES);
        assertThat(all.get("volume-" + used).clients()).singleElement()
                .satisfies(client -> assertThat(client.initiator()).contains(INITIATOR_A));
    }

    @Test
    void aGroupThatIsNotThereIsNoBackend() {
        LvmConfig plain = lvm.config();
        var other = new LvmConfig("nowhere", plain.lvmConf(), plain.helper(), plain.targets(), plain.nameTemplate());
        var volumes = new LogicalVolumes(other,
                new BackendPrograms(new SystemCommandRunner(List.of())));

        assertThatThrownBy(() -> volumes.requireGroup(soon())).isInstanceOf(DriverException.NotReady.class)
                .hasMessageContaining("nowhere");
    }
}

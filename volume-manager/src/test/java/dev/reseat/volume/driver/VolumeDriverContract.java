package dev.reseat.volume.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.contract.connection.ConnectionInfo;
import dev.reseat.contract.connection.Connector;
import dev.reseat.contract.evidence.Answer;
import dev.reseat.contract.volume.StoredVolume;
import dev.reseat.runtime.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every driver promises. What only some backends can is a question that each test class answers, and the driver is
 * held to the answer.
 */
public abstract class VolumeDriverContract extends DriverAbilities {
    private VolumeDriver driver;
    private DescribesConnections view;
    private String id;

    /** A driver that is ready. */
    protected abstract VolumeDriver open() throws Exception;

    /** Puts a volume on the backend and gives its id. */
    protected abstract String newVolume() throws Exception;

    /** Uses the volume until closed, as a guest would. */
    protected abstract AutoCloseable use(String volumeId) throws Exception;

    @BeforeEach
    void openDriver() throws Exception {
        driver = open();
        view = view(driver);
        driver.prepare(soon());
        id = newVolume();
    }

    /** Far enough for a busy machine. */
    protected static Deadline soon() {
        return Deadline.after(Duration.ofSeconds(60));
    }

    protected static Connector connector(String host) {
        return new Connector(Map.of("host", host, "initiator", "iqn.2026-01.example:" + host));
    }

    protected static VolumeAttachment attached(String attachmentId, String host) {
        return new VolumeAttachment(attachmentId, Optional.empty(), Optional.of(connector(host)));
    }

    protected BackendVolume volume(VolumeAttachment... attachments) {
        return new BackendVolume(id, id, List.of(attachments));
    }

    private static ConnectionRequest access(VolumeAttachment attachment) {
        return attachment.access().orElseThrow();
    }

    private ConnectionInfo connect(BackendVolume volume, ConnectionRequest access) {
        driver.validate(access.connector());
        BackendVolume exported = driver.createExport(volume, access, soon()).map(volume::with).orElse(volume);
        return driver.initializeConnection(exported, access, soon());
    }

    /** Whether there are exports to be seen: a question about the backend, not about the driver. */
    private boolean keepsHostsOut() {
        return view.keepsHostsOut();
    }

    /** As many as there are, where the backend has exports. */
    private int shown(int exports) {
        return keepsHostsOut() ? exports : 0;
    }

    private List<Client> exported(BackendVolume volume) {
        return view.describe(volume, soon())
                .stream()
                .filter(connection -> connection.exported() == Answer.YES)
                .toList();
    }

    @Test
    void itHasTheAbilitiesOfItsBackendAndNoOthers() {
        requireAbilities(driver);
    }

    @Test
    void preparingIsRepeatable() {
        driver.prepare(soon());
        driver.prepare(soon());
        driver.probe(soon());
    }

    @Test
    void whenTheDeadlineIsOverNothingIsBegun() {
        var one = attached("a-1", "host-a");
        var two = attached("a-2", "host-b");
        Deadline over = Deadline.after(Duration.ZERO);
        connect(volume(one, two), access(one));
        List<Client> before = exported(volume(one, two));

        for (Runnable late : List.<Runnable>of(
                () -> driver.createExport(volume(one, two), access(two), over),
                () -> driver.terminateConnection(volume(one), access(one), over),
                () -> driver.terminateConnections(volume(one), over),
                () -> driver.removeExport(volume(one), over))) {
            assertThatThrownBy(late::run).isInstanceOf(DriverException.OutOfTime.class);
        }

        assertThat(exported(volume(one, two))).isEqualTo(before);
    }

    @Test
    void connectingAgainGivesTheSameConnection() {
        var one = attached("a-1", "host-a");

        ConnectionInfo first = connect(volume(one), access(one));

        assertThat(connect(volume(one), access(one))).isEqualTo(first);
        assertThat(first.type()).isNotBlank();
        assertThat(first.document().data()).isNotEmpty();
        assertThat(first.document().toString())
                .doesNotContain(first.document().data().values().iterator().next().toString());
    }

    @Test
    void exportingAgainHasTheSameStored() {
        var one = attached("a-1", "host-a");

        Optional<ModelUpdate> first = driver.createExport(volume(one), access(one), soon());

        BackendVolume stored = first.map(volume(one)::with).orElse(volume(one));
        assertThat(driver.createExport(stored, access(one), soon())).isEqualTo(first);
    }

    @Test
    void aVolumeTheBackendDoesNotHaveIsNamed() {
        var one = attached("a-1", "host-a");
        var unknown = new BackendVolume("00000000-dead", "00000000-dead", List.of(one));

        assertThatThrownBy(() -> driver.createExport(unknown, access(one), soon()))
                .isInstanceOf(DriverException.VolumeMissing.class)
                .hasMessageContaining("00000000-dead");
    }

    @Test
    void whatIsNotConnectedIsTerminatedAlready() {
        var one = attached("a-1", "host-a");

        assertThat(driver.terminateConnection(volume(one), access(one), soon())).isEqualTo(ExportUse.NONE);
        driver.removeExport(volume(one), soon());
        driver.terminateConnections(volume(one), soon());
    }

    @Test
    void terminatingAndRemovingAreRepeatable() {
        var one = attached("a-1", "host-a");
        connect(volume(one), access(one));

        for (int i = 0; i < 2; i++) {
            assertThat(driver.terminateConnection(volume(one), access(one), soon())).isEqualTo(ExportUse.NONE);
        }
        for (int i = 0; i < 2; i++) {
            driver.removeExport(volume(one), soon());
        }

        assertThat(exported(volume(one))).isEmpty();
    }

    @Test
    void othersKeepTheirConnection() {
        var one = attached("a-1", "host-a");
        var two = attached("a-2", "host-b");
        connect(volume(one, two), access(one));
        connect(volume(one, two), access(two));

        assertThat(driver.terminateConnection(volume(one, two), access(one), soon())).isEqualTo(ExportUse.SHARED);

        assertThat(exported(volume(two)))
                .extracting(Client::host)
                .isEqualTo(keepsHostsOut() ? List.of(Optional.of("host-b")) : List.of());
    }

    @Test
    void aHostKeepsItsConnectionUntilItsLastAttachment() {
        var one = attached("a-1", "host-a");
        var two = attached("a-2", "host-a");
        connect(volume(one, two), access(one));
        connect(volume(one, two), access(two));
        ConnectionRequest nobodyInParticular = ConnectionRequest.of(connector("host-a"));

        assertThat(driver.terminateConnection(volume(one, two), nobodyInParticular, soon()))
                .isEqualTo(ExportUse.SHARED);
        assertThat(exported(volume(one, two))).hasSize(shown(view.knowsAttachments() ? 2 : 1));

        assertThat(driver.terminateConnection(volume(one), nobodyInParticular, soon())).isEqualTo(ExportUse.NONE);
        assertThat(exported(volume(one))).isEmpty();
    }

    @Test
    void anAttachmentThatGoesLeavesItsHostInForTheOther() {
        var one = attached("a-1", "host-a");
        var two = attached("a-2", "host-a");
        connect(volume(one, two), access(one));
        connect(volume(one, two), access(two));

        assertThat(driver.terminateConnection(volume(one, two), access(one), soon())).isEqualTo(ExportUse.SHARED);
        assertThat(exported(volume(two))).hasSize(shown(1));
        assertThat(driver.terminateConnection(volume(two), access(two), soon())).isEqualTo(ExportUse.NONE);
        assertThat(exported(volume(two))).isEmpty();
    }

    @Test
    void aConnectionMadeWithoutAnAttachmentGoesWithItsHost() {
        ConnectionRequest old = ConnectionRequest.of(connector("host-a"));
        connect(volume(), old);
        assertThat(exported(volume())).hasSize(shown(1));

        assertThat(driver.terminateConnection(volume(), old, soon())).isEqualTo(ExportUse.NONE);

        assertThat(exported(volume())).isEmpty();
    }

    @Test
    void everyHostIsKeptOutAtOnce() {
        var one = attached("a-1", "host-a");
        var two = attached("a-2", "host-b");
        connect(volume(one, two), access(one));
        connect(volume(one, two), access(two));

        driver.terminateConnections(volume(one, two), soon());

        assertThat(exported(volume(one, two))).isEmpty();
    }

    @Test
    void differentVolumesAreWorkedOnAtTheSameTime() throws Exception {
        List<BackendVolume> volumes = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            String one = newVolume();
            volumes.add(new BackendVolume(one, one, List.of(attached("a-" + i, "host-" + i))));
        }
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<ConnectionInfo>> connected = IntStream.range(0, 16)
                    .mapToObj(i -> threads.submit(
                            () -> connect(volumes.get(i), access(volumes.get(i).attachments().getFirst()))))
                    .toList();
            for (Future<ConnectionInfo> each : connected) {
                each.get(120, TimeUnit.SECONDS);
            }
        }
        for (BackendVolume volume : volumes) {
            assertThat(exported(volume)).hasSize(shown(1));
        }
    }

    @Test
    void whatWasExportedToNobodyKnownGoesTooAndWhoUsesItIsSeen() throws Exception {
        var known = attached("a-1", "host-a");
        var leaked = attached("a-2", "host-b");
        connect(volume(known, leaked), access(known));
        connect(volume(known, leaked), access(leaked));

        for (int i = 0; i < 2; i++) {
            driver.terminateConnections(volume(known), soon());
            driver.removeExport(volume(known), soon());
            assertThat(exported(volume(known))).isEmpty();
        }
        try (var _ = use(id)) {
            assertThat(view.describe(volume(known), soon()))
                    .extracting(Client::inUse)
                    .contains(Answer.YES);
        }
    }

    @Test
    void aClientIsOfTheRequestThatLetItIn() {
        var one = attached("a-1", "host-a");
        var two = attached("a-2", "host-b");
        connect(volume(one, two), access(one));

        assertThat(exported(volume(one, two))).hasSize(shown(1)).allSatisfy(client -> {
            assertThat(client.isOf(access(one))).isTrue();
            assertThat(client.isOf(access(two))).isFalse();
        });
    }

    @Test
    void lookingAtAVolumeTheBackendDoesNotHaveFails() {
        var unknown = new BackendVolume("00000000-dead", "00000000-dead", List.of(attached("a-1", "host-a")));

        assertThatThrownBy(() -> view.describe(unknown, soon()))
                .isInstanceOf(DriverException.VolumeMissing.class);
    }

    @Test
    void whatAHostWouldBeGivenIsShownOnceItIsLetIn() {
        var one = attached("a-1", "host-a");
        var unknown = new BackendVolume("00000000-dead", "00000000-dead", List.of(one));
        Optional<ConnectionInfo> before = view.connection(volume(one), access(one), soon());
        BackendVolume exported =
                driver.createExport(volume(one), access(one), soon()).map(volume(one)::with).orElse(volume(one));
        ConnectionInfo given = driver.initializeConnection(exported, access(one), soon());
        List<Client> seen = exported(exported);

        assertThat(before).isEqualTo(keepsHostsOut() ? Optional.empty() : Optional.of(given));
        assertThat(view.connection(exported, access(one), soon())).contains(given);
        assertThat(exported(exported)).isEqualTo(seen);
        assertThatThrownBy(() -> view.connection(unknown, access(one), soon()))
                .isInstanceOf(DriverException.VolumeMissing.class);
    }

    @Test
    void aVolumeThatNobodyHoldsIsSeenToBePlain() {
        var unknown = new BackendVolume("00000000-dead", "00000000-dead", List.of());

        assertThat(view.stored(volume(), soon())).isEqualTo(StoredVolume.PLAIN);
        assertThatThrownBy(() -> view.stored(unknown, soon()))
                .isInstanceOf(DriverException.VolumeMissing.class);
    }

    @Test
    void everythingIsListedOncePageByPageWithWhoIsThere() throws Exception {
        if (!listsVolumes()) {
            return;
        }
        String used = newVolume();
        String idle = newVolume();
        SortedMap<String, ListedVolume> all;
        try (var _ = use(used)) {
            var lists = (ListsVolumes) driver;
            InventoryPage whole = lists.inventory(Optional.empty(), 1000, soon());
            assertThat(whole.more()).isFalse();
            all = whole.volumes();
            InventoryPage first = lists.inventory(Optional.empty(), all.size() / 2, soon());
            assertThat(first.more()).isTrue();
            assertThat(first.volumes()).hasSize(all.size() / 2);
            SortedMap<String, ListedVolume> pages = new TreeMap<>(first.volumes());
            pages.putAll(lists.inventory(Optional.of(pages.lastKey()), all.size(), soon()).volumes());

            assertThat(pages).isEqualTo(all);
            assertThat(listed(all, used).clients()).extracting(Client::inUse).contains(Answer.YES);
        }
        assertThat(all.keySet()).filteredOn(name -> name.contains(used)).hasSize(1);
        assertThat(listed(all, idle).object()).isEqualTo(Answer.YES);
        assertThat(listed(all, idle).stored()).isEqualTo(StoredVolume.PLAIN);
        var plain = new BackendVolume(idle, idle, List.of());
        assertThat(listed(all, idle).location()).isEqualTo(view.location(plain, soon()));
        assertThat(listed(all, idle).clients()).isEqualTo(view.describe(plain, soon()));
    }

    private static ListedVolume listed(SortedMap<String, ListedVolume> all, String id) {
        return all.entrySet()
                .stream()
                .filter(one -> one.getKey().contains(id))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aListThatIsNotMadeInTimeIsNone() {
        if (!listsVolumes()) {
            return;
        }
        Deadline over = Deadline.after(Duration.ZERO);

        assertThatThrownBy(() -> ((ListsVolumes) driver).inventory(Optional.empty(), 10, over))
                .isInstanceOf(DriverException.OutOfTime.class);
    }

    @Test
    void lookingChangesNothing() throws Exception {
        var one = attached("a-1", "host-a");
        connect(volume(one), access(one));
        List<Client> before = exported(volume(one));

        try (var _ = use(id)) {
            assertThat(view.describe(volume(one), soon()))
                    .extracting(Client::inUse)
                    .contains(Answer.YES);
        }

        assertThat(exported(volume(one))).isEqualTo(before);
    }
}

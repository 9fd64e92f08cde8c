package dev.reseat.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.api.cli.ReseatCli;
import dev.reseat.compute.ComputeAgent;
import dev.reseat.compute.connector.Device;
import dev.reseat.compute.host.HostFiles;
import dev.reseat.contract.connection.ConnectionInfo;
import dev.reseat.launch.ServiceProgram;
import dev.reseat.monitor.MonitoredService;
import dev.reseat.rpc.transport.memory.MemoryBroker;
import dev.reseat.runtime.Deadline;
import dev.reseat.runtime.ServiceGroup;
import dev.reseat.runtime.Settings;
import dev.reseat.standalone.BlockStorage.Attachment;
import dev.reseat.standalone.CinderDatabase.AttachmentRow;
import dev.reseat.standalone.DemoRows.DemoVolume;
import dev.reseat.storage.PrivateLvm;
import dev.reseat.volume.VolumeManager;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/**
 * The portal of a real iSCSI target moves while a stopped server has a volume there, on a host whose kernel has a
 * session: {@code bdm refresh} takes that off the host, with all that would bring it back, and what is stored then
 * leads the kernel to the new portal and to the data.
 */
@Tag("slow")
final class MovedPortalVmIT {
    private static final String INITIATOR = "iqn.1993-08.org.debian:01:host-a"; // who the machine is
    private static final Duration LIMIT = Duration.ofMinutes(4);
    private static final Duration GRACE = Duration.ofSeconds(30);
    private static final int OTHER_PORT = 3261;

    @Test
    void aRefreshLeadsTheHostToThePortalThatIsThereNow() throws Exception {
        Needed.packages(PrivateLvm.missingPackages());
        try (WorkDirectory directory = WorkDirectory.create()) {
            var storage = new VmIscsiStorage(directory);
            var broker = new DemoBroker.Memory(new MemoryBroker());
            try (AllInOne cloud = AllInOne.startWithoutWorkers(directory, broker, storage);
                    var scene = new Scene(cloud, broker, storage)) {
                scene.refreshesOnlyWhatIsNotRight();
                scene.followsThePortal();
            }
        }
    }

    /** The cloud, its workers, and a stopped server with a volume that its host still holds. */
    private static final class Scene implements AutoCloseable {
        private final AllInOne cloud;
        private final DemoBroker broker;
        private final VmIscsiStorage storage;
        private final DemoRows rows;
        private final ServiceGroup agents = new ServiceGroup(List.of());
        private final ComputeAgent agent;
        private ServiceGroup managers;
        private DemoVolume volume;

        Scene(AllInOne cloud, DemoBroker broker, VmIscsiStorage storage) {
            this.cloud = cloud;
            this.broker = broker;
            this.storage = storage;
            this.rows = new DemoRows(cloud);
            startManager();
            agent = run(
                    agents, ComputeAgent.program(storage.hostCommands(), new HostFiles(storage.vm().root())),
                    cloud.settings().agent(VmIscsiStorage.HOST, broker.transportUrl(), cloud.volumeEndpoint()));
            attach();
        }

        private <S extends MonitoredService> S run(
                ServiceGroup group, ServiceProgram<?, S> program, Settings settings) {
            ServiceProgram.Part<S> part = program.part(settings, broker::connect, new SimpleMeterRegistry());
            group.start(part.rpc());
            group.start(part.service());
            return part.service();
        }

        private void startManager() {
            managers = new ServiceGroup(List.of());
            run(managers, VolumeManager.program(storage.commands()),
                    cloud.settings().volumeManager(broker.transportUrl()));
        }

        private void attach() {
            cloud.cinder().insertType();
            rows.server("mail-1", VmIscsiStorage.HOST, "stopped");
            volume = rows.volume("stale", "mail-1", "the portal moves");
            storage.lvm().create("volume-" + volume.id());
            Map<String, Object> connector = new LinkedHashMap<>(Map.of(
                    "platform", "x86_64", "os_type", "linux", "host", VmIscsiStorage.HOST, "ip", "10.77.0.11",
                    "multipath", false, "initiator", INITIATOR, "do_local_attach", false));
            try (var api = new BlockStorage(cloud.volumeEndpoint(), AllInOneSettings.USER, AllInOneSettings.PROJECT)) {
                Attachment made = api.connect(volume.id(), rows.uuid("mail-1"), connector, "/dev/vdb");
                api.complete(made);
                rows.map(volume, "/dev/vdb", Optional.of(made.id()), made.connectionInfo());
            }
            Device device = startAsNova();
            storage.vm().shell("echo what was there | dd of=" + device.path() + " conv=fsync status=none");
        }

        /** The host connects by what is mapped, and the guest is defined anew by that. */
        private Device startAsNova() {
            ConnectionInfo.Iscsi info = mapped();
            Device device = agent.connectors().connect(info, Deadline.after(LIMIT));
            ConnectionInfo.IscsiPath path = info.paths().getFirst();
            storage.libvirt().define(GuestXml.domain("mail-1", rows.uuid("mail-1"), """
                    <disk type='block' device='disk'><driver name='qemu' type='raw' cache='none'/>
                      <source dev='/dev/disk/by-path/ip-%s-iscsi-%s-lun-%d'/><target dev='sdb' bus='scsi'/>
                      <serial>%s</serial></disk>
                    """.formatted(path.portal(), path.iqn(), path.lun(), volume.id())));
            return device;
        }

        private ConnectionInfo.Iscsi mapped() {
            String stored = cloud.nova().mapping(volume.id()).orElseThrow().connectionInfo().orElseThrow();
            JsonMapper json = JsonMapper.shared();
            return (ConnectionInfo.Iscsi) ConnectionInfo.of(json.readerForMapOf(Object.class).readValue(stored));
        }

        private String refresh() {
            StringWriter printed = new StringWriter();
            PrintWriter both = new PrintWriter(printed);
            int code = ReseatCli.run(
                    new String[]{"bdm", "refresh", "--all-volumes-of", rows.uuid("mail-1"), "--reason", "it moved"},
                    OperatorCommands.environment(cloud), both, both);
            assertThat(code).as(printed.toString()).isZero();
            return printed.toString();
        }

        private String attachment() {
            return cloud.cinder().read(volume.id()).attachments().stream().map(AttachmentRow::id).toList().toString();
        }

        private String sessions() {
            return storage.vm().shell("cat /sys/class/iscsi_connection/*/persistent_port 2>/dev/null || true").strip();
        }

        private String records() {
            return storage.vm().shell("iscsiadm -m node 2>/dev/null || true").strip();
        }

        private String stored() {
            return storage.libvirt().virsh("dumpxml", "--inactive", rows.uuid("mail-1"));
        }

        private String read(Device device) {
            return storage.vm().shell("blockdev --flushbufs " + device.path() + "; head -c 14 " + device.path());
        }

        /** The connector that Nova had read is not what the agent says: the first refresh stores that. */
        void refreshesOnlyWhatIsNotRight() {
            String old = attachment();
            assertThat(refresh()).contains("refreshed");
            String fresh = attachment();
            assertThat(fresh).isNotEqualTo(old);
            assertThat(sessions()).isEmpty();
            assertThat(read(startAsNova())).isEqualTo("what was there");

            assertThat(refresh()).contains("nothing to do");

            assertThat(attachment()).isEqualTo(fresh);
            assertThat(sessions()).as("the host has it still").isEqualTo("3260");
            assertThat(stored()).contains(":3260-iscsi-");
        }

        void followsThePortal() {
            String old = attachment();
            managers.drainAndStop(GRACE);
            storage.lvm().movePortal(OTHER_PORT);
            startManager();

            assertThat(refresh()).contains("refreshed");

            assertThat(attachment()).isNotEqualTo(old);
            assertThat(sessions()).as("the old session is gone").isEmpty();
            assertThat(records()).as("and what would bring it back").isEmpty();
            assertThat(stored()).as("the old way").doesNotContain(":3260-iscsi-");
            assertThat(mapped().paths().getFirst().portal()).hasToString("10.77.0.1:" + OTHER_PORT);
            assertThat(cloud.cinder().read(volume.id()).attachments()).singleElement()
                    .satisfies(row -> assertThat(row.info()).contains("10.77.0.1:" + OTHER_PORT)
                            .doesNotContain("3260"));
            Device device = startAsNova();
            assertThat(sessions()).isEqualTo(String.valueOf(OTHER_PORT));
            assertThat(read(device)).isEqualTo("what was there");
            assertThat(stored()).contains(":" + OTHER_PORT + "-iscsi-");
            assertThat(refresh()).contains("nothing to do");
        }

        @Override
        public void close() {
            agents.drainAndStop(GRACE);
            managers.drainAndStop(GRACE);
        }
    }
}

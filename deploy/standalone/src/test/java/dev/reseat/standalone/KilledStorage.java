package dev.reseat.standalone;

import dev.reseat.api.cli.ReseatCli;
import dev.reseat.standalone.BlockStorage.Attachment;
import dev.reseat.standalone.CinderDatabase.VolumeRow;
import dev.reseat.standalone.DemoRows.DemoVolume;
import dev.reseat.storage.PrivateCeph;
import dev.reseat.storage.PrivateLibvirt;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One volume that a running guest has, one that only rows know of, and one of a stopped server whose mapping and
 * definition lead to a monitor that is gone; and what must hold of them whatever is killed meanwhile.
 */
final class KilledStorage {
    private static final String DEVICE = "/dev/vdb";

    private final AllInOne cloud;
    private final CephStorage storage;
    private final DemoRows rows;
    private final DemoVolume used;
    private final DemoVolume stuck;
    private final DemoVolume stale;

    private KilledStorage(AllInOne cloud, CephStorage storage, String name) {
        this.cloud = cloud;
        this.storage = storage;
        this.rows = new DemoRows(cloud);
        rows.server("used-" + name, "host-a", "active");
        rows.server("stuck-" + name, "host-b", "active");
        rows.server("stale-" + name, "host-b", "stopped");
        this.used = volume("used-" + name);
        this.stuck = volume("stuck-" + name);
        this.stale = volume("stale-" + name);
    }

    static KilledStorage make(AllInOne cloud, CephStorage storage, String name) {
        var made = new KilledStorage(cloud, storage, name);
        try (BlockStorage api =
                new BlockStorage(cloud.volumeEndpoint(), AllInOneSettings.USER, AllInOneSettings.PROJECT)) {
            Attachment held = made.attach(api, made.used);
            made.run(made.used.server(), GuestXml.disk(made.used.id(), held.connectionInfo()));
            made.rows.map(made.used, DEVICE, Optional.of(held.id()), held.connectionInfo());
            made.attach(api, made.stuck);
            made.run(made.stuck.server(), "");
            Attachment old = made.attach(api, made.stale);
            Map<String, Object> elsewhere = new HashMap<>(old.connectionInfo());
            elsewhere.put("ports", List.of("1"));
            made.rows.map(made.stale, DEVICE, Optional.of(old.id()), elsewhere);
            made.libvirt(made.stale)
                    .define(GuestXml.domain(
                            made.stale.server(), made.rows.uuid(made.stale.server()),
                            GuestXml.disk(made.stale.id(), elsewhere)));
        }
        cloud.cinder().setStatus(made.used.id(), "detaching");
        cloud.cinder().setStatus(made.stuck.id(), "detaching");
        return made;
    }

    private DemoVolume volume(String server) {
        DemoVolume volume = rows.volume(server, server, "");
        storage.ceph().create(CephCloud.image(volume));
        return volume;
    }

    private Attachment attach(BlockStorage api, DemoVolume volume) {
        Attachment attachment = rows.connect(api, volume, DEVICE);
        api.complete(attachment);
        return attachment;
    }

    private PrivateLibvirt libvirt(DemoVolume volume) {
        return storage.libvirt(volume.host());
    }

    private void run(String server, String disks) {
        PrivateLibvirt libvirt = storage.libvirt(rows.servers().get(server).host());
        libvirt.define(GuestXml.domain(server, rows.uuid(server), disks));
        libvirt.virsh("start", rows.uuid(server), "--paused");
    }

    /** What an operator does, each in words of the command. */
    List<String[]> repairs() {
        return List.of(
                new String[]{"volume", "reset-state", used.id(), "--state", "available", "--reason", "looks stuck"},
                new String[]{"volume", "reset-state", stuck.id(), "--state", "available", "--reason", "stuck"},
                new String[]{"bdm", "refresh", "--all-volumes-of", rows.uuid(stale.server()), "--reason", "it moved"});
    }

    /** @return the exit code */
    int reseat(String... words) {
        return reseat(new StringWriter(), words);
    }

    private int reseat(StringWriter printed, String... words) {
        PrintWriter both = new PrintWriter(printed);
        return ReseatCli.run(words, OperatorCommands.environment(cloud), both, both);
    }

    void killGuest() {
        libvirt(used).guest(used.server()).ifPresent(ProcessHandle::destroyForcibly);
    }

    /** Whether no repair of these is under way, or has an outcome that is not known yet. */
    boolean isSettled() {
        for (DemoVolume volume : rows.volumes().values()) {
            StringWriter printed = new StringWriter();
            reseat(printed, "journal", "show", volume.id(), "--json");
            if (printed.toString().matches("(?s).*\"state\" : \"(open|unknown)\".*")) {
                return false;
            }
        }
        return true;
    }

    /** What does not hold that must always hold once nothing is under way. */
    List<String> violations() {
        List<String> violations = new ArrayList<>();
        for (DemoVolume volume : rows.volumes().values()) {
            VolumeRow row = cloud.cinder().read(volume.id());
            boolean available = row.status().equals("available");
            if (available && !watchers(volume).isEmpty()) {
                violations.add(volume.name() + " is available and watched by " + watchers(volume));
            }
            if (available && !row.attachments().isEmpty()) {
                violations.add(volume.name() + " is available with attachments " + row.attachments());
            }
            if (row.attachments().isEmpty() && isListed(volume)) {
                violations.add(volume.name() + " is in a guest and has no attachment: its export is gone");
            }
        }
        if (isRunning(used) && (!isListed(used) || watchers(used).size() != 1)) {
            violations.add(used.name() + " was taken from a running guest; watchers " + watchers(used));
        }
        return violations;
    }

    /** Once all is alive again, the same repairs end well, and the refreshed server starts with its volume. */
    List<String> finish() {
        List<String> violations = new ArrayList<>();
        if (reseat(repairs().get(1)) != 0 || !cloud.cinder().read(stuck.id()).status().equals("available")) {
            violations.add(stuck.name() + " is " + cloud.cinder().read(stuck.id()));
        }
        StringWriter printed = new StringWriter();
        if (reseat(printed, repairs().get(2)) != 0) {
            violations.add(stale.name() + " is not refreshed: " + printed);
        }
        String info = cloud.nova().mapping(stale.id()).flatMap(NovaDatabase.MappingRow::connectionInfo).orElse("{}");
        run(stale.server(), GuestXml.disk(stale.id(), info));
        if (watchers(stale).size() != 1) {
            violations.add(stale.name() + " is not opened by its guest, mapped by " + GuestXml.monitors(info));
        }
        if (isRunning(used) && reseat(repairs().get(0)) == 0) {
            violations.add(used.name() + " was reset under its running guest");
        }
        violations.addAll(violations());
        return violations;
    }

    void end() {
        rows.volumes()
                .values()
                .forEach(volume -> libvirt(volume).guest(volume.server())
                        .ifPresent(ProcessHandle::destroyForcibly));
    }

    private boolean isRunning(DemoVolume volume) {
        return libvirt(volume).virsh("list", "--uuid").contains(rows.uuid(volume.server()));
    }

    private boolean isListed(DemoVolume volume) {
        String uuid = rows.uuid(volume.server());
        return libvirt(volume).virsh("list", "--uuid", "--all").contains(uuid)
                && libvirt(volume).virsh("domblklist", uuid).contains(CephCloud.image(volume));
    }

    private List<String> watchers(DemoVolume volume) {
        JsonNode status = JsonMapper.shared()
                .readTree(storage.ceph()
                        .admin("rbd", "status", PrivateCeph.POOL + "/" + CephCloud.image(volume), "--format", "json"));
        List<String> addresses = new ArrayList<>();
        status.path("watchers").forEach(watcher -> addresses.add(watcher.path("address").asString()));
        return addresses;
    }
}

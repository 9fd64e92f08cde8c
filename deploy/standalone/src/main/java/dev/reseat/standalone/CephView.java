package dev.reseat.standalone;

import dev.reseat.standalone.CinderDatabase.AttachmentRow;
import dev.reseat.standalone.CinderDatabase.VolumeRow;
import dev.reseat.standalone.DemoRows.DemoVolume;
import dev.reseat.standalone.NovaDatabase.InstanceRow;
import dev.reseat.standalone.NovaDatabase.MappingRow;
import dev.reseat.storage.PrivateCeph;
import dev.reseat.storage.PrivateLibvirt;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Looks at every source of truth directly: rows, the cluster by {@code rbd status}, guests by {@code virsh}. */
final class CephView {
    private final AllInOne cloud;
    private final CephCloud demo;

    CephView(AllInOne cloud, CephCloud demo) {
        this.cloud = cloud;
        this.demo = demo;
    }

    /**
     * What the sources show of one volume at one time.
     *
     * @param watchers who has the image open, {@code IP:PORT/NONCE}
     * @param running whether the server's running guest has the disk
     * @param stored whether the guest's stored definition has it
     * @param defined the monitors that the guest's definitions lead to, the running one's first; empty without a disk
     */
    record Seen(VolumeRow volume, Optional<InstanceRow> server, Optional<MappingRow> mapping, List<String> watchers,
            boolean running, boolean stored, List<String> defined) {
        String cinder() {
            return volume.status() + "/" + volume.attachStatus();
        }

        String attachments() {
            return volume.attachments().isEmpty()
                    ? "none"
                    : volume.attachments().stream().map(AttachmentRow::toString).collect(Collectors.joining("; "));
        }

        String guest() {
            return running ? stored ? "running and stored" : "running" : stored ? "stored" : "no";
        }

        /**
         * Whether {@code rbd status}, {@code virsh dumpxml} and both databases tell one story: who watches is a running
         * guest that has the disk, its definitions lead where Nova's mapping leads, and so does the attachment of
         * Cinder's that this names.
         */
        boolean agrees() {
            boolean watched = watchers.isEmpty() != running;
            boolean defines = defined.isEmpty() || defined.equals(monitors());
            boolean attached = mapping.isEmpty()
                    || volume.attachments()
                            .stream()
                            .filter(row -> mapping.get().attachmentId().equals(Optional.of(row.id())))
                            .anyMatch(row -> GuestXml.monitorsOf(row.info()).equals(monitors()));
            return watched && defines && attached;
        }

        /** The monitors that the mapping leads to; empty without a mapping. */
        List<String> monitors() {
            return mapping.flatMap(MappingRow::connectionInfo).map(GuestXml::monitors).orElse(List.of());
        }
    }

    Seen look(DemoVolume volume) {
        return new Seen(
                cloud.cinder().read(volume.id()),
                cloud.nova().instance(demo.uuid(volume.server())),
                cloud.nova().mapping(volume.id()),
                watchers(volume),
                hasDisk(volume, false),
                hasDisk(volume, true),
                defined(volume));
    }

    /** The monitors that the cluster has now. */
    List<String> monitors() {
        List<String> addresses = new ArrayList<>();
        JsonNode dump = JsonMapper.shared()
                .readTree(demo.storage()
                        .ceph()
                        .admin("ceph", "mon", "dump", "--format", "json")
                        .replaceFirst("(?m)^dumped monmap.*$", ""));
        for (JsonNode monitor : dump.path("mons")) {
            addresses.add(monitor.path("addr").asString().replaceFirst("/.*", ""));
        }
        return addresses;
    }

    private List<String> watchers(DemoVolume volume) {
        JsonNode status = JsonMapper.shared()
                .readTree(demo.storage()
                        .ceph()
                        .admin(
                                "rbd", "status", PrivateCeph.POOL + "/" + CephCloud.image(volume), "--format", "json"));
        List<String> addresses = new ArrayList<>();
        status.path("watchers").forEach(watcher -> addresses.add(watcher.path("address").asString()));
        return addresses;
    }

    private List<String> defined(DemoVolume volume) {
        PrivateLibvirt libvirt = demo.storage().libvirt(volume.host());
        String uuid = demo.uuid(volume.server());
        if (!libvirt.virsh("list", "--uuid", "--all").contains(uuid)) {
            return List.of();
        }
        List<String> running = GuestXml.monitors(libvirt.virsh("dumpxml", uuid), CephCloud.image(volume));
        List<String> stored =
                GuestXml.monitors(libvirt.virsh("dumpxml", uuid, "--inactive"), CephCloud.image(volume));
        return running.isEmpty() || running.equals(stored)
                ? stored
                : Stream.of(running, stored)
                        .flatMap(List::stream)
                        .toList();
    }

    private boolean hasDisk(DemoVolume volume, boolean stored) {
        PrivateLibvirt libvirt = demo.storage().libvirt(volume.host());
        String uuid = demo.uuid(volume.server());
        String there = stored ? libvirt.virsh("list", "--uuid", "--all") : libvirt.virsh("list", "--uuid");
        if (!there.contains(uuid)) {
            return false;
        }
        String disks = stored ? libvirt.virsh("domblklist", uuid, "--inactive") : libvirt.virsh("domblklist", uuid);
        return disks.contains(CephCloud.image(volume));
    }
}

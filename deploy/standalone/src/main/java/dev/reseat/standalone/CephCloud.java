package dev.reseat.standalone;

import dev.reseat.broker.LoopbackPorts;
import dev.reseat.standalone.BlockStorage.Attachment;
import dev.reseat.standalone.DemoRows.DemoVolume;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * A small cloud in trouble on a real Ceph, with real guests. The cluster's monitor has moved after the volumes of one
 * stopped server were attached; the others were attached since, and some of that broke off.
 */
final class CephCloud {
    private static final String DEVICE = "/dev/vdb";

    private final CephStorage storage;
    private final DemoRows rows;

    private CephCloud(AllInOne cloud, CephStorage storage) {
        this.storage = storage;
        this.rows = new DemoRows(cloud);
    }

    /** Makes it, once. */
    static CephCloud make(AllInOne cloud, CephStorage storage) {
        CephCloud demo = new CephCloud(cloud, storage);
        cloud.cinder().insertType();
        demo.rows.server("web-1", "host-a", "active");
        demo.rows.server("web-2", "host-b", "active");
        demo.rows.server("db-1", "host-a", "active");
        demo.rows.server("gone-1", "host-b", "active");
        demo.rows.server("mail-1", "host-b", "stopped");
        try (BlockStorage api =
                new BlockStorage(cloud.volumeEndpoint(), AllInOneSettings.USER, AllInOneSettings.PROJECT)) {
            demo.stale(api);
            storage.ceph().moveMonitor(LoopbackPorts.reserve(), LoopbackPorts.reserve());
            demo.rows.brokenOff(api, DEVICE, "guest", demo::store);
            demo.used(api, "held", "db-1", "it looks stuck, but a running guest has it");
            demo.used(api, "healthy", "web-2", "nothing is wrong with it");
        }
        demo.run("web-1", "");
        cloud.cinder().setStatus(demo.volume("held").id(), "detaching");
        cloud.nova().deleteInstance(demo.rows.uuid("gone-1"));
        return demo;
    }

    SequencedMap<String, DemoVolume> volumes() {
        return rows.volumes();
    }

    DemoVolume volume(String name) {
        return rows.volumes().get(name);
    }

    String uuid(String server) {
        return rows.uuid(server);
    }

    CephStorage storage() {
        return storage;
    }

    /** The image of the volume. */
    static String image(DemoVolume volume) {
        return "volume-" + volume.id();
    }

    private void stale(BlockStorage api) {
        DemoVolume stale = newVolume("stale", "mail-1",
                "the monitor has moved; the stored connection_info and the guest's definition have the old address");
        Attachment attachment = rows.connect(api, stale, DEVICE);
        api.complete(attachment);
        rows.map(stale, DEVICE, Optional.of(attachment.id()), attachment.connectionInfo());
        storage.libvirt(stale.host())
                .define(GuestXml.domain(
                        stale.server(), uuid(stale.server()), GuestXml.disk(stale.id(), attachment.connectionInfo())));
    }

    private void used(BlockStorage api, String name, String server, String trouble) {
        DemoVolume volume = newVolume(name, server, trouble);
        Attachment attachment = rows.connect(api, volume, DEVICE);
        run(server, GuestXml.disk(volume.id(), attachment.connectionInfo()));
        api.complete(attachment);
        rows.map(volume, DEVICE, Optional.of(attachment.id()), attachment.connectionInfo());
    }

    private DemoVolume newVolume(String name, String server, String trouble) {
        DemoVolume volume = rows.volume(name, server, trouble);
        store(volume);
        return volume;
    }

    private void store(DemoVolume volume) {
        storage.ceph().create(image(volume));
    }

    /** As Nova starts a server: its definition is made anew. */
    void run(String server, String disks) {
        var libvirt = storage.libvirt(rows.servers().get(server).host());
        libvirt.define(GuestXml.domain(server, uuid(server), disks));
        libvirt.virsh("start", uuid(server), "--paused");
    }
}

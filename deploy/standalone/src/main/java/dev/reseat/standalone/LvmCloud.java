package dev.reseat.standalone;

import dev.reseat.standalone.BlockStorage.Attachment;
import dev.reseat.standalone.DemoRows.DemoVolume;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * A small cloud in trouble on logical volumes behind a real iSCSI target. Guests are programs that have a session each;
 * one of them hangs, as on a host that has lost its power.
 */
final class LvmCloud implements AutoCloseable {
    private static final String DEVICE = "/dev/vdb";

    private final LvmStorage storage;
    private final DemoRows rows;
    private final List<ProcessHandle> guests = new ArrayList<>();

    private LvmCloud(AllInOne cloud, LvmStorage storage) {
        this.storage = storage;
        this.rows = new DemoRows(cloud);
    }

    /** Makes it, once. */
    static LvmCloud make(AllInOne cloud, LvmStorage storage) {
        LvmCloud demo = new LvmCloud(cloud, storage);
        cloud.cinder().insertType();
        demo.rows.server("web-1", "host-a", "active");
        demo.rows.server("web-2", "host-a", "active");
        demo.rows.server("db-1", "host-a", "active");
        demo.rows.server("gone-1", "host-b", "active");
        demo.rows.server("gone-2", "host-b", "active");
        try (BlockStorage api =
                new BlockStorage(cloud.volumeEndpoint(), AllInOneSettings.USER, AllInOneSettings.PROJECT)) {
            demo.rows.brokenOff(api, DEVICE, "host", demo::store);
            demo.used(api, "held", "db-1", "it looks stuck, but its host has a session", true);
            demo.used(api, "healthy", "web-2", "nothing is wrong with it", true);
            freeze(demo.used(api, "dead-session", "gone-2",
                    "its server was deleted, and the host that lost its power left a session behind", false));
        }
        cloud.cinder().setStatus(demo.volume("held").id(), "detaching");
        cloud.nova().deleteInstance(demo.rows.uuid("gone-1"));
        cloud.nova().deleteInstance(demo.rows.uuid("gone-2"));
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

    LvmStorage storage() {
        return storage;
    }

    /** The target of the volume. */
    static String target(DemoVolume volume) {
        return "iqn.2010-10.org.openstack:volume-" + volume.id();
    }

    private ProcessHandle used(BlockStorage api, String name, String server, String trouble, boolean mapped) {
        DemoVolume volume = newVolume(name, server, trouble);
        Attachment attachment = rows.connect(api, volume, DEVICE);
        ProcessHandle guest = storage.connect(volume.host(), attachment.connectionInfo());
        guests.add(guest);
        api.complete(attachment);
        if (mapped) {
            rows.map(volume, DEVICE, Optional.of(attachment.id()), attachment.connectionInfo());
        }
        return guest;
    }

    private static void freeze(ProcessHandle guest) {
        try {
            int code = new ProcessBuilder("kill", "-STOP", String.valueOf(guest.pid())).start().waitFor();
            if (code != 0) {
                throw new IllegalStateException("process " + guest.pid() + " cannot be stopped");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private DemoVolume newVolume(String name, String server, String trouble) {
        DemoVolume volume = rows.volume(name, server, trouble);
        store(volume);
        return volume;
    }

    private void store(DemoVolume volume) {
        storage.lvm().create("volume-" + volume.id());
    }

    @Override
    public void close() {
        guests.forEach(ProcessHandle::destroyForcibly);
    }
}

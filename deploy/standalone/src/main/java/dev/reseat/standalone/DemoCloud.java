package dev.reseat.standalone;

import dev.reseat.contract.connection.ConnectionInfo;
import dev.reseat.runtime.Deadline;
import dev.reseat.standalone.BlockStorage.Attachment;
import dev.reseat.standalone.DemoRows.DemoVolume;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import tools.jackson.databind.json.JsonMapper;

/**
 * A small cloud in trouble. Volumes and servers are rows as Cinder and Nova leave them; attachments are made through
 * the block storage API, so that driver and database agree; what a host holds, its agent's connector has taken. Only
 * then is broken, in the rows, what a crashed service would have left broken.
 */
final class DemoCloud {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final long GIB = 1L << 30;
    private static final String DEVICE = "/dev/vdb";

    private final AllInOne cloud;
    private final CinderDatabase cinder;
    private final NovaDatabase nova;
    private final DemoRows rows;

    private DemoCloud(AllInOne cloud) {
        this.cloud = cloud;
        this.cinder = cloud.cinder();
        this.nova = cloud.nova();
        this.rows = new DemoRows(cloud);
    }

    /** Makes it, once. */
    static DemoCloud make(AllInOne cloud) {
        DemoCloud demo = new DemoCloud(cloud);
        demo.cinder.insertType();
        demo.rows.server("web-1", "host-a", "active");
        demo.rows.server("web-2", "host-b", "active");
        demo.rows.server("db-1", "host-a", "active");
        demo.rows.server("gone-1", "host-b", "active");
        demo.rows.server("mail-1", "host-b", "stopped");
        try (BlockStorage api =
                new BlockStorage(cloud.volumeEndpoint(), AllInOneSettings.USER, AllInOneSettings.PROJECT)) {
            demo.attaching(api);
            demo.detaching(api);
            demo.ghost(api);
            demo.held(api);
            demo.stale(api, "stale", DEVICE, true);
            demo.stale(api, "stale-old-flow", "/dev/vdc", false);
            demo.healthy(api);
        }
        demo.nova.deleteInstance(demo.rows.uuid("gone-1"));
        return demo;
    }

    /** In the order they were made, by name. */
    SequencedMap<String, DemoVolume> volumes() {
        return rows.volumes();
    }

    /** Uuid by name. */
    SequencedMap<String, String> servers() {
        SequencedMap<String, String> uuids = new LinkedHashMap<>();
        rows.servers().forEach((name, server) -> uuids.put(name, server.uuid()));
        return uuids;
    }

    private void attaching(BlockStorage api) {
        DemoVolume blank = volume("attaching-blank", "web-1", "the attach died right after it had reserved the volume");
        api.reserve(blank.id(), rows.uuid("web-1"));
        cinder.setStatus(blank.id(), "attaching");
        DemoVolume connected = volume(
                "attaching-connected", "web-2", "the attach died after the backend had let the host in");
        connect(api, connected);
    }

    private void detaching(BlockStorage api) {
        DemoVolume connected = volume(
                "detaching-connected", "web-1", "the detach died after the host had let go of the volume");
        api.complete(connect(api, connected));
        cinder.setStatus(connected.id(), "detaching");
        DemoVolume empty = volume("detaching-empty", "web-2", "the detach died before its very last write");
        cinder.setStatus(empty.id(), "detaching");
    }

    private void ghost(BlockStorage api) {
        DemoVolume ghost = volume("ghost", "gone-1", "its server was deleted, its attachment was not");
        api.complete(connect(api, ghost));
    }

    private void held(BlockStorage api) {
        DemoVolume held = volume("held", "db-1", "it looks stuck, but the host really uses it");
        Attachment attachment = connect(api, held);
        hold(held, file(held));
        api.complete(attachment);
        rows.map(held, DEVICE, Optional.of(attachment.id()), attachment.connectionInfo());
        cinder.setStatus(held.id(), "detaching");
    }

    /** The backend has moved: what Cinder and Nova have stored leads to where the volume was, and the host is there. */
    private void stale(BlockStorage api, String name, String device, boolean withAttachmentId) {
        DemoVolume stale = volume(name, "mail-1", "its backend has moved; the stored connection_info has the old place"
                + (withAttachmentId ? "" : ", and the mapping is of the time before attachments had ids"));
        Attachment attachment = rows.connect(api, stale, device);
        api.complete(attachment);
        Path before = placeBefore(stale);
        try {
            Files.createLink(before, file(stale));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        Map<String, Object> info = new LinkedHashMap<>(attachment.connectionInfo());
        info.put("device_path", before.toString());
        hold(stale, before);
        cinder.setConnectionInfo(attachment.id(), JSON.writeValueAsString(info));
        rows.map(stale, device, Optional.of(attachment.id()).filter(_ -> withAttachmentId), info);
    }

    private void healthy(BlockStorage api) {
        DemoVolume healthy = volume("healthy", "web-2", "nothing is wrong with it");
        Attachment attachment = connect(api, healthy);
        hold(healthy, file(healthy));
        api.complete(attachment);
        rows.map(healthy, DEVICE, Optional.of(attachment.id()), attachment.connectionInfo());
    }

    private DemoVolume volume(String name, String server, String trouble) {
        DemoVolume volume = rows.volume(name, server, trouble);
        try (RandomAccessFile sparse = new RandomAccessFile(file(volume).toFile(), "rw")) {
            sparse.setLength(GIB);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return volume;
    }

    /** The volume's file on the backend. */
    Path file(DemoVolume volume) {
        return cloud.backendDirectory().resolve("volume-" + volume.id());
    }

    /** Where the volume was before the backend moved, if it was not always where it is. */
    Path placeBefore(DemoVolume volume) {
        return cloud.directory().directory(FileStorage.OLD_VOLUMES).resolve(file(volume).getFileName());
    }

    private Attachment connect(BlockStorage api, DemoVolume volume) {
        return rows.connect(api, volume, DEVICE);
    }

    private void hold(DemoVolume volume, Path file) {
        cloud.agents()
                .get(volume.host())
                .connectors()
                .connect(ConnectionInfo.Local.at(file), Deadline.after(Duration.ofSeconds(30)));
    }
}

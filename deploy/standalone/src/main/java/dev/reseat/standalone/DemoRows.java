package dev.reseat.standalone;

import dev.reseat.standalone.BlockStorage.Attachment;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.UUID;
import java.util.function.Consumer;
import tools.jackson.databind.json.JsonMapper;

/**
 * Servers and volumes of a small cloud as rows, as Cinder and Nova leave them. Attachments are made through the block
 * storage API, so that driver and database agree.
 */
final class DemoRows {
    private static final JsonMapper JSON = JsonMapper.shared();

    private final AllInOne cloud;
    private final CinderDatabase cinder;
    private final NovaDatabase nova;
    private final SequencedMap<String, DemoVolume> volumes = new LinkedHashMap<>();
    private final SequencedMap<String, Server> servers = new LinkedHashMap<>();

    DemoRows(AllInOne cloud) {
        this.cloud = cloud;
        this.cinder = cloud.cinder();
        this.nova = cloud.nova();
    }

    /**
     * A volume of the cloud.
     *
     * @param trouble what is wrong with it, in words
     * @param server name of the server it was made for
     * @param host where that server is, or was
     */
    record DemoVolume(String name, String id, String trouble, String server, String host) {}

    record Server(String uuid, String host) {}

    /** In the order they were made, by name. */
    SequencedMap<String, DemoVolume> volumes() {
        return volumes;
    }

    SequencedMap<String, Server> servers() {
        return servers;
    }

    String uuid(String server) {
        return servers.get(server).uuid();
    }

    void server(String name, String host, String state) {
        String uuid = UUID.randomUUID().toString();
        nova.insertInstance(uuid, name, host, state, AllInOneSettings.USER, AllInOneSettings.PROJECT);
        servers.put(name, new Server(uuid, host));
    }

    /** An available volume; that its storage has it is for the caller. */
    DemoVolume volume(String name, String server, String trouble) {
        DemoVolume volume = new DemoVolume(
                name, UUID.randomUUID().toString(), trouble, server, servers.get(server).host());
        String host = AllInOneSettings.VOLUME_HOST + "@" + cloud.backend() + "#" + cloud.backend();
        cinder.insertVolume(volume.id(), name, host, AllInOneSettings.USER, AllInOneSettings.PROJECT);
        volumes.put(name, volume);
        return volume;
    }

    /**
     * An attach and a detach that died, and an attachment whose server is gone.
     *
     * @param letGo what the detach had reached
     * @param storage has a volume really there
     */
    void brokenOff(BlockStorage api, String device, String letGo, Consumer<DemoVolume> storage) {
        DemoVolume blank = volume(
                "attaching-blank", "web-1", "the attach died right after it had reserved the volume");
        storage.accept(blank);
        api.reserve(blank.id(), uuid(blank.server()));
        cinder.setStatus(blank.id(), "attaching");
        DemoVolume detaching = volume(
                "detaching-connected", "web-1", "the detach died after the " + letGo + " had let go of the volume");
        storage.accept(detaching);
        api.complete(connect(api, detaching, device));
        cinder.setStatus(detaching.id(), "detaching");
        DemoVolume ghost = volume("ghost", "gone-1", "its server was deleted, its attachment was not");
        storage.accept(ghost);
        api.complete(connect(api, ghost, device));
    }

    /** By which a host is let in to iSCSI targets. */
    static String initiator(String host) {
        return "iqn.2026-11.dev.reseat:" + host;
    }

    Attachment connect(BlockStorage api, DemoVolume volume, String device) {
        Map<String, Object> connector = new LinkedHashMap<>();
        connector.put("platform", System.getProperty("os.arch"));
        connector.put("os_type", "linux");
        connector.put("ip", "127.0.0.1");
        connector.put("host", volume.host());
        connector.put("multipath", false);
        connector.put("initiator", initiator(volume.host()));
        connector.put("do_local_attach", false);
        return api.connect(volume.id(), uuid(volume.server()), connector, device);
    }

    /** As nova-compute stores it: what the block storage API gave, with everything but the type under {@code data}. */
    void map(DemoVolume volume, String device, Optional<String> attachment, Map<String, Object> flat) {
        Map<String, Object> data = new LinkedHashMap<>(flat);
        data.remove("attachment_id");
        Map<String, Object> info = new LinkedHashMap<>();
        info.put("driver_volume_type", data.remove("driver_volume_type"));
        info.put("data", data);
        String server = uuid(volume.server());
        info.put("status", "reserved");
        info.put("instance", server);
        info.put("attached_at", "");
        info.put("detached_at", "");
        info.put("volume_id", volume.id());
        info.put("serial", volume.id());
        nova.insertMapping(
                UUID.randomUUID().toString(), server, volume.id(), device, attachment, JSON.writeValueAsString(info));
    }
}

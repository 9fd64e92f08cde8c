package dev.reseat.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.testing.CloudFixture;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Volumes and instances of a real OpenStack, made by its own API and its own objects. */
final class OpenStackScene {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String ROOT = "/v3/" + CloudFixture.PROJECT;

    private final OpenStack cloud;

    OpenStackScene(OpenStack cloud) {
        this.cloud = cloud;
    }

    /** A volume that a stopped instance has, and the mapping; ids of all. */
    record Attached(String volume, String instance, String attachment, String mapping) {}

    /** A volume, in use by nobody. */
    String volume(String name) {
        Map<String, ?> wanted = Map.of("size", 1, "name", name, "metadata", Map.of("k", "v"));
        Http.Answer made = post("/volumes", Map.of("volume", wanted));
        assertThat(made.status()).as(made.text()).isEqualTo(202);
        String id = made.json().path("volume").path("id").stringValue();
        cloud.await("cinder", "(SELECT status FROM volumes WHERE id = ?) = 'available'", id);
        return id;
    }

    /** As Nova does it: reserved for the instance if there is one, connected to the compute host, completed. */
    String attach(String volume, Optional<String> instance) {
        Map<String, Object> wanted = new LinkedHashMap<>();
        wanted.put("volume_uuid", volume);
        instance.ifPresent(uuid -> wanted.put("instance_uuid", uuid));
        wanted.put("connector", connector());
        Http.Answer made = post("/attachments", Map.of("attachment", wanted));
        assertThat(made.status()).as(made.text()).isEqualTo(200);
        String id = made.json().path("attachment").path("id").stringValue();
        Http.Answer completed = post("/attachments/" + id + "/action", Map.of("os-complete", Map.of()));
        assertThat(completed.status()).as(completed.text()).isEqualTo(204);
        return id;
    }

    /** Attached to a stopped instance of the compute host, with Nova's mapping of it. */
    Attached attached(String name) throws IOException, InterruptedException {
        String volume = volume(name);
        String instance = cloud.nova("instance", Map.of(
                "name", name, "host", cloud.settings().computeHost(), "user", CloudFixture.USER,
                "project", CloudFixture.PROJECT, "vm_state", "stopped")).stringValue();
        String attachment = attach(volume, Optional.of(instance));
        String mapping = cloud.nova("mapping", Map.of(
                "instance", instance, "volume", volume, "attachment", attachment, "device", "/dev/vdb",
                "connection_info", connectionInfo(volume, instance, attachment))).stringValue();
        return new Attached(volume, instance, attachment, mapping);
    }

    /** What Nova makes of block storage's answer. */
    private Map<String, Object> connectionInfo(String volume, String instance, String attachment) {
        JsonNode told = JSON.readTree(cloud.row("cinder", "SELECT connection_info FROM volume_attachment WHERE id = ?",
                attachment).get("connection_info").toString());
        Map<String, Object> data = new LinkedHashMap<>();
        told.properties().forEach(entry -> data.put(entry.getKey(), entry.getValue()));
        Object type = data.remove("driver_volume_type");
        data.remove("attachment_id");
        Map<String, Object> info = new LinkedHashMap<>();
        info.put("driver_volume_type", type);
        info.put("data", data);
        info.put("status", "reserved");
        info.put("instance", instance);
        info.put("attached_at", "");
        info.put("detached_at", "");
        info.put("volume_id", volume);
        info.put("serial", volume);
        return info;
    }

    Map<String, Object> connector() {
        return new LinkedHashMap<>(Map.of(
                "host", cloud.settings().computeHost(), "initiator", "iqn.1993-08.org.debian:01:abc", "ip", "127.0.0.1",
                "platform", "x86_64", "os_type", "linux", "multipath", false, "do_local_attach", false,
                "mountpoint", "/dev/vdb"));
    }

    /** What cinder-volume's driver was told about a volume so far. */
    List<String> driverCalls(String volume) {
        Path calls = cloud.settings().volumes().resolve("volume-" + volume + ".calls");
        try {
            return Files.exists(calls) ? Files.readAllLines(calls) : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** From now on a call of the driver about this volume fails. */
    void failing(String volume, String call) throws IOException {
        Files.writeString(cloud.settings().volumes().resolve("volume-" + volume + ".fail"), call);
    }

    Map<String, Object> volumeRow(String id) {
        return cloud.row("cinder", "SELECT * FROM volumes WHERE id = ?", id);
    }

    Map<String, Object> attachmentRow(String id) {
        return cloud.row("cinder", "SELECT * FROM volume_attachment WHERE id = ?", id);
    }

    Map<String, Object> mappingRow(String uuid) {
        return cloud.row("nova", "SELECT * FROM block_device_mapping WHERE uuid = ?", uuid);
    }

    Map<String, Object> instanceRow(String uuid) {
        return cloud.row("nova", "SELECT * FROM instances WHERE uuid = ?", uuid);
    }

    Http.Answer post(String path, Map<String, ?> body) {
        return post(cloud.cinderApi(), path, body);
    }

    Http.Answer post(Http api, String path, Map<String, ?> body) {
        return api.post(ROOT + path, JSON.writeValueAsString(body));
    }

    Http.Answer put(Http api, String path, Map<String, ?> body) {
        return api.put(ROOT + path, JSON.writeValueAsString(body));
    }

    Http.Answer delete(Http api, String path) {
        return api.send("DELETE", ROOT + path, "");
    }
}

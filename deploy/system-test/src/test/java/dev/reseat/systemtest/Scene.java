package dev.reseat.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.testing.CloudFixture;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import tools.jackson.databind.json.JsonMapper;

/** Puts volumes of a cloud into the states that an operator calls about. */
final class Scene {
    private static final JsonMapper JSON = new JsonMapper();
    private static final long GIB = 1L << 30;

    private final Cloud cloud;

    Scene(Cloud cloud) {
        this.cloud = cloud;
    }

    /** A volume, its file, a stopped instance that it is attached to, and the mapping; ids of all. */
    record Attached(String volume, String instance, String attachment, String mapping, Path file) {
        Path exports() {
            return file.resolveSibling(file.getFileName() + ".exports.json");
        }
    }

    /** A volume with its file, in use by nobody. */
    String volume(String name) {
        String id = UUID.randomUUID().toString();
        try (var file = new RandomAccessFile(file(id).toFile(), "rw")) {
            file.setLength(GIB);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return cloud.rows()
                .volume(Map.of("id", id, "display_name", name, "host", cloud.settings().volumeHost()));
    }

    /** Attached through the API, as Nova does it: exported to the compute host, and mapped into a stopped instance. */
    Attached attached(String name) {
        String volume = volume(name);
        String instance = cloud.rows().instance(Map.of("host", cloud.settings().computeHost(), "display_name", name));
        String attachment = attach(volume, instance);
        Map<String, Object> info = new HashMap<>(Map.of(
                "driver_volume_type", "local",
                "data", Map.of("device_path", file(volume).toString(), "volume_id", volume),
                "status", "reserved",
                "instance", instance,
                "attached_at", "",
                "detached_at", "",
                "volume_id", volume,
                "serial", volume));
        String mapping = cloud.rows()
                .blockDevice(
                        instance, volume,
                        Map.of("attachment_id", attachment, "connection_info", JSON.writeValueAsString(info)));
        return new Attached(volume, instance, attachment, mapping, file(volume));
    }

    /** The same, left in a status that Cinder does not get it out of; Nova's part of the detach was done. */
    Attached stuck(String name, String status) {
        Attached attached = attached(name);
        cloud.rows()
                .execute(cloud.nova(), "UPDATE block_device_mapping SET deleted = id WHERE uuid = ?",
                        attached.mapping());
        cloud.rows().execute(cloud.cinder(), "UPDATE volumes SET status = ? WHERE id = ?", status, attached.volume());
        return attached;
    }

    /** Somebody on this machine uses the volume's file until this is closed. */
    static AutoCloseable hold(Attached attached) throws IOException {
        Process holder = holder(attached, Map.of());
        return () -> holder.destroyForcibly().waitFor();
    }

    /** The compute-agent's connector holds the volume for its host; what it started for this outlives the agent. */
    Process heldByAgent(Attached attached) throws IOException {
        return holder(
                attached,
                Map.of("RESEAT_HOST", cloud.settings().computeHost(), "RESEAT_HELD_FILE",
                        attached.file().toString()));
    }

    private static Process holder(Attached attached, Map<String, String> environment) throws IOException {
        var builder = new ProcessBuilder(
                "setsid", "flock", "--exclusive", "--nonblock", "--no-fork", attached.file().toString(),
                "sh", "-c", "echo held && exec sleep infinity");
        builder.environment().putAll(environment);
        Process process = builder.start();
        assertThat(process.inputReader().readLine()).isEqualTo("held");
        return process;
    }

    /** Whether somebody else could not take the file. */
    static boolean isHeld(Attached attached) {
        return Program.run("flock", "--exclusive", "--nonblock", attached.file().toString(), "true").code() != 0;
    }

    Path file(String volume) {
        return cloud.settings().volumes().resolve("volume-" + volume);
    }

    boolean isExported(Attached attached) {
        return Files.exists(attached.exports());
    }

    private String attach(String volume, String instance) {
        var connector = Map.of(
                "host", cloud.settings().computeHost(), "initiator", "iqn.1993-08.org.debian:01:" + volume,
                "ip", "127.0.0.1", "platform", "x86_64", "os_type", "linux", "multipath", false, "mountpoint",
                "/dev/vdb");
        var body = Map.of("attachment",
                Map.of("volume_uuid", volume, "instance_uuid", instance, "connector", connector));
        Http.Answer made =
                cloud.http().post("/v3/" + CloudFixture.PROJECT + "/attachments", JSON.writeValueAsString(body));
        assertThat(made.status()).as(made.text()).isEqualTo(200);
        String attachment = made.json().path("attachment").path("id").stringValue();
        Http.Answer completed =
                cloud.http().post("/v3/attachments/" + attachment + "/action", "{\"os-complete\": {}}");
        assertThat(completed.status()).as(completed.text()).isEqualTo(204);
        return attachment;
    }
}

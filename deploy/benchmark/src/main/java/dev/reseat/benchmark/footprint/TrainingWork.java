package dev.reseat.benchmark.footprint;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What services do all day, done to running ones: volumes are attached, get stuck, are diagnosed, reset and refreshed,
 * by hand and by a job, and whoever watches asks how they are. For one thread.
 */
final class TrainingWork {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final FootprintCloud cloud;
    private final HttpClient http = HttpClient.newHttpClient();

    TrainingWork(FootprintCloud cloud) {
        this.cloud = cloud;
    }

    /** @throws IllegalStateException if something is refused that should be done */
    void run(int rounds, Duration calls) throws IOException, InterruptedException {
        cloud.execute("cinder", """
                INSERT INTO volume_types (id, name, deleted, created_at) VALUES ('file', 'file', false, now())
                ON CONFLICT DO NOTHING""");
        for (int i = 0; i < rounds; i++) {
            round();
            watch();
        }
        try (var caller = new CallRate(cloud.transportUrl())) {
            for (InstalledService service : InstalledService.values()) {
                caller.perSecond(service.server(), calls);
            }
        }
    }

    private void round() throws IOException, InterruptedException {
        Stuck reset = attached();
        cloud.execute("nova", "UPDATE block_device_mapping SET deleted = id WHERE uuid = ?", reset.mapping());
        cloud.execute("cinder", "UPDATE volumes SET status = 'detaching' WHERE id = ?", reset.volume());
        get("/v3/" + FootprintCloud.PROJECT + "/volumes/detail");
        get("/v3/" + FootprintCloud.PROJECT + "/volumes/" + reset.volume());
        post(200, "/reseat/v1/diagnoses", Map.of("volumes", List.of(reset.volume())));
        post(202, "/v3/" + FootprintCloud.PROJECT + "/volumes/" + reset.volume() + "/action",
                Map.of("os-reset_status", Map.of("status", "available")));
        get("/reseat/v1/journal?subject=" + reset.volume());

        Stuck refresh = attached();
        post(200, "/reseat/v1/block-device-mappings/" + refresh.mapping() + "/refresh", Map.of("dry_run", true));
        post(200, "/reseat/v1/block-device-mappings/" + refresh.mapping() + "/refresh", Map.of());
        get("/reseat/v1/block-device-mappings?instance=" + refresh.instance());

        Stuck bulk = attached();
        cloud.execute("nova", "UPDATE block_device_mapping SET deleted = id WHERE uuid = ?", bulk.mapping());
        cloud.execute("cinder", "UPDATE volumes SET status = 'error_detaching' WHERE id = ?", bulk.volume());
        String job = post(200, "/reseat/v1/jobs", Map.of(
                "select", Map.of("ids", List.of(bulk.volume())), "reset", Map.of("status", "available"), "apply", true))
                .at("/job/id")
                .asString();
        get("/reseat/v1/jobs/" + job + "/events"); // until it has ended
        get("/reseat/v1/jobs/" + job);
        get("/reseat/v1/services?wait=1");
    }

    private void watch() throws IOException, InterruptedException {
        for (InstalledService service : InstalledService.values()) {
            for (String path : List.of("/metrics", "/health", "/health/live")) {
                send(HttpRequest.newBuilder(URI.create(cloud.monitorUrl(service) + path)).timeout(LIMIT).build());
            }
        }
    }

    private record Stuck(String volume, String instance, String mapping) {}

    /** As Nova does it, of a stopped instance. */
    private Stuck attached() throws IOException, InterruptedException {
        String volume = UUID.randomUUID().toString();
        String instance = UUID.randomUUID().toString();
        String mapping = UUID.randomUUID().toString();
        Path file = cloud.volumeFile(volume);
        cloud.execute("cinder", """
                INSERT INTO volumes (id, user_id, project_id, host, size, availability_zone, status, attach_status,
                    volume_type_id, deleted, bootable, multiattach, shared_targets, display_name, created_at)
                VALUES (?, ?, ?, ?, 1, 'nova', 'available', 'detached', 'file', false, false, false, true, 'train',
                    now())""", volume, FootprintCloud.USER, FootprintCloud.PROJECT, FootprintCloud.BACKEND + "#file");
        cloud.execute("nova", """
                INSERT INTO instances (uuid, user_id, project_id, host, node, display_name, vm_state, power_state,
                    locked, deleted, created_at)
                VALUES (?, ?, ?, ?, ?, 'train', 'stopped', 4, false, 0, now())""", instance, FootprintCloud.USER,
                FootprintCloud.PROJECT, FootprintCloud.HOST, FootprintCloud.HOST);
        Map<String, Object> connector = Map.of("host", FootprintCloud.HOST, "initiator", "iqn.2000-01.org.example:1",
                "ip",
                "127.0.0.1", "platform", "x86_64", "os_type", "linux", "multipath", false, "mountpoint", "/dev/vdb");
        String attachment = post(200, "/v3/" + FootprintCloud.PROJECT + "/attachments", Map.of("attachment",
                Map.of("volume_uuid", volume, "instance_uuid", instance, "connector", connector)))
                .at("/attachment/id")
                .asString();
        post(204, "/v3/attachments/" + attachment + "/action", Map.of("os-complete", Map.of()));
        cloud.execute("nova", """
                INSERT INTO block_device_mapping (uuid, instance_uuid, volume_id, source_type, destination_type,
                    device_name, delete_on_termination, no_device, attachment_id, connection_info, deleted, created_at)
                VALUES (?, ?, ?, 'volume', 'volume', '/dev/vdb', false, false, ?, ?, 0, now())""", mapping, instance,
                volume, attachment, JSON.writeValueAsString(Map.of("driver_volume_type", "local", "data",
                        Map.of("device_path", file.toString(), "volume_id", volume), "serial", volume)));
        return new Stuck(volume, instance, mapping);
    }

    private void get(String path) throws IOException, InterruptedException {
        expect(200, send(request(path).build()));
    }

    private JsonNode post(int status, String path, Object body) throws IOException, InterruptedException {
        HttpResponse<String> answer = send(request(path)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(JSON.writeValueAsString(body)))
                .build());
        expect(status, answer);
        return answer.body().isEmpty() ? JSON.createObjectNode() : JSON.readTree(answer.body());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(cloud.restUrl() + path))
                .timeout(LIMIT)
                .header("X-Auth-Token", FootprintCloud.USER + ":" + FootprintCloud.PROJECT)
                .header("OpenStack-API-Version", "volume 3.44");
    }

    private HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
        return http.send(request, BodyHandlers.ofString());
    }

    private static void expect(int status, HttpResponse<String> answer) {
        if (answer.statusCode() != status) {
            throw new IllegalStateException(answer.uri() + ": " + answer.statusCode() + " " + answer.body());
        }
    }
}

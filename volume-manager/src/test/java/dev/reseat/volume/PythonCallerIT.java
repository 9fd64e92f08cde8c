package dev.reseat.volume;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.inject.Guice;
import dev.reseat.contract.state.StateRpc;
import dev.reseat.rpc.object.WireMapper;
import dev.reseat.rpc.server.RpcServer;
import dev.reseat.rpc.wiring.Rpc;
import dev.reseat.rpc.wiring.RpcConfig;
import dev.reseat.rpc.wiring.RpcModule;
import dev.reseat.runtime.Lifecycle;
import dev.reseat.runtime.Settings;
import dev.reseat.testing.LockHolder;
import dev.reseat.testing.PythonPeer;
import dev.reseat.testing.RabbitBroker;
import dev.reseat.testing.SparseFile;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A volume-manager with the file driver, called over RabbitMQ by the real oslo.messaging. */
final class PythonCallerIT {
    private static final JsonMapper JSON = WireMapper.create();

    @TempDir private Path directory;

    private final String exchange = "cinder-" + UUID.randomUUID();
    private final String volume = UUID.randomUUID().toString();
    private final String host = "host-1@files";
    private final KeptState state = new KeptState();
    private final MeterRegistry meters = new SimpleMeterRegistry();
    private String url;
    private Lifecycle running;
    private Path file;

    @BeforeEach
    void start() throws Exception {
        url = RabbitBroker.running().transportUrl();
        file = SparseFile.create(directory.resolve("volume-" + volume));
        state.add(Rows.volume(volume, host + "#files", Map.of()));
        state.add(Rows.attachment("a-1", volume, Map.of("attach_status", "reserved", "attach_mode", "rw")));
        Settings settings = Settings.parse("""
                [DEFAULT]
                transport_url = %s
                control_exchange = %s
                rpc_response_timeout = 30
                enabled_backends = files
                [files]
                volume_driver = file
                file_volumes_dir = %s
                file_users_share_namespace = true
                [reseat]
                replaces = cinder-volume
                """.formatted(url, exchange, directory));
        VolumeManagerConfig config = VolumeManagerConfig.from(settings, "host-1");
        Rpc rpc = Rpc.overBroker(settings.checked(RpcConfig::from), "test", meters);
        RpcServer stateService = rpc.server(StateRpc.target().onServer("api-1"), List.of(state.endpoint()));
        VolumeManager manager = Guice.createInjector(new RpcModule(rpc, meters), new VolumeManagerModule(config))
                .getInstance(VolumeManager.class);
        running = new Lifecycle(List.of(rpc, stateService, manager), Duration.ofSeconds(20));
        running.start();
    }

    @AfterEach
    void stop() {
        if (running != null) {
            running.close();
        }
    }

    private record Call(String namespace, String version, String method, Map<String, Object> args) {
        static Call cinder(String version, String method, Map<String, Object> args) {
            return new Call(null, version, method, args);
        }

        static Call reseat(String method, Map<String, Object> args) {
            return new Call("reseat", "1.0", method, args);
        }
    }

    /** Answers in the order of the calls, of one Python process. */
    private List<JsonNode> call(String topic, String server, Call... calls) throws Exception {
        String text = JSON.writeValueAsString(Arrays.stream(calls)
                .map(call -> Arrays.asList(call.namespace(), call.version(), call.method(), call.args()))
                .toList());
        List<JsonNode> answers = new ArrayList<>();
        try (var python = PythonPeer.start("cinder_caller.py", url, exchange, topic, server, text)) {
            for (int i = 0; i < calls.length; i++) {
                answers.add(JSON.readTree(python.line()));
            }
            python.awaitEnd();
        }
        return answers;
    }

    private List<JsonNode> call(Call... calls) throws Exception {
        return call("cinder-volume." + host, "host-1", calls);
    }

    private Map<String, Object> volumeObject(String id) {
        return Map.of(
                "versioned_object.name", "Volume",
                "versioned_object.namespace", "cinder",
                "versioned_object.version", "1.9",
                "versioned_object.data", Map.of("id", id, "host", host + "#files"));
    }

    private Call reset(String status) {
        return Call.reseat("reset_status", Map.of("volume_id", volume, "status", status));
    }

    private Call connect() {
        return connect(volume, "a-1");
    }

    private Call connect(String id, String attachment) {
        var connector = Map.of("host", "compute-1", "initiator", "iqn.2026-01.example:c1", "ip", "192.0.2.7");
        return Call.cinder(
                "3.9",
                "attachment_update",
                Map.of("vref", volumeObject(id), "connector", connector, "attachment_id", attachment));
    }

    @Test
    void anAttachmentIsConnectedDescribedAndReset() throws Exception {
        List<JsonNode> answers = call(
                connect(),
                Call.reseat("describe_connections", Map.of("volume_id", volume)),
                reset("available"),
                Call.reseat("describe_connections", Map.of("volume_id", volume)),
                reset("error"));

        JsonNode info = answers.get(0).path("result");
        assertThat(info.path("driver_volume_type").asString()).isEqualTo("local");
        assertThat(info.path("device_path").asString()).isEqualTo(file.toString());
        assertThat(info.path("attachment_id").asString()).isEqualTo("a-1");
        JsonNode connection = answers.get(1).path("result").path("connections").path(0);
        assertThat(connection.path("host").asString()).isEqualTo("compute-1");
        assertThat(connection.path("exported").asString()).isEqualTo("yes");
        assertThat(connection.path("in_use").asString()).isEqualTo("no");
        assertThat(answers.get(2).path("result").path("outcome").asString()).isEqualTo("proved");
        assertThat(answers.get(3).path("result").path("connections").isEmpty()).isTrue();
        assertThat(answers.get(4).path("result").path("outcome").asString()).isEqualTo("nothing_to_do");
        assertThat(Files.exists(directory.resolve("volume-" + volume + ".exports.json"))).isFalse();
    }

    @Test
    void aVolumeThatIsHeldStaysWithWhoHoldsIt() throws Exception {
        try (LockHolder holder = LockHolder.of(file)) {
            List<JsonNode> answers = call(connect(), reset("available"));

            JsonNode result = answers.get(1).path("result");
            assertThat(result.path("outcome").asString()).isEqualTo("refused");
            assertThat(result.path("detail").asString()).contains("pid " + holder.pid()).contains("compute-1");
        }
        assertThat(Files.exists(directory.resolve("volume-" + volume + ".exports.json"))).isTrue();
        assertThat(call(reset("available")).getFirst().path("result").path("outcome").asString()).isEqualTo("proved");
    }

    @Test
    void theForceDetachPathTakesAConnectionDown() throws Exception {
        List<JsonNode> answers = call(
                "cinder-volume",
                host,
                connect(),
                Call.cinder(
                        "3.0",
                        "terminate_connection",
                        Map.of("volume_id", volume, "connector", Map.of("host", "compute-1"), "force", false)),
                Call.cinder("3.4", "detach_volume", Map.of("volume_id", volume, "attachment_id", "a-1")));

        assertThat(answers.get(1).path("result").isNull()).isTrue();
        assertThat(answers.get(2).path("result").isNull()).isTrue();
        assertThat(state.attachmentsOf(volume)).isEmpty();
        assertThat(Files.exists(directory.resolve("volume-" + volume + ".exports.json"))).isFalse();
    }

    @Test
    void failuresAreBuiltAgainAsCindersExceptions() throws Exception {
        String unknown = UUID.randomUUID().toString();
        state.add(Rows.volume("elsewhere", "host-2@files", Map.of()));
        state.add(Rows.volume("fileless", host, Map.of()));
        state.add(Rows.attachment("a-2", "fileless", Map.of("attach_status", "reserved", "attach_mode", "rw")));
        List<JsonNode> answers = call(
                Call.cinder("3.0", "remove_export", Map.of("volume_id", unknown)),
                Call.reseat("reset_status", Map.of("volume_id", "elsewhere", "status", "available")),
                connect("fileless", "a-2"),
                Call.reseat("no_such_method", Map.of()),
                new Call("reseat", "1.7", "reset_status", Map.of()),
                Call.cinder("3.99", "remove_export", Map.of("volume_id", volume)),
                Call.cinder("3.0", "remove_export", Map.of()),
                Call.reseat("describe_connections", Map.of("volume_id", "fileless")));

        assertThat(answers.get(7).path("result").path("object").asString()).isEqualTo("no"); // an answer, not a failure
        assertThat(answers.get(0)).isEqualTo(JSON.readTree("""
                {"exception": "VolumeNotFound", "code": 404, "message": "Volume %s could not be found."}"""
                .formatted(unknown)));
        assertThat(answers.get(1)).isEqualTo(JSON.readTree("""
                {"exception": "InvalidVolume", "code": 400,
                 "message": "Invalid volume: volume elsewhere is on host-2@files, and this is host-1@files"}"""));
        assertThat(answers.get(2).path("exception").asString()).isEqualTo("VolumeBackendAPIException");
        assertThat(answers.get(2).path("message").asString())
                .startsWith("Bad or unexpected response from the storage volume backend API: ")
                .contains("volume-fileless does not exist");
        assertThat(answers.get(3).path("remote_error").asString()).isEqualTo("NoSuchMethod");
        assertThat(answers.get(4).path("remote_error").asString()).isEqualTo("UnsupportedVersion");
        assertThat(answers.get(5).path("remote_error").asString()).isEqualTo("UnsupportedVersion");
        assertThat(answers.get(6).path("message").asString()).contains("missing required arguments: volume_id");
    }
}

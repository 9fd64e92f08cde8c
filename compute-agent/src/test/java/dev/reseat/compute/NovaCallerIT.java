package dev.reseat.compute;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.contract.OpenStackService;
import dev.reseat.contract.Replaces;
import dev.reseat.contract.connection.ConnectionInfo;
import dev.reseat.contract.evidence.Answer;
import dev.reseat.rpc.transport.TransportUrl;
import dev.reseat.rpc.transport.rabbit.RabbitConfig;
import dev.reseat.rpc.transport.rabbit.RabbitTransport;
import dev.reseat.testing.PythonPeer;
import dev.reseat.testing.RabbitBroker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The real oslo.messaging library calls the agent over a real RabbitMQ, with the messages Nova sends. */
@Tag("broker")
final class NovaCallerIT {
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir private Path directory;
    private final String url = RabbitBroker.running().transportUrl();
    private final String host = "host-" + UUID.randomUUID();
    private AgentCloud cloud;
    private ComputeAgent agent;
    private ConnectionInfo.Local connection;

    @BeforeEach
    void startWithAConnectedVolume() {
        TransportUrl broker = TransportUrl.parse(url);
        RabbitConfig config = RabbitConfig.defaults();
        cloud = new AgentCloud(directory, () -> RabbitTransport.of(broker, config, "reseat-test"),
                new Replaces(Set.of(OpenStackService.NOVA_COMPUTE), false)).withConductor();
        agent = cloud.agent(host);
        connection = cloud.attachedTo(agent);
    }

    @AfterEach
    void stop() {
        agent.connectors().disconnect(connection, AgentCloud.soon());
        cloud.close();
    }

    @Test
    void aCallOfMasterDeletesTheAttachmentToo() throws Exception {
        assertThat(answers(List.of(removal("compute-alt", "6.3", Map.of("delete_attachment", true)))).getFirst())
                .isEqualTo(JSON.readTree("{\"result\": null}"));
        assertThat(held()).isEqualTo(Answer.NO);
        assertThat(cloud.blockStorage.lines()).containsExactly("DELETE /attachments/" + AgentCloud.ATTACHMENT);
        assertThat(cloud.blockStorage.requests().getFirst().headers())
                .containsEntry("x-openstack-request-id", "req-python");
    }

    @Test
    void aCallOfZedDoesNot() throws Exception {
        assertThat(answers(List.of(removal("compute", "6.0", Map.of()))).getFirst().path("result").isNull()).isTrue();
        assertThat(held()).isEqualTo(Answer.NO);
        assertThat(cloud.blockStorage.lines()).isEmpty();
    }

    @Test
    void aCallOf5IsServed() throws Exception {
        assertThat(answers(List.of(removal("compute", "5.0", Map.of()))).getFirst().path("result").isNull()).isTrue();
        assertThat(held()).isEqualTo(Answer.NO);
    }

    @Test
    void failuresHaveNovasNames() throws Exception {
        cloud.conductor.map(AgentCloud.VOLUME, AgentCloud.INSTANCE, AgentCloud.ATTACHMENT,
                "{\"driver_volume_type\": \"quobyte\", \"data\": {}}");
        List<JsonNode> answers = answers(List.of(
                removal("compute", "6.0", Map.of()),
                call("compute", null, "6.0", "no_such_thing", Map.of()),
                removal("compute", "6.99", Map.of()),
                removal("compute", "7.0", Map.of()),
                removal("compute", "6.0", Map.of("nonsense", 1)),
                call("compute", "baseapi", "1.1", "ping", Map.of("arg", "hello")),
                call("compute", "reseat", "1.0", "get_volume_connector", Map.of()),
                call("compute", "unheard-of", "1.0", "get_volume_connector", Map.of())));
        assertThat(answers.get(0).path("message").asString()).contains("Could not find a handler for quobyte volume.");
        assertThat(answers).extracting(answer -> answer.path("failure").asString(""))
                .containsExactly(
                        "VolumeDriverNotFound", "NoSuchMethod", "UnsupportedVersion", "UnsupportedVersion", "TypeError",
                        "", "",
                        "UnsupportedVersion");
        assertThat(answers.get(5).path("result"))
                .isEqualTo(JSON.readTree("{\"service\": \"compute\", \"arg\": \"hello\"}"));
        assertThat(answers.get(6).path("result").path("host").asString()).isEqualTo(host);
        assertThat(held()).isEqualTo(Answer.YES);
    }

    private Answer held() {
        return agent.connectors().inspect(connection, AgentCloud.soon()).held();
    }

    private Map<String, Object> removal(String topic, String version, Map<String, Object> more) {
        Map<String, Object> arguments =
                new HashMap<>(Map.of("instance", AgentCloud.instance(), "volume_id", AgentCloud.VOLUME));
        arguments.putAll(more);
        return call(topic, null, version, "remove_volume_connection", arguments);
    }

    private Map<String, Object> call(
            String topic, String namespace, String version, String method, Map<String, Object> arguments) {
        Map<String, Object> call = new HashMap<>();
        call.put("topic", topic);
        call.put("server", host);
        call.put("namespace", namespace);
        call.put("version", version);
        call.put("method", method);
        call.put("args", arguments);
        return call;
    }

    private List<JsonNode> answers(List<Map<String, Object>> calls) throws Exception {
        Path file = Files.writeString(directory.resolve("calls.json"), JSON.writeValueAsString(calls));
        try (PythonPeer python = PythonPeer.start("nova_caller.py", url, AgentCloud.EXCHANGE, file.toString())) {
            List<JsonNode> answers = new ArrayList<>();
            for (int i = 0; i < calls.size(); i++) {
                answers.add(JSON.readTree(python.line()));
            }
            python.awaitEnd();
            return answers;
        }
    }
}

package dev.reseat.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.reseat.compute.journal.Removal;
import dev.reseat.compute.journal.RemovalJournal;
import dev.reseat.contract.OpenStackService;
import dev.reseat.contract.Replaces;
import dev.reseat.contract.connection.ConnectionInfo;
import dev.reseat.contract.evidence.Answer;
import dev.reseat.rpc.RequestContext;
import dev.reseat.rpc.RpcException;
import dev.reseat.rpc.RpcVersion;
import dev.reseat.rpc.transport.Delivery;
import dev.reseat.rpc.transport.ListenAddress;
import dev.reseat.rpc.transport.Transport;
import dev.reseat.rpc.transport.memory.MemoryBroker;
import dev.reseat.rpc.transport.memory.MemoryTransport;
import dev.reseat.rpc.wiring.QueueInUse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.AbstractObjectAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The whole agent over the in-memory transport; connections are real holds on real files. */
final class ComputeAgentTest {
    private static final String HOST = "host-a";
    private static final RequestContext CONTEXT = RequestContext.admin();
    private static final String DELETE = "DELETE /attachments/" + AgentCloud.ATTACHMENT;
    private static final String ACTION = "POST /volumes/" + AgentCloud.VOLUME + "/action";

    private static final List<String> NOVAS = List.of("compute", "compute-alt");
    private static final Replaces REPLACES = new Replaces(Set.of(OpenStackService.NOVA_COMPUTE), false);
    private static final Duration WITHIN = Duration.ofSeconds(20);

    @TempDir private Path directory;
    private AgentCloud cloud;
    private ComputeAgent agent;
    private ConnectionInfo.Local connection;

    @BeforeEach
    void startWithAConnectedVolume() {
        cloud = AgentCloud.inMemory(directory);
        agent = cloud.agent(HOST);
        connection = cloud.attachedTo(agent);
        cloud.conductor.instance(AgentCloud.INSTANCE, AgentCloud.instance());
    }

    @AfterEach
    void stop() {
        agent.connectors().disconnect(connection, AgentCloud.soon());
        cloud.close();
    }

    @Test
    void removesTheConnectionAndItsAttachment() {
        assertThat(remove("6.3", Map.of("delete_attachment", true))).isNull();
        assertThat(held()).isEqualTo(Answer.NO);
        assertThat(cloud.blockStorage.lines()).containsExactly(DELETE);
        assertThat(cloud.blockStorage.requests().getFirst().headers())
                .containsEntry("x-auth-token", "nova:" + BlockStorageFake.PROJECT)
                .containsEntry("x-service-roles", "service")
                .containsEntry("openstack-api-version", "volume 3.44")
                .containsEntry("x-openstack-request-id", CONTEXT.requestId().orElseThrow());
        assertThat(unfinished()).isEmpty();
    }

    @Test
    void keepsTheAttachmentUnlessToldOtherwise() {
        remove("6.0", Map.of());
        assertThat(held()).isEqualTo(Answer.NO);
        assertThat(cloud.blockStorage.lines()).isEmpty();
        assertThat(unfinished()).isEmpty();
    }

    @Test
    void servesCallersOf5() {
        remove("5.0", Map.of());
        assertThat(held()).isEqualTo(Answer.NO);
        assertFails("TypeError", () -> remove("5.13", Map.of("delete_attachment", true)));
    }

    @Test
    void servesNoTopicOfNovas() {
        for (String topic : NOVAS) {
            assertThat(cloud.calling(HOST, topic).isServed(WITHIN)).as(topic).isFalse();
        }
    }

    @Test
    void inPlaceOfNovaComputeServesItsTopicsAndAsksItsConductor() {
        var alone = new MemoryBroker();
        try (var instead = new AgentCloud(directory.resolve("instead"), () -> new MemoryTransport(alone), REPLACES)
                .withConductor()) {
            instead.agent("host-c");
            instead.conductor.map(AgentCloud.VOLUME, AgentCloud.INSTANCE, AgentCloud.ATTACHMENT,
                    "{\"driver_volume_type\": \"quobyte\", \"data\": {}}");
            for (String topic : NOVAS) {
                assertFails("VolumeDriverNotFound", () -> instead.calling("host-c", topic)
                        .call(CONTEXT, "remove_volume_connection", arguments(Map.of()), Void.class));
            }
        }
    }

    @Test
    void doesNotTakeThePlaceOfANovaComputeThatIsAtWork() {
        var alone = new MemoryBroker();
        try (Transport python = new MemoryTransport(alone);
                var instead =
                        new AgentCloud(directory.resolve("instead"), () -> new MemoryTransport(alone), REPLACES)) {
            python.listen(new ListenAddress.Server(AgentCloud.EXCHANGE, "compute", "host-c"), Delivery::acknowledge);
            ComputeAgent refused = instead.unstarted("host-c");
            assertThatThrownBy(refused::start).isInstanceOf(QueueInUse.class)
                    .hasMessageContaining("queue 'compute.host-c' of nova-compute")
                    .hasMessageContaining("--takeover");
            refused.stop();
            assertThat(python.consumers("compute-alt.host-c", WITHIN)).isZero();
        }
    }

    @Test
    void canBeRepeated() {
        remove("6.3", Map.of("delete_attachment", true));
        cloud.blockStorage.on(DELETE, 404, "{\"itemNotFound\": {\"code\": 404, \"message\": \"not found\"}}");
        remove("6.3", Map.of("delete_attachment", true));
        assertThat(unfinished()).isEmpty();
    }

    @Test
    void terminatesAConnectionOfTheTimeBeforeAttachments() {
        cloud.conductor.map(AgentCloud.VOLUME, AgentCloud.INSTANCE, null, AgentCloud.connectionInfo(connection));
        remove("6.0", Map.of());
        assertThat(cloud.blockStorage.lines()).containsExactly(ACTION);
        assertThat(cloud.blockStorage.requests().getFirst().body())
                .startsWith("{\"os-terminate_connection\":{\"connector\":{")
                .contains("\"host\":\"host-a\"", "\"ip\":\"192.0.2.10\"");
    }

    @Test
    void doesNothingForAVolumeNovaDoesNotHaveThere() {
        cloud.conductor.unmap(AgentCloud.VOLUME, AgentCloud.INSTANCE);
        assertThat(remove("6.3", Map.of("delete_attachment", true))).isNull();
        assertThat(held()).isEqualTo(Answer.YES);
        assertThat(cloud.blockStorage.lines()).isEmpty();
    }

    @Test
    void aMappingWithoutConnectionInfoHasNothingToDisconnect() {
        cloud.conductor.map(AgentCloud.VOLUME, AgentCloud.INSTANCE, AgentCloud.ATTACHMENT, null);
        remove("6.3", Map.of("delete_attachment", true));
        assertThat(cloud.blockStorage.lines()).containsExactly(DELETE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "null", "{}", "{u'data': {u'auth_password': u'geheim'}}",
            "{\"data\": {\"auth_password\": \"geheim"})
    void aDamagedConnectionInfoIsNotTakenForNone(String damaged) {
        cloud.conductor.map(AgentCloud.VOLUME, AgentCloud.INSTANCE, AgentCloud.ATTACHMENT, damaged);

        assertFails("DeviceDetachFailed", () -> remove("6.3", Map.of("delete_attachment", true)))
                .satisfies(failure -> assertThat(failure.failure().message()).doesNotContain("geheim"));

        assertThat(cloud.blockStorage.lines()).containsExactly(ACTION);
    }

    @Test
    void whatSomebodyUsesStaysAndTheVolumeIsInUseAgain() throws Exception {
        agent.connectors().disconnect(connection, AgentCloud.soon());
        Process stranger = new ProcessBuilder("flock", "--exclusive", "--no-fork", connection.device().toString(),
                "sh", "-c", "echo locked && exec sleep 60").start();
        try {
            assertThat(stranger.inputReader().readLine()).isEqualTo("locked");
            assertFails("DeviceDetachFailed", () -> remove("6.3", Map.of("delete_attachment", true)))
                    .satisfies(failure -> assertThat(failure.failure().message())
                            .contains("/dev/vdb")
                            .contains("process " + stranger.pid()));
        } finally {
            stranger.destroy();
            stranger.waitFor();
        }
        assertThat(cloud.blockStorage.lines()).containsExactly(ACTION);
        assertThat(cloud.blockStorage.requests().getFirst().body()).isEqualTo("{\"os-roll_detaching\":{}}");
        assertThat(unfinished()).isEmpty();
    }

    @Test
    void aProtocolNobodySpeaksIsNamed() {
        cloud.conductor.map(AgentCloud.VOLUME, AgentCloud.INSTANCE, AgentCloud.ATTACHMENT,
                "{\"driver_volume_type\": \"iscsi\", \"data\": {\"target_portal\": \"192.0.2.20:3260\","
                        + " \"target_iqn\": \"iqn.a\", \"auth_method\": \"CHAP\", \"auth_username\": \"u\","
                        + " \"auth_password\": \"geheim\"}}");
        assertFails("VolumeDriverNotFound", () -> remove("6.0", Map.of()));
        assertThat(cloud.blockStorage.lines()).containsExactly(ACTION);
        assertFails("VolumeDriverNotFound", () -> remove("6.0", Map.of("instance", active()))); // not the guest's turn
    }

    @Test
    void anActiveInstanceKeepsItsDisk() {
        assertFails("DeviceDetachFailed", () -> remove("6.3", Map.of("delete_attachment", true, "instance", active())));
        assertThat(held()).isEqualTo(Answer.YES);
    }

    @Test
    void aRefusalOfBlockStorageIsToldAndTheRestCanBeAskedForAgain() {
        cloud.blockStorage.on(DELETE, 403, "{\"forbidden\": {\"code\": 403, \"message\": \"Policy\"}}");
        assertFails("Forbidden", () -> remove("6.3", Map.of("delete_attachment", true)));
        assertThat(held()).isEqualTo(Answer.NO);
        assertThat(unfinished()).extracting(Removal::step).containsExactly(Removal.Step.BLOCK_STORAGE);
        cloud.blockStorage.on(DELETE, 200, "{\"attachments\": []}");
        remove("6.3", Map.of("delete_attachment", true));
        assertThat(unfinished()).isEmpty();
    }

    @Test
    void anErrorOfBlockStorageIsAskedAgainFiveTimes() {
        cloud.blockStorage.on(DELETE, 500, "{\"computeFault\": {\"code\": 500, \"message\": \"oops\"}}");
        assertFails("ClientException", () -> remove("6.3", Map.of("delete_attachment", true)));
        assertThat(cloud.blockStorage.lines()).hasSize(5);
    }

    @Test
    void aSharedConnectionGoesWithItsLastInstanceOnThisHost() {
        String info = AgentCloud.connectionInfo(connection).replaceFirst("\\{", "{\"multiattach\": true, ");
        cloud.conductor.map(AgentCloud.VOLUME, AgentCloud.INSTANCE, AgentCloud.ATTACHMENT, info);
        String volume = "GET /volumes/" + AgentCloud.VOLUME;
        String attachments = "{\"volume\": {\"id\": \"v\", \"status\": \"in-use\", \"attachments\": ["
                + "{\"attachment_id\": \"1\", \"server_id\": \"" + AgentCloud.INSTANCE
                + "\", \"host_name\": \"host-a\"},"
                + "{\"attachment_id\": \"2\", \"server_id\": \"another\", \"host_name\": \"%s\"}]}}";
        cloud.blockStorage.on(volume, 200, attachments.formatted("host-a"));
        remove("6.0", Map.of());
        assertThat(held()).isEqualTo(Answer.YES);
        cloud.blockStorage.on(volume, 200, attachments.formatted("host-a").replaceAll("\"host-a\"", "null"));
        for (Map<String, Object> instance : List.of(AgentCloud.instance(), active())) {
            assertFails("DeviceDetachFailed", () -> remove("6.0", Map.of("instance", instance)))
                    .satisfies(failure -> assertThat(failure.failure().message())
                            .as("before the guest is asked to let go")
                            .contains("administrators only"));
        }
        assertThat(held()).as("hosts are not shown to this account").isEqualTo(Answer.YES);
        cloud.blockStorage.on(volume, 200, attachments.formatted("host-b"));
        remove("6.0", Map.of());
        assertThat(held()).isEqualTo(Answer.NO);
    }

    @Test
    void unknownMethodsVersionsAndArgumentsAreNamed() {
        assertFails("NoSuchMethod", () -> call("6.0", "detach_everything", Map.of()));
        assertFails("UnsupportedVersion", () -> remove("6.6", Map.of()));
        assertFails("UnsupportedVersion", () -> remove("7.0", Map.of()));
        assertFails("TypeError", () -> remove("6.0", Map.of("force", true)));
        assertFails("AttributeError", () -> remove("6.0", Map.of("instance", Map.of("uuid", AgentCloud.INSTANCE))));
        assertThat(held()).isEqualTo(Answer.YES);
    }

    @Test
    void answersPing() {
        Map<?, ?> answer = cloud.calling(HOST)
                .inNamespace("baseapi")
                .atVersion(RpcVersion.of(1, 0))
                .call(CONTEXT, "ping", Map.of("arg", "1.21 GigaWatts"), Map.class);
        assertThat(answer).isEqualTo(Map.of("service", "compute", "arg", "1.21 GigaWatts"));
    }

    @Test
    void idsFromTheWireStayInTheirPlace() throws Exception {
        String volume = "../../escape";
        cloud.conductor.map(volume, AgentCloud.INSTANCE, "../volumes/x", AgentCloud.connectionInfo(connection));
        cloud.blockStorage.on("DELETE /attachments/..%2Fvolumes%2Fx", 403, "");
        assertFails("Forbidden", () -> remove("6.3", Map.of("volume_id", volume, "delete_attachment", true)));
        assertThat(unfinished()).extracting(Removal::volumeId).containsExactly(volume);
        try (var files = Files.list(cloud.state(HOST))) {
            assertThat(files).extracting(Path::getFileName).extracting(Path::toString).containsExactly("removals");
        }
    }

    @Test
    void severalHostsLiveInOneProcess() {
        ComputeAgent other = cloud.agent("host-b");
        assertThat(other.connectors().inspect(connection, AgentCloud.soon()).held()).isEqualTo(Answer.NO);
        assertThat(cloud.calling("host-b")
                .inNamespace("reseat")
                .atVersion(RpcVersion.of(1, 0))
                .call(CONTEXT, "get_volume_connector", Map.of(), Map.class)
                .get("host")).isEqualTo("host-b");
    }

    @Test
    void aSecondAgentOnTheSameStateDoesNotStart() {
        ComputeAgent second = cloud.unstarted(HOST);
        assertThatThrownBy(second::start).hasMessageContaining("used by another agent");
        second.stop();
    }

    @Test
    void aCallerWithoutAConductorIsToldSoInTime() {
        var alone = new MemoryBroker();
        try (var elsewhere = new AgentCloud(directory.resolve("elsewhere"), () -> new MemoryTransport(alone))) {
            elsewhere.agent("host-c");
            assertFails("MessagingTimeout", () -> elsewhere.calling("host-c")
                    .call(
                            CONTEXT, "remove_volume_connection", arguments(Map.of()), Void.class));
        }
    }

    private List<Removal> unfinished() {
        return new RemovalJournal(cloud.state(HOST)).unfinished();
    }

    private Answer held() {
        return agent.connectors().inspect(connection, AgentCloud.soon()).held();
    }

    private Object remove(String version, Map<String, Object> more) {
        return call(version, "remove_volume_connection", arguments(more));
    }

    private Object call(String version, String method, Map<String, Object> arguments) {
        return cloud.calling(HOST).atVersion(RpcVersion.parse(version)).call(CONTEXT, method, arguments, Object.class);
    }

    private static Map<String, Object> arguments(Map<String, Object> more) {
        Map<String, Object> arguments =
                new HashMap<>(Map.of("instance", AgentCloud.instance(), "volume_id", AgentCloud.VOLUME));
        arguments.putAll(more);
        return arguments;
    }

    private static Map<String, Object> active() {
        Map<String, Object> object = new HashMap<>(AgentCloud.instance());
        @SuppressWarnings("unchecked") Map<String, Object> data =
                new HashMap<>((Map<String, Object>) object.get("nova_object.data"));
        data.put("vm_state", "active");
        object.put("nova_object.data", data);
        return object;
    }

    private static AbstractObjectAssert<?, RpcException.RemoteFailure> assertFails(
            String type, ThrowingCallable call) {
        return assertThatThrownBy(call)
                .asInstanceOf(type(RpcException.RemoteFailure.class))
                .satisfies(failure -> assertThat(failure.type()).isEqualTo(type));
    }
}

package dev.reseat.systemtest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.contract.compute.ComputeRpc;
import dev.reseat.contract.volume.VolumeRpc;
import dev.reseat.rpc.RpcVersion;
import dev.reseat.rpc.Target;
import dev.reseat.systemtest.Scene.Attached;
import dev.reseat.testing.OsloPeer;
import dev.reseat.testing.OsloPeer.Answer;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A Nova or Cinder service with the real oslo.messaging calls our services that have taken the place of its own. */
@Tag("broker")
@Tag("database")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class OsloCallerIT {
    private static final JsonMapper JSON = new JsonMapper();

    private Cloud cloud;
    private Scene scene;
    private Target compute;
    private Target volume;
    private OsloPeer nova;

    @BeforeAll
    void connect() throws InterruptedException {
        cloud = Cloud.inPlaceOfOpenStack();
        scene = new Scene(cloud);
        compute = ComputeRpc.host(cloud.settings().nova(), cloud.settings().computeHost());
        volume = VolumeRpc.backend(cloud.settings().cinder(), cloud.settings().volumeHost())
                .inNamespace(VolumeRpc.NAMESPACE)
                .atVersion(VolumeRpc.NAMESPACE_VERSION);
        nova = OsloPeer.connect(cloud.settings().transportUrl());
    }

    @AfterAll
    void disconnect() {
        nova.close();
        cloud.close();
    }

    @ParameterizedTest
    @CsvSource({"5.0, compute", "6.0, compute", "6.0, compute-alt"})
    void aConnectionIsRemovedAndTheAttachmentStays(String version, String topic) throws Exception {
        Attached attached = scene.attached("removed by " + version);
        Process holder = scene.heldByAgent(attached);

        Answer answer = nova.call(
                Target.of(compute.exchange(), topic)
                        .onServer(cloud.settings().computeHost())
                        .atVersion(RpcVersion.parse(version)),
                "remove_volume_connection", Map.of("instance", instance(attached), "volume_id", attached.volume()));

        assertThat(answer.failed()).as(answer.text()).isFalse();
        assertThat(answer.result().isNull()).isTrue();
        assertThat(holder.waitFor(10, TimeUnit.SECONDS)).as("the host lets go of the file").isTrue();
        assertThat(cloud.liveAttachments(attached.volume())).isOne();
        assertThat(attached.exports()).exists();
    }

    @Test
    void aConnectionIsRemovedWithItsAttachment() throws Exception {
        Attached attached = scene.attached("removed by 6.3");
        Process holder = scene.heldByAgent(attached);

        Answer answer = nova.call(compute.atVersion(ComputeRpc.DELETES_ATTACHMENT), "remove_volume_connection",
                Map.of("instance", instance(attached), "volume_id", attached.volume(), "delete_attachment", true));

        assertThat(answer.failed()).as(answer.text()).isFalse();
        assertThat(holder.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(cloud.liveAttachments(attached.volume())).isZero();
        assertThat(attached.exports()).doesNotExist();
        assertThat(cloud.volume(attached.volume())).containsEntry("status", "available");
    }

    @Test
    void aVolumeThatIsHeldBySomebodyElseIsNotRemoved() throws Exception {
        Attached attached = scene.attached("held by a stranger");
        try (AutoCloseable _ = Scene.hold(attached)) {
            Answer answer = nova.call(compute.atVersion(ComputeRpc.DELETES_ATTACHMENT), "remove_volume_connection",
                    Map.of("instance", instance(attached), "volume_id", attached.volume(), "delete_attachment", true));

            assertThat(answer.remoteType()).isEqualTo("DeviceDetachFailed");
            assertThat(Scene.isHeld(attached)).isTrue();
        }
        assertThat(cloud.liveAttachments(attached.volume())).isOne();
        assertThat(attached.exports()).exists();
    }

    @Test
    void theBackendIsResetAndTheDatabaseIsNot() {
        Attached stuck = scene.stuck("reset by rpc", "detaching");

        JsonNode result =
                nova.call(volume, "reset_status", Map.of("volume_id", stuck.volume(), "status", "available")).result();

        assertThat(result.path("outcome").stringValue()).isEqualTo("proved");
        assertThat(stuck.exports()).doesNotExist();
        assertThat(cloud.volume(stuck.volume())).containsEntry("status", "detaching");
        assertThat(cloud.liveAttachments(stuck.volume())).isOne();

        JsonNode back =
                nova.call(volume, "reset_status", Map.of("volume_id", stuck.volume(), "status", "in-use")).result();
        assertThat(back.path("outcome").stringValue()).isEqualTo("proved");
        assertThat(stuck.exports()).exists();
    }

    @Test
    void theBackendRefusesWhatIsHeld() throws Exception {
        Attached stuck = scene.stuck("held", "detaching");
        try (AutoCloseable _ = Scene.hold(stuck)) {
            JsonNode result = nova
                    .call(volume, "reset_status", Map.of("volume_id", stuck.volume(), "status", "available"))
                    .result();

            assertThat(result.path("outcome").stringValue()).isEqualTo("refused");
        }
        assertThat(stuck.exports()).exists();
    }

    @Test
    void anUnknownVolumeIsCindersException() {
        Answer answer = nova.call(volume, "reset_status",
                Map.of("volume_id", "00000000-0000-4000-8000-000000000000", "status", "available"));

        assertThat(answer.type()).isEqualTo("VolumeNotFound_Remote");
        assertThat(answer.text()).contains("could not be found").doesNotContain("Traceback");
    }

    @Test
    void whatIsNotOfferedIsRefused() {
        assertThat(nova.call(compute, "no_such_method", Map.of()).remoteType()).isEqualTo("NoSuchMethod");
        assertThat(nova.call(compute.atVersion(RpcVersion.of(6, 99)), "remove_volume_connection", Map.of())
                .remoteType())
                .isEqualTo("UnsupportedVersion");
        assertThat(nova.call(volume.atVersion(RpcVersion.of(2, 0)), "reset_status", Map.of()).remoteType())
                .isEqualTo("UnsupportedVersion");
        assertThat(nova.call(volume.inNamespace("other"), "reset_status", Map.of()).remoteType())
                .isEqualTo("UnsupportedVersion");
    }

    @Test
    void argumentsThatDoNotFitAreRefused() throws Exception {
        Attached attached = scene.attached("wrong arguments");
        assertThat(nova.call(compute, "remove_volume_connection", Map.of("volume_id", "v")).type())
                .isEqualTo("TypeError");
        assertThat(nova.call(compute, "remove_volume_connection",
                Map.of("instance", instance(attached), "volume_id", "v", "force", true)).type()).isEqualTo("TypeError");
        assertThat(nova.call(volume, "reset_status", Map.of("volume_id", attached.volume(), "status", 5)).type())
                .isEqualTo("TypeError");
        assertThat(nova.call(volume, "reset_status", Map.of("volume_id", attached.volume(), "status", "bogus")).type())
                .isEqualTo("ValueError");
        ObjectNode tooNew = instance(attached).put("nova_object.version", "2.99");
        Map<String, Object> args = new HashMap<>(Map.of("instance", tooNew, "volume_id", attached.volume()));
        assertThat(nova.call(compute, "remove_volume_connection", args).remoteType())
                .isEqualTo("IncompatibleObjectVersion");
        assertThat(cloud.liveAttachments(attached.volume())).isOne();
    }

    @Test
    void aDeadHostTimesOut() throws Exception {
        Attached attached = scene.attached("dead host");
        Answer answer = nova.call(compute.onServer("no-such-host"), "remove_volume_connection",
                Map.of("instance", instance(attached), "volume_id", attached.volume()), Map.of("timeout", 1));

        assertThat(answer.type()).isEqualTo("MessagingTimeout");
    }

    /** As Nova sends it, recorded; with the ids of this cloud. */
    private ObjectNode instance(Attached attached) throws IOException {
        try (var golden = OsloPeer.class.getResourceAsStream("/golden/Instance-2.7.json")) {
            var instance = (ObjectNode) JSON.readTree(new String(golden.readAllBytes(), UTF_8));
            ((ObjectNode) instance.path("nova_object.data"))
                    .put("uuid", attached.instance())
                    .put("host", cloud.settings().computeHost());
            return instance;
        }
    }
}

package dev.reseat.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.contract.compute.BlockDeviceMappingList;
import dev.reseat.contract.compute.BlockDeviceMappingObject;
import dev.reseat.contract.compute.InstanceObject;
import dev.reseat.contract.volume.VolumeAttachmentObject;
import dev.reseat.contract.volume.VolumeObject;
import dev.reseat.rpc.envelope.EnvelopeCodec;
import dev.reseat.rpc.envelope.GoldenMessages;
import dev.reseat.rpc.envelope.Message;
import dev.reseat.rpc.object.WireMapper;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Objects that Nova 26.2.2 and Cinder 21.3.1 have sent, lists within them included: what we read and write of them. */
final class GoldenObjectsTest {
    private static final String UUID = "5dd4c430-0000-4000-8000-00000000";

    private final JsonMapper json = WireMapper.create();
    private final EnvelopeCodec codec = new EnvelopeCodec(json);

    record Detach(InstanceObject instance, BlockDeviceMappingList bdms, boolean deleteAttachment) {}

    record DetachVolume(VolumeObject volume, String attachmentId) {}

    private Message.Request recorded(String name) {
        return (Message.Request) codec.decode(GoldenMessages.named(name));
    }

    @Test
    void novasObjectsAreRead() {
        Detach args = codec.bind(recorded("objects-nova").args(), Detach.class);

        assertThat(args.instance().uuid()).isEqualTo(UUID + "a001");
        assertThat(args.instance().displayName()).contains("vm 音");
        assertThat(args.instance().systemMetadata()).contains(Map.of("image_min_disk", "1"));
        assertThat(args.bdms().objects()).extracting(BlockDeviceMappingObject::uuid)
                .containsExactly(UUID + "0001", UUID + "0002");
        assertThat(args.bdms().objects().getLast().connectionInfo()).contains("{\"data\": {\"x\": \"\\u00e9\"}}");
        assertThat(args.bdms().objects().getLast().deviceName()).contains("/dev/vdā");
        assertThat(args.deleteAttachment()).isTrue();
    }

    @Test
    void cindersObjectsAreRead() {
        DetachVolume args = codec.bind(recorded("objects-cinder").args(), DetachVolume.class);

        assertThat(args.volume().id()).isEqualTo(UUID + "c001");
        List<VolumeAttachmentObject> attachments = args.volume().volumeAttachment().orElseThrow().objects();
        assertThat(attachments).extracting(VolumeAttachmentObject::id).containsExactly(UUID + "0001", UUID + "0002");
        assertThat(attachments.getFirst().attachedHost()).isEmpty();
        assertThat(attachments.getFirst().connector().orElseThrow()).containsEntry("host", "host-a");
        assertThat(attachments.getFirst().connector().orElseThrow()).containsEntry("nvme_hostid", null);
        assertThat(args.volume().createdAt()).isEqualTo(Optional.of("2026-11-22T06:25:26Z"));
    }

    /** Fields that nobody here reads are not written; those that are written stand as they stood. */
    @Test
    void whatWeWriteOfThemIsWhatTheySent() {
        assertWritesAsRecorded("objects-nova", Detach.class, 60);
        assertWritesAsRecorded("objects-cinder", DetachVolume.class, 45);
    }

    private void assertWritesAsRecorded(String name, Class<?> type, int fields) {
        JsonNode theirs = json.readTree(recorded(name).args().text());
        JsonNode ours = json.valueToTree(codec.bind(recorded(name).args(), type));

        assertThat(same(ours, theirs, name)).as("fields of " + name).isGreaterThan(fields);
    }

    /** @return how many values were compared */
    private static int same(JsonNode ours, JsonNode theirs, String path) {
        if (ours.isArray()) {
            assertThat(ours.size()).as(path).isEqualTo(theirs.size());
            int compared = 0;
            for (int i = 0; i < ours.size(); i++) {
                compared += same(ours.get(i), theirs.path(i), path + "." + i);
            }
            return compared;
        }
        if (!ours.isObject()) {
            assertThat(ours).as(path).isEqualTo(theirs);
            return 1;
        }
        int compared = 0;
        for (String key : ours.propertyNames()) {
            boolean isVersion = key.endsWith("object.version"); // ours may be an older one that every release reads
            boolean isAbsent = theirs.path(key).isMissingNode() && ours.path(key).isNull();
            compared += isVersion || isAbsent ? 0 : same(ours.path(key), theirs.path(key), path + "." + key);
        }
        return compared;
    }
}

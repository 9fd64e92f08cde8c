package dev.reseat.api.store.nova;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.api.model.BlockDevice;
import dev.reseat.testing.CloudFixture;
import dev.reseat.testing.EmbeddedDatabase;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("database")
@Tag("any-database")
final class BlockDeviceTableIT {
    private static final BlockDeviceTable BLOCK_DEVICES = new BlockDeviceTable();
    private static final Instant NOW = Instant.parse("2026-11-22T08:00:00.123456Z");

    private static CloudFixture cloud;

    @BeforeAll
    static void open() {
        cloud = CloudFixture.open();
    }

    @AfterAll
    static void close() {
        cloud.close();
    }

    @Test
    void aMappingIsFoundByItselfByItsVolumeAndByItsInstance() {
        String instance = cloud.instance();
        String first = cloud.blockDevice(instance, "v1", Map.of("boot_index", 0, "attachment_id", "a1"));
        String second = cloud.blockDevice(instance, "v2", Map.of("tag", "data"));
        cloud.blockDevice(instance, "v3", Map.of("deleted", 3));

        BlockDevice found = find(first);
        assertThat(found.volumeId()).contains("v1");
        assertThat(found.attachmentId()).contains("a1");
        assertThat(found.bootIndex()).contains(0);
        assertThat(found.deviceName()).contains("/dev/vdb");
        assertThat(found.encrypted()).isEmpty();
        assertThat(byVolume(instance, "v2")).extracting(BlockDevice::uuid).containsExactly(second);
        assertThat(byVolume(instance, "v3")).isEmpty();
        assertThat(byVolume("other", "v1")).isEmpty();
        assertThat(cloud.nova().<List<BlockDevice>>transaction(tx -> BLOCK_DEVICES.ofInstance(tx, instance)))
                .extracting(BlockDevice::uuid)
                .containsExactly(first, second);
    }

    @Test
    void aConnectionIsReplacedOnceForEachState() {
        String uuid = cloud.blockDevice(cloud.instance(), "v", Map.of("connection_info", "{\"old\": 1}"));
        BlockDevice.Guard guard = find(uuid).guard();

        assertThat(save(guard, Optional.of("a-new"), Optional.of("{\"new\": 1}"))).isTrue();
        assertThat(save(guard, Optional.of("a-late"), Optional.of("{\"late\": 1}"))).isFalse();

        BlockDevice saved = find(uuid);
        assertThat(saved.attachmentId()).contains("a-new");
        assertThat(saved.connectionInfo()).contains("{\"new\": 1}");
        assertThat(saved.updatedAt()).contains(EmbeddedDatabase.kept(NOW));
        assertThat(save(saved.guard(), Optional.of("a-blank"), Optional.empty())).isTrue();
        assertThat(find(uuid).connectionInfo()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"vm_state = 'active'", "task_state = 'powering-on'", "deleted = id"})
    void theMappingOfAnInstanceThatIsNotStoppedIsNotChanged(String change) {
        String instance = cloud.instance();
        BlockDevice.Guard guard = find(cloud.blockDevice(instance, "v", Map.of())).guard();
        cloud.execute(cloud.nova(), "UPDATE instances SET " + change + " WHERE uuid = ?", instance);

        assertThat(save(guard, Optional.of("a"), Optional.of("{}"))).isFalse();

        assertThat(find(guard.uuid()).attachmentId()).isEmpty();
    }

    @Test
    void aDeletedMappingIsNotChanged() {
        String uuid = cloud.blockDevice(cloud.instance(), "v", Map.of());
        BlockDevice.Guard guard = find(uuid).guard();
        cloud.execute(cloud.nova(), "UPDATE block_device_mapping SET deleted = id WHERE uuid = ?", uuid);

        assertThat(save(guard, Optional.of("a"), Optional.of("{}"))).isFalse();
    }

    private static boolean save(BlockDevice.Guard guard, Optional<String> attachment, Optional<String> info) {
        return cloud.nova().transaction(tx -> BLOCK_DEVICES.saveConnection(tx, guard, attachment, info, NOW));
    }

    private static List<BlockDevice> byVolume(String instance, String volume) {
        return cloud.nova().transaction(tx -> BLOCK_DEVICES.find(tx, instance, volume));
    }

    private static BlockDevice find(String uuid) {
        return cloud.nova().transaction(tx -> BLOCK_DEVICES.find(tx, uuid)).orElseThrow();
    }
}

package dev.reseat.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.contract.OpenStackService;
import dev.reseat.contract.Replaces;
import dev.reseat.contract.volume.VolumeRpc;
import dev.reseat.rpc.RpcException;
import dev.reseat.rpc.RpcVersion;
import dev.reseat.rpc.client.PreparedCall;
import dev.reseat.rpc.transport.memory.MemoryBroker;
import dev.reseat.rpc.transport.memory.MemoryTransport;
import dev.reseat.runtime.Service;
import dev.reseat.testing.CapturedLog;
import dev.reseat.volume.driver.MemoryDriver;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * In place of a cinder-volume: what of its interface is not served is refused to its caller, or said, never swallowed.
 */
final class CindersOtherMethodsTest {
    private static final List<String> CALLED = List.of(
            "accept_transfer", "freeze_host", "get_backup_device", "get_manageable_snapshots", "get_manageable_volumes",
            "initialize_connection_snapshot", "list_replication_targets", "migrate_volume_completion",
            "remove_export_snapshot", "secure_file_operations_enabled", "terminate_connection_snapshot", "thaw_host",
            "update_migrated_volume");
    private static final List<String> CAST = List.of(
            "copy_volume_to_image", "create_group", "create_group_from_src", "create_group_snapshot", "create_snapshot",
            "create_volume", "delete_group", "delete_group_snapshot", "delete_snapshot", "delete_volume",
            "disable_replication", "do_cleanup", "enable_replication", "extend_volume", "failover_completed",
            "failover_replication", "manage_existing", "manage_existing_snapshot", "migrate_volume",
            "publish_service_capabilities", "reimage", "remove_export_snapshot", "retype", "revert_to_snapshot",
            "update_group");

    @Test
    void areAnsweredIfCalledAndAnErrorIfCast() {
        var replaces = new Replaces(Set.of(OpenStackService.CINDER_VOLUME), false);
        var transport = new MemoryTransport(new MemoryBroker());
        try (CapturedLog log = CapturedLog.of("dev.reseat.rpc.server");
                var manager = new OneBackend(transport, new MemoryDriver(), replaces).start()) {
            PreparedCall cinder = manager.calling(VolumeRpc.backend(OneBackend.EXCHANGE, OneBackend.HOST))
                    .atVersion(RpcVersion.of(3, 0));
            CAST.forEach(method -> cinder.cast(manager.context(), method, Map.of("volume_id", "v1")));
            CALLED.forEach(method -> assertThatThrownBy(
                    () -> cinder.call(manager.context(), method, Map.of("volume_id", "v1"), Map.class))
                    .isInstanceOfSatisfying(RpcException.RemoteFailure.class,
                            failure -> assertThat(failure.type()).isEqualTo("NoSuchMethod")));
            assertThat(manager.manager().drain(Duration.ofSeconds(10))).isEqualTo(Service.Drained.CLEAN);

            assertThat(log.lines("ERROR")).hasSize(CAST.size());
            assertThat(CAST).allSatisfy(method -> assertThat(log.lines("ERROR"))
                    .anyMatch(line -> line.contains("cast of " + method + " on ")));
        }
    }
}

package dev.reseat.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.contract.OpenStackService;
import dev.reseat.contract.Replaces;
import dev.reseat.contract.state.CinderOperation;
import dev.reseat.contract.state.OperationNotServed;
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
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * In place of a cinder-volume: what of its interface is not served is refused to its caller, or settled, or said, never
 * swallowed.
 */
final class CindersOtherMethodsTest {
    private static final List<String> CALLED = List.of(
            "accept_transfer", "freeze_host", "get_manageable_snapshots", "get_manageable_volumes",
            "initialize_connection_snapshot", "list_replication_targets", "migrate_volume_completion",
            "remove_export_snapshot", "secure_file_operations_enabled", "terminate_connection_snapshot", "thaw_host",
            "update_migrated_volume");
    /** Nothing waits for these. */
    private static final List<String> CAST =
            List.of("do_cleanup", "failover_completed", "remove_export_snapshot", "set_log_levels");
    private static final Duration WITHIN = Duration.ofSeconds(10);

    private final OneBackend manager = new OneBackend(
            new MemoryTransport(new MemoryBroker()), new MemoryDriver(),
            new Replaces(Set.of(OpenStackService.CINDER_VOLUME), false)).start();
    private final PreparedCall cinder =
            manager.calling(VolumeRpc.backend(OneBackend.EXCHANGE, OneBackend.HOST)).atVersion(RpcVersion.of(3, 0));

    @AfterEach
    void stop() {
        manager.close();
    }

    private void assertIsNoMethod(String method, Map<String, ?> args) {
        assertThatThrownBy(() -> cinder.call(manager.context(), method, args, Map.class))
                .isInstanceOfSatisfying(RpcException.RemoteFailure.class,
                        failure -> assertThat(failure.type()).isEqualTo("NoSuchMethod"));
    }

    @Test
    void areAnsweredIfCalledAndAnErrorIfCast() {
        try (CapturedLog log = CapturedLog.of("dev.reseat.rpc.server")) {
            CAST.forEach(method -> cinder.cast(manager.context(), method, Map.of("volume_id", "v1")));
            CALLED.forEach(method -> assertIsNoMethod(method, Map.of("volume_id", "v1")));
            assertThat(manager.manager().drain(WITHIN)).isEqualTo(Service.Drained.CLEAN);

            assertThat(log.lines("ERROR")).hasSize(CAST.size());
            assertThat(CAST).allSatisfy(method -> assertThat(log.lines("ERROR"))
                    .anyMatch(line -> line.contains("cast of " + method + " on ")));
        }
    }

    @Test
    void whatRowsWaitForIsSettledWhetherCastOrCalled() {
        List<CinderOperation> all = Arrays.asList(CinderOperation.values());
        for (CinderOperation operation : all) {
            cinder.cast(manager.context(), operation.method(), argumentsOf(operation));
        }
        assertIsNoMethod("delete_volume", Map.of("volume", Map.of("versioned_object.data", Map.of("id", "called"))));
        assertThat(manager.manager().drain(WITHIN)).isEqualTo(Service.Drained.CLEAN);

        assertThat(manager.state().committed()).hasSize(all.size() + 1)
                .contains(new OperationNotServed("delete_volume", "called", OneBackend.HOST))
                .containsAll(all.stream()
                        .map(operation -> new OperationNotServed(
                                operation.method(),
                                operation.argument().map(name -> "the " + name).orElse(OneBackend.HOST),
                                OneBackend.HOST))
                        .toList());
    }

    private static Map<String, ?> argumentsOf(CinderOperation operation) {
        return operation.argument()
                .map(name -> Map.of(name, name.endsWith("_id")
                        ? "the " + name
                        : Map.of("versioned_object.name", "X", "versioned_object.data", Map.of("id", "the " + name))))
                .orElse(Map.of());
    }

    @Test
    void whatDoesNotSayWhatItIsForIsNamedAsPythonDoes() {
        assertThatThrownBy(() -> cinder.call(
                manager.context(), "delete_volume", Map.of("volume", Map.of("no", "id")), Map.class))
                .isInstanceOfSatisfying(RpcException.RemoteFailure.class,
                        failure -> assertThat(failure.type()).isEqualTo("TypeError"));
        assertThat(manager.state().committed()).isEmpty();
    }
}

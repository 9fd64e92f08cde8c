package dev.reseat.volume;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.contract.volume.VolumeObject;
import dev.reseat.contract.volume.VolumeRpc;
import dev.reseat.rpc.RpcException;
import dev.reseat.rpc.client.PreparedCall;
import dev.reseat.testing.HostileArguments;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Hostile arguments at every method: answered by failures that Cinder's callers know, and nothing committed. */
final class VolumeRpcFuzzTest extends CalledManager {
    private static final List<String> CINDERS = List.of(
            "initialize_connection", "terminate_connection", "remove_export", "get_capabilities", "attach_volume",
            "detach_volume", "attachment_update", "attachment_delete");
    private static final List<String> OURS = List.of(
            "reset_status", "describe_connections", "show_connection", "inventory");

    @Test
    void whatIsRefusedIsRefusedInKnownNamesAndChangesNothing() {
        fuzz(20_261_129, 1_500);
    }

    @Test
    @Tag("slow")
    void theSameForLong() {
        for (long seed = 1; seed <= 20; seed++) {
            fuzz(seed, 3_000);
        }
    }

    private void fuzz(long seed, int calls) {
        VolumeObject volume = stuckVolume();
        attachment("a-1", "compute-1");
        var hostile = new HostileArguments(
                seed, VOLUME, "a-1", volume, volume, CONNECTOR, "available", "in-use", "rw");
        List<String> broken = new ArrayList<>();
        int refused = 0;
        for (int i = 0; i < calls; i++) {
            boolean own = hostile.oneOf(List.of(true, false, false, false));
            String method = hostile.oneOf(own ? OURS : CINDERS);
            Map<String, Object> args = arguments(hostile, method);
            PreparedCall call = own
                    ? cloud.backend().inNamespace(VolumeRpc.NAMESPACE).atVersion(VolumeRpc.NAMESPACE_VERSION)
                    : cloud.backend();
            int committed = cloud.state().committed().size();
            var hosts = driver.hosts(VOLUME);
            try {
                call.call(cloud.context(), method, args, Object.class);
            } catch (RpcException.RemoteFailure failure) {
                refused++;
                if (!HostileArguments.isKnown(failure.failure())) {
                    broken.add(method + " " + args + ": " + failure.failure());
                }
                if (cloud.state().committed().size() != committed || !driver.hosts(VOLUME).equals(hosts)) {
                    broken.add("changed something: " + method + " " + args);
                }
            }
        }
        assertThat(broken).isEmpty();
        assertThat(refused).isGreaterThan(calls / 4);
    }

    private static Map<String, Object> arguments(HostileArguments hostile, String method) {
        String volume = method.startsWith("attachment_") ? "vref" : "volume";
        Map<String, Object> args = hostile.of(
                "volume_id", volume, "connector", "attachment_id", "instance_uuid", "host_name", "mountpoint", "mode",
                "force", "discover", "status", "report_to", "after", "limit");
        args.keySet().retainAll(names(method, volume));
        if (args.containsKey("report_to")) {
            args.putAll(hostile.oneOf(List.of(Map.of(), reportTo(hostile), reportTo(hostile))));
        }
        if (hostile.oneOf(List.of(true, false, false)) && names(method, volume).contains(volume)) {
            args.put(volume, hostile.object(
                    "versioned_object", "cinder", "Volume", "id", "host", "status", "size", "multiattach",
                    "admin_metadata", "volume_attachment", "provider_location", "created_at"));
        }
        return args;
    }

    private static Map<String, Object> reportTo(HostileArguments hostile) {
        return Map.of("report_to", hostile.of("journal_id", "step", "epoch"));
    }

    private static List<String> names(String method, String volume) {
        return switch (method) {
            case "initialize_connection" -> List.of("connector", volume);
            case "terminate_connection" -> List.of("volume_id", "connector", "force");
            case "remove_export" -> List.of("volume_id");
            case "get_capabilities" -> List.of("discover");
            case "attach_volume" -> List.of("volume_id", "instance_uuid", "host_name", "mountpoint", "mode", volume);
            case "detach_volume" -> List.of("volume_id", "attachment_id", volume);
            case "attachment_update" -> List.of(volume, "connector", "attachment_id");
            case "attachment_delete" -> List.of(volume, "attachment_id");
            case "reset_status" -> List.of("volume_id", volume, "status", "report_to");
            case "inventory" -> List.of("after", "limit");
            case "show_connection" -> List.of("volume_id", volume, "attachment_id");
            default -> List.of("volume_id", volume);
        };
    }
}

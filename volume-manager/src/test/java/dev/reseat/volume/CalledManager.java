package dev.reseat.volume;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.reseat.contract.volume.ResetStatus;
import dev.reseat.contract.volume.VolumeAttachmentObject;
import dev.reseat.contract.volume.VolumeObject;
import dev.reseat.rpc.Failure;
import dev.reseat.rpc.RpcException;
import dev.reseat.rpc.transport.memory.MemoryBroker;
import dev.reseat.rpc.transport.memory.MemoryTransport;
import dev.reseat.volume.driver.MemoryDriver;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;

/** A volume-manager on a driver in memory, and what tests call it with. */
abstract class CalledManager {
    static final String VOLUME = "e3333de9-0000-4000-8000-000000000001";
    static final Map<String, Object> CONNECTOR = Map.of("host", "compute-1", "initiator", "iqn.2026-01.x:c1");

    final MemoryDriver driver = new MemoryDriver();
    final OneBackend cloud = new OneBackend(new MemoryTransport(new MemoryBroker()), driver).start();

    @AfterEach
    void stop() {
        cloud.close();
    }

    VolumeObject stuckVolume() {
        driver.create(VOLUME);
        VolumeObject row = Rows.volume(VOLUME, OneBackend.HOST + "#pool", Map.of());
        cloud.state().add(row);
        return row;
    }

    VolumeAttachmentObject attachment(String id, String host) {
        VolumeAttachmentObject row = Rows.attachmentTo(host, id, VOLUME);
        cloud.state().add(row);
        return row;
    }

    Failure failureOf(Runnable call) {
        return catchThrowableOfType(RpcException.RemoteFailure.class, call::run).failure();
    }

    static Map<String, Object> args(Object... words) {
        Map<String, Object> args = new HashMap<>();
        for (int i = 0; i < words.length; i += 2) {
            args.put((String) words[i], words[i + 1]);
        }
        return args;
    }

    ResetStatus.Result reset(String status) {
        return cloud.callReseat(
                "reset_status", args("volume_id", VOLUME, "status", status), ResetStatus.Result.class);
    }
}

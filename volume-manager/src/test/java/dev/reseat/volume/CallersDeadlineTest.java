package dev.reseat.volume;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.contract.volume.BackendInventory;
import dev.reseat.contract.volume.BreakLock;
import dev.reseat.contract.volume.DescribeConnections;
import dev.reseat.contract.volume.FenceClient;
import dev.reseat.contract.volume.VolumeObject;
import dev.reseat.rpc.RequestContext;
import dev.reseat.rpc.transport.memory.MemoryBroker;
import dev.reseat.rpc.transport.memory.MemoryTransport;
import dev.reseat.rpc.wiring.Rpc;
import dev.reseat.rpc.wiring.RpcConfig;
import dev.reseat.runtime.Deadline;
import dev.reseat.runtime.RequestTimes;
import dev.reseat.runtime.Settings;
import dev.reseat.volume.driver.Backend;
import dev.reseat.volume.driver.MemoryDriver;
import dev.reseat.volume.service.BackendView;
import dev.reseat.volume.service.LostClients;
import dev.reseat.volume.service.VolumeException;
import dev.reseat.volume.service.VolumeLoader;
import dev.reseat.volume.service.VolumeLocks;
import dev.reseat.volume.state.StateClient;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What nobody waits for any more is not begun, however long such a request may take. */
final class CallersDeadlineTest {
    private static final String ID = "e3333de9-0000-4000-8000-000000000001";
    private static final Duration LONG = Duration.ofMinutes(1);

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Rpc rpc = new Rpc(
            new MemoryTransport(new MemoryBroker()),
            Settings.parse("[DEFAULT]\nrpc_response_timeout = 20").checked(RpcConfig::from),
            meters);
    private final RequestContext context = RequestContext.admin();

    @AfterEach
    void stop() {
        rpc.stop();
    }

    @Test
    void neitherAQuestionNorAChangeIsBegunWhenTheCallerHasGivenUp() {
        MemoryDriver driver = new MemoryDriver();
        driver.create(ID);
        Backend backend = new Backend("host-1@one", "one", driver, meters);
        VolumeLoader volumes = new VolumeLoader(backend, new StateClient(rpc.client(), LONG));
        VolumeLocks locks = new VolumeLocks(new RequestTimes(LONG, LONG));
        BackendView view = new BackendView(backend, volumes, locks);
        LostClients lost = new LostClients(backend, volumes, locks);
        Optional<VolumeObject> whole = Optional.of(Rows.with(Rows.volume(ID, "host-1@one#pool", Map.of())));
        Deadline over = Deadline.after(Duration.ZERO);

        for (ThrowingCallable late : List.<ThrowingCallable>of(
                () -> view.describe(context, new DescribeConnections(Optional.of(ID), whole), over),
                () -> view.inventory(context, new BackendInventory(Optional.empty(), 10), over),
                () -> lost.breakLock(context, new BreakLock(Optional.of(ID), whole), over),
                () -> lost.fence(context, new FenceClient("192.0.2.7:0/1", Optional.empty()), over))) {
            assertThatThrownBy(late).isInstanceOf(VolumeException.class);
        }
    }
}

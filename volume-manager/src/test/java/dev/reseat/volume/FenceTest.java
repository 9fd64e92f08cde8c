package dev.reseat.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.contract.volume.FenceClient;
import dev.reseat.rpc.RpcException;
import dev.reseat.rpc.transport.memory.MemoryBroker;
import dev.reseat.rpc.transport.memory.MemoryTransport;
import dev.reseat.volume.driver.MemoryDriver;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a caller learns of a client that was to be kept out. */
final class FenceTest {
    private final MemoryDriver driver = new MemoryDriver();
    private final OneBackend cloud = new OneBackend(new MemoryTransport(new MemoryBroker()), driver);

    @BeforeEach
    void start() {
        cloud.start();
    }

    @AfterEach
    void stop() {
        cloud.close();
    }

    private FenceClient.Result fence() {
        return cloud.callReseat(
                FenceClient.METHOD, new FenceClient("192.0.2.7:0/4711", Optional.of(60)), FenceClient.Result.class);
    }

    @Test
    void whatTheBackendShowsIsSaid() {
        assertThat(fence()).isEqualTo(
                new FenceClient.Result(true, "memory", "192.0.2.7:0/4711 is kept out for 60 seconds"));
    }

    /** It may have failed when it looked whether the client is kept out: then it is. */
    @Test
    void aFailureIsNotTakenForANo() {
        driver.breakDown("fence");

        assertThatThrownBy(this::fence)
                .isInstanceOf(RpcException.RemoteFailure.class)
                .hasMessageContaining("not shown that the client is kept out, and it may be: fence broke");
    }
}

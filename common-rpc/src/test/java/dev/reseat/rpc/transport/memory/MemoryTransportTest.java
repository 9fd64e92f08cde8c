package dev.reseat.rpc.transport.memory;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.reseat.rpc.RpcException;
import dev.reseat.rpc.transport.Address;
import dev.reseat.rpc.transport.ListenAddress;
import dev.reseat.rpc.transport.Received;
import dev.reseat.rpc.transport.Transport;
import dev.reseat.rpc.transport.TransportContract;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

final class MemoryTransportTest extends TransportContract {
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-22T00:00:00Z"));
    private final MemoryBroker broker = new MemoryBroker(now::get);

    @Override
    protected Transport open() {
        return new MemoryTransport(broker);
    }

    private void pass(Duration time) {
        now.updateAndGet(instant -> instant.plus(time));
    }

    @Test
    void aMessageExpiresWhileItWaits() throws Exception {
        transport.listen(serverA, Received.acknowledging()).close();
        transport.send(toHostA, message("gone").expiringAfter(Duration.ofSeconds(60)), WITHIN);
        pass(Duration.ofSeconds(60));

        var a = Received.acknowledging();
        transport.listen(serverA, a);

        a.nothingBefore(() -> send(toHostA, "marker"), "marker");
    }

    @Test
    void aReplyQueueNobodyReadsDisappears() {
        var replies = new ListenAddress.Replies(unique("reply"));
        var address = new Address.Queue(replies.queue());
        Transport.Listener listener = transport.listen(replies, Received.acknowledging());
        pass(Duration.ofMinutes(30));
        assertDoesNotThrow(() -> transport.send(address, message("read").asMandatory(), WITHIN));

        listener.close();
        pass(Duration.ofSeconds(1799));
        assertDoesNotThrow(() -> transport.send(address, message("waits").asMandatory(), WITHIN));
        pass(Duration.ofSeconds(1));

        assertThrows(
                RpcException.NotDelivered.class,
                () -> transport.send(address, message("late").asMandatory(), WITHIN));
    }

    @Test
    void aReceiverCannotChangeWhatOthersReceive() throws Exception {
        var a = Received.acknowledging();
        var b = Received.acknowledging();
        transport.listen(serverA, a);
        transport.listen(serverB, b);
        send(new Address.Fanout(topic), "same");

        a.next().body()[0] = 'X';

        assertEquals("same", b.text());
    }
}

package dev.reseat.rpc.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reseat.rpc.RpcException;
import dev.reseat.rpc.RpcException.NotDelivered;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Waiting for a message that nobody ever settles. */
final class TransportSendTest {
    private final Transport stuck = new Stuck();

    @Test
    void aSenderWhoseTimeIsOverGivesUp() {
        var failure = assertThrows(NotDelivered.class, () -> send(Duration.ofMillis(1)));

        assertEquals("not confirmed within 1 ms", failure.getMessage());
        assertEquals(Transport.class.getName(), failure.getStackTrace()[0].getClassName(), "where it was waited for");
    }

    @Test
    void anInterruptEndsTheWaitAndStays() {
        Thread.currentThread().interrupt();

        assertThrows(NotDelivered.class, () -> send(Duration.ofDays(1)));
        assertTrue(Thread.interrupted());
    }

    private void send(Duration within) {
        stuck.send(new Address.Queue("reply"), Outgoing.of(new byte[0]), within);
    }

    private static final class Stuck implements Transport {
        @Override
        public Sending publish(Address address, Outgoing message, Consumer<Optional<RpcException>> settled) {
            return new Sending() {
                @Override
                public void abandon(String why) {
                    settled.accept(Optional.of(new NotDelivered(why)));
                }

                @Override
                public boolean isRepeated() {
                    return false;
                }
            };
        }

        @Override
        public Listener listenInBatches(ListenAddress source, Consumer<Arrivals> receiver) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int consumers(String queue, Duration within) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean isConnected() {
            return true;
        }

        @Override
        public void close() {}
    }
}

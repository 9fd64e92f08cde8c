package dev.reseat.rpc.transport.rabbit;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reseat.rpc.RpcException;
import dev.reseat.rpc.RpcException.NotDelivered;
import dev.reseat.rpc.RpcException.OutcomeUnknown;
import dev.reseat.rpc.RpcException.Undeliverable;
import dev.reseat.rpc.transport.Address;
import dev.reseat.rpc.transport.Outgoing;
import dev.reseat.rpc.transport.rabbit.PendingPublish.Doubt;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What may be said about a message, by how far it got. */
final class PendingPublishTest {
    private final PendingPublish pending =
            new PendingPublish(new Address.Queue("reply"), Outgoing.of(new byte[0]).asMandatory());

    private void await() {
        pending.abandon("given up");
        var told = new CompletableFuture<Optional<RpcException>>();
        pending.whenSettled(told::complete);
        told.join().ifPresent(failure -> {
            throw failure;
        });
    }

    @Test
    void confirmedIsSent() {
        assertTrue(pending.write());
        pending.confirmed();
        assertDoesNotThrow(this::await);
    }

    @Test
    void notWrittenIsNotDelivered() {
        assertThrows(NotDelivered.class, this::await);
        assertFalse(pending.write(), "its sender has given up: it must not be written any more");
    }

    @Test
    void writtenAndUnconfirmedIsUnknown() {
        pending.write();
        assertThrows(OutcomeUnknown.class, this::await);
        assertThrows(OutcomeUnknown.class, this::await);
    }

    @Test
    void returnedIsUndeliverable() {
        pending.write();
        pending.returned();
        pending.confirmed();
        assertThrows(Undeliverable.class, this::await);
    }

    @Test
    void returnedAfterALossIsUnknown() {
        pending.write();
        pending.unconfirmed(Doubt.CONNECTION_LOST);
        pending.write();
        pending.returned();
        pending.confirmed();
        assertThrows(OutcomeUnknown.class, this::await);
    }

    @Test
    void returnedBeforeALossAndTakenAfterItIsSent() {
        pending.write();
        pending.returned();
        pending.unconfirmed(Doubt.CONNECTION_LOST);
        pending.write();
        pending.confirmed();
        assertDoesNotThrow(this::await);
    }

    @Test
    void aSuspectThatIsRefusedAloneIsNotDelivered() {
        pending.write();
        pending.unconfirmed(Doubt.CHANNEL_CLOSED);
        assertTrue(pending.isSuspect());
        pending.refused("too large");
        assertThrows(NotDelivered.class, this::await);
    }

    @Test
    void givenUpAfterALossIsUnknown() {
        var once = new PendingPublish(new Address.Queue("reply"), Outgoing.of(new byte[0]).retrying(1));
        once.write();
        once.unconfirmed(Doubt.CONNECTION_LOST);
        once.unreachable("refused");
        assertFalse(once.isSettled());
        once.unreachable("refused");
        var told = new CompletableFuture<Optional<RpcException>>();
        once.whenSettled(told::complete);
        assertInstanceOf(OutcomeUnknown.class, told.join().orElseThrow());
    }

    @Test
    void refusedAfterALossIsUnknown() {
        pending.write();
        pending.unconfirmed(Doubt.CONNECTION_LOST);
        pending.unconfirmed(Doubt.CHANNEL_CLOSED);
        pending.refused("too large");
        assertThrows(OutcomeUnknown.class, this::await);
    }

    @Test
    void whatIsWrittenAgainIsRepeated() {
        pending.write();
        assertFalse(pending.isRepeated());
        pending.unconfirmed(Doubt.CONNECTION_LOST);
        assertFalse(pending.isRepeated());
        pending.write();
        assertTrue(pending.isRepeated());
    }
}

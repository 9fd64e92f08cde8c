package dev.reseat.rpc.wiring;

/** A process was told to replace a service that is at work: it has not begun to serve. */
public final class QueueInUse extends RuntimeException {
    QueueInUse(String message) {
        super(message);
    }
}

package dev.reseat.rpc.transport.rabbit;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/**
 * The way to the broker. The client library flushes after every frame; while this is held, flushing waits, so that what
 * is written together goes out in one piece and costs one system call, here and at the broker. Held for moments only,
 * and never by a thread that waits for the broker's answer. Thread-safe; what others write meanwhile waits as well.
 */
final class HeldOutput extends BufferedOutputStream {
    private volatile boolean held;

    /** @param size in bytes; what is more goes out at once */
    HeldOutput(OutputStream socket, int size) {
        super(socket, size);
    }

    void hold() {
        held = true;
    }

    /** Sends what has piled up. @throws IOException if the connection is lost */
    void release() throws IOException {
        held = false;
        super.flush();
    }

    @Override
    public synchronized void flush() throws IOException {
        if (!held) {
            super.flush();
        }
    }
}

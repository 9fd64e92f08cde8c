package dev.reseat.rpc.transport.rabbit;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** The way from the broker. Tells before each read that may have to wait: what came so far has been worked off then. */
final class PausingInput extends FilterInputStream {
    private volatile Runnable beforeRead = () -> {};

    PausingInput(InputStream socket) {
        super(socket);
    }

    /** @param told on the thread that reads; must not block */
    void beforeRead(Runnable told) {
        beforeRead = told;
    }

    @Override
    public int read() throws IOException {
        beforeRead.run();
        return super.read();
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        beforeRead.run();
        return super.read(bytes, offset, length);
    }

    /**
     * Whoever reads goes on reading until it has what it needs: asking first would be a system call more for each
     * piece.
     */
    @Override
    public int available() {
        return 0;
    }
}

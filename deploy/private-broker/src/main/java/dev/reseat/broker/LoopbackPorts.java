package dev.reseat.broker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.random.RandomGenerator;

/**
 * Ports of the loopback interface for programs that are told which one to listen on. A port is this JVM's for as long
 * as it runs, also while nothing listens there: a broker that is stopped finds it free when it starts again. Others
 * that ask here, in this JVM or another of the same user, get other ports; they lie below those the kernel gives to
 * whoever asks for any port. Thread-safe.
 */
public final class LoopbackPorts {
    private static final int FIRST = 20_000;
    private static final int AFTER_LAST = 30_000;
    private static final int TRIES = 1_000;

    /** A byte for each port; who holds the lock on it has the port. Never closed: that would give up all locks. */
    private static final FileChannel RESERVATIONS = open();

    private LoopbackPorts() {}

    /**
     * A port nobody listens on now.
     *
     * @throws IllegalStateException if none is found
     */
    public static int reserve() {
        for (int i = 0; i < TRIES; i++) {
            int port = RandomGenerator.getDefault().nextInt(FIRST, AFTER_LAST);
            if (isReserved(port) && isFree(port)) {
                return port;
            }
        }
        throw new IllegalStateException("no free port from " + FIRST + " to " + (AFTER_LAST - 1));
    }

    private static boolean isReserved(int port) {
        try {
            return RESERVATIONS.tryLock(port, 1, false) != null;
        } catch (OverlappingFileLockException _) {
            return false; // of this JVM already
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isFree(int port) {
        try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException _) {
            return false;
        }
    }

    private static FileChannel open() {
        Path file = Path.of(
                System.getProperty("java.io.tmpdir"), "reseat-ports-" + System.getProperty("user.name"));
        try {
            return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package dev.reseat.rpc.transport.rabbit;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.Optional;
import javax.net.SocketFactory;

/** Makes the socket of one connection, and remembers its two ends. */
final class HoldingSockets extends SocketFactory {
    private final Buffers buffers;
    private volatile Optional<HeldOutput> output = Optional.empty();
    private volatile Optional<PausingInput> input = Optional.empty();

    HoldingSockets(Buffers buffers) {
        this.buffers = buffers;
    }

    /** The output of the socket that was connected; empty before, and if another factory made it. */
    Optional<HeldOutput> output() {
        return output;
    }

    /** Its input. */
    Optional<PausingInput> input() {
        return input;
    }

    @Override
    public Socket createSocket() {
        return new HoldingSocket();
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        throw new SocketException("connected sockets are not made here");
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) throws IOException {
        return createSocket(host, port);
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        return createSocket(host.getHostName(), port);
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress localHost, int localPort) throws IOException {
        return createSocket(host, port);
    }

    /**
     * Bytes that may wait for each other on a connection.
     *
     * @param input read with one system call
     * @param output written with one system call
     */
    record Buffers(int input, int output) {}

    private final class HoldingSocket extends Socket {
        @Override
        public OutputStream getOutputStream() throws IOException {
            var held = new HeldOutput(super.getOutputStream(), buffers.output());
            output = Optional.of(held);
            return held;
        }

        @Override
        public InputStream getInputStream() throws IOException {
            var pausing = new PausingInput(super.getInputStream());
            input = Optional.of(pausing);
            return new BufferedInputStream(pausing, buffers.input());
        }
    }
}

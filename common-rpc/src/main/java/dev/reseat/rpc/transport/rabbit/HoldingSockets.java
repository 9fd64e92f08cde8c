package dev.reseat.rpc.transport.rabbit;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.Optional;
import javax.net.SocketFactory;

/** Makes the socket of one connection, and remembers its output. */
final class HoldingSockets extends SocketFactory {
    private final int size;
    private volatile Optional<HeldOutput> output = Optional.empty();

    /** @param size of what may be held back, in bytes */
    HoldingSockets(int size) {
        this.size = size;
    }

    /** The output of the socket that was connected; empty before. */
    Optional<HeldOutput> output() {
        return output;
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

    private final class HoldingSocket extends Socket {
        @Override
        public OutputStream getOutputStream() throws IOException {
            var held = new HeldOutput(super.getOutputStream(), size);
            output = Optional.of(held);
            return held;
        }
    }
}

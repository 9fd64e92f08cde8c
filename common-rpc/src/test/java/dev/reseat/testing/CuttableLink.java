package dev.reseat.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A port of 127.0.0.1 that leads to another one until it is cut, and again when it is mended. Frozen, it is a network
 * that loses everything in silence: what is written fills the sender's buffer, and passes after the thaw, as with TCP's
 * repeats. Muted, it does so with answers only.
 */
public final class CuttableLink implements AutoCloseable {
    private final InetSocketAddress target;
    private final int port;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    // all guarded by this
    private ServerSocket listener;
    private boolean frozen;
    private boolean muted;

    /** Cut to begin with; its port is free for it. */
    public CuttableLink(InetSocketAddress target) throws IOException {
        this.target = target;
        listener = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
        port = listener.getLocalPort();
        listener.close();
    }

    public int port() {
        return port;
    }

    /** New connections are accepted from now on. */
    public synchronized void mend() throws IOException {
        ServerSocket mended = new ServerSocket();
        mended.setReuseAddress(true);
        mended.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        listener = mended;
        Thread.ofVirtual().start(() -> accept(mended));
    }

    /** Connections are reset, new ones refused. */
    public synchronized void cut() throws IOException {
        listener.close();
        reset();
    }

    /** Connections are reset, new ones accepted. */
    public synchronized void reset() throws IOException {
        for (Socket socket : open) {
            try {
                socket.setSoLinger(true, 0); // RST, not FIN
            } catch (SocketException closed) {
                continue; // by its own ends
            }
            socket.close();
        }
        open.clear();
    }

    /** Connections stay open, but nothing passes until {@link #thaw}. */
    public synchronized void freeze() {
        frozen = true;
    }

    /** Connections stay open and take what they are sent, but no answer passes until {@link #thaw}. */
    public synchronized void mute() {
        muted = true;
    }

    public synchronized void thaw() {
        frozen = false;
        muted = false;
        notifyAll();
    }

    @Override
    public void close() throws IOException {
        thaw();
        cut();
    }

    private void accept(ServerSocket from) {
        while (!from.isClosed()) {
            try {
                connect(from.accept());
            } catch (IOException failure) {
                if (!from.isClosed()) {
                    throw new UncheckedIOException(failure);
                }
            }
        }
    }

    private void connect(Socket client) throws IOException {
        try {
            Socket server = new Socket(target.getAddress(), target.getPort());
            open.add(client);
            open.add(server);
            Thread.ofVirtual().start(() -> pump(client, server, false));
            Thread.ofVirtual().start(() -> pump(server, client, true));
        } catch (ConnectException targetIsDown) {
            client.close();
        }
    }

    private void pump(Socket from, Socket to, boolean answers) {
        try (from; to) {
            InputStream input = from.getInputStream();
            OutputStream output = to.getOutputStream();
            byte[] bytes = new byte[8192];
            int count = input.read(bytes);
            while (count >= 0) {
                awaitThaw(answers);
                output.write(bytes, 0, count);
                count = input.read(bytes);
            }
        } catch (IOException cutOff) {
            open.remove(from);
            open.remove(to);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void awaitThaw(boolean answers) throws InterruptedException {
        while (frozen || (answers && muted)) {
            wait();
        }
    }
}

package dev.reseat.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A port of 127.0.0.1 that leads to another one until it is cut, and again when it is mended. */
public final class CuttableLink implements AutoCloseable {
    private final InetSocketAddress target;
    private final int port;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    // both guarded by this
    private ServerSocket listener;
    private boolean frozen;

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
        for (Socket socket : open) {
            socket.close();
        }
        open.clear();
    }

    /** Connections stay open, but nothing passes until {@link #thaw}. */
    public synchronized void freeze() {
        frozen = true;
    }

    public synchronized void thaw() {
        frozen = false;
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
                Socket client = from.accept();
                Socket server = new Socket(target.getAddress(), target.getPort());
                open.add(client);
                open.add(server);
                Thread.ofVirtual().start(() -> pump(client, server));
                Thread.ofVirtual().start(() -> pump(server, client));
            } catch (IOException failure) {
                if (!from.isClosed()) {
                    throw new UncheckedIOException(failure);
                }
            }
        }
    }

    private void pump(Socket from, Socket to) {
        try (from; to) {
            InputStream input = from.getInputStream();
            OutputStream output = to.getOutputStream();
            byte[] bytes = new byte[8192];
            int count = input.read(bytes);
            while (count >= 0) {
                awaitThaw();
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

    private synchronized void awaitThaw() throws InterruptedException {
        while (frozen) {
            wait();
        }
    }
}

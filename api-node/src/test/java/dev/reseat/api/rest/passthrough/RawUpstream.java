package dev.reseat.api.rest.passthrough;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;

/** A server behind ours that shows each request as it came off the wire, and answers what it is told to. */
final class RawUpstream implements AutoCloseable {
    private final ServerSocket listening;
    private final BlockingQueue<Received> received = new LinkedBlockingQueue<>();
    private final List<Socket> connections = new CopyOnWriteArrayList<>();
    private volatile Answers answers = (_, out) -> write(out, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");

    /** @param head request line and headers, each with its line end */
    record Received(String head, String body) {
        String line() {
            return head.lines().findFirst().orElseThrow();
        }

        /** Values of a header, in their order. */
        List<String> header(String name) {
            return head.lines()
                    .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
                    .map(line -> line.substring(name.length() + 1).strip())
                    .toList();
        }
    }

    /** Writes an answer, or does not; the connection stays open. */
    @FunctionalInterface
    interface Answers {
        void answer(Connection from, OutputStream out) throws IOException;
    }

    /** What is left to be read of a connection whose request has been. */
    record Connection(InputStream in, Received request) {
        /** Returns when the other side has closed it. */
        boolean ends() throws IOException {
            return in.read() < 0;
        }
    }

    RawUpstream() throws IOException {
        listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return listening.getLocalPort();
    }

    void answering(Answers next) {
        answers = next;
    }

    void answering(String text) {
        answers = (_, out) -> write(out, text);
    }

    BlockingQueue<Received> received() {
        return received;
    }

    static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listening.accept();
                connections.add(socket);
                Thread.ofVirtual().start(() -> serve(socket));
            }
        } catch (IOException closed) {
            connections.forEach(RawUpstream::close);
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            var in = new BufferedInputStream(socket.getInputStream());
            while (true) {
                String head = head(in);
                if (head.isEmpty()) {
                    return;
                }
                var request = new Received(head, body(in, head));
                received.add(request);
                answers.answer(new Connection(in, request), socket.getOutputStream());
            }
        } catch (IOException ended) {
            close(socket);
        }
    }

    private static String head(InputStream in) throws IOException {
        var head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                return "";
            }
            head.write(next);
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }

    private static String body(InputStream in, String head) throws IOException {
        var request = new Received(head, "");
        if (!request.header("Transfer-Encoding").isEmpty()) {
            var body = new ByteArrayOutputStream();
            while (true) {
                int size = Integer.parseInt(line(in), 16);
                body.write(in.readNBytes(size));
                line(in);
                if (size == 0) {
                    return body.toString(StandardCharsets.ISO_8859_1);
                }
            }
        }
        int length = request.header("Content-Length").stream().mapToInt(Integer::parseInt).findFirst().orElse(0);
        return new String(in.readNBytes(length), StandardCharsets.ISO_8859_1);
    }

    private static String line(InputStream in) throws IOException {
        var line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            line.append((char) next);
        }
        return line.toString().strip();
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        connections.forEach(RawUpstream::close);
    }
}

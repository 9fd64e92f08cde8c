package dev.reseat.systemtest;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * An answer as it came off the wire, without what is new in each: its date, the ids of the request, and what concerns
 * the connection alone.
 *
 * @param headers as they are written, sorted
 * @param body a character for each byte
 */
record WireAnswer(int status, List<String> headers, String body) {
    private static final int PATIENCE = 60_000;
    /** Has no length by the rules of HTTP; eventlet's server says that it is 0, ours does not. */
    private static final int NO_CONTENT = 204;
    private static final String END = "\r\n\r\n";
    private static final Pattern REQUEST_ID = Pattern.compile("req-[0-9a-f-]{36}");
    private static final Set<String> ITS_OWN = Set.of(
            "date", "x-openstack-request-id", "x-compute-request-id", "connection", "keep-alive", "transfer-encoding");

    /** @param request byte for byte; it must ask for the connection to be closed */
    static WireAnswer of(int port, String request) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(PATIENCE);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            String all = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            while (all.startsWith("HTTP/1.1 1")) { // it goes on
                all = all.substring(all.indexOf(END) + END.length());
            }
            return read(all);
        }
    }

    private static WireAnswer read(String all) {
        int end = all.indexOf(END);
        if (end < 0) {
            throw new AssertionError("no answer: " + all);
        }
        List<String> head = Arrays.asList(all.substring(0, end).split("\r\n", -1));
        String rest = all.substring(end + END.length());
        boolean chunked = head.stream().anyMatch(line -> line.equalsIgnoreCase("transfer-encoding: chunked"));
        String body = chunked ? joined(rest) : rest;
        int status = Integer.parseInt(head.getFirst().split(" ", -1)[1]);
        return new WireAnswer(
                status,
                head.stream()
                        .skip(1)
                        .filter(line -> !ITS_OWN.contains(name(line)))
                        .filter(line -> status != NO_CONTENT || !name(line).equals("content-length"))
                        .sorted()
                        .toList(),
                REQUEST_ID.matcher(body).replaceAll("req-"));
    }

    private static String name(String line) {
        return line.substring(0, line.indexOf(':')).toLowerCase(Locale.ROOT);
    }

    private static String joined(String chunks) {
        var body = new StringBuilder();
        int at = 0;
        while (true) {
            int line = chunks.indexOf("\r\n", at);
            int size = Integer.parseInt(chunks.substring(at, line).strip(), 16);
            if (size == 0) {
                return body.toString();
            }
            body.append(chunks, line + 2, line + 2 + size);
            at = line + 2 + size + 2;
        }
    }
}

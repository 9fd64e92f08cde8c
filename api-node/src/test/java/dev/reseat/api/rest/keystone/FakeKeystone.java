package dev.reseat.api.rest.keystone;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** The part of Keystone's v3 API that validates tokens, with what it was asked. */
public final class FakeKeystone implements AutoCloseable {
    final List<String> questions = new CopyOnWriteArrayList<>();
    final List<String> logins = new CopyOnWriteArrayList<>();
    volatile boolean broken;
    private final Map<String, String> tokens = new ConcurrentHashMap<>();
    private final AtomicInteger issued = new AtomicInteger();
    private volatile String ownToken = "";
    private final HttpServer server;

    public FakeKeystone() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/identity/v3/auth/tokens", this::answer);
        server.start();
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/identity";
    }

    /** Makes a token of a project valid. */
    public void token(String token, String user, String project, String expires, String... roles) {
        scoped(token, user, expires,
                """
                "project": {"id": "%s", "name": "pn", "domain": {"id": "default", "name": "Default"}}"""
                        .formatted(project),
                roles);
    }

    /**
     * Makes a token valid.
     *
     * @param scope the members of the token that say what it is for
     */
    public void scoped(String token, String user, String expires, String scope, String... roles) {
        String names = String.join(
                ",", List.of(roles).stream().map(role -> "{\"id\":\"r\",\"name\":\"" + role + "\"}").toList());
        tokens.put(
                token,
                """
                {"token": {"methods": ["password"], "expires_at": "%s", "issued_at": "2026-11-22T00:00:00.000000Z",
                  "user": {"id": "%s", "name": "n", "domain": {"id": "default", "name": "Default"}},
                  %s,
                  "roles": [%s]}}""".formatted(expires, user, scope, names));
    }

    /** Forgets the token that the service under test got for itself. */
    void forgetLogins() {
        ownToken = "";
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (broken) {
                exchange.sendResponseHeaders(500, -1);
            } else if (exchange.getRequestMethod().equals("POST")) {
                logins.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
                ownToken = "own-" + issued.incrementAndGet();
                exchange.getResponseHeaders().add("X-Subject-Token", ownToken);
                exchange.sendResponseHeaders(201, -1);
            } else {
                validate(exchange);
            }
        }
    }

    private void validate(HttpExchange exchange) throws IOException {
        String subject = exchange.getRequestHeaders().getFirst("X-Subject-Token");
        questions.add(subject + " " + exchange.getRequestURI().getQuery());
        if (!ownToken.equals(exchange.getRequestHeaders().getFirst("X-Auth-Token"))) {
            exchange.sendResponseHeaders(401, -1);
            return;
        }
        String known = tokens.get(subject);
        if (known == null) {
            exchange.sendResponseHeaders(404, -1);
            return;
        }
        byte[] body = known.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}

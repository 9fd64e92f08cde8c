package dev.reseat.compute;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** Stands for the block-storage API over real HTTP: answers as told, and remembers what it was asked. */
final class BlockStorageFake implements AutoCloseable {
    static final String PROJECT = "7c1d2e3f4a5b4c6d8e9fa0b1c2d3e4f5";
    private static final Answer DONE = new Answer(202, "");

    private final HttpServer server;
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    private final CountDownLatch asked = new CountDownLatch(1);
    private final AtomicInteger answeredAtOnce = new AtomicInteger();
    private volatile CountDownLatch gate = new CountDownLatch(0);

    BlockStorageFake() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        server.start();
    }

    record Answer(int status, String body) {}

    /** @param headers names in lower case, the first value of each */
    record Request(String method, String path, Map<String, String> headers, String body) {
        String line() {
            return method + " " + path;
        }
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/v3/" + PROJECT);
    }

    /** @param line method and path behind the project */
    void on(String line, int status, String body) {
        answers.put(line, new Answer(status, body));
    }

    /** Requests are taken and not answered from now on. */
    CountDownLatch holdAnswers() {
        return holdAnswersAfter(0);
    }

    /** The same after so many answers. */
    CountDownLatch holdAnswersAfter(int answers) {
        answeredAtOnce.set(answers);
        gate = new CountDownLatch(1);
        return gate;
    }

    /** Counted down by the first request, or the first that is not answered at once. */
    CountDownLatch asked() {
        return asked;
    }

    List<Request> requests() {
        return List.copyOf(requests);
    }

    List<String> lines() {
        return requests.stream().map(Request::line).toList();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            Map<String, String> headers = new ConcurrentHashMap<>();
            exchange.getRequestHeaders()
                    .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT),
                            values.getFirst()));
            var request = new Request(
                    exchange.getRequestMethod(), exchange.getRequestURI().getRawPath().replace("/v3/" + PROJECT, ""),
                    headers, new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            requests.add(request);
            if (answeredAtOnce.getAndDecrement() <= 0) {
                asked.countDown();
                gate.await();
            }
            Answer answer = answers.getOrDefault(request.line(), DONE);
            byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        gate.countDown();
        server.stop(0);
    }
}

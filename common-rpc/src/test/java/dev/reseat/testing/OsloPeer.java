package dev.reseat.testing;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reseat.rpc.Target;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The real oslo.messaging in a Python process: a client that calls, and a server with the methods of
 * {@code oslo_rpc.py}. Thread-safe. Skips or fails the test where oslo.messaging is missing, see {@link PythonPeer}.
 */
public final class OsloPeer implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int LIMIT_SECONDS = 60;

    private final AtomicInteger ids = new AtomicInteger();
    private final Map<Integer, CompletableFuture<JsonNode>> answers = new ConcurrentHashMap<>();
    private final BlockingQueue<JsonNode> events = new LinkedBlockingQueue<>();

    private final PythonPeer python;

    private OsloPeer(String transportUrl) {
        python = PythonPeer.start("oslo_rpc.py", this::read, transportUrl);
    }

    /** A client and server of one broker, no server started yet. */
    public static OsloPeer connect(String transportUrl) {
        return new OsloPeer(transportUrl);
    }

    private void read(Optional<String> line) {
        if (line.isEmpty()) {
            answers.values()
                    .forEach(answer -> answer.completeExceptionally(new AssertionError("the Python peer has ended")));
            return;
        }
        JsonNode said = JSON.readTree(line.get());
        if (said.has("id")) {
            answers.remove(said.path("id").intValue()).complete(said);
        } else {
            events.add(said);
        }
    }

    /** What came of a call: its result, or the exception that its caller in Python sees. */
    public record Answer(JsonNode result, JsonNode error) {
        public boolean failed() {
            return !error.isMissingNode();
        }

        /** The class that the peer reported, if Python did not rebuild it. */
        public String remoteType() {
            return error.path("remote_type").asString("");
        }

        /** The class of the exception in Python. */
        public String type() {
            return error.path("type").asString("");
        }

        public String text() {
            return error.path("text").asString("");
        }

        /** The message of a failure that Python did not rebuild, without decoration. */
        public String value() {
            return error.path("value").asString("");
        }
    }

    /** Starts a server; returns when it listens. */
    public void serve(String exchange, String topic, String server) {
        ask("serve", Map.of("exchange", exchange, "topic", topic, "server", server));
    }

    /**
     * The same for two endpoints with private and exposed methods.
     *
     * @param policy class name of the access policy
     * @param ping {@code rpc_ping_enabled}
     */
    public void serveGuarded(Target target, String policy, boolean ping) {
        ask("serve", Map.of("exchange", target.exchange(), "topic", target.topic(), "server",
                target.server().orElseThrow(), "policy", policy, "ping", ping));
    }

    /** Whether this version of oslo.messaging has an option of {@code [oslo_messaging_rabbit]}. */
    public boolean knows(String option) {
        return ask("knows", Map.of("option", option)).path("result").booleanValue();
    }

    public Answer call(Target target, String method, Map<String, ?> args) {
        return call(target, method, args, Map.of());
    }

    /** @param terms {@code timeout}, {@code monitor}, {@code fanout} of the client */
    public Answer call(Target target, String method, Map<String, ?> args, Map<String, Object> terms) {
        return answer(ask("call", request(target, method, args, terms)));
    }

    /** Begins a call, whose answer is waited for later. */
    public CompletableFuture<Answer> calling(Target target, String method, Map<String, ?> args) {
        return begin("call", request(target, method, args, Map.of())).thenApply(OsloPeer::answer);
    }

    public Answer cast(Target target, String method, Map<String, ?> args) {
        return answer(ask("cast", request(target, method, args, Map.of())));
    }

    public Answer fanout(Target target, String method, Map<String, ?> args) {
        return answer(ask("cast", request(target, method, args, Map.of("fanout", true))));
    }

    /** Waits for the next thing that the server's methods have told of. */
    public JsonNode event() throws InterruptedException {
        JsonNode event = events.poll(LIMIT_SECONDS, SECONDS);
        assertTrue(event != null, "the Python server saw nothing");
        return event;
    }

    /** Ends the process and its servers. */
    @Override
    public void close() {
        python.close();
    }

    private static Map<String, Object> request(
            Target target, String method, Map<String, ?> args, Map<String, Object> terms) {
        Map<String, Object> words = new HashMap<>(terms);
        words.put("exchange", target.exchange());
        words.put("topic", target.topic());
        target.server().filter(_ -> !terms.containsKey("fanout")).ifPresent(server -> words.put("server", server));
        target.namespace().ifPresent(namespace -> words.put("namespace", namespace));
        words.put("version", target.version().toString());
        Map<String, Object> context = Map.of("user_id", "u1", "project_id", "p1", "is_admin", true, "roles",
                new String[]{"admin"}, "request_id", "req-00000000-0000-4000-8000-000000000001");
        return Map.of("target", words, "method", method, "args", args, "context", context);
    }

    private static Answer answer(JsonNode said) {
        return new Answer(said.path("result"), said.path("error"));
    }

    private JsonNode ask(String what, Map<String, Object> words) {
        return begin(what, words).orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS).join();
    }

    private CompletableFuture<JsonNode> begin(String what, Map<String, Object> words) {
        int id = ids.incrementAndGet();
        var answer = new CompletableFuture<JsonNode>();
        answers.put(id, answer);
        Map<String, Object> command = new LinkedHashMap<>(words);
        command.put("id", id);
        command.put("do", what);
        python.send(JSON.writeValueAsString(command));
        return answer;
    }
}

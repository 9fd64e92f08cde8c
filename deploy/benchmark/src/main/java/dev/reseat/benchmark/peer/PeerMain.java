package dev.reseat.benchmark.peer;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code client|server CONTENDER URI SERVERS}: answers each line of JSON on its input with one on its output, after a first
 * line that says it is ready. Ends with its input.
 */
public final class PeerMain {
    private static final JsonMapper JSON = new JsonMapper();

    private PeerMain() {}

    public static void main(String[] words) throws Exception {
        List<String> arguments = List.of(words);
        var broker = new Broker(arguments.get(2), Integer.parseInt(arguments.get(3)));
        switch (arguments.get(0)) {
            case "client" -> call(arguments.get(1), broker);
            case "server" -> serve(arguments.get(1), broker);
            default -> throw new IllegalArgumentException("neither client nor server: " + arguments.get(0));
        }
    }

    private static void call(String contender, Broker broker) throws Exception {
        try (Caller caller = switch (contender) {
            case "floor" -> new RawCaller(broker, true);
            case "floor-bare" -> new RawCaller(broker, false);
            case "spring" -> new SpringCaller(broker);
            case "ours" -> new ReseatCaller(broker);
            default -> throw new IllegalArgumentException("no such contender: " + contender);
        }) {
            answer(command -> load(caller, command));
        }
    }

    private static Map<String, Object> load(Caller caller, JsonNode command) {
        String argument = "reseat-0123456789".repeat(command.path("size").intValue() / 17 + 1)
                .substring(0, command.path("size").intValue());
        Load.Act act = switch (command.path("do").stringValue()) {
            case "call" -> () -> {
                if (caller.call(argument).length() != argument.length()) {
                    throw new IOException("another answer came back");
                }
            };
            case "cast" -> () -> caller.cast(argument);
            case "fanout" -> () -> caller.fanout(argument);
            default -> throw new IllegalArgumentException("no such command: " + command);
        };
        try {
            return new Load(act, Duration.ofMillis((long) (command.path("seconds").doubleValue() * 1000)))
                    .run(command.path("in_flight").intValue());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Map.of();
        }
    }

    private static void serve(String contender, Broker broker) throws Exception {
        var tally = new Tally();
        try (AutoCloseable _ = switch (contender) {
            case "floor" -> new RawServer(broker, tally, true);
            case "floor-bare" -> new RawServer(broker, tally, false);
            case "spring" -> new SpringServer(broker, tally);
            case "ours" -> new ReseatServer(broker, tally);
            default -> throw new IllegalArgumentException("no such contender: " + contender);
        }) {
            answer(command -> count(tally, command));
        }
    }

    private static Map<String, Object> count(Tally tally, JsonNode command) {
        return switch (command.path("do").stringValue()) {
            case "reset" -> {
                tally.reset();
                yield Map.of();
            }
            case "await" -> {
                try {
                    yield Map.of("count",
                            tally.await(command.path("count").longValue(), command.path("millis").longValue()));
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    yield Map.of("count", 0);
                }
            }
            default -> throw new IllegalArgumentException("no such command: " + command);
        };
    }

    private static void answer(Function<JsonNode, Map<String, Object>> commands) throws IOException {
        System.out.println("{\"ready\": true}");
        try (var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = input.readLine(); line != null; line = input.readLine()) {
                System.out.println(JSON.writeValueAsString(commands.apply(JSON.readTree(line))));
            }
        }
    }
}

package dev.reseat.benchmark.peer;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * {@code client|server|agents|pinger CONTENDER URL SERVERS}: answers each line of JSON on its input with one on its
 * output, after a first line that says it is ready. Ends with its input.
 */
public final class PeerMain {
    private PeerMain() {}

    public static void main(String[] words) throws Exception {
        List<String> arguments = List.of(words);
        String contender = arguments.get(1);
        var broker = new Broker(arguments.get(2), Integer.parseInt(arguments.get(3)));
        switch (arguments.get(0)) {
            case "client" -> call(contender, broker);
            case "server" -> serve(contender, broker);
            case "agents" -> {
                try (var agents = new ReseatAgents(broker)) {
                    CommandLines.answer(agents::command);
                }
            }
            case "pinger" -> {
                try (var pinger = new Pinger(broker)) {
                    CommandLines.answer(pinger::command);
                }
            }
            default -> throw new IllegalArgumentException("no such role: " + arguments.get(0));
        }
    }

    private static void call(String contender, Broker broker) throws Exception {
        try (ContenderCaller caller = switch (contender) {
            case "floor", "floor-topic", "floor-bare" -> new RawCaller(broker, Floor.of(contender));
            case "spring", "spring-tuned", "spring-safe" -> new SpringCaller(broker, contender);
            case "ours" -> new ReseatCaller(broker);
            default -> throw new IllegalArgumentException("no such contender: " + contender);
        }) {
            CommandLines.answer(command -> load(caller, command));
        }
    }

    private static Map<String, Object> load(ContenderCaller caller, JsonNode command) throws InterruptedException {
        Argument argument = Argument.of(command.path("form").stringValue(), command.path("size").intValue());
        Load.Act act = switch (command.path("do").stringValue()) {
            case "call" -> () -> {
                if (!argument.isEcho(caller.call(argument))) {
                    throw new IOException("another answer came back");
                }
            };
            case "cast" -> () -> caller.cast(argument);
            case "fanout" -> () -> caller.fanout(argument);
            default -> throw new IllegalArgumentException("no such command: " + command);
        };
        return new Load(act, Duration.ofMillis((long) (command.path("seconds").doubleValue() * 1000)))
                .run(command.path("in_flight").intValue());
    }

    private static void serve(String contender, Broker broker) throws Exception {
        var tally = new Tally();
        try (AutoCloseable _ = switch (contender) {
            case "floor", "floor-topic", "floor-bare" -> new RawServer(broker, tally, Floor.of(contender));
            case "spring", "spring-tuned", "spring-safe" -> new SpringServer(broker, tally, contender);
            case "ours" -> new ReseatServer(broker, tally);
            default -> throw new IllegalArgumentException("no such contender: " + contender);
        }) {
            CommandLines.answer(command -> count(tally, command));
        }
    }

    private static Map<String, Object> count(Tally tally, JsonNode command) throws InterruptedException {
        return switch (command.path("do").stringValue()) {
            case "reset" -> {
                tally.reset();
                yield Map.of();
            }
            case "await" -> Map.of("count",
                    tally.await(command.path("count").longValue(), command.path("millis").longValue()));
            default -> throw new IllegalArgumentException("no such command: " + command);
        };
    }
}

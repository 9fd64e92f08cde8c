package dev.reseat.rpc.failover;

import dev.reseat.rpc.Failure;
import dev.reseat.rpc.server.Endpoint;
import dev.reseat.rpc.server.EndpointFailure;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A method that answers its number, or fails with every seventh, and keeps account of who ran which. */
final class Executions {
    static final String METHOD = "run";
    private static final int WORK_MILLIS = 10;
    private static final int FAILS = 7;

    private final ConcurrentMap<Integer, List<String>> runs = new ConcurrentHashMap<>();

    record Arguments(int number) {}

    static boolean fails(int number) {
        return number % FAILS == 0;
    }

    /** @param server who runs it */
    Endpoint on(String server) {
        return Endpoint.inDefaultNamespace(1, 0)
                .method(METHOD, Arguments.class, (_, arguments) -> {
                    runs.computeIfAbsent(arguments.number(), _ -> new CopyOnWriteArrayList<>()).add(server);
                    work();
                    if (fails(arguments.number())) {
                        throw new EndpointFailure(
                                Failure.of("builtins", "ValueError", String.valueOf(arguments.number())));
                    }
                    return arguments.number();
                })
                .build();
    }

    private static void work() {
        try {
            Thread.sleep(WORK_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Who has run that number, in order. */
    List<String> of(int number) {
        return runs.getOrDefault(number, List.of());
    }

    int total() {
        return runs.values().stream().mapToInt(List::size).sum();
    }

    /** How many runs were not the first of their number. */
    int repeated() {
        return total() - runs.size();
    }
}

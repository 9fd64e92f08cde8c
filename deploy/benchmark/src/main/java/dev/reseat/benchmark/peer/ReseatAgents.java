package dev.reseat.benchmark.peer;

import dev.reseat.rpc.Target;
import dev.reseat.rpc.server.Endpoint;
import dev.reseat.rpc.server.RpcServer;
import dev.reseat.rpc.wiring.Rpc;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import tools.jackson.databind.JsonNode;

/** Any number of compute hosts in one process. As in reality each has a transport, and so connections, of its own. */
final class ReseatAgents implements AutoCloseable {
    static final String TOPIC = "agents";
    private static final int STARTING_AT_ONCE = 32;

    private final Broker broker;
    private final List<Rpc> agents = Collections.synchronizedList(new ArrayList<>());
    private final Endpoint endpoint = Endpoint.inDefaultNamespace(1, 0)
            .method("echo", Echo.Text.class, (_, arguments) -> arguments.value())
            .build();

    ReseatAgents(Broker broker) {
        this.broker = broker;
    }

    Map<String, Object> command(JsonNode command) throws InterruptedException {
        return switch (command.path("do").stringValue()) {
            case "start" -> start(command.path("first").intValue(), command.path("count").intValue());
            case "footprint" -> footprint();
            default -> throw new IllegalArgumentException("no such command: " + command);
        };
    }

    private Map<String, Object> start(int first, int count) throws InterruptedException {
        var slots = new Semaphore(STARTING_AT_ONCE);
        for (int i = first; i < first + count; i++) {
            String name = name(i);
            slots.acquire();
            Thread.ofVirtual().name(name).start(() -> {
                try {
                    start(name);
                } finally {
                    slots.release();
                }
            });
        }
        slots.acquire(STARTING_AT_ONCE);
        return Map.of("agents", agents.size());
    }

    private void start(String name) {
        Rpc rpc = ReseatServer.rpc(broker, name);
        rpc.start();
        agents.add(rpc);
        RpcServer server = rpc.server(Target.of(ReseatServer.EXCHANGE, TOPIC).onServer(name), List.of(endpoint));
        server.start();
    }

    static String name(int number) {
        return "agent-" + number;
    }

    /** After a collection, so that it is what the agents hold. */
    private static Map<String, Object> footprint() {
        var memory = ManagementFactory.getMemoryMXBean();
        memory.gc();
        return Map.of("heap", memory.getHeapMemoryUsage().getUsed(), "threads",
                ManagementFactory.getThreadMXBean().getThreadCount());
    }

    @Override
    public void close() {
        agents.parallelStream().forEach(Rpc::stop);
    }
}

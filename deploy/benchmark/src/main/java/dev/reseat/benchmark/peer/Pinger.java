package dev.reseat.benchmark.peer;

import dev.reseat.rpc.RequestContext;
import dev.reseat.rpc.RpcException;
import dev.reseat.rpc.Target;
import dev.reseat.rpc.client.PreparedCall;
import dev.reseat.rpc.wiring.Rpc;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;

/** Calls agents, whoever runs them, until each has answered once. */
final class Pinger implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final int CALLS_AT_ONCE = 64;

    private final Rpc rpc;
    private final PreparedCall agents;
    private final RequestContext context = RequestContext.admin();

    Pinger(Broker broker) {
        rpc = ReseatServer.rpc(broker, "pinger");
        rpc.start();
        agents = rpc.client().prepare(Target.of(ReseatServer.EXCHANGE, ReseatAgents.TOPIC)).timeout(PATIENCE);
    }

    /** @return how many have answered, and how many calls went in vain */
    Map<String, Object> command(JsonNode command) throws InterruptedException {
        int count = command.path("count").intValue();
        long end = System.nanoTime() + (long) (command.path("seconds").doubleValue() * 1e9);
        var answered = new AtomicInteger();
        var inVain = new AtomicInteger();
        var slots = new Semaphore(CALLS_AT_ONCE);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String name = ReseatAgents.name(i);
            threads.add(Thread.ofVirtual().name("ping " + name).start(() -> {
                try {
                    while (System.nanoTime() - end < 0) {
                        if (isAnswered(name, slots)) {
                            answered.incrementAndGet();
                            return;
                        }
                        inVain.incrementAndGet();
                        Thread.sleep(PAUSE);
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        return Map.of("answered", answered.get(), "in_vain", inVain.get());
    }

    private boolean isAnswered(String name, Semaphore slots) throws InterruptedException {
        slots.acquire();
        try {
            return name.equals(agents.onServer(name).call(context, "echo", new Echo.Text(name), String.class));
        } catch (RpcException notYet) {
            return false;
        } finally {
            slots.release();
        }
    }

    @Override
    public void close() {
        rpc.stop();
    }
}

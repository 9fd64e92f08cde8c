package dev.reseat.benchmark.footprint;

import dev.reseat.rpc.RequestContext;
import dev.reseat.rpc.RpcVersion;
import dev.reseat.rpc.Target;
import dev.reseat.rpc.client.PreparedCall;
import dev.reseat.rpc.wiring.Rpc;
import dev.reseat.rpc.wiring.RpcConfig;
import dev.reseat.runtime.Settings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Calls a server as fast as it answers. For one thread. */
final class CallRate implements AutoCloseable {
    private static final int IN_FLIGHT = 64;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Rpc rpc;

    CallRate(String transportUrl) {
        var settings = Settings.parse("[DEFAULT]\ntransport_url = " + transportUrl + "\n");
        rpc = Rpc.overBroker(settings.checked(RpcConfig::from), "footprint", new SimpleMeterRegistry());
        rpc.start();
    }

    /** Answered calls of {@code oslo_rpc_server_ping} in a second. */
    double perSecond(Target server, Duration time) throws InterruptedException {
        PreparedCall call = rpc.client().prepare(server.atVersion(RpcVersion.DEFAULT)).timeout(PATIENCE);
        RequestContext context = RequestContext.admin();
        long begin = System.nanoTime();
        var answered = new LongAdder();
        List<Thread> callers = new ArrayList<>();
        for (int i = 0; i < IN_FLIGHT; i++) {
            callers.add(Thread.ofVirtual().name("caller").start(() -> {
                while (System.nanoTime() - begin < time.toNanos()) {
                    call.call(context, "oslo_rpc_server_ping", Map.of(), String.class);
                    answered.increment();
                }
            }));
        }
        for (Thread caller : callers) {
            caller.join();
        }
        return answered.sum() * 1e9 / (System.nanoTime() - begin);
    }

    Rpc rpc() {
        return rpc;
    }

    @Override
    public void close() {
        rpc.stop();
    }
}

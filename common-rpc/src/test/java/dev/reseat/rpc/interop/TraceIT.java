package dev.reseat.rpc.interop;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.rpc.RequestContext;
import dev.reseat.rpc.Target;
import dev.reseat.rpc.TraceContext;
import dev.reseat.rpc.server.Endpoint;
import dev.reseat.rpc.server.RpcServer;
import dev.reseat.testing.OsloPeer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A trace over the broker: from us through our own server on to Python, which takes no notice of it. */
@Tag("broker")
final class TraceIT {
    private static final RequestContext CONTEXT = RequestContext.of("u1", "p1", true, "req-1");
    private static final TraceContext TRACE =
            new TraceContext("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331", TraceContext.SAMPLED, "a=b");

    private final Wire wire = new Wire();
    private final Target first = Wire.fresh();
    private final Target second = Wire.fresh();
    private final BlockingQueue<Optional<TraceContext>> seen = new LinkedBlockingQueue<>();
    private RpcServer passingOn;
    private RpcServer last;

    @BeforeEach
    void serve() {
        last = wire.serve(second, List.of(Endpoint.inDefaultNamespace(1, 0)
                .method("look", Map.class, (_, _) -> seen.add(TraceContext.current()))
                .build()));
        passingOn = wire.serve(first, List.of(Endpoint.inDefaultNamespace(1, 0)
                .method("pass", Map.class, (context, args) -> {
                    seen.add(TraceContext.current());
                    return wire.client().prepare(second).call(context, "look", args, Boolean.class);
                })
                .build()));
    }

    @AfterEach
    void stop() {
        passingOn.stop();
        last.stop();
        wire.close();
    }

    @Test
    void aTraceGoesOnThroughTheCallsAMethodMakesUnderFreshSpanIds() throws Exception {
        TRACE.run(() -> call("pass"));

        TraceContext atFirst = seen.poll(20, SECONDS).orElseThrow();
        TraceContext atSecond = seen.poll(20, SECONDS).orElseThrow();
        assertThat(List.of(atFirst.traceId(), atSecond.traceId())).containsOnly(TRACE.traceId());
        assertThat(List.of(TRACE.spanId(), atFirst.spanId(), atSecond.spanId())).doesNotHaveDuplicates();
        assertThat(List.of(atFirst.state(), atSecond.state())).containsOnly("a=b");
        assertThat(atSecond.flags()).isEqualTo(TraceContext.SAMPLED);
    }

    @Test
    void outsideATraceNothingIsSent() throws Exception {
        call("pass");

        assertThat(seen.poll(20, SECONDS)).isEmpty();
        assertThat(seen.poll(20, SECONDS)).isEmpty();
    }

    @Test
    void pythonTakesNoNoticeOfATrace() {
        Target theirs = Wire.fresh();
        try (OsloPeer python = OsloPeer.connect(wire.url())) {
            python.serve(theirs.exchange(), theirs.topic(), "host-a");

            TRACE.run(() -> assertThat(wire.client()
                    .prepare(theirs)
                    .call(CONTEXT, "echo", Map.of("value", "traced"), String.class)).isEqualTo("traced"));
            assertThat(python.call(first, "pass", Map.of()).result().booleanValue()).isTrue();
        }
    }

    private void call(String method) {
        assertThat(wire.client().prepare(first).call(CONTEXT, method, Map.of(), Boolean.class)).isTrue();
    }
}

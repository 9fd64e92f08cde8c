package dev.reseat.rpc.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.rpc.RequestContext;
import dev.reseat.rpc.RpcException;
import dev.reseat.rpc.Target;
import dev.reseat.rpc.server.Endpoint;
import dev.reseat.rpc.server.RpcServer;
import dev.reseat.testing.CapturedLog;
import dev.reseat.testing.OsloPeer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Who asks, through a chain of services, and what of it is logged. */
@Tag("broker")
final class ContextIT {
    private static final RequestContext CONTEXT = RequestContext.of("u1", "p1", false, "req-1")
            .with("global_request_id", "req-0")
            .with("roles", List.of("member", "reader"))
            .with("auth_token", "hidden-user-token")
            .with("service_token", "hidden-service-token")
            .with("key_of_tomorrow", Map.of("a", List.of(1)));

    private final Wire wire = new Wire();
    private final Target ours = Wire.fresh();
    private final Target theirs = Wire.fresh();
    private OsloPeer python;
    private RpcServer server;

    @BeforeEach
    void serve() {
        python = OsloPeer.connect(wire.url());
        python.serve(theirs.exchange(), theirs.topic(), "host-a");
        server = wire.serve(ours, List.of(Endpoint.inDefaultNamespace(1, 0)
                .method("pass", Map.class,
                        (context, args) -> wire.client().prepare(theirs).call(context, "whoami", args, Map.class))
                .method("fail", Map.class, (context, _) -> {
                    throw new IllegalStateException("failed for " + context);
                })
                .build()));
    }

    @AfterEach
    void stop() {
        server.stop();
        python.close();
        wire.close();
    }

    @Test
    void aContextGoesOnAsItIsThroughTheCallsAMethodMakes() {
        Map<?, ?> atTheEnd = wire.client().prepare(ours).call(CONTEXT, "pass", Map.of(), Map.class);

        assertThat(CONTEXT.values().entrySet()).allSatisfy(
                entry -> assertThat(atTheEnd.get(entry.getKey())).as(entry.getKey()).isEqualTo(entry.getValue()));
    }

    @Test
    void logLinesOfARequestSayWhoAsksAndNeverAToken() {
        try (CapturedLog log = CapturedLog.of("ROOT")) {
            wire.client().prepare(ours).call(CONTEXT, "pass", Map.of(), Map.class);
            assertThatThrownBy(() -> wire.client().prepare(ours).call(CONTEXT, "fail", Map.of(), Void.class))
                    .isInstanceOf(RpcException.RemoteFailure.class);

            assertThat(log.lines("ERROR")).singleElement()
                    .asString()
                    .contains("request_id=req-1", "global_request_id=req-0", "user_id=u1", "project_id=p1")
                    .contains("failed for RequestContext[req-1]");
            assertThat(log.lines()).noneMatch(line -> line.contains("hidden"));
        }
    }
}

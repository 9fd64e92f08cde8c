package dev.reseat.rpc.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.rpc.Failure;
import dev.reseat.rpc.RequestContext;
import dev.reseat.rpc.RpcException;
import dev.reseat.rpc.Target;
import dev.reseat.rpc.client.ClientConfig;
import dev.reseat.rpc.client.RemoteErrors;
import dev.reseat.rpc.server.Endpoint;
import dev.reseat.rpc.server.RpcServer;
import dev.reseat.testing.OsloPeer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Exceptions from Java to Python and back, each side with classes of its own for them. */
@Tag("broker")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class FailuresIT {
    private static final RequestContext CONTEXT = RequestContext.of("u1", "p1", true, "req-1");

    private final Wire wire = new Wire();
    private final Target ours = Wire.fresh();
    private final Target theirs = Wire.fresh();
    private final Target nobody = Wire.fresh();
    private OsloPeer python;
    private RpcServer server;

    private static final class VolumeGone extends RuntimeException {
        VolumeGone(Throwable cause) {
            super(cause);
        }
    }

    @BeforeAll
    void start() {
        python = OsloPeer.connect(wire.url());
        python.serve(theirs.exchange(), theirs.topic(), "host-a");
        server = wire.serve(ours, List.of(Endpoint.inDefaultNamespace(1, 0)
                .method("expected", Map.class, (_, _) -> {
                    throw new NoSuchElementException("v1");
                })
                .expecting(NoSuchElementException.class, gone -> new Failure("VolumeNotFound", "cinder.exception",
                        "Volume v1 could not be found.", List.of(), Map.of("volume_id", gone.getMessage())))
                .method("unexpected", Map.class, (_, _) -> {
                    throw new IllegalStateException("broken");
                })
                .method("ask_nobody", Map.class,
                        (context, args) -> wire.client().prepare(nobody).call(context, "echo", args, Object.class))
                .build()));
    }

    @AfterAll
    void stop() {
        python.close();
        server.stop();
        wire.close();
    }

    @Test
    void anExpectedExceptionIsTheClassThatPythonAllows() {
        OsloPeer.Answer answer = python.call(ours, "expected", Map.of());

        assertThat(answer.type()).isEqualTo("VolumeNotFound_Remote");
        assertThat(answer.error().path("kwargs").path("volume_id").stringValue()).isEqualTo("v1");
    }

    @Test
    void anyOtherExceptionIsARemoteErrorWithItsJavaName() {
        OsloPeer.Answer answer = python.call(ours, "unexpected", Map.of());

        assertThat(answer.type()).isEqualTo("RemoteError");
        assertThat(answer.remoteType()).isEqualTo("IllegalStateException");
        assertThat(answer.text()).isEqualTo("Remote error: IllegalStateException broken\n[].");
    }

    @Test
    void theFailureOfAMethodsOwnCallHasOslosName() {
        assertThat(python.call(ours, "ask_nobody", Map.of()).remoteType()).isEqualTo("MessageUndeliverable");
    }

    @Test
    void aPythonExceptionIsTheJavaClassThatTheCallerLists() {
        var errors = RemoteErrors.none().with("cinder.exception", "VolumeNotFound", VolumeGone::new);
        var call = wire.client().prepare(theirs).failing(errors);

        for (String method : List.of("lookup", "expected")) {
            assertThatThrownBy(() -> call.call(CONTEXT, method, Map.of("volume_id", "v1"), Void.class))
                    .isExactlyInstanceOf(VolumeGone.class)
                    .cause()
                    .isInstanceOfSatisfying(RpcException.RemoteFailure.class,
                            e -> assertThat(e.failure().kwargs()).containsEntry("volume_id", "v1"));
        }
    }

    @Test
    void aCallToNobodyIsUndeliverableUnlessTheCallerDoesNotMind() {
        assertThatThrownBy(() -> wire.client().prepare(nobody).cast(CONTEXT, "echo", Map.of()))
                .isInstanceOfSatisfying(RpcException.Undeliverable.class, e -> {
                    assertThat(e.exchange()).isEqualTo(nobody.exchange());
                    assertThat(e.routingKey()).isEqualTo(nobody.routingKey());
                });
        var carefree = wire.client().prepare(nobody).routing(ClientConfig.Routing.OPTIONAL);
        carefree.cast(CONTEXT, "echo", Map.of());
        assertThatThrownBy(
                () -> carefree.timeout(Duration.ofSeconds(1)).call(CONTEXT, "echo", Map.of(), Void.class))
                .isExactlyInstanceOf(RpcException.OutcomeUnknown.class);
    }
}

package dev.reseat.rpc.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.reseat.rpc.Failure;
import dev.reseat.rpc.RequestContext;
import dev.reseat.rpc.RpcException;
import dev.reseat.rpc.RpcVersion;
import dev.reseat.rpc.Target;
import dev.reseat.rpc.client.ClientConfig;
import dev.reseat.rpc.client.PreparedCall;
import dev.reseat.rpc.client.RemoteErrors;
import dev.reseat.rpc.client.RpcClient;
import dev.reseat.rpc.envelope.EnvelopeCodec;
import dev.reseat.rpc.object.WireMapper;
import dev.reseat.rpc.transport.Transport;
import dev.reseat.rpc.transport.memory.MemoryBroker;
import dev.reseat.rpc.transport.memory.MemoryTransport;
import dev.reseat.testing.CapturedLog;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Exceptions of methods on their way to the caller, and what is logged on the way. */
final class FailuresTest {
    private static final Target TARGET = Target.of("nova", "compute").onServer("host-a");

    private final EnvelopeCodec codec = new EnvelopeCodec(WireMapper.create());
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Transport transport = new MemoryTransport(new MemoryBroker());
    private final RpcClient client =
            new RpcClient(transport, codec, ClientConfig.withTimeout(Duration.ofSeconds(10)), meters);
    private volatile Supplier<RuntimeException> thrown = IllegalStateException::new;
    private RpcServer server;

    private static class VolumeGone extends RuntimeException {
        private final String volume;

        VolumeGone(String volume) {
            super("Volume " + volume + " could not be found.");
            this.volume = volume;
        }
    }

    private static final class SnapshotGone extends VolumeGone {
        SnapshotGone() {
            super("of a snapshot");
        }
    }

    @BeforeEach
    void serve() {
        Endpoint endpoint = Endpoint.inDefaultNamespace(1, 0)
                .method("fail", Map.class, (_, _) -> {
                    throw thrown.get();
                })
                .expecting(VolumeGone.class, gone -> new Failure("VolumeNotFound", "cinder.exception",
                        gone.getMessage(), List.of(), Map.of("volume_id", gone.volume)))
                .build();
        server = new RpcServer(transport, codec, TARGET, List.of(endpoint), new ServerConfig(4, false), meters);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop();
        client.close();
        transport.close();
    }

    private PreparedCall call() {
        return client.prepare(TARGET);
    }

    private Failure failure(Supplier<RuntimeException> what) {
        thrown = what;
        return catchThrowableOfType(RpcException.RemoteFailure.class, this::fail).failure();
    }

    private void fail() {
        call().call(RequestContext.admin(), "fail", Map.of(), Void.class);
    }

    @Test
    void anExpectedExceptionIsAnsweredInThePeersWordsAndIsNoErrorHere() {
        try (CapturedLog log = CapturedLog.of("dev.reseat.rpc.server")) {
            assertThat(failure(SnapshotGone::new)).isEqualTo(new Failure("VolumeNotFound", "cinder.exception",
                    "Volume of a snapshot could not be found.", List.of(), Map.of("volume_id", "of a snapshot")));

            assertThat(log.lines("ERROR")).isEmpty();
            // the server of the test before may say there, too, that it is closing
            assertThat(log.lines("DEBUG")).filteredOn(line -> line.contains("expected failure of fail")).hasSize(1);
        }
    }

    @Test
    void anUnexpectedExceptionIsLoggedOnceWithItsStack() {
        try (CapturedLog log = CapturedLog.of("dev.reseat.rpc.server")) {
            assertThat(failure(() -> new IllegalStateException("broken")))
                    .isEqualTo(Failure.of("java.lang", "IllegalStateException", "broken"));

            assertThat(log.lines("ERROR")).singleElement().asString().contains("method fail failed", "FailuresTest");
        }
    }

    @Test
    void anExceptionWithoutNameOrMessageIsItsNearestNamedClass() {
        assertThat(failure(() -> new UnsupportedOperationException() {}))
                .isEqualTo(Failure.of("java.lang", "UnsupportedOperationException", ""));
    }

    @Test
    void theFailuresOfAMethodsOwnCallsHaveOslosNames() {
        assertThat(List.of(
                failure(() -> new RpcException.OutcomeUnknown("Timed out")).type(),
                failure(() -> new RpcException.NotDelivered("unreachable")).type(),
                failure(() -> new RpcException.Undeliverable("e", "k")).type(),
                failure(() -> new RpcException.VersionCapExceeded(RpcVersion.of(2, 0), RpcVersion.of(1, 0), ""))
                        .type()))
                .containsExactly(
                        "MessagingTimeout", "MessageDeliveryFailure", "MessageUndeliverable", "RPCVersionCapError");
        assertThat(failure(() -> new RpcException.OutcomeUnknown("Timed out")).module())
                .isEqualTo("oslo_messaging.exceptions");
    }

    @Test
    void aFailureOfAFurtherPeerIsPassedOnAsItCame() {
        Failure further = new Failure("Gone", "nova.exception", "it is gone", List.of(1), Map.of("code", 404));

        assertThat(failure(() -> new RpcException.RemoteFailure(further))).isEqualTo(further);
    }

    @Test
    void aListedFailureIsThrownAsTheCallersOwnException() {
        thrown = () -> new VolumeGone("v1");
        var errors = RemoteErrors.none()
                .with("cinder.exception", "VolumeNotFound", failure -> new IllegalArgumentException(
                        String.valueOf(failure.failure().kwargs().get("volume_id")), failure));

        assertThatThrownBy(() -> call().failing(errors).call(RequestContext.admin(), "fail", Map.of(), Void.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("v1")
                .hasCauseInstanceOf(RpcException.RemoteFailure.class);
    }

    @Test
    void aClassOfAnotherModuleIsNotTheListedOne() {
        thrown = () -> new VolumeGone("v1");
        var errors = RemoteErrors.none().with("nova.exception", "VolumeNotFound", IllegalStateException::new);

        assertThatThrownBy(() -> call().failing(errors).call(RequestContext.admin(), "fail", Map.of(), Void.class))
                .isInstanceOf(RpcException.RemoteFailure.class);
        assertThatThrownBy(() -> errors.with("nova.exception", "VolumeNotFound", IllegalStateException::new))
                .isInstanceOf(IllegalArgumentException.class);
    }
}

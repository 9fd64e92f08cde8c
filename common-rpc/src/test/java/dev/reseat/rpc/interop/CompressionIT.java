package dev.reseat.rpc.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.rpc.RequestContext;
import dev.reseat.rpc.Target;
import dev.reseat.rpc.server.Endpoint;
import dev.reseat.rpc.server.RpcServer;
import dev.reseat.testing.OsloPeer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code kombu_compression} of both sides, which need not be the same. */
@Tag("broker")
final class CompressionIT {
    private static final RequestContext CONTEXT = RequestContext.of("u1", "p1", true, "req-1");
    private static final String TEXT = "compressible ".repeat(10_000);

    record Echo(String value) {}

    @ParameterizedTest
    @CsvSource({"gzip, bzip2", "bz2, lzma", "xz, gzip"})
    void bothSidesReadWhatTheOtherCompresses(String ours, String pythons) {
        Target pythonTarget = Wire.fresh();
        Target ourTarget = Wire.fresh();
        Endpoint echo = Endpoint.inDefaultNamespace(1, 0)
                .method("echo", Echo.class, (_, arguments) -> arguments.value())
                .build();
        try (var plain = new Wire();
                var wire = new Wire("kombu_compression=" + ours);
                OsloPeer python =
                        OsloPeer.connect(plain.url() + "?heartbeat_timeout_threshold=6&kombu_compression=" + pythons)) {
            python.serve(pythonTarget.exchange(), pythonTarget.topic(), "host-a");
            RpcServer server = wire.serve(ourTarget, List.of(echo));

            assertThat(wire.client().prepare(pythonTarget).call(CONTEXT, "echo", Map.of("value", TEXT), String.class))
                    .isEqualTo(TEXT);
            assertThat(python.call(ourTarget, "echo", Map.of("value", TEXT)).result().stringValue()).isEqualTo(TEXT);
            server.stop();
        }
    }
}

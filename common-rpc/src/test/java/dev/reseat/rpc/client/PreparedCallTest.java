package dev.reseat.rpc.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.rpc.RequestContext;
import dev.reseat.rpc.RpcException;
import dev.reseat.rpc.RpcVersion;
import dev.reseat.rpc.Target;
import dev.reseat.rpc.envelope.EnvelopeCodec;
import dev.reseat.rpc.object.WireMapper;
import dev.reseat.rpc.transport.Transport;
import dev.reseat.rpc.transport.memory.MemoryBroker;
import dev.reseat.rpc.transport.memory.MemoryTransport;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PreparedCallTest {
    private static final Target NOBODY = Target.of("nova", "compute").onServer("host-z").atVersion(RpcVersion.of(6, 3));
    private static final RequestContext CONTEXT = RequestContext.admin();

    private final Transport transport = new MemoryTransport(new MemoryBroker());
    private final RpcClient client = new RpcClient(
            transport,
            new EnvelopeCodec(WireMapper.create()),
            ClientConfig.withTimeout(Duration.ofSeconds(10)),
            new SimpleMeterRegistry());

    @AfterEach
    void close() {
        client.close();
        transport.close();
    }

    @ParameterizedTest
    @CsvSource({
            "1.0, 1.0, true", "1.1, 1.0, true", "1.0, 1.1, false", "1.6, 1.5, true", "2.0, 1.9, false",
            "1.9, 2.0, false", "1.1.0, 1.1.1, false", "1.1.2, 1.1.1, true", "1.2, 1.1.9, true",
    })
    void aCapAllowsWhatAServerOfThatVersionWouldServe(String cap, String version, boolean allowed) {
        PreparedCall call = client.prepare(NOBODY).cappedAt(RpcVersion.parse(cap));

        assertThat(call.canSend(RpcVersion.parse(version))).isEqualTo(allowed);
        assertThat(call.atVersion(RpcVersion.parse(version)).canSend()).isEqualTo(allowed);
    }

    @Test
    void aCapKeepsEveryKindOfMessageHereAndSaysWhatToDo() {
        PreparedCall capped = client.prepare(NOBODY)
                .cappedAt(new VersionCap(RpcVersion.of(6, 0), "Raise [upgrade_levels] compute."));
        List<Runnable> sendings = List.of(
                () -> capped.call(CONTEXT, "m", Map.of(), Void.class),
                () -> capped.cast(CONTEXT, "m", Map.of()),
                () -> capped.fanout(CONTEXT, "m", Map.of()));

        assertThat(sendings).allSatisfy(send -> assertThatThrownBy(send::run)
                .isInstanceOf(RpcException.VersionCapExceeded.class)
                .hasMessage("Requested message version, 6.3 is incompatible.  It needs to be equal in major version"
                        + " and less than or equal in minor version as the specified version cap 6.0."
                        + " Raise [upgrade_levels] compute."));
    }

    @Test
    void aCapStaysWithTheCallUntilItIsReplaced() {
        PreparedCall capped = client.prepare(NOBODY).cappedAt(RpcVersion.of(6, 0));

        assertThat(capped.onServer("host-b").timeout(Duration.ofSeconds(1)).retry(0).canSend()).isFalse();
        assertThat(capped.cappedAt(RpcVersion.of(6, 5)).canSend()).isTrue();
        assertThat(capped.uncapped().canSend()).isTrue();
        assertThat(client.prepare(NOBODY).canSend()).isTrue();
    }

    @Test
    void whatNoQueueTakesIsUndeliverable() {
        PreparedCall call = client.prepare(NOBODY);
        List<Runnable> sendings =
                List.of(() -> call.call(CONTEXT, "m", Map.of(), Void.class), () -> call.cast(CONTEXT, "m", Map.of()));

        assertThat(sendings).allSatisfy(send -> assertThatThrownBy(send::run)
                .isInstanceOfSatisfying(RpcException.Undeliverable.class, e -> {
                    assertThat(e.exchange()).isEqualTo("nova");
                    assertThat(e.routingKey()).isEqualTo("compute.host-z");
                }));
    }

    @Test
    void withOptionalRoutingACastToNobodySucceedsAndACallWaitsInVain() {
        PreparedCall call = client.prepare(NOBODY).routing(ClientConfig.Routing.OPTIONAL);

        call.cast(CONTEXT, "m", Map.of());
        PreparedCall hasty = call.timeout(Duration.ofMillis(100));
        assertThatThrownBy(() -> hasty.call(CONTEXT, "m", Map.of(), Void.class))
                .isInstanceOf(RpcException.OutcomeUnknown.class);
    }

    @Test
    void termsThatMakeNoSenseAreRefused() {
        assertThatThrownBy(() -> client.prepare(NOBODY).retry(-2)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> client.prepare(NOBODY).timeout(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> client.prepare(NOBODY).monitored(Duration.ofMillis(999)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}

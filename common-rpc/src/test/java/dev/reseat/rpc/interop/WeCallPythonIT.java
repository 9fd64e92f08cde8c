package dev.reseat.rpc.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.reseat.rpc.Failure;
import dev.reseat.rpc.RequestContext;
import dev.reseat.rpc.RpcException;
import dev.reseat.rpc.RpcVersion;
import dev.reseat.rpc.Target;
import dev.reseat.rpc.client.PreparedCall;
import dev.reseat.testing.OsloPeer;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Our client calls the real oslo.messaging server. */
@Tag("broker")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class WeCallPythonIT {
    private static final RequestContext CONTEXT = RequestContext.of("u1", "p1", true, "req-1");

    private final Target target = Wire.fresh();
    private final Wire wire = new Wire();
    private OsloPeer python;

    @BeforeAll
    void start() {
        python = OsloPeer.connect(wire.url());
        python.serve(target.exchange(), target.topic(), target.server().orElseThrow());
    }

    @AfterAll
    void stop() {
        python.close();
        wire.close();
    }

    private PreparedCall prepared() {
        return wire.client().prepare(target);
    }

    private Failure failure(PreparedCall call, String method, Map<String, ?> args) {
        return catchThrowableOfType(
                RpcException.RemoteFailure.class, () -> call.call(CONTEXT, method, args, Object.class)).failure();
    }

    @Test
    void everyKindOfValueComesBackAsItWasSent() {
        Map<String, Object> value = new HashMap<>();
        value.put("text", "Žluťoučký 音量 \uD83D\uDC18 \"quoted\"\n\u0001");
        value.put("numbers", List.of(1, -2.5, 9_007_199_254_740_993L));
        value.put("nothing", null);
        value.put("list", Arrays.asList(true, null, Map.of("a.b", List.of())));

        assertThat((Object) prepared().call(CONTEXT, "echo", Map.of("value", value), Map.class)).isEqualTo(value);
    }

    @Test
    void aMebibyteIsTaken() {
        String value = "é".repeat(1 << 20);

        assertThat(prepared().call(CONTEXT, "size", Map.of("value", value), Integer.class)).isEqualTo(1 << 20);
        assertThat(prepared().call(CONTEXT, "echo", Map.of("value", value), String.class)).isEqualTo(value);
    }

    @Test
    void sixteenMebibytesGoBothWays() {
        String value = "x".repeat(16 << 20);

        assertThat(
                prepared().timeout(Duration.ofMinutes(1)).call(CONTEXT, "echo", Map.of("value", value), String.class))
                .isEqualTo(value);
    }

    @Test
    void castsAndFanoutsArrive() throws Exception {
        prepared().cast(CONTEXT, "keep", Map.of("text", "to the server"));
        assertThat(python.event().path("text").stringValue()).isEqualTo("to the server");
        prepared().fanout(CONTEXT, "keep", Map.of("text", "to all"));
        assertThat(python.event().path("text").stringValue()).isEqualTo("to all");
    }

    @Test
    void pythonSeesTheContextAndNothingMore() {
        Map<?, ?> seen = prepared().call(CONTEXT, "whoami", Map.of(), Map.class);

        Map<String, Object> expected = new HashMap<>(CONTEXT.values());
        expected.put("client_timeout", null);
        assertThat((Object) seen).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"lookup", "expected"})
    void aFailureKeepsItsClassItsModuleAndItsArguments(String method) {
        Failure failure = failure(prepared(), method, Map.of("volume_id", "v1"));

        assertThat(failure.type()).isEqualTo("VolumeNotFound");
        assertThat(failure.module()).isEqualTo("cinder.exception");
        assertThat(failure.message()).isEqualTo("Volume v1 could not be found.");
        assertThat(failure.kwargs()).isEqualTo(Map.of("volume_id", "v1", "code", 404));
    }

    @Test
    void argumentsThatDoNotFitAreATypeError() {
        assertThat(failure(prepared(), "lookup", Map.of("more", 1)).type()).isEqualTo("TypeError");
        assertThat(failure(prepared(), "lookup", Map.of()).module()).isEqualTo("builtins");
    }

    @Test
    void whatPythonDoesNotOfferIsKnownAsNotDone() {
        assertNotOffered(prepared(), "nosuch", "NoSuchMethod");
        assertNotOffered(prepared(), "_private", "NoSuchMethod");
        assertNotOffered(prepared().atVersion(RpcVersion.of(1, 6)), "echo", "UnsupportedVersion");
        assertNotOffered(prepared().inNamespace("other"), "echo", "UnsupportedVersion");
    }

    private static void assertNotOffered(PreparedCall call, String method, String type) {
        assertThatThrownBy(() -> call.call(CONTEXT, method, Map.of(), Object.class))
                .isInstanceOfSatisfying(RpcException.RemoteFailure.class, e -> {
                    assertThat(e.type()).isEqualTo(type);
                    assertThat(e.notOffered()).isTrue();
                });
    }

    @Test
    void aNamespaceIsReached() {
        assertThat(prepared().inNamespace("reseat").call(CONTEXT, "ours", Map.of(), String.class)).isEqualTo("ours");
    }

    @Test
    void aMonitoredCallLivesOnHeartbeats() {
        var monitored = prepared().monitored(Duration.ofSeconds(2));

        assertThat(monitored.call(CONTEXT, "rest", Map.of("seconds", 3), String.class)).isEqualTo("rested");
    }

    @Test
    void aSlowCallIsUnknown() {
        var hasty = prepared().timeout(Duration.ofSeconds(1));

        assertThatThrownBy(() -> hasty.call(CONTEXT, "rest", Map.of("seconds", 2), String.class))
                .isInstanceOf(RpcException.OutcomeUnknown.class);
    }

    @Test
    void aDeadHostIsNotDelivered() {
        var nobody = prepared().onServer("host-z");

        assertThatThrownBy(() -> nobody.call(CONTEXT, "echo", Map.of("value", 1), Object.class))
                .isInstanceOf(RpcException.NotDelivered.class);
    }
}

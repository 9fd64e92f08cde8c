package dev.reseat.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules and the examples of the W3C recommendation "Trace Context". */
final class TraceContextTest {
    private static final String PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    private static Optional<TraceContext> read(String parent, String state) {
        Map<String, String> headers = Map.of("traceparent", parent, "tracestate", state);
        return TraceContext.of(name -> Optional.ofNullable(headers.get(name)));
    }

    @Test
    void whatIsReadIsWrittenAgain() {
        assertThat(read(PARENT, "congo=t61rcWkgMzE,rojo=00f067aa0ba902b7").orElseThrow().headers())
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of("traceparent", PARENT, "tracestate", "congo=t61rcWkgMzE,rojo=00f067aa0ba902b7"));
    }

    @Test
    void withoutTheParentThereIsNoTrace() {
        assertThat(TraceContext.of(name -> Optional.ofNullable(Map.of("tracestate", "a=b").get(name)))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "", "00", "text", "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "00-00000000000000000000000000000000-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
            "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-1",
            "0-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319-b7ad6b7169203331-01",
            "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01more",
    })
    void aMalformedParentCountsAsNone(String parent) {
        assertThat(read(parent, "a=b")).isEmpty();
    }

    @Test
    void aLaterVersionIsReadAsThisOne() {
        TraceContext trace =
                read("cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-fd-what-comes", "").orElseThrow();

        assertThat(trace.headers()).isEqualTo(Map.of("traceparent", PARENT));
    }

    @ParameterizedTest
    @ValueSource(strings = {"no member", "a=b\r\nc=d", "a=\u00e9"})
    void aMalformedStateIsDroppedAlone(String state) {
        assertThat(read(PARENT, state).orElseThrow().headers()).isEqualTo(Map.of("traceparent", PARENT));
    }

    @Test
    void anOverlongStateIsDroppedAlone() {
        assertThat(read(PARENT, "a=" + "b".repeat(511)).orElseThrow().state()).isEmpty();
        assertThat(read(PARENT, "a=" + "b".repeat(510)).orElseThrow().state()).hasSize(512);
    }

    @Test
    void aChildHasItsOwnSpanInTheSameTrace() {
        TraceContext trace = read(PARENT, "a=b").orElseThrow();

        TraceContext child = trace.child();

        assertThat(child.spanId()).hasSize(16).isNotEqualTo(trace.spanId());
        assertThat(child).isEqualTo(new TraceContext(trace.traceId(), child.spanId(), TraceContext.SAMPLED, "a=b"));
    }

    @Test
    void onlyWorkInsideATraceSendsHeaders() {
        TraceContext trace = read(PARENT, "").orElseThrow();
        Map<String, String> sent = new HashMap<>();

        trace.run(() -> {
            assertThat(TraceContext.current()).contains(trace);
            sent.putAll(TraceContext.headersToSend());
        });

        assertThat(sent.get("traceparent")).startsWith("00-" + trace.traceId() + "-").doesNotContain(trace.spanId());
        assertThat(TraceContext.current()).isEmpty();
        assertThat(TraceContext.headersToSend()).isEmpty();
    }

    @Test
    void idsThatAreNoneAreRefused() {
        assertThatThrownBy(() -> new TraceContext("1", "2", 0, "")).isInstanceOf(IllegalArgumentException.class);
    }
}

package dev.reseat.rpc;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where in a distributed trace a request stands: W3C Trace Context (Level 2), as it travels in the message headers
 * {@code traceparent} and {@code tracestate}, where OpenTelemetry's AMQP instrumentation puts it. Only carried: this
 * library records no spans. Immutable.
 *
 * @param traceId 32 hexadecimal digits, not all zero
 * @param spanId the sender's span, 16 hexadecimal digits, not all zero
 * @param flags {@link #SAMPLED} and the random flag; others are dropped, as the specification wants
 * @param state what tracing systems want to have carried along; empty for nothing
 */
public record TraceContext(String traceId, String spanId, int flags, String state) {
    /** The flag of a trace that its sender records. */
    public static final int SAMPLED = 1;

    private static final String PARENT = "traceparent";
    private static final String STATE = "tracestate";
    private static final int KNOWN_FLAGS = 3;
    private static final int LONGEST_STATE = 512;
    private static final Pattern FORM =
            Pattern.compile("(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(-.*)?");
    private static final Pattern STATE_FORM = Pattern.compile("[\\x20-\\x7e]*=[\\x20-\\x7e]*");
    private static final ScopedValue<TraceContext> CURRENT = ScopedValue.newInstance();

    public TraceContext {
        flags &= KNOWN_FLAGS;
        if (!FORM.matcher(parent(traceId, spanId, flags)).matches()) {
            throw new IllegalArgumentException("no trace context: '" + traceId + "', '" + spanId + "'");
        }
        state = isCarried(state) ? state : "";
    }

    /**
     * The context that headers carry. A malformed {@code traceparent} counts as none; a malformed or overlong
     * {@code tracestate} is dropped alone.
     */
    public static Optional<TraceContext> of(Function<String, Optional<String>> header) {
        return header.apply(PARENT)
                .map(FORM::matcher)
                .filter(Matcher::matches)
                .filter(form -> !form.group(1).equals("00") || form.group(5) == null)
                .map(form -> new TraceContext(
                        form.group(2),
                        form.group(3),
                        Integer.parseInt(form.group(4), 16),
                        header.apply(STATE).orElse("")));
    }

    /** The work as it has to run for a message with these headers: in their context, if they carry one. */
    public static Runnable traced(Function<String, Optional<String>> header, Runnable work) {
        return of(header).<Runnable>map(trace -> () -> trace.run(work)).orElse(work);
    }

    /** What this thread runs in: that of the request a server method works on, or of {@link #run}. */
    public static Optional<TraceContext> current() {
        return CURRENT.isBound() ? Optional.of(CURRENT.get()) : Optional.empty();
    }

    /**
     * The headers of a message that is sent now: the current trace under a span id of its own; none outside a trace.
     */
    public static Map<String, String> headersToSend() {
        return CURRENT.isBound() ? CURRENT.get().child().headers() : Map.of();
    }

    /** Runs the work in this context: what it sends belongs to this trace. */
    public void run(Runnable work) {
        ScopedValue.where(CURRENT, this).run(work);
    }

    /** The same trace under a new span id. */
    public TraceContext child() {
        long span = ThreadLocalRandom.current().nextLong();
        return new TraceContext(traceId, "%016x".formatted(span == 0 ? 1 : span), flags, state);
    }

    /** As message headers. */
    public Map<String, String> headers() {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put(PARENT, parent(traceId, spanId, flags));
        if (!state.isEmpty()) {
            headers.put(STATE, state);
        }
        return headers;
    }

    private static String parent(String traceId, String spanId, int flags) {
        return "00-" + traceId + "-" + spanId + "-0" + flags;
    }

    private static boolean isCarried(String state) {
        return state.length() <= LONGEST_STATE && STATE_FORM.matcher(state).matches();
    }
}

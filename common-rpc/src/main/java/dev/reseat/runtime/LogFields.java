package dev.reseat.runtime;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.MDC;

/** Fields that every log line of a thread carries while a scope is open, so that one request can be followed. */
public final class LogFields {
    private static final String REQUEST_ID = "request_id";

    private LogFields() {}

    /** Until the scope is closed, by the thread that opened it, log lines carry this id. Scopes may be nested. */
    public static Scope request(String id) {
        return of(Map.of(REQUEST_ID, id));
    }

    /** The same for several fields. */
    public static Scope of(Map<String, String> fields) {
        Map<String, String> outer = new LinkedHashMap<>();
        fields.forEach((name, value) -> {
            outer.put(name, MDC.get(name));
            MDC.put(name, value);
        });
        return () -> outer.forEach((name, value) -> {
            if (value == null) {
                MDC.remove(name);
            } else {
                MDC.put(name, value);
            }
        });
    }

    /** Those of this thread, for one that goes on with its work. */
    static Map<String, String> current() {
        return Optional.ofNullable(MDC.getCopyOfContextMap()).orElse(Map.of());
    }

    /** Ends with what was there before. */
    @FunctionalInterface
    public interface Scope extends AutoCloseable {
        @Override
        void close();
    }
}

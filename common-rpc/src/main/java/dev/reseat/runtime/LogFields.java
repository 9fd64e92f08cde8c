package dev.reseat.runtime;

import org.slf4j.MDC;

/** Fields that every log line of a thread carries while a scope is open, so that one request can be followed. */
public final class LogFields {
    private static final String REQUEST_ID = "request_id";

    private LogFields() {}

    /** Until the scope is closed, by the thread that opened it, log lines carry this id. Scopes may be nested. */
    public static Scope request(String id) {
        String outer = MDC.get(REQUEST_ID);
        MDC.put(REQUEST_ID, id);
        return () -> {
            if (outer == null) {
                MDC.remove(REQUEST_ID);
            } else {
                MDC.put(REQUEST_ID, outer);
            }
        };
    }

    /** Ends with what was there before. */
    @FunctionalInterface
    public interface Scope extends AutoCloseable {
        @Override
        void close();
    }
}

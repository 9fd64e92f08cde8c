package dev.reseat.api.rest;

import io.javalin.http.Context;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Set;

/** Counts and notes every request: meter {@code http.server.requests} and one log line, without query or body. */
public final class RequestLog {
    private static final System.Logger LOG = System.getLogger("dev.reseat.api.rest.access");

    /** Whoever calls a method what he likes must not make a series of each. */
    private static final Set<String> METHODS =
            Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT");

    private final MeterRegistry meters;

    RequestLog(MeterRegistry meters) {
        this.meters = meters;
    }

    void finished(Context http, String route, Duration time) {
        finished(http.ip(), http.method().name(), http.path(), route, http.statusCode(), time);
    }

    /** @param route what requests are counted by */
    public void finished(String client, String method, String path, String route, int status, Duration time) {
        Timer.builder("http.server.requests")
                .description("Requests to the REST APIs")
                .tag("method", METHODS.contains(method) ? method : "other")
                .tag("uri", route)
                .tag("status", Integer.toString(status))
                .register(meters)
                .record(time);
        LOG.log(Level.INFO, () -> client + " " + method + " " + path + " " + status + " " + time.toMillis() + " ms");
    }
}

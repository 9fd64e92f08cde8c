package dev.reseat.api.rest;

import io.javalin.http.Context;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.lang.System.Logger.Level;
import java.time.Duration;

/** Counts and notes every request: meter {@code http.server.requests} and one log line, without query or body. */
final class RequestLog {
    private static final System.Logger LOG = System.getLogger("dev.reseat.api.rest.access");

    private final MeterRegistry meters;

    RequestLog(MeterRegistry meters) {
        this.meters = meters;
    }

    void finished(Context http, String route, Duration time) {
        Timer.builder("http.server.requests")
                .description("Requests to the REST APIs")
                .tag("method", http.method().name())
                .tag("uri", route)
                .tag("status", Integer.toString(http.statusCode()))
                .register(meters)
                .record(time);
        LOG.log(Level.INFO, () -> http.ip() + " " + http.method().name() + " " + http.path() + " " + http.statusCode()
                + " " + time.toMillis() + " ms");
    }
}

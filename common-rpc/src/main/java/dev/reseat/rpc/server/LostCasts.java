package dev.reseat.rpc.server;

import dev.reseat.rpc.Failure;
import dev.reseat.rpc.Target;
import dev.reseat.rpc.envelope.Message;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Casts that no method ran for. Whoever sent one is told nothing, so it is said here: an error in the log and one more
 * in {@code reseat.rpc.server.lost}, under the method's name. Names come from the wire, so only the first ones get a
 * meter of their own. Thread-safe.
 */
final class LostCasts {
    private static final System.Logger LOG = System.getLogger(LostCasts.class.getName());
    private static final Pattern NAME = Pattern.compile("\\w{1,80}");
    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");
    private static final int MOST_NAMES = 64;

    private final Target target;
    private final MeterRegistry meters;
    private final Set<String> names = new HashSet<>(); // guarded by itself

    LostCasts(Target target, MeterRegistry meters) {
        this.target = target;
        this.meters = meters;
    }

    void add(Message.Request request, Failure why) {
        String method = NAME.matcher(request.method()).matches() ? request.method() : "-";
        LOG.log(System.Logger.Level.ERROR, "cast of {0} on {1} is lost, nothing ran: {2}: {3}", method,
                target.routingKey(), why.type(), CONTROL.matcher(why.message()).replaceAll("?"));
        meters.counter("reseat.rpc.server.lost", "topic", target.topic(), "method", label(method)).increment();
    }

    private String label(String method) {
        synchronized (names) {
            return names.contains(method) || (names.size() < MOST_NAMES && names.add(method)) ? method : "-";
        }
    }
}

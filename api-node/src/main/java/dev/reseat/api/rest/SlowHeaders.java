package dev.reseat.api.rest;

import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.component.AbstractLifeCycle;

/**
 * Closes connections whose request does not come: the headers must have come by a deadline and at a least rate, and of
 * one address only so many may be awaited at once, the slowest of them go first. A connection that is kept open between
 * requests, and sends nothing, is not slow; the server's idle timeout ends it. Looks around once a second.
 */
final class SlowHeaders extends AbstractLifeCycle implements Connection.Listener, HttpConfiguration.Customizer {
    private static final System.Logger LOG = System.getLogger(SlowHeaders.class.getName());
    /** Headers may begin slowly. */
    private static final Duration GRACE = Duration.ofSeconds(5);
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private final RequestLimits limits;
    private final Map<Connection, Awaited> awaited = new ConcurrentHashMap<>();
    private Thread looking;

    /**
     * A connection whose next request has not come whole.
     *
     * @param since by the clock of {@link System#nanoTime}
     * @param bytesBefore what had come of earlier requests
     * @param due whether it has to come: it is the first one, for which the connection has been opened, or has begun
     */
    private record Awaited(long since, long bytesBefore, boolean due) {}

    SlowHeaders(RequestLimits limits) {
        this.limits = limits;
    }

    @Override
    protected void doStart() {
        looking = Thread.ofVirtual().name("slow-headers").start(this::look);
    }

    @Override
    protected void doStop() {
        looking.interrupt();
    }

    @Override
    public void onOpened(Connection connection) {
        awaited.put(connection, new Awaited(System.nanoTime(), connection.getBytesIn(), true));
    }

    @Override
    public void onClosed(Connection connection) {
        awaited.remove(connection);
    }

    /** The headers have come. */
    @Override
    public Request customize(Request request, HttpFields.Mutable responseHeaders) {
        Connection connection = request.getConnectionMetaData().getConnection();
        awaited.remove(connection);
        Request.addCompletionListener(request, _ -> awaitNext(connection));
        return request;
    }

    private void awaitNext(Connection connection) {
        if (connection.getEndPoint().isOpen()) {
            awaited.put(connection, new Awaited(System.nanoTime(), connection.getBytesIn(), false));
            if (!connection.getEndPoint().isOpen()) { // it may have been closed, and told so, in between
                awaited.remove(connection);
            }
        }
    }

    private void look() {
        try {
            while (true) {
                Thread.sleep(INTERVAL);
                closeThoseToClose();
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private void closeThoseToClose() {
        try {
            awaited.forEach(this::closeIfSlow);
            closeIfTooMany();
        } catch (RuntimeException e) { // a defect must not leave slow ones alone for ever
            LOG.log(Level.ERROR, "looking at connections whose headers do not come broke", e);
        }
    }

    private void closeIfSlow(Connection connection, Awaited request) {
        long bytes = connection.getBytesIn() - request.bytesBefore();
        if (!request.due()) {
            if (bytes > 0) { // it began after the last look: time counts from this one on, which is never too early
                awaited.replace(connection, request, new Awaited(System.nanoTime(), request.bytesBefore(), true));
            }
            return;
        }
        if (System.nanoTime() - request.since() > allowed(bytes).toNanos() && awaited.remove(connection, request)) {
            connection.getEndPoint().close();
        }
    }

    private Duration allowed(long bytes) {
        Duration byRate = GRACE.plusMillis(bytes * 1000L / limits.headerRate());
        return byRate.compareTo(limits.headerTimeout()) < 0 ? byRate : limits.headerTimeout();
    }

    private void closeIfTooMany() {
        Map<String, List<Map.Entry<Connection, Awaited>>> begun = awaited.entrySet()
                .stream()
                .filter(entry -> entry.getValue().due())
                .collect(Collectors.groupingBy(entry -> address(entry.getKey())));
        for (List<Map.Entry<Connection, Awaited>> ofOne : begun.values()) {
            List<Map.Entry<Connection, Awaited>> oldestFirst = new ArrayList<>(ofOne);
            oldestFirst.sort(Comparator.comparingLong(entry -> entry.getValue().since()));
            oldestFirst.stream()
                    .limit(Math.max(0, oldestFirst.size() - limits.requestsPerAddress()))
                    .filter(entry -> awaited.remove(entry.getKey(), entry.getValue()))
                    .forEach(entry -> entry.getKey().getEndPoint().close());
        }
    }

    private static String address(Connection connection) {
        SocketAddress peer = connection.getEndPoint().getRemoteSocketAddress();
        return peer instanceof InetSocketAddress inet ? inet.getHostString() : String.valueOf(peer);
    }
}

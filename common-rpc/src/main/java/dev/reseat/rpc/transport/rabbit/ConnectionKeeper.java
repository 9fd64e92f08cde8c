package dev.reseat.rpc.transport.rabbit;

import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Keeps one connection to the broker up, on a virtual thread of its own: connects, lets the user work on the connection
 * until it is lost, waits, connects again. Ends when the user wants no more or {@link #close} is called.
 */
final class ConnectionKeeper implements AutoCloseable {
    private static final Logger LOG = System.getLogger(ConnectionKeeper.class.getName());
    private static final int ABORT_MILLIS = 2_000;
    /** A broker that answers needs much less. */
    private static final Duration ORDERLY_END = Duration.ofSeconds(3);

    private final String name;
    private final Dialer dialer;
    private final Reconnect reconnect;
    private final User user;
    private final Thread thread;
    /** Something in it ends the wait for the next attempt. */
    private final BlockingQueue<Boolean> hurried = new ArrayBlockingQueue<>(1);
    private volatile boolean up;
    private volatile boolean closed;

    private ConnectionKeeper(String name, Dialer dialer, Reconnect reconnect, User user) {
        this.name = name;
        this.dialer = dialer;
        this.reconnect = reconnect;
        this.user = user;
        this.thread = Thread.ofVirtual().name(name).unstarted(this::run);
    }

    /** @param name what the connection is for, in logs */
    static ConnectionKeeper start(String name, Dialer dialer, Reconnect reconnect, User user) {
        var keeper = new ConnectionKeeper(name, dialer, reconnect, user);
        keeper.thread.start();
        return keeper;
    }

    /** Whether the user is at work on an open connection. */
    boolean isUp() {
        return up;
    }

    /** Ends the connection without a word, and opens no other. Repeatable. */
    void cut() {
        dialer.cut();
    }

    /**
     * Closes the connection; when this returns, the user is not working any more. That takes seconds at most, even if
     * the broker reads nothing: the connection is then cut. Repeatable.
     */
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        boolean interrupted = false;
        while (thread.isAlive() && !Thread.currentThread().equals(thread)) {
            try {
                if (!thread.join(ORDERLY_END)) {
                    dialer.cut();
                }
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        int failures = 0;
        try {
            while (!closed && user.isWanted()) {
                failures = attempt() ? 0 : failures + 1;
                if (closed || !user.isWanted()) {
                    return;
                }
                pause(failures);
            }
        } catch (InterruptedException e) {
            if (!closed) {
                LOG.log(Level.WARNING, "{0}: interrupted, gives up its connection", name);
            }
        }
    }

    private void pause(int failures) throws InterruptedException {
        var random = ThreadLocalRandom.current();
        if (failures == 0) {
            Thread.sleep(reconnect.afterLoss(random));
            return;
        }
        Duration least = reconnect.afterFailures(1, random);
        Thread.sleep(least);
        hurried.poll(reconnect.afterFailures(failures, random).minus(least).toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Lets the next attempt be no later than after a first failure: somebody waits for what comes of it. */
    void hurry() {
        if (!up) {
            hurried.offer(true);
        }
    }

    private void unreachable(Unreachable why) {
        hurried.clear(); // this was the attempt that was waited for
        user.unreachable(why);
    }

    /** @return whether the user got to work, so that what ended it was the loss of a good connection */
    private boolean attempt() throws InterruptedException {
        try {
            Link link = dialer.dial();
            try {
                return serve(link);
            } finally {
                up = false;
                link.connection().abort(ABORT_MILLIS);
            }
        } catch (Unreachable e) {
            if (closed) {
                return false; // the attempt was cut short by us
            }
            Level level = e.isRefused() ? Level.ERROR : Level.WARNING;
            LOG.log(level, "{0}: {1}, trying again", name, e.getMessage());
            unreachable(e);
            return false;
        }
    }

    private boolean serve(Link link) throws InterruptedException {
        try {
            report(user.work(link, () -> ready(link.connection())));
            return true;
        } catch (IOException | AlreadyClosedException e) {
            String reason = Refusal.in(e).map(Refusal::text).orElseGet(e::toString);
            report(reason);
            return failed(new Unreachable(reason, false, e));
        } catch (RuntimeException e) {
            // a fault of ours must not end the connection for good: nobody would open it again
            LOG.log(Level.ERROR, name + ": failed, connecting again", e);
            return failed(new Unreachable(e.toString(), false, e));
        }
    }

    private void ready(Connection connection) {
        up = true;
        LOG.log(Level.INFO, "{0}: connected to {1}:{2,number,#}", name, connection.getAddress().getHostAddress(),
                connection.getPort());
    }

    private boolean failed(Unreachable why) {
        if (!up) {
            unreachable(why);
        }
        return up;
    }

    private void report(String reason) {
        if (!closed && user.isWanted()) {
            LOG.log(Level.WARNING, "{0}: {1}, connecting again", name, reason);
        }
    }

    /** Why a connection or channel ended, in the broker's words if it gave some. */
    static String reason(ShutdownSignalException signal) {
        return Refusal.in(signal)
                .map(Refusal::text)
                .orElseGet(() -> Optional.ofNullable(signal.getCause())
                        .map(cause -> "connection lost: " + cause)
                        .orElse("connection lost: " + signal.getMessage()));
    }

    /** Whose connection it is. */
    interface User {
        /** Whether there is any use in connecting (again). */
        boolean isWanted();

        /**
         * Works on a connection until it is lost.
         *
         * @param ready to be run when everything is declared and work begins
         * @return why the work ended
         * @throws IOException if it could not begin, or the connection was lost
         */
        String work(Link link, Runnable ready) throws IOException, InterruptedException;

        /** Told of every failed attempt to begin. */
        void unreachable(Unreachable why);
    }
}

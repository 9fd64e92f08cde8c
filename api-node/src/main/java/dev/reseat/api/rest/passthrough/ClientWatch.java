package dev.reseat.api.rest.passthrough;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import org.eclipse.jetty.io.AbstractEndPoint;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;

/**
 * Notices that a client of HTTP/1 goes away while it waits for an answer: the server itself reads nothing between the
 * end of a request and the end of its answer. What comes instead of an end belongs to the next request and is handed to
 * the server. Thread-safe.
 */
final class ClientWatch implements Callback {
    private static final int MOST = 4096;

    private final Connection connection;
    private final EndPoint endPoint;
    private final Consumer<ClientGone> gone;
    private boolean begun; // both guarded by this
    private boolean watching;

    /** The client has closed its connection, or lost it. */
    static final class ClientGone extends IOException {
        private static final long serialVersionUID = 1;

        ClientGone(Throwable cause) {
            super("the client has gone", cause);
        }
    }

    /** @param gone told at most once, and not after {@link #end} */
    ClientWatch(Request request, Consumer<ClientGone> gone) {
        this.connection = request.getConnectionMetaData().getConnection();
        this.endPoint = connection.getEndPoint();
        this.gone = gone;
    }

    /** Begins; the request must have been read to its end. */
    synchronized void begin() {
        begun = true;
        watching = endPoint instanceof AbstractEndPoint && connection instanceof Connection.UpgradeTo
                && endPoint.tryFillInterested(this);
    }

    /** Whether the request has been read to its end. */
    synchronized boolean hasBegun() {
        return begun;
    }

    /** Ends before the answer does: the server reads again then. */
    synchronized void end() {
        if (watching) {
            watching = false;
            ((AbstractEndPoint) endPoint).getFillInterest().onFail(new CancellationException("the answer is there"));
        }
    }

    @Override
    public void succeeded() {
        Optional<ClientGone> end;
        synchronized (this) {
            end = watching ? look() : Optional.empty();
        }
        end.ifPresent(gone);
    }

    @Override
    public void failed(Throwable cause) {
        synchronized (this) {
            if (!watching) {
                return;
            }
            watching = false;
        }
        gone.accept(new ClientGone(cause));
    }

    private Optional<ClientGone> look() {
        ByteBuffer buffer = BufferUtil.allocate(MOST);
        try {
            int filled = endPoint.fill(buffer);
            if (filled == 0) {
                watching = endPoint.tryFillInterested(this);
                return Optional.empty();
            }
            watching = false;
            if (filled < 0) {
                return Optional.of(new ClientGone(new EOFException()));
            }
            ((Connection.UpgradeTo) connection).onUpgradeTo(buffer);
            return Optional.empty();
        } catch (IOException broken) {
            watching = false;
            return Optional.of(new ClientGone(broken));
        }
    }

    @Override
    public InvocationType getInvocationType() {
        return InvocationType.BLOCKING;
    }
}

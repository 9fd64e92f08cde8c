package dev.reseat.blockstorage;

import dev.reseat.runtime.Deadline;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;

/**
 * Sends one request and waits for its answer, whatever its status, as long as one answer may take and no longer than
 * until the deadline. A connection that was not made is tried again.
 */
final class Sender implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(10);

    private final int connectRetries;
    private final Duration timeout;
    /** Made by the first request: it has a thread, and reads all that this host trusts. */
    private Optional<HttpClient> client = Optional.empty(); // guarded by this

    private boolean closed; // guarded by this

    /** @param timeout how long one answer may take */
    Sender(int connectRetries, Duration timeout) {
        this.connectRetries = connectRetries;
        this.timeout = timeout;
    }

    HttpResponse<String> send(HttpRequest.Builder request, Deadline deadline) {
        for (int left = connectRetries;; left--) {
            try {
                return once(request, deadline.within(timeout).remaining());
            } catch (BlockStorageException.Unreachable e) {
                if (left <= 0 || deadline.isOver()) {
                    throw e;
                }
            }
        }
    }

    private HttpResponse<String> once(HttpRequest.Builder unlimited, Duration limit) {
        if (limit.isZero()) {
            throw new BlockStorageException.Unreachable("there was no time left to ask block storage", null);
        }
        HttpRequest request = unlimited.copy().timeout(limit).build();
        String where = request.method() + " " + request.uri();
        try {
            return http().send(request, BodyHandlers.ofString());
        } catch (ConnectException | HttpConnectTimeoutException e) {
            throw new BlockStorageException.Unreachable(where + ": cannot connect", e);
        } catch (IOException e) {
            throw new BlockStorageException.OutcomeUnknown(where + ": no answer: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BlockStorageException.OutcomeUnknown(where + ": interrupted", e);
        }
    }

    private synchronized HttpClient http() throws IOException {
        if (closed) {
            throw new IOException("closed");
        }
        HttpClient http = client.orElseGet(Sender::newClient);
        client = Optional.of(http);
        return http;
    }

    private static HttpClient newClient() {
        return HttpClient.newBuilder()
                .connectTimeout(CONNECT)
                .executor(Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("block-storage-", 0).factory()))
                .version(HttpClient.Version.HTTP_1_1)
                .build();
    }

    /** Ends requests under way. */
    @Override
    public synchronized void close() {
        closed = true;
        client.ifPresent(HttpClient::shutdownNow);
    }
}

package dev.reseat.compute.cinder;

import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.Executors;

/** Sends one request and waits for its answer, whatever its status. A connection that was not made is tried again. */
final class Sender implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(10);

    private final int connectRetries;
    private final HttpClient http = HttpClient.newBuilder()
            .connectTimeout(CONNECT)
            .executor(Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("block-storage-", 0).factory()))
            .version(HttpClient.Version.HTTP_1_1)
            .build();

    Sender(int connectRetries) {
        this.connectRetries = connectRetries;
    }

    HttpResponse<String> send(HttpRequest request) {
        for (int left = connectRetries;; left--) {
            try {
                return once(request);
            } catch (BlockStorageException.Unreachable e) {
                if (left <= 0) {
                    throw e;
                }
            }
        }
    }

    private HttpResponse<String> once(HttpRequest request) {
        String where = request.method() + " " + request.uri();
        try {
            return http.send(request, BodyHandlers.ofString());
        } catch (ConnectException | HttpConnectTimeoutException e) {
            throw new BlockStorageException.Unreachable(where + ": cannot connect", e);
        } catch (IOException e) {
            throw new BlockStorageException.OutcomeUnknown(where + ": no answer: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BlockStorageException.OutcomeUnknown(where + ": interrupted", e);
        }
    }

    /** Ends requests under way. */
    @Override
    public void close() {
        http.shutdownNow();
    }
}

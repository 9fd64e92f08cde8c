package dev.reseat.api.rest.passthrough;

import dev.reseat.api.rest.HttpFault;
import dev.reseat.api.rest.json.RestJson;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** What a client is told where there is no answer of cinder-api, in its form. */
record NoAnswer(int status, String message) {
    static NoAnswer to(HttpFault refused) {
        return new NoAnswer(refused.status(), refused.getMessage());
    }

    static NoAnswer because(Throwable failure) {
        return switch (failure) {
            case TimeoutException _,SocketTimeoutException _ ->
                new NoAnswer(504, "The block storage API behind this server did not answer in time.");
            case RejectedExecutionException _ ->
                new NoAnswer(503, "Too many requests wait for the block storage API behind this server.");
            case IllegalArgumentException _ -> new NoAnswer(400, "The URL of the request is malformed.");
            default -> new NoAnswer(502, "The block storage API behind this server cannot be reached.");
        };
    }

    void write(Response response, Callback callback) {
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
        byte[] body = RestJson.mapper()
                .writeValueAsBytes(Map.of(HttpFault.key(status), Map.of("code", status, "message", message)));
        response.write(true, ByteBuffer.wrap(body), callback);
    }
}

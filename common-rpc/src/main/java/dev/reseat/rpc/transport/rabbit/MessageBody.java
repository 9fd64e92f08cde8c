package dev.reseat.rpc.transport.rabbit;

import com.rabbitmq.client.AMQP;
import java.io.IOException;
import java.util.Optional;

/** Reads the body of a received message as kombu's consumer does. */
final class MessageBody {
    private static final String JSON = "application/json";

    private MessageBody() {}

    /**
     * @return the body, decompressed
     * @throws IOException if it is not JSON by its content type, or cannot be decompressed
     */
    static byte[] read(AMQP.BasicProperties properties, byte[] body) throws IOException {
        if (!JSON.equals(properties.getContentType())) {
            throw new IOException("content type is " + properties.getContentType() + ", not " + JSON);
        }
        Optional<String> compression = Compression.header(properties.getHeaders());
        return compression.isEmpty()
                ? body
                : compression(compression.get()).decompressed(body, Dialer.LARGEST_BODY);
    }

    private static Compression compression(String name) throws IOException {
        try {
            return Compression.named(name);
        } catch (IllegalArgumentException e) {
            throw new IOException("compression " + name + " cannot be read: " + e.getMessage(), e);
        }
    }
}

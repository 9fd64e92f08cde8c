package dev.reseat.rpc.transport.rabbit;

import com.rabbitmq.client.AMQP;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Optional;
import java.util.zip.InflaterInputStream;

/** Reads the body of a received message as kombu's consumer does. */
final class MessageBody {
    private static final String JSON = "application/json";
    private static final String COMPRESSION = "compression";
    private static final String ZLIB = "application/x-gzip";

    private MessageBody() {}

    /**
     * @return the body, decompressed
     * @throws IOException if it is not JSON by its content type, or cannot be decompressed
     */
    static byte[] read(AMQP.BasicProperties properties, byte[] body) throws IOException {
        if (!JSON.equals(properties.getContentType()))
            throw new IOException("content type is " + properties.getContentType() + ", not " + JSON);
        Optional<String> compression = Optional.ofNullable(properties.getHeaders())
                .map(headers -> headers.get(COMPRESSION))
                .map(Object::toString);
        if (compression.isEmpty())
            return body;
        if (!compression.get().equals(ZLIB))
            throw new IOException("unknown compression " + compression.get());
        return inflate(body);
    }

    /** Despite its name on the wire, it is a zlib stream, not gzip. */
    private static byte[] inflate(byte[] body) throws IOException {
        try (var inflated = new InflaterInputStream(new ByteArrayInputStream(body))) {
            byte[] plain = inflated.readNBytes(Dialer.LARGEST_BODY + 1);
            if (plain.length > Dialer.LARGEST_BODY)
                throw new IOException("larger than " + Dialer.LARGEST_BODY + " bytes when decompressed");
            return plain;
        }
    }
}

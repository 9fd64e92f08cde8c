package dev.reseat.rpc.transport.rabbit;

import com.rabbitmq.client.LongString;
import com.rabbitmq.client.SaslMechanism;
import com.rabbitmq.client.impl.LongStringHelper;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * RabbitMQ's default login, and oslo.messaging's: an AMQP table of {@code LOGIN} and {@code PASSWORD} without the
 * length that usually precedes a table. The client library does not bring it.
 */
final class AmqPlain implements SaslMechanism {
    @Override
    public String getName() {
        return "AMQPLAIN";
    }

    @Override
    public LongString handleChallenge(LongString challenge, String user, String password) {
        var bytes = new ByteArrayOutputStream();
        var table = new DataOutputStream(bytes);
        try {
            writeEntry(table, "LOGIN", user);
            writeEntry(table, "PASSWORD", password);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return LongStringHelper.asLongString(bytes.toByteArray());
    }

    private static void writeEntry(DataOutputStream table, String key, String value) throws IOException {
        byte[] name = key.getBytes(StandardCharsets.US_ASCII);
        byte[] text = value.getBytes(StandardCharsets.UTF_8);
        table.writeByte(name.length);
        table.write(name);
        table.writeByte('S');
        table.writeInt(text.length);
        table.write(text);
    }
}

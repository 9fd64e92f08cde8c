package dev.reseat.benchmark.footprint;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.util.concurrent.TimeoutException;

/** Whether anybody listens on a queue, whoever it is. For one thread. */
final class Consumers implements AutoCloseable {
    private final Connection connection;

    private Consumers(Connection connection) {
        this.connection = connection;
    }

    static Consumers at(String transportUrl) throws IOException {
        try {
            var factory = new ConnectionFactory();
            factory.setUri(URI.create(transportUrl.replaceFirst("^rabbit:", "amqp:").replaceFirst("/$", "")));
            return new Consumers(factory.newConnection("reseat-bench"));
        } catch (TimeoutException | GeneralSecurityException e) {
            throw new IOException("no connection to " + transportUrl, e);
        }
    }

    boolean has(String queue) {
        try {
            Channel channel = connection.createChannel();
            int consumers = channel.queueDeclarePassive(queue).getConsumerCount();
            channel.close();
            return consumers > 0;
        } catch (IOException missing) { // and the channel is closed by the broker
            return false;
        } catch (TimeoutException e) {
            throw new UncheckedIOException(new IOException(e));
        }
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }
}

package dev.reseat.rpc.interop;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.Delivery;
import dev.reseat.rpc.transport.TransportUrl;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** A peer that publishes and takes bytes as they are, without any of the library. Used by one thread. */
final class RawPeer implements AutoCloseable {
    private final Connection connection;
    private final Channel channel;

    private RawPeer(Connection connection, Channel channel) {
        this.connection = connection;
        this.channel = channel;
    }

    static RawPeer connect(String url) throws Exception {
        TransportUrl.Host host = TransportUrl.parse(url).hosts().getFirst();
        var factory = new ConnectionFactory();
        factory.setHost(host.name());
        factory.setPort(host.port());
        factory.setUsername(host.user());
        factory.setPassword(host.password());
        Connection connection = factory.newConnection();
        return new RawPeer(connection, connection.createChannel());
    }

    /** What oslo.messaging gives every message. */
    static AMQP.BasicProperties.Builder usual() {
        return new AMQP.BasicProperties.Builder()
                .contentType("application/json")
                .contentEncoding("utf-8")
                .headers(Map.of())
                .deliveryMode(2)
                .priority(0);
    }

    void publish(String exchange, String routingKey, AMQP.BasicProperties properties, byte[] body)
            throws IOException {
        channel.basicPublish(exchange, routingKey, properties, body);
    }

    /** A queue as a server has it, and what comes to it. */
    BlockingQueue<Delivery> listen(String exchange, String queue) throws IOException {
        channel.exchangeDeclare(exchange, "topic", false, false, Map.of());
        channel.queueDeclare(queue, false, false, false, Map.of());
        channel.queueBind(queue, exchange, queue);
        BlockingQueue<Delivery> deliveries = new LinkedBlockingQueue<>();
        channel.basicConsume(queue, true, (_, delivery) -> deliveries.add(delivery), _ -> {});
        return deliveries;
    }

    static Delivery next(BlockingQueue<Delivery> deliveries) throws InterruptedException {
        Delivery delivery = deliveries.poll(60, SECONDS);
        assertThat(delivery).as("nothing came").isNotNull();
        return delivery;
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }
}

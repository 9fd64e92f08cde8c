package dev.reseat.benchmark.peer;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.DeliverCallback;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/**
 * The floor's server: gives each request back from the consumer's own thread. One connection; one channel to consume,
 * one to publish. Not bare: acknowledges each request, publishes replies with confirms, which nobody waits for.
 */
final class RawServer implements AutoCloseable {
    private static final int PREFETCH = 256;

    private final Tally tally;
    private final boolean safe;
    private final Connection connection;
    private final Publishing publishing;

    RawServer(Broker broker, Tally tally, Floor floor) throws IOException, TimeoutException {
        this.tally = tally;
        this.safe = floor.isSafe();
        connection = broker.factory().newConnection("floor server");
        publishing = new Publishing(connection.createChannel(), safe);
        Channel requests = connection.createChannel();
        requests.queueDeclare(floor.queue(), false, false, false, null);
        if (!floor.exchange().isEmpty()) {
            requests.exchangeDeclare(floor.exchange(), "topic", false, true, null);
            requests.queueBind(floor.queue(), floor.exchange(), floor.queue());
        }
        consume(requests, floor.queue());
        for (int i = 0; i < broker.servers(); i++) {
            Channel own = connection.createChannel();
            own.exchangeDeclare(floor.fanout(), "fanout", false, true, null);
            String queue = own.queueDeclare().getQueue();
            own.queueBind(queue, floor.fanout(), "");
            consume(own, queue);
        }
    }

    private void consume(Channel channel, String queue) throws IOException {
        channel.basicQos(PREFETCH);
        DeliverCallback deliver = (_, delivery) -> {
            if (safe) {
                channel.basicAck(delivery.getEnvelope().getDeliveryTag(), false);
            }
            tally.arrived();
            Optional<String> replyTo = Optional.ofNullable(delivery.getProperties().getReplyTo());
            if (replyTo.isPresent()) {
                var properties = new AMQP.BasicProperties.Builder()
                        .correlationId(delivery.getProperties().getCorrelationId())
                        .deliveryMode(2)
                        .build();
                publishing.publish("", replyTo.get(), safe, properties, delivery.getBody());
            }
        };
        channel.basicConsume(queue, !safe, deliver, _ -> {});
    }

    @Override
    public void close() {
        connection.abort();
    }
}

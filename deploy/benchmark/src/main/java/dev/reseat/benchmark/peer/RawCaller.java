package dev.reseat.benchmark.peer;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.MessageProperties;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The floor: the argument's bytes, a correlation id and a reply queue. One connection; one channel to publish, under a
 * lock, one to consume. Not bare: mandatory, publisher confirms (a cast waits for its own), replies acknowledged one by
 * one.
 */
final class RawCaller implements ContenderCaller {
    private final Floor floor;
    private final Connection connection;
    private final Publishing publishing;
    private final String replies;
    private final AtomicLong ids = new AtomicLong();
    private final Map<String, CompletableFuture<byte[]>> waiting = new ConcurrentHashMap<>();

    RawCaller(Broker broker, Floor floor) throws IOException, TimeoutException {
        this.floor = floor;
        boolean safe = floor.isSafe();
        ConnectionFactory factory = broker.factory();
        connection = factory.newConnection("floor client");
        publishing = new Publishing(connection.createChannel(), safe);
        Channel consuming = connection.createChannel();
        replies = consuming.queueDeclare().getQueue();
        consuming.basicConsume(replies, !safe, (_, delivery) -> {
            var reply = waiting.remove(delivery.getProperties().getCorrelationId());
            if (reply != null) {
                reply.complete(delivery.getBody());
            }
            if (safe) {
                consuming.basicAck(delivery.getEnvelope().getDeliveryTag(), false);
            }
        }, _ -> {});
    }

    @Override
    public Object call(Argument argument) throws IOException, InterruptedException {
        String id = Long.toString(ids.incrementAndGet());
        var properties = new AMQP.BasicProperties.Builder().correlationId(id)
                .replyTo(replies)
                .deliveryMode(2)
                .expiration("60000")
                .build();
        var reply = new CompletableFuture<byte[]>();
        waiting.put(id, reply);
        try {
            publishing.publish(floor.exchange(), floor.queue(), floor.isSafe(), properties, argument.bytes());
            return reply.get(60, TimeUnit.SECONDS).length == argument.bytes().length ? argument.value() : "";
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException(e);
        } finally {
            waiting.remove(id);
        }
    }

    @Override
    public void cast(Argument argument) throws IOException, InterruptedException {
        publishing.publishAndWait(floor.exchange(), floor.queue(), floor.isSafe(),
                MessageProperties.MINIMAL_PERSISTENT_BASIC,
                argument.bytes());
    }

    @Override
    public void fanout(Argument argument) throws IOException, InterruptedException {
        publishing.publishAndWait(floor.fanout(), "", false, MessageProperties.MINIMAL_PERSISTENT_BASIC,
                argument.bytes());
    }

    @Override
    public void close() {
        connection.abort();
    }
}

package dev.reseat.benchmark.peer;

import static java.nio.charset.StandardCharsets.UTF_8;

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
 * lock, one to consume. Not bare: mandatory, publisher confirms (a cast waits for its own), replies acknowledged one by one.
 */
final class RawCaller implements Caller {
    private final boolean safe;
    private final Connection connection;
    private final Publishing publishing;
    private final String replies;
    private final AtomicLong ids = new AtomicLong();
    private final Map<String, CompletableFuture<byte[]>> waiting = new ConcurrentHashMap<>();

    RawCaller(Broker broker, boolean safe) throws IOException, TimeoutException {
        this.safe = safe;
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
    public String call(String argument) throws IOException, InterruptedException {
        String id = Long.toString(ids.incrementAndGet());
        var properties = new AMQP.BasicProperties.Builder().correlationId(id)
                .replyTo(replies)
                .deliveryMode(2)
                .expiration("60000")
                .build();
        var reply = new CompletableFuture<byte[]>();
        waiting.put(id, reply);
        try {
            publishing.publish("", RawServer.queue(safe), safe, properties, argument.getBytes(UTF_8));
            return new String(reply.get(60, TimeUnit.SECONDS), UTF_8);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException(e);
        } finally {
            waiting.remove(id);
        }
    }

    @Override
    public void cast(String argument) throws IOException, InterruptedException {
        publishing.publishAndWait("", RawServer.queue(safe), safe, MessageProperties.MINIMAL_PERSISTENT_BASIC,
                argument.getBytes(UTF_8));
    }

    @Override
    public void fanout(String argument) throws IOException, InterruptedException {
        publishing.publishAndWait(RawServer.fanout(safe), "", false, MessageProperties.MINIMAL_PERSISTENT_BASIC,
                argument.getBytes(UTF_8));
    }

    @Override
    public void close() {
        connection.abort();
    }
}

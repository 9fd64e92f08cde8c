package dev.reseat.benchmark.peer;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import java.io.IOException;
import java.util.NavigableMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.ReentrantLock;

/** A channel that many threads publish on, with publisher confirms if asked for: what RabbitMQ's own guide shows. */
final class Publishing {
    private final Channel channel;
    private final boolean confirms;
    private final ReentrantLock lock = new ReentrantLock();
    private final NavigableMap<Long, CompletableFuture<Boolean>> unconfirmed = new ConcurrentSkipListMap<>();

    Publishing(Channel channel, boolean confirms) throws IOException {
        this.channel = channel;
        this.confirms = confirms;
        if (confirms) {
            channel.confirmSelect();
            channel.addConfirmListener(
                    (tag, multiple) -> settle(tag, multiple, true), (tag, multiple) -> settle(tag, multiple, false));
        }
    }

    /** Writes the message and does not wait for its confirm. */
    void publish(String exchange, String key, boolean mandatory, AMQP.BasicProperties properties, byte[] body)
            throws IOException {
        var _ = write(exchange, key, mandatory, properties, body);
    }

    /** @return completes with the broker's confirm, or at once if none was asked for */
    private CompletableFuture<Boolean> write(
            String exchange, String key, boolean mandatory, AMQP.BasicProperties properties, byte[] body)
            throws IOException {
        var confirm = new CompletableFuture<Boolean>();
        lock.lock();
        try {
            if (confirms) {
                unconfirmed.put(channel.getNextPublishSeqNo(), confirm);
            } else {
                confirm.complete(true);
            }
            channel.basicPublish(exchange, key, mandatory, properties, body);
        } finally {
            lock.unlock();
        }
        return confirm;
    }

    /** Writes the message and waits for its confirm, if confirms were asked for. */
    void publishAndWait(String exchange, String key, boolean mandatory, AMQP.BasicProperties properties, byte[] body)
            throws IOException, InterruptedException {
        try {
            if (!write(exchange, key, mandatory, properties, body).get()) {
                throw new IOException("negative confirm");
            }
        } catch (ExecutionException e) {
            throw new IOException(e);
        }
    }

    private void settle(long tag, boolean multiple, boolean positive) {
        if (multiple) {
            var range = unconfirmed.headMap(tag, true);
            range.values().forEach(confirm -> confirm.complete(positive));
            range.clear();
        } else {
            unconfirmed.remove(tag).complete(positive);
        }
    }
}

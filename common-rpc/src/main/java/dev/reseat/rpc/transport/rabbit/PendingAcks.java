package dev.reseat.rpc.transport.rabbit;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Envelope;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/**
 * What was delivered on one channel and not settled. What is acknowledged together becomes one frame, as far as nothing
 * older is left: the broker works off one acknowledgement of many in much less time than many. Thread-safe.
 */
final class PendingAcks {
    private final Channel channel;
    private final Link link;
    /** Delivery tag to whether it is acknowledged and the broker not told yet; oldest first. Guarded by this. */
    private final SequencedMap<Long, Boolean> open = new LinkedHashMap<>();
    private boolean gathering; // guarded by this

    /** @param link the connection of the channel */
    PendingAcks(Channel channel, Link link) {
        this.channel = channel;
        this.link = link;
    }

    /** A message that came on the channel. */
    synchronized RabbitDelivery delivered(Envelope envelope, AMQP.BasicProperties properties, byte[] body) {
        open.put(envelope.getDeliveryTag(), false);
        return new RabbitDelivery(this, envelope, properties, body);
    }

    /** Whether it may still be settled. */
    synchronized boolean isOpen(long tag) {
        return channel.isOpen() && Boolean.FALSE.equals(open.get(tag));
    }

    /**
     * As {@link dev.reseat.rpc.transport.Arrivals#together}; what other threads acknowledge meanwhile is told with it.
     */
    void together(Runnable settling) {
        link.hold();
        boolean told = false;
        try {
            gather();
            settling.run();
        } finally {
            told = tell();
            told = link.release() && told;
        }
        if (!told) {
            throw new IllegalStateException("the connection is gone, the messages will be delivered again");
        }
    }

    private synchronized void gather() {
        gathering = true;
    }

    /** @return false if the channel is gone */
    private synchronized boolean tell() {
        gathering = false;
        long newest = 0;
        try {
            while (!open.isEmpty() && open.firstEntry().getValue()) {
                newest = open.pollFirstEntry().getKey();
            }
            if (newest > 0) {
                channel.basicAck(newest, true);
            }
            for (var rest = open.entrySet().iterator(); rest.hasNext();) {
                var next = rest.next();
                if (next.getValue()) {
                    rest.remove();
                    channel.basicAck(next.getKey(), false);
                }
            }
            return true;
        } catch (IOException | AlreadyClosedException e) {
            return false;
        }
    }

    /** @throws IllegalStateException if it was settled before, or the channel is gone */
    synchronized void acknowledge(long tag) {
        if (!Boolean.FALSE.equals(open.get(tag))) {
            throw new IllegalStateException("settled before");
        }
        if (gathering) {
            open.put(tag, true);
            return;
        }
        open.remove(tag);
        try {
            channel.basicAck(tag, false);
        } catch (IOException | AlreadyClosedException e) {
            throw new IllegalStateException("its channel is gone, the message will be delivered again", e);
        }
    }

    /** Does nothing if it was settled before. */
    synchronized void refuse(long tag, boolean requeue) throws IOException {
        if (Boolean.FALSE.equals(open.get(tag))) {
            open.remove(tag);
            channel.basicReject(tag, requeue);
        }
    }
}

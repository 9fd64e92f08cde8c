package dev.reseat.rpc.transport.rabbit;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import dev.reseat.rpc.transport.Arrivals;
import dev.reseat.rpc.transport.Handover;
import dev.reseat.rpc.transport.ListenAddress;
import dev.reseat.rpc.transport.Transport;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Consumes from the queues of one source, on a connection of its own as upstream's servers do: neither a blocked
 * publisher nor another listener's lost queue can stop it.
 */
final class QueueListener implements Transport.Listener, ConnectionKeeper.User {
    private static final Logger LOG = System.getLogger(QueueListener.class.getName());
    /** Within which a broker that lives has closed a channel, however busy it is. */
    private static final int CLOSED_WITHIN_SECONDS = 5;

    private final ListenAddress source;
    private final QueueNames names;
    private final RabbitConfig config;
    private final Consumer<QueueListener> onClose;
    private final Handover handover;
    /** Bound to the fanout; has its name for the listener's life. Not used by other sources. */
    private final String ownQueue;
    private final Consumption consumption;

    private final CountDownLatch firstAttempt = new CountDownLatch(1);
    private final CountDownLatch finished = new CountDownLatch(1);
    private final QueueWatch watch;
    private volatile boolean stopping;
    private volatile long upLast = System.nanoTime();
    private volatile Optional<Live> live = Optional.empty();
    private volatile Optional<ConnectionKeeper> keeper = Optional.empty();

    /** @param onClose told when it is closed */
    QueueListener(
            ListenAddress source, QueueNames names, RabbitConfig config, Consumer<Arrivals> receiver,
            Consumer<QueueListener> onClose) {
        this.source = source;
        this.names = names;
        this.config = config;
        this.onClose = onClose;
        this.ownQueue = names.own(source);
        this.consumption = new Consumption(source, ownQueue, config);
        this.watch = new QueueWatch(source, ownQueue, config.queues().streamFanout(), config.heartbeat());
        this.handover = Handover.start("listen " + describe(source), receiver);
    }

    /** Returns when consumption has begun, or the first attempt to begin has failed. */
    void start(Dialer dialer) {
        keeper = Optional.of(
                ConnectionKeeper.start("rabbit listener " + describe(source), dialer, config.reconnect(), this));
        try {
            firstAttempt.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // it goes on beginning; whoever interrupted will close it
        }
    }

    /** Whether it consumes, or does not want to any more. */
    boolean isUp() {
        return stopping || keeper.filter(ConnectionKeeper::isUp).isPresent();
    }

    @Override
    public Duration silentFor() {
        return isUp() ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - upLast);
    }

    @Override
    public void whenLost(Runnable told) {
        watch.whenLost(told);
    }

    @Override
    public boolean isWanted() {
        return !stopping;
    }

    @Override
    public String work(Link link, Runnable ready) throws IOException, InterruptedException {
        Connection connection = link.connection();
        var topology = new Topology(connection, config.queues());
        var lost = new CompletableFuture<String>();
        Channel channel = connection.createChannel();
        try {
            watch.beforeDeclaring(topology);
            consume(channel, link, topology, lost);
            live = Optional.of(new Live(channel, topology));
            if (stopping) {
                closeQuietly(channel); // stop() may have come before there was anything to stop
            }
            ready.run();
            firstAttempt.countDown();
            watch.consuming();
            String reason = watch.awaitLoss(lost, topology);
            upLast = System.nanoTime();
            if (stopping) {
                finished.await(); // the connection is still needed to remove the own queue
            }
            return reason;
        } catch (ExecutionException e) {
            throw new IOException(e);
        } catch (IOException e) {
            if (!consumption.givesUpArguments(e)) {
                throw e;
            }
            return work(link, ready);
        } finally {
            live = Optional.empty();
        }
    }

    private void consume(Channel channel, Link link, Topology topology, CompletableFuture<String> lost)
            throws IOException {
        channel.addShutdownListener(signal -> lost.complete(ConnectionKeeper.reason(signal)));
        var arrived = new Arrived(handover, link);
        var unsettled = new PendingAcks(channel, link);
        if (config.prefetch(source) > 0) {
            channel.basicQos(config.prefetch(source), false);
        }
        int tag = 1;
        for (String queue : topology.declare(source, ownQueue)) {
            channel.basicConsume(
                    queue, false, String.valueOf(tag++), false, false, consumption.arguments(queue),
                    consumer(channel, unsettled, queue, arrived, lost));
        }
    }

    private DefaultConsumer consumer(
            Channel channel, PendingAcks unsettled, String queue, Arrived arrived, CompletableFuture<String> lost) {
        return new DefaultConsumer(channel) {
            @Override
            public void handleDelivery(String tag, Envelope envelope, AMQP.BasicProperties properties, byte[] body) {
                try {
                    byte[] plain = MessageBody.read(properties, body);
                    var delivery = unsettled.delivered(envelope, properties, plain);
                    arrived.add(consumption.following(queue, properties, delivery));
                } catch (IOException e) {
                    LOG.log(Level.WARNING, "a message in {0} was rejected: {1}", queue, e.getMessage());
                    unsettled.delivered(envelope, properties, body).reject();
                }
            }

            @Override
            public void handleCancel(String tag) {
                consumption.cancelled(queue);
                lost.complete("the broker has cancelled the consumer of queue " + queue + " (deleted, or moved)");
            }
        };
    }

    @Override
    public void unreachable(Unreachable why) {
        firstAttempt.countDown();
    }

    @Override
    public void stop() {
        stopping = true;
        firstAttempt.countDown();
        handover.stop();
        live.ifPresent(now -> giveBack(now.channel()));
    }

    /**
     * What is not settled goes back to its queue: with the channel, or with the connection if the broker does not
     * answer.
     */
    private void giveBack(Channel channel) {
        boolean answered = CompletableFuture.runAsync(() -> closeQuietly(channel), Thread::startVirtualThread)
                .orTimeout(CLOSED_WITHIN_SECONDS, TimeUnit.SECONDS)
                .handle((_, late) -> late == null)
                .join();
        if (!answered) {
            keeper.ifPresent(ConnectionKeeper::cut);
        }
    }

    @Override
    public void close() {
        stop();
        watch.end();
        if (source instanceof ListenAddress.Server && names.areForOnce()) {
            live.ifPresent(now -> deleteOwnQueue(now.topology()));
        }
        finished.countDown();
        keeper.ifPresent(ConnectionKeeper::close);
        onClose.accept(this);
    }

    private void deleteOwnQueue(Topology topology) {
        try {
            topology.delete(ownQueue);
        } catch (IOException | AlreadyClosedException e) {
            LOG.log(Level.INFO, "queue {0} is left to expire: {1}", ownQueue, e.getMessage());
        }
    }

    private static void closeQuietly(Channel channel) {
        try {
            channel.close();
        } catch (IOException | TimeoutException | AlreadyClosedException e) {
            LOG.log(Level.DEBUG, "a channel was closed already: {0}", e.getMessage());
        }
    }

    private static String describe(ListenAddress source) {
        return switch (source) {
            case ListenAddress.Server server -> server.serverQueue();
            case ListenAddress.Replies replies -> replies.queue();
            case ListenAddress.Notifications notifications -> String.join(", ", notifications.queues().toList());
        };
    }

    /** What there is while connected. */
    private record Live(Channel channel, Topology topology) {}
}

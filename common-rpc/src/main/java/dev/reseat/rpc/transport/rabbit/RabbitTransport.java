package dev.reseat.rpc.transport.rabbit;

import dev.reseat.rpc.RpcException;
import dev.reseat.rpc.transport.Address;
import dev.reseat.rpc.transport.Arrivals;
import dev.reseat.rpc.transport.ListenAddress;
import dev.reseat.rpc.transport.Outgoing;
import dev.reseat.rpc.transport.Sending;
import dev.reseat.rpc.transport.Transport;
import dev.reseat.rpc.transport.TransportUrl;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;

/**
 * Carries messages over RabbitMQ (AMQP 0-9-1) as oslo.messaging's rabbit driver does. One connection for everything
 * that is sent, opened at the first message, and one for each listener: a broker that blocks publishers does not stop
 * what listens, and a listener whose queue was deleted starts over alone. A connection that is lost is opened again, at
 * the next host, until the transport is closed.
 *
 * <p>Wrong credentials and unknown virtual hosts are errors in the log, and answered to senders at once; the attempts
 * go on, since an operator may repair the account.
 */
public final class RabbitTransport implements Transport {
    private static final HoldingSockets.Buffers PUBLISHING = new HoldingSockets.Buffers(4 * 1024, 64 * 1024);
    private static final HoldingSockets.Buffers LISTENING = new HoldingSockets.Buffers(32 * 1024, 4 * 1024);

    private final TransportUrl url;
    private final RabbitConfig config;
    private final Optional<SSLContext> encryption;
    private final String process;
    private final ExecutorService callbacks = new CallingThread();
    private final QueueNames names;
    private final Publisher publisher;
    private final QueueProbe probe;
    private final Set<QueueListener> listeners = ConcurrentHashMap.newKeySet();
    // guarded by this
    private boolean closed;

    private RabbitTransport(TransportUrl url, RabbitConfig config, Optional<SSLContext> encryption, String process) {
        this.url = url;
        this.config = config;
        this.encryption = encryption;
        this.process = process;
        this.names = new QueueNames(config, process);
        this.publisher = new Publisher(config, () -> dialer(PUBLISHING));
        this.probe = new QueueProbe(() -> dialer(PUBLISHING));
    }

    /**
     * Reads the files the settings name; does not connect yet.
     *
     * @param process the name of this program: the broker shows it for each connection
     * @throws IllegalArgumentException if the URL is of another driver, or a TLS file cannot be used
     */
    public static RabbitTransport of(TransportUrl url, RabbitConfig config, String process) {
        if (url.driver() != TransportUrl.Driver.RABBIT) {
            throw new IllegalArgumentException("not a transport_url for RabbitMQ: " + url);
        }
        return new RabbitTransport(url, config, config.tls().map(TlsContext::of), process);
    }

    private Dialer dialer(HoldingSockets.Buffers buffers) {
        return new Dialer(url, config, encryption, process, callbacks, buffers);
    }

    @Override
    public Sending publish(Address address, Outgoing message, Consumer<Optional<RpcException>> settled) {
        Outgoing sent = config.compression().map(compression -> compression.compressed(message)).orElse(message);
        return publisher.publish(address, sent, settled);
    }

    @Override
    public Listener listenInBatches(ListenAddress source, Consumer<Arrivals> receiver) {
        QueueListener listener;
        synchronized (this) {
            if (closed) {
                throw new IllegalStateException("transport is closed");
            }
            listener = new QueueListener(source, names, config, receiver, listeners::remove);
            listeners.add(listener);
        }
        listener.start(dialer(LISTENING));
        return listener;
    }

    @Override
    public int consumers(String queue, Duration within) {
        return probe.consumers(queue, within);
    }

    @Override
    public String newReplyQueueName() {
        return names.replies();
    }

    @Override
    public boolean isConnected() {
        Optional<Boolean> publishing = publisher.isUp();
        boolean used = publishing.isPresent() || !listeners.isEmpty();
        return used && publishing.orElse(true) && listeners.stream().allMatch(QueueListener::isUp);
    }

    /** Listeners first, so that what they still want to answer can be sent. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        List.copyOf(listeners).forEach(QueueListener::close);
        publisher.close();
        probe.close();
        callbacks.shutdown();
    }
}

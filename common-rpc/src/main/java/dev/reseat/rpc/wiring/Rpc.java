package dev.reseat.rpc.wiring;

import dev.reseat.rpc.Target;
import dev.reseat.rpc.client.RpcClient;
import dev.reseat.rpc.envelope.EnvelopeCodec;
import dev.reseat.rpc.notification.BatchNotificationEndpoint;
import dev.reseat.rpc.notification.BatchNotificationListener;
import dev.reseat.rpc.notification.NotificationEndpoint;
import dev.reseat.rpc.notification.NotificationListener;
import dev.reseat.rpc.notification.Notifier;
import dev.reseat.rpc.object.WireMapper;
import dev.reseat.rpc.server.Endpoint;
import dev.reseat.rpc.server.RpcServer;
import dev.reseat.rpc.transport.Transport;
import dev.reseat.rpc.transport.TransportUrl;
import dev.reseat.rpc.transport.rabbit.RabbitTransport;
import dev.reseat.runtime.Service;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Optional;

/**
 * The RPC of one process: its client, and the servers and notifiers made on the same transport. Stops last of all that
 * use it. Thread-safe.
 */
public final class Rpc implements Service {
    private final Transport transport;
    private final Transport notifications; // the same, unless they have a broker of their own
    private final RpcConfig config;
    private final MeterRegistry meters;
    private final EnvelopeCodec codec = new EnvelopeCodec(WireMapper.create());
    private final RpcClient client;

    /** @param transport for calls and notifications; closed when this stops */
    public Rpc(Transport transport, RpcConfig config, MeterRegistry meters) {
        this(transport, transport, config, meters);
    }

    private Rpc(Transport transport, Transport notifications, RpcConfig config, MeterRegistry meters) {
        this.transport = transport;
        this.notifications = notifications;
        this.config = config;
        this.meters = meters;
        this.client = new RpcClient(transport, codec, config.client(), meters);
    }

    /**
     * Over the broker that {@code transport_url} names. Connects when first used.
     *
     * @param program names the connections at the broker
     * @throws IllegalArgumentException for {@code memory://}, which only parts of one process can share, and for TLS
     *     files that cannot be used
     */
    public static Rpc overBroker(RpcConfig config, String program, MeterRegistry meters) {
        if (config.url().driver() == TransportUrl.Driver.MEMORY) {
            throw new IllegalArgumentException(
                    "transport_url: memory:// connects the parts of one process; a service of its own needs rabbit://");
        }
        Transport transport = RabbitTransport.of(config.url(), config.rabbit(), program);
        Transport notifications = config.notificationBroker()
                .<Transport>map(broker -> RabbitTransport.of(broker.url(), broker.rabbit(), program))
                .orElse(transport);
        return new Rpc(transport, notifications, config, meters);
    }

    /** The one client of this process. */
    public RpcClient client() {
        return client;
    }

    /** A server that is not started yet. */
    public RpcServer server(Target target, List<Endpoint> endpoints) {
        return new RpcServer(transport, codec, target, endpoints, config.server(), meters);
    }

    /**
     * What is started before servers that take another service's place: it starts only if nobody serves these targets.
     *
     * @param service whose place they take, for the operator
     */
    public VacantQueues vacant(String service, List<Target> targets) {
        return new VacantQueues(client, service, targets);
    }

    /** @param exchange {@code control_exchange} of the service that publishes */
    public Notifier notifier(String exchange) {
        return new Notifier(notifications, codec, exchange, config.notifications());
    }

    /** A listener that is not started yet, on the broker that notifications go to. */
    public NotificationListener notificationListener(
            List<Target> targets, List<NotificationEndpoint> endpoints, NotificationListener.Requeue requeue) {
        return new NotificationListener(notifications, codec, targets, endpoints, requeue);
    }

    /**
     * The same in batches, which are no larger than {@code rabbit_qos_prefetch_count}.
     *
     * @param pool see {@link NotificationListener#inPool}; empty for the queues that all share
     */
    public BatchNotificationListener batchNotificationListener(
            List<Target> targets,
            Optional<String> pool,
            List<BatchNotificationEndpoint> endpoints,
            NotificationListener.Requeue requeue,
            BatchNotificationListener.Batch batch) {
        int prefetch = config.notificationBroker().map(RpcConfig.Broker::rabbit).orElse(config.rabbit()).prefetch();
        return new BatchNotificationListener(notifications, codec, targets, pool, endpoints, requeue,
                prefetch == 0 ? batch : batch.atMost(prefetch));
    }

    /** Whether the broker can be reached now, as far as this process knows. */
    public boolean isConnected() {
        return transport.isConnected();
    }

    @Override
    public void start() {
        // the transport connects when it is first used: a broker that is down must not keep a service from starting
    }

    @Override
    public void stop() {
        client.close();
        notifications.close();
        transport.close();
    }
}

package dev.reseat.rpc.wiring;

import dev.reseat.rpc.client.ClientConfig;
import dev.reseat.rpc.notification.NotificationConfig;
import dev.reseat.rpc.server.ServerConfig;
import dev.reseat.rpc.transport.TransportUrl;
import dev.reseat.rpc.transport.rabbit.RabbitConfig;
import dev.reseat.runtime.Settings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a process's RPC is set to, under oslo.messaging's option names.
 *
 * @param notifications how they are sent
 * @param notificationBroker where they are sent, if not to the broker of the calls
 */
public record RpcConfig(
        TransportUrl url,
        RabbitConfig rabbit,
        ClientConfig client,
        ServerConfig server,
        NotificationConfig notifications,
        Optional<Broker> notificationBroker) {
    private static final String DEFAULT = "DEFAULT";
    private static final String RABBIT = "oslo_messaging_rabbit";
    private static final String NOTIFICATIONS = "oslo_messaging_notifications";

    private static final List<String> DROPPED =
            List.of("rabbit_hosts", "rabbit_host", "rabbit_userid", "rabbit_password", "rabbit_port");

    /** A broker, and how it is used: its own URL may override options. */
    public record Broker(TransportUrl url, RabbitConfig rabbit) {}

    /** @throws IllegalArgumentException if {@code transport_url} or an option of its query cannot be read */
    public static RpcConfig from(Settings settings) {
        refuseDroppedAddress(settings);
        var url = settings.value(DEFAULT, "transport_url", TransportUrl.parse("rabbit://"), TransportUrl::parse);
        var rabbit = RabbitConfig.from(url, settings);
        var timeout = settings.seconds(DEFAULT, "rpc_response_timeout", Duration.ofSeconds(60));
        int workers = settings.integer(DEFAULT, "executor_thread_pool_size", ServerConfig.DEFAULT.workers());
        Duration replyRetry = settings.over(RABBIT, url.options(), "transport_url")
                .seconds(RABBIT, "kombu_missing_consumer_retry_timeout", ServerConfig.DEFAULT.replyRetryTimeout());
        return new RpcConfig(
                url,
                rabbit,
                ClientConfig.withTimeout(timeout),
                new ServerConfig(workers, settings.bool(DEFAULT, "rpc_ping_enabled", false), replyRetry),
                NotificationConfig.from(settings),
                notificationBroker(settings));
    }

    /**
     * The same over another broker: the options in its URL go before those of the settings.
     *
     * @param settings that this was read from
     * @throws IllegalArgumentException if an option of its query cannot be read
     */
    public RpcConfig over(TransportUrl another, Settings settings) {
        return new RpcConfig(
                another, RabbitConfig.from(another, settings), client, server, notifications, notificationBroker);
    }

    /**
     * Where the broker was said before there was transport_url. OpenStack passes such options over; without a
     * transport_url that means guest on this host, which nobody who wrote them has meant.
     */
    private static void refuseDroppedAddress(Settings settings) {
        if (settings.has(DEFAULT, "transport_url")) {
            return;
        }
        for (String group : List.of(DEFAULT, RABBIT)) {
            DROPPED.stream()
                    .filter(key -> settings.has(group, key))
                    .findFirst()
                    .ifPresent(key -> settings.refuse("[" + group + "] " + key + ": OpenStack has dropped it; say it as"
                            + " [DEFAULT] transport_url = rabbit://USER:PASSWORD@HOST:PORT/"));
        }
    }

    private static Optional<Broker> notificationBroker(Settings settings) {
        Optional<TransportUrl> url = settings.value(
                NOTIFICATIONS, "transport_url", Optional.<TransportUrl>empty(),
                text -> text.isBlank() ? Optional.empty() : Optional.of(TransportUrl.parse(text)));
        return url.map(own -> new Broker(own, RabbitConfig.from(own, settings)));
    }
}

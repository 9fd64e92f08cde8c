package dev.reseat.rpc.transport.rabbit;

import dev.reseat.rpc.transport.ListenAddress;
import dev.reseat.rpc.transport.TransportUrl;
import dev.reseat.runtime.Settings;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The group {@code [oslo_messaging_rabbit]}, with oslo.messaging's names and defaults.
 *
 * @param prefetch {@code rabbit_qos_prefetch_count}: messages one consumer may hold unacknowledged. The one default
 *     that is not upstream's (0, no limit): without a limit the broker pours a whole queue into the first process that
 *     listens, where it waits in memory while other servers of the topic have nothing to do. Counts messages, not bytes
 *     (RabbitMQ refuses a limit in bytes), for each of a server's three queues: that many of the largest bodies, three
 *     times, is what a busy server's memory has to hold
 * @param heartbeat {@code heartbeat_timeout_threshold}; zero for none
 * @param cancelOnFailover {@code enable_cancel_on_failover}
 * @param compression {@code kombu_compression} of what is sent
 * @param shufflesHosts {@code kombu_failover_strategy}: whether the next host is chosen by chance
 */
public record RabbitConfig(
        QueueOptions queues, Optional<ManagedNames> names, Reconnect reconnect, Login login, Optional<TlsOptions> tls,
        int prefetch,
        Duration heartbeat,
        boolean cancelOnFailover, boolean shufflesHosts, Optional<Compression> compression) {

    /** As many as methods may run: so many at once need not be queued by the broker first. */
    private static final int DEFAULT_PREFETCH = 64;

    /** Each reply has its caller waiting for it already: holding it up saves nothing. */
    private static final int REPLY_PREFETCH = 512;

    /** What the protocol has room for. */
    private static final int LARGEST_PREFETCH = 65535;

    private static final int LARGEST_HEARTBEAT = 65535;

    private static final List<String> USED = List.of(
            "amqp_durable_queues", "amqp_auto_delete", "rabbit_quorum_queue", "rabbit_quorum_delivery_limit",
            "rabbit_quorum_max_memory_length", "rabbit_quorum_max_memory_bytes", "rabbit_transient_quorum_queue",
            "rabbit_transient_queues_ttl", "rabbit_ha_queues", "rabbit_qos_prefetch_count",
            "heartbeat_timeout_threshold",
            "rabbit_retry_interval", "rabbit_retry_backoff", "rabbit_interval_max", "kombu_reconnect_delay",
            "kombu_reconnect_splay", "kombu_failover_strategy", "rabbit_login_method", "ssl", "ssl_version",
            "ssl_ca_file",
            "ssl_cert_file", "ssl_key_file", "ssl_enforce_hostname_verification", "enable_cancel_on_failover",
            "kombu_missing_consumer_retry_timeout", "kombu_compression", "use_queue_manager", "hostname", "processname",
            "rabbit_stream_fanout");

    /** Tune what Reseat does another way, or does not do. */
    private static final List<String> WITHOUT_EFFECT = List.of(
            "heartbeat_rate", "heartbeat_in_pthread", "direct_mandatory_flag",
            "ssl_enforce_fips_mode",
            "rpc_conn_pool_size", "conn_pool_min_size", "conn_pool_ttl");

    public RabbitConfig {
        if (prefetch < 0 || prefetch > LARGEST_PREFETCH) {
            throw new IllegalArgumentException("rabbit_qos_prefetch_count must be from 0 to 65535: " + prefetch);
        }
        if (heartbeat.isNegative()) {
            throw new IllegalArgumentException("heartbeat is negative: " + heartbeat);
        }
        if (queues.streamFanout() && prefetch == 0) {
            throw new IllegalArgumentException(
                    "rabbit_stream_fanout needs a rabbit_qos_prefetch_count greater than 0: a stream has no end");
        }
    }

    /** Messages the consumer of that source may hold unacknowledged; 0 for no limit. */
    int prefetch(ListenAddress source) {
        boolean isDefault = prefetch == DEFAULT_PREFETCH;
        return isDefault && source instanceof ListenAddress.Replies ? REPLY_PREFETCH : prefetch;
    }

    /** Upstream's defaults, but for the prefetch. */
    public static RabbitConfig defaults() {
        return from(Settings.parse(""));
    }

    /** What cannot be used is a problem of the settings, and a default takes its place here. */
    public static RabbitConfig from(Settings settings) {
        var options = new Options(settings);
        QueueOptions queues = QueueOptions.from(options);
        Optional<ManagedNames> names = ManagedNames.from(options);
        Reconnect reconnect = Reconnect.from(options);
        Login login = Login.valueOf(
                options.choice("rabbit_login_method", "AMQPLAIN", "PLAIN", "EXTERNAL", "RABBIT-CR-DEMO")
                        .replace('-', '_'));
        Optional<TlsOptions> tls = TlsOptions.from(options);
        int prefetch = options.count("rabbit_qos_prefetch_count", DEFAULT_PREFETCH, 0, LARGEST_PREFETCH);
        Duration heartbeat =
                Duration.ofSeconds(options.count("heartbeat_timeout_threshold", 60, 0, LARGEST_HEARTBEAT));
        boolean cancelOnFailover = options.flag("enable_cancel_on_failover", false);
        Optional<Compression> compression = options.text("kombu_compression").isEmpty()
                ? Optional.empty()
                : options.read("kombu_compression", Optional.empty(), name -> Optional.of(Compression.named(name)));
        boolean shuffles = options.choice("kombu_failover_strategy", "round-robin", "shuffle").equals("shuffle");
        return options.together(
                () -> new RabbitConfig(
                        queues, names, reconnect, login, tls, prefetch, heartbeat, cancelOnFailover, shuffles,
                        compression),
                RabbitConfig::defaults);
    }

    /** The settings, overridden by the query of the URL. */
    public static RabbitConfig from(TransportUrl url, Settings settings) {
        Set<String> unknown = new TreeSet<>(url.options().keySet());
        unknown.removeAll(optionNames());
        if (!unknown.isEmpty()) {
            settings.refuse("transport_url: no such option in [oslo_messaging_rabbit]: " + String.join(", ", unknown));
        }
        return from(settings.over(Options.GROUP, url.options(), "transport_url"));
    }

    /** Every name the group may contain, former names and those without effect here included. */
    public static Set<String> optionNames() {
        Set<String> names = new HashSet<>(USED);
        names.addAll(WITHOUT_EFFECT);
        names.addAll(Options.formerNames());
        return names;
    }

    /** {@code rabbit_login_method}. */
    public enum Login {
        AMQPLAIN,
        PLAIN,
        /** The certificate that the client shows is the account. */
        EXTERNAL,
        /** What RabbitMQ shows challenge and response with. No Python peer has it: py-amqp refuses its name. */
        RABBIT_CR_DEMO
    }
}

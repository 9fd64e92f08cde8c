package dev.reseat.rpc.transport.rabbit;

import dev.reseat.rpc.transport.TransportUrl;
import dev.reseat.runtime.Settings;
import java.util.HashMap;
import java.util.Map;

/** Transports for tests: they come back quickly after a loss. */
final class RabbitTransports {
    private static final Map<String, String> QUICK = Map.of(
            "kombu_reconnect_delay", "0.05",
            "rabbit_retry_interval", "0.1",
            "rabbit_retry_backoff", "0",
            "heartbeat_timeout_threshold", "5");

    private RabbitTransports() {}

    static RabbitTransport open(String url) {
        return open(url, Map.of());
    }

    static RabbitTransport open(String url, Map<String, String> options) {
        TransportUrl parsed = TransportUrl.parse(url);
        return RabbitTransport.of(parsed, config(options), "reseat-test");
    }

    static RabbitConfig config(Map<String, String> options) {
        Map<String, String> all = new HashMap<>(QUICK);
        all.putAll(options);
        return Settings.parse("").over(Options.GROUP, all, "test").checked(RabbitConfig::from);
    }
}

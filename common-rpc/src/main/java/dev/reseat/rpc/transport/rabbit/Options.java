package dev.reseat.rpc.transport.rabbit;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Reads options of {@code [oslo_messaging_rabbit]} as oslo.config does: under their names, or their former names. */
final class Options {
    private static final Map<String, String> FORMER_NAMES = Map.ofEntries(
            Map.entry("amqp_durable_queues", "rabbit_durable_queues"),
            Map.entry("rabbit_quorum_max_memory_length", "rabbit_quroum_max_memory_length"),
            Map.entry("rabbit_quorum_max_memory_bytes", "rabbit_quroum_max_memory_bytes"),
            Map.entry("ssl", "rabbit_use_ssl"),
            Map.entry("ssl_version", "kombu_ssl_version"),
            Map.entry("ssl_key_file", "kombu_ssl_keyfile"),
            Map.entry("ssl_cert_file", "kombu_ssl_certfile"),
            Map.entry("ssl_ca_file", "kombu_ssl_ca_certs"),
            Map.entry("kombu_missing_consumer_retry_timeout", "kombu_reconnect_timeout"));

    private final Function<String, Optional<String>> source;

    Options(Function<String, Optional<String>> source) {
        this.source = source;
    }

    /** Every former name, for those who check spelling. */
    static List<String> formerNames() {
        return List.copyOf(FORMER_NAMES.values());
    }

    Optional<String> text(String name) {
        return source.apply(name)
                .or(() -> Optional.ofNullable(FORMER_NAMES.get(name)).flatMap(source))
                .map(String::strip)
                .filter(value -> !value.isEmpty());
    }

    boolean flag(String name, boolean otherwise) {
        return text(name).map(value -> switch (value.toLowerCase(Locale.ROOT)) {
            case "true", "1", "on", "yes", "t", "y" -> true;
            case "false", "0", "off", "no", "f", "n" -> false;
            default -> throw unreadable(name, value, "true or false");
        }).orElse(otherwise);
    }

    int count(String name, int otherwise) {
        return text(name).map(value -> {
            if (!value.matches("[0-9]{1,9}"))
                throw unreadable(name, value, "a number, 0 or more");
            return Integer.parseInt(value);
        }).orElse(otherwise);
    }

    /** Whole or broken seconds. */
    Duration seconds(String name, Duration otherwise) {
        return text(name).map(value -> {
            if (!value.matches("[0-9]{1,9}(\\.[0-9]*)?"))
                throw unreadable(name, value, "seconds, 0 or more");
            return Duration.ofMillis(Math.round(Double.parseDouble(value) * 1000));
        }).orElse(otherwise);
    }

    Optional<Path> file(String name) {
        return text(name).map(Path::of);
    }

    /** @return one of the choices, the first if the option is not set */
    String choice(String name, String... choices) {
        return text(name).map(value -> {
            if (!List.of(choices).contains(value))
                throw unreadable(name, value, "one of " + List.of(choices));
            return value;
        }).orElse(choices[0]);
    }

    static IllegalArgumentException unreadable(String name, String value, String expected) {
        return new IllegalArgumentException(
                "[oslo_messaging_rabbit] " + name + ": '" + value + "' is not " + expected);
    }
}

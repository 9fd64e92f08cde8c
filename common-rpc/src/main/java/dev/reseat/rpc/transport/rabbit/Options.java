package dev.reseat.rpc.transport.rabbit;

import dev.reseat.runtime.Settings;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Reads options of {@code [oslo_messaging_rabbit]} as oslo.config does: under their names, or their former names. What
 * cannot be used is a problem of the settings, and the default is given instead.
 */
final class Options {
    static final String GROUP = "oslo_messaging_rabbit";

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

    private final Settings settings;

    Options(Settings settings) {
        this.settings = settings;
    }

    /** Every former name, for those who check spelling. */
    static List<String> formerNames() {
        return List.copyOf(FORMER_NAMES.values());
    }

    Optional<String> text(String name) {
        return settings.optionalText(GROUP, written(name)).map(String::strip);
    }

    boolean flag(String name, boolean otherwise) {
        return settings.bool(GROUP, written(name), otherwise);
    }

    int count(String name, int otherwise, int least, int most) {
        return settings.integer(GROUP, written(name), otherwise, least, most);
    }

    /** 0 or more, without an upper limit of its own. */
    long size(String name) {
        return read(name, 0L, text -> {
            long number = Long.parseLong(text.strip());
            if (number < 0) {
                throw new IllegalArgumentException("must be 0 or more");
            }
            return number;
        });
    }

    /** Whole or broken seconds, 0 or more. */
    Duration seconds(String name, Duration otherwise, Duration most) {
        return read(name, otherwise, text -> {
            Duration time = Duration.ofMillis(
                    new BigDecimal(text.strip()).movePointRight(3)
                            .setScale(0, RoundingMode.HALF_UP)
                            .longValueExact());
            if (time.isNegative() || time.compareTo(most) > 0) {
                throw new IllegalArgumentException("must be from 0 to " + most.toMillis() / 1000.0 + " seconds");
            }
            return time;
        });
    }

    Optional<Path> file(String name) {
        return text(name).map(Path::of);
    }

    /** {@code [oslo_concurrency] lock_path}: where processes of this machine lock files. */
    Optional<Path> lockPath() {
        return settings.optionalText("oslo_concurrency", "lock_path").map(String::strip).map(Path::of);
    }

    /** @return one of the choices, the first if the option is not set */
    String choice(String name, String... choices) {
        return settings.choice(GROUP, written(name), choices[0], List.of(choices));
    }

    /** @param reader refuses by {@link IllegalArgumentException} */
    <T> T read(String name, T otherwise, Function<String, T> reader) {
        return settings.value(GROUP, written(name), otherwise, text -> {
            try {
                return reader.apply(text);
            } catch (NumberFormatException | ArithmeticException e) {
                throw new IllegalArgumentException("must be a number", e);
            }
        });
    }

    /** What is made of several options: if they do not fit together, that is a problem too. */
    <T> T together(Supplier<T> maker, Supplier<T> otherwise) {
        try {
            return maker.get();
        } catch (IllegalArgumentException e) {
            settings.refuse("[" + GROUP + "] " + e.getMessage());
            return otherwise.get();
        }
    }

    private String written(String name) {
        return Optional.ofNullable(FORMER_NAMES.get(name))
                .filter(former -> settings.isSet(GROUP, former) && !settings.isSet(GROUP, name))
                .orElse(name);
    }
}

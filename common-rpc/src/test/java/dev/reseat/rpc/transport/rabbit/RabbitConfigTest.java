package dev.reseat.rpc.transport.rabbit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reseat.rpc.transport.TransportUrl;
import dev.reseat.rpc.transport.rabbit.QueueOptions.QuorumLimits;
import dev.reseat.runtime.Settings;
import dev.reseat.runtime.SettingsException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RabbitConfigTest {
    private static RabbitConfig config(Map<String, String> options) {
        return settings(options).checked(RabbitConfig::from);
    }

    private static Settings settings(Map<String, String> options) {
        return Settings.parse("").over("oslo_messaging_rabbit", options, "test");
    }

    private static List<String> problems(Map<String, String> options) {
        return assertThrows(SettingsException.class, () -> config(options)).problems();
    }

    @Test
    void defaultsAreUpstreamsButForThePrefetch() {
        assertEquals(
                new RabbitConfig(
                        new QueueOptions(
                                false, false, false, false, QuorumLimits.NONE, false,
                                Optional.of(Duration.ofMinutes(30)),
                                false),
                        Optional.empty(),
                        new Reconnect(
                                Duration.ofSeconds(1), Duration.ZERO, Duration.ofSeconds(1), Duration.ofSeconds(2),
                                Duration.ofSeconds(30)),
                        RabbitConfig.Login.AMQPLAIN, Optional.empty(), 64, Duration.ofMinutes(1), false, false,
                        Optional.empty()),
                config(Map.of()));
    }

    @Test
    void everyOptionIsRead() {
        Map<String, String> options = Map.ofEntries(
                Map.entry("amqp_durable_queues", "true"),
                Map.entry("amqp_auto_delete", "yes"),
                Map.entry("rabbit_quorum_queue", "1"),
                Map.entry("rabbit_quorum_delivery_limit", "3"),
                Map.entry("rabbit_quorum_max_memory_length", "4"),
                Map.entry("rabbit_quorum_max_memory_bytes", "5"),
                Map.entry("rabbit_transient_quorum_queue", "on"),
                Map.entry("rabbit_transient_queues_ttl", "60"),
                Map.entry("rabbit_stream_fanout", "true"),
                Map.entry("use_queue_manager", "true"),
                Map.entry("hostname", "host-1"),
                Map.entry("processname", "reseat-api"),
                Map.entry("rabbit_qos_prefetch_count", "7"),
                Map.entry("heartbeat_timeout_threshold", "8"),
                Map.entry("rabbit_retry_interval", "2"),
                Map.entry("rabbit_retry_backoff", "3"),
                Map.entry("rabbit_interval_max", "9"),
                Map.entry("kombu_reconnect_delay", "1.5"),
                Map.entry("kombu_reconnect_splay", "0.25"),
                Map.entry("kombu_failover_strategy", "shuffle"),
                Map.entry("kombu_compression", "gzip"),
                Map.entry("rabbit_login_method", "EXTERNAL"),
                Map.entry("ssl", "True"),
                Map.entry("ssl_version", "tlsv1_2"),
                Map.entry("ssl_ca_file", "/ca.pem"),
                Map.entry("ssl_cert_file", "/cert.pem"),
                Map.entry("ssl_key_file", "/key.pem"),
                Map.entry("ssl_enforce_hostname_verification", "false"),
                Map.entry("enable_cancel_on_failover", "ON"));
        Settings settings = settings(options).over("oslo_concurrency", Map.of("lock_path", "/locks"), "test");
        var names = new ManagedNames("host-1", Optional.of("reseat-api"), Path.of("/locks"));
        var identity = new TlsOptions.Identity(Path.of("/cert.pem"), Path.of("/key.pem"));
        assertEquals(
                new RabbitConfig(
                        new QueueOptions(
                                true, true, true, true, new QuorumLimits(3, 4, 5), true,
                                Optional.of(Duration.ofMinutes(1)),
                                false),
                        Optional.of(names),
                        new Reconnect(
                                Duration.ofMillis(1500), Duration.ofMillis(250), Duration.ofSeconds(2),
                                Duration.ofSeconds(3),
                                Duration.ofSeconds(9)),
                        RabbitConfig.Login.EXTERNAL,
                        Optional.of(
                                new TlsOptions("TLSv1.2", Optional.of(Path.of("/ca.pem")), Optional.of(identity),
                                        false)),
                        7, Duration.ofSeconds(8), true, true,
                        Optional.of(Compression.GZIP)),
                settings.checked(RabbitConfig::from));
        assertTrue(RabbitConfig.optionNames().containsAll(options.keySet()));
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "rpc_conn_pool_size", "conn_pool_min_size", "conn_pool_ttl", "heartbeat_rate", "heartbeat_in_pthread",
            "direct_mandatory_flag", "ssl_enforce_fips_mode",
    })
    void optionsWithoutEffectAreKnown(String name) {
        TransportUrl url = TransportUrl.parse("rabbit://h/?" + name + "=1");
        String file = "[oslo_messaging_rabbit]\n" + name + " = 1\n";

        assertEquals(
                RabbitConfig.defaults(),
                Settings.parse(file).checked(settings -> RabbitConfig.from(url, settings)));
    }

    @ParameterizedTest
    @CsvSource({
            "rabbit_durable_queues, true",
            "rabbit_use_ssl, true",
            "kombu_reconnect_timeout, 60",
    })
    void formerNamesAreUnderstood(String name, String value) {
        assertTrue(RabbitConfig.optionNames().contains(name));
        assertEquals(config(Map.of(currentNameOf(name), value)), config(Map.of(name, value)));
    }

    private static String currentNameOf(String former) {
        return switch (former) {
            case "rabbit_durable_queues" -> "amqp_durable_queues";
            case "rabbit_use_ssl" -> "ssl";
            default -> "kombu_missing_consumer_retry_timeout";
        };
    }

    @Test
    void aLongLifeIsWrittenIn64Bits() {
        QueueOptions queues = config(Map.of("rabbit_transient_queues_ttl", "999999999")).queues();
        assertEquals(Map.of("x-expires", 999_999_999_000L), queues.transientArguments());
    }

    @Test
    void zeroSecondsOfLifeMeansForEver() {
        assertEquals(Optional.empty(), config(Map.of("rabbit_transient_queues_ttl", "0")).queues().transientLifetime());
    }

    @ParameterizedTest
    @CsvSource({
            "ssl, maybe",
            "ssl, t",
            "rabbit_qos_prefetch_count, -1",
            "rabbit_qos_prefetch_count, 65536",
            "rabbit_quorum_max_memory_bytes, -1",
            "rabbit_quorum_max_memory_bytes, much",
            "rabbit_transient_queues_ttl, -1",
            "rabbit_retry_interval, soon",
            "kombu_reconnect_delay, 4.6",
            "kombu_reconnect_splay, 1e99",
            "heartbeat_timeout_threshold, 65536",
            "kombu_failover_strategy, random",
            "kombu_compression, zstd",
            "rabbit_login_method, KERBEROS",
    })
    void whatCannotBeReadIsNamed(String name, String value) {
        assertThat(problems(Map.of(name, value))).singleElement()
                .asString()
                .startsWith("[oslo_messaging_rabbit] " + name)
                .contains("'" + value + "'", "(test)");
    }

    @Test
    void everyProblemOfASettingsFileIsListedAtOnce() {
        Settings settings = Settings.parse("""
                [oslo_messaging_rabbit]
                ssl = maybe
                rabbit_qos_prefetch_count = many
                rabbit_ha_queues = true
                rabbit_quorum_queue = true
                rabit_retry_interval = 1
                """);
        TransportUrl url = TransportUrl.parse("rabbit://h/?heartbeat_timeout_threshold=soon&rabit_ha_queues=1");

        var refused = assertThrows(
                SettingsException.class, () -> settings.checked(all -> RabbitConfig.from(url, all)));

        assertThat(refused.problems()).hasSize(6)
                .anySatisfy(problem -> assertThat(problem).contains("ssl", "'maybe'", ":2"))
                .anySatisfy(problem -> assertThat(problem).contains("rabbit_qos_prefetch_count", "'many'", ":3"))
                .anySatisfy(problem -> assertThat(problem).contains("rabbit_ha_queues", "rabbit_quorum_queue"))
                .anySatisfy(problem -> assertThat(problem).contains("rabit_retry_interval", "unknown setting"))
                .anySatisfy(problem -> assertThat(problem).contains("'soon'", "(transport_url)"))
                .anySatisfy(problem -> assertThat(problem).contains("transport_url", "rabit_ha_queues"));
    }

    @Test
    void tlsOptionsAreCheckedTogether() {
        assertThat(problems(Map.of("ssl", "true", "ssl_cert_file", "/cert.pem"))).hasSize(1);
        assertThat(problems(Map.of("ssl", "true", "ssl_version", "SSLv3"))).hasSize(1);
        assertEquals(Optional.empty(), config(Map.of("ssl_version", "SSLv3")).tls());
        assertEquals("TLS", config(Map.of("ssl", "true", "ssl_version", "")).tls().orElseThrow().protocol());
    }

    @ParameterizedTest
    @ValueSource(strings = {"rabbit_quorum_queue", "rabbit_transient_quorum_queue"})
    void mirroredAndQuorumQueuesExcludeEachOther(String quorum) {
        assertThat(problems(Map.of("rabbit_ha_queues", "true", quorum, "true"))).singleElement()
                .asString()
                .contains("rabbit_ha_queues", quorum);
    }

    @ParameterizedTest
    @CsvSource({
            "rabbit_transient_quorum_queue, false, 16",
            "rabbit_qos_prefetch_count, true, 0",
    })
    void aStreamNeedsTransientQuorumQueuesAndALimitedPrefetch(String missing, boolean quorum, int prefetch) {
        Map<String, String> options = Map.of(
                "rabbit_stream_fanout", "true", "rabbit_transient_quorum_queue", String.valueOf(quorum),
                "rabbit_qos_prefetch_count", String.valueOf(prefetch));
        assertThat(problems(options)).singleElement().asString().contains("rabbit_stream_fanout needs", missing);
    }

    @Test
    void aStreamWithoutLifetimeKeepsItsMessages() {
        QueueOptions queues = config(Map.of(
                "rabbit_stream_fanout", "true", "rabbit_transient_quorum_queue", "true",
                "rabbit_transient_queues_ttl", "0")).queues();
        assertEquals(Map.of("x-queue-type", "stream"), queues.fanoutArguments());
        assertEquals(Map.of("x-queue-type", "quorum"), queues.transientArguments());
    }

    @Test
    void managedNamesNeedAPlaceForLocksAndCanBeFileNames() {
        assertThat(problems(Map.of("use_queue_manager", "true"))).singleElement()
                .asString()
                .contains("[oslo_concurrency] lock_path");
        Settings wrong = settings(Map.of("use_queue_manager", "true", "processname", "a/b"))
                .over("oslo_concurrency", Map.of("lock_path", "/locks"), "test");
        assertThrows(SettingsException.class, () -> wrong.checked(RabbitConfig::from));
    }

    @Test
    void theUrlOverridesTheSettings() {
        TransportUrl url = TransportUrl.parse("rabbit://h/?rabbit_qos_prefetch_count=3&heartbeat_rate=5");
        RabbitConfig config = RabbitConfig.from(
                url, settings(Map.of("rabbit_qos_prefetch_count", "9", "amqp_durable_queues", "true")));
        assertEquals(3, config.prefetch());
        assertTrue(config.queues().durable());
    }

    @Test
    void argumentsAreThoseOfTheWire() {
        QueueOptions quorum = config(Map.of(
                "rabbit_quorum_queue", "true", "rabbit_quorum_delivery_limit", "3",
                "rabbit_quroum_max_memory_length", "4", "rabbit_quorum_max_memory_bytes", "5")).queues();
        assertTrue(quorum.topicDurable());
        assertEquals(
                Map.of(
                        "x-queue-type", "quorum", "x-delivery-limit", 3, "x-max-in-memory-length", 4,
                        "x-max-in-memory-bytes", 5),
                quorum.topicArguments());
        assertEquals(Map.of("x-expires", 1_800_000), quorum.transientArguments());
        assertEquals(
                Map.of("x-queue-type", "quorum", "x-max-in-memory-bytes", 8_000_000_000L),
                config(Map.of("rabbit_quorum_queue", "true", "rabbit_quorum_max_memory_bytes", "8000000000"))
                        .queues()
                        .topicArguments());

        QueueOptions mirrored = config(Map.of("rabbit_ha_queues", "true")).queues();
        assertEquals(Map.of("x-ha-policy", "all"), mirrored.topicArguments());
        assertEquals(Map.of("x-ha-policy", "all", "x-expires", 1_800_000), mirrored.transientArguments());

        QueueOptions transientQuorum = config(Map.of(
                "rabbit_transient_quorum_queue", "true", "rabbit_quorum_delivery_limit", "3")).queues();
        assertEquals(Map.of(), transientQuorum.topicArguments());
        assertEquals(
                Map.of("x-queue-type", "quorum", "x-delivery-limit", 3, "x-expires", 1_800_000),
                transientQuorum.transientArguments());
    }
}

package dev.reseat.rpc.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.rpc.notification.NotificationConfig;
import dev.reseat.rpc.notification.NotificationConfig.Driver;
import dev.reseat.rpc.server.ServerConfig;
import dev.reseat.rpc.transport.TransportUrl;
import dev.reseat.rpc.transport.rabbit.RabbitConfig;
import dev.reseat.runtime.Settings;
import dev.reseat.runtime.SettingsException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class RpcConfigTest {
    @Test
    void theDefaultsAreUpstreams() {
        RpcConfig config = Settings.parse("").checked(RpcConfig::from);

        assertThat(config.url()).isEqualTo(TransportUrl.parse("rabbit://"));
        assertThat(config.client().responseTimeout()).isEqualTo(Duration.ofSeconds(60));
        assertThat(config.server()).isEqualTo(new ServerConfig(64, false));
        assertThat(config.notifications()).isEqualTo(NotificationConfig.NONE);
        assertThat(config.notificationBroker()).isEmpty();
    }

    @Test
    void everyKeyIsRead() {
        RpcConfig config = Settings.parse("""
                [DEFAULT]
                transport_url = rabbit://u:p@broker-1:5673/v
                rpc_response_timeout = 30
                executor_thread_pool_size = 7
                rpc_ping_enabled = true
                [oslo_messaging_notifications]
                driver = messagingv2
                driver = log
                retry = 3
                transport_url = rabbit://n:p@broker-2/?rabbit_qos_prefetch_count=3
                topics = notifications, audit
                """).checked(RpcConfig::from);

        assertThat(config.url().virtualHost()).isEqualTo("v");
        assertThat(config.client().responseTimeout()).isEqualTo(Duration.ofSeconds(30));
        assertThat(config.server()).isEqualTo(new ServerConfig(7, true));
        assertThat(config.notifications()).isEqualTo(new NotificationConfig(
                Set.of(Driver.MESSAGINGV2, Driver.LOG), List.of("notifications", "audit"), 3));
        assertThat(config.notificationBroker().orElseThrow().rabbit().prefetch()).isEqualTo(3);
        assertThat(config.rabbit()).isEqualTo(RabbitConfig.defaults());
    }

    @Test
    void aNotificationDriverThatThereIsNotIsAProblemOfTheSettings() {
        assertThatThrownBy(() -> Settings.parse("[oslo_messaging_notifications]\ndriver = routing")
                .checked(RpcConfig::from))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("there is no 'routing' here, only messagingv2, messaging, log, noop");
    }

    @Test
    void aWrongUrlStopsTheProcess() {
        assertThatThrownBy(() -> Settings.parse("[DEFAULT]\ntransport_url = broker").checked(RpcConfig::from))
                .isInstanceOf(SettingsException.class);
    }

    @Test
    void whatIsWrongWithTheBrokersOptionsIsListedWithTheRest() {
        assertThatThrownBy(() -> Settings.parse("""
                [DEFAULT]
                rpc_response_timeout = soon
                [oslo_messaging_rabbit]
                ssl = maybe
                """).checked(RpcConfig::from))
                .isInstanceOfSatisfying(SettingsException.class, e -> assertThat(e.problems()).hasSize(2));
    }

    @Test
    void aServiceOfItsOwnCannotUseTheMemoryTransport() {
        RpcConfig config = Settings.parse("[DEFAULT]\ntransport_url = memory://").checked(RpcConfig::from);

        assertThatThrownBy(() -> Rpc.overBroker(config, "reseat-test", new SimpleMeterRegistry()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("rabbit://");
    }

    @Test
    void anAddressInOptionsOfBeforeIsPassedOverBesideATransportUrlAndRefusedWithoutOne() {
        String old =
                "[oslo_messaging_rabbit]\nrabbit_hosts = 192.0.2.1:5672\nrabbit_userid = u\nrabbit_password = "
                        + "hunter2\n";

        RpcConfig config = Settings.parse("[DEFAULT]\ntransport_url = rabbit://u:p@broker-1/\n" + old)
                .checked(RpcConfig::from);

        assertThat(config.url()).isEqualTo(TransportUrl.parse("rabbit://u:p@broker-1/"));
        assertThatThrownBy(() -> Settings.parse(old).checked(RpcConfig::from))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("[oslo_messaging_rabbit] rabbit_hosts: OpenStack has dropped it")
                .hasMessageContaining("[DEFAULT] transport_url")
                .hasMessageNotContaining("hunter2");
    }
}

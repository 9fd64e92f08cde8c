package dev.reseat.api.remote;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.runtime.Settings;
import org.junit.jupiter.api.Test;

final class RemoteConfigTest {
    @Test
    void exchangesAreNovasAndCindersOwnDefaults() {
        RemoteConfig config = Settings.parse("").checked(RemoteConfig::from);

        assertThat(config.computeExchange()).isEqualTo("nova");
        assertThat(config.volumeExchange()).isEqualTo("openstack");
    }

    @Test
    void eachServiceMayHaveAnotherExchange() {
        RemoteConfig config = Settings.parse("""
                [nova]
                control_exchange = nova2
                [cinder]
                control_exchange = cinder2
                """).checked(RemoteConfig::from);

        assertThat(config.computeExchange()).isEqualTo("nova2");
        assertThat(config.volumeExchange()).isEqualTo("cinder2");
    }
}

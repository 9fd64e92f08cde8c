package dev.reseat.api.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.api.rest.RestConfig.AuthStrategy;
import dev.reseat.runtime.Settings;
import dev.reseat.runtime.SettingsException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RestConfigTest {
    @Test
    void theDefaultsAreCindersOnLoopbackAndLetNobodyIn() {
        RestConfig config = Settings.parse("").checked(RestConfig::from);

        assertThat(config.listen()).isEqualTo("127.0.0.1");
        assertThat(config.port()).isEqualTo(8776);
        assertThat(config.publicEndpoint()).isEmpty();
        assertThat(config.maxBodySize()).isEqualTo(114_688);
        assertThat(config.maxLimit()).isEqualTo(1000);
        assertThat(config.projectIdPattern().pattern()).isEqualTo("[0-9a-f\\-]+");
        assertThat(config.authStrategy()).isEqualTo(AuthStrategy.KEYSTONE);
    }

    @Test
    void everyKeyIsRead() {
        RestConfig config = Settings.parse("""
                [DEFAULT]
                public_endpoint = https://volumes.example.org
                osapi_max_limit = 7
                project_id_regex = [a-z]+
                [api]
                listen = 0.0.0.0
                port = 1
                auth_strategy = noauth
                requests_in_flight = 5
                requests_per_address = 4
                requests_per_user = 3
                body_timeout = 2
                header_timeout = 4
                header_rate = 7
                body_rate = 1
                [oslo_middleware]
                max_request_body_size = 9
                """).checked(RestConfig::from);

        assertThat(config.listen()).isEqualTo("0.0.0.0");
        assertThat(config.port()).isEqualTo(1);
        assertThat(config.publicEndpoint()).contains("https://volumes.example.org");
        assertThat(config.maxBodySize()).isEqualTo(9);
        assertThat(config.maxLimit()).isEqualTo(7);
        assertThat(config.limits())
                .isEqualTo(new RequestLimits(5, 4, 3, Duration.ofSeconds(2), 1, Duration.ofSeconds(4), 7));
        assertThat(config.projectIdPattern().pattern()).isEqualTo("[a-z]+");
        assertThat(config.authStrategy()).isEqualTo(AuthStrategy.NOAUTH);
    }

    @Test
    void cindersPlaceForTheStrategyIsReadToo() {
        assertThat(Settings.parse("[DEFAULT]\nauth_strategy = noauth").checked(RestConfig::from).authStrategy())
                .isEqualTo(AuthStrategy.NOAUTH);
    }

    @Test
    void whatCannotBeIsRefused() {
        assertThatThrownBy(() -> Settings.parse("[api]\nport = 65536").checked(RestConfig::from))
                .isInstanceOf(SettingsException.class);
        assertThatThrownBy(() -> Settings.parse("[api]\nauth_strategy = none").checked(RestConfig::from))
                .isInstanceOf(SettingsException.class);
        assertThatThrownBy(() -> Settings.parse("[DEFAULT]\nproject_id_regex = (").checked(RestConfig::from))
                .isInstanceOf(SettingsException.class);
        assertThatThrownBy(
                () -> Settings.parse("[oslo_middleware]\nmax_request_body_size = 0").checked(RestConfig::from))
                .isInstanceOf(SettingsException.class);
    }
}

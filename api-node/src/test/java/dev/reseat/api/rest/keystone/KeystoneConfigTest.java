package dev.reseat.api.rest.keystone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.runtime.Settings;
import dev.reseat.runtime.SettingsException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class KeystoneConfigTest {
    @Test
    void nothingIsConfiguredByDefault() {
        KeystoneConfig config = Settings.parse("").checked(KeystoneConfig::from);

        assertThat(config.authUrl()).isEmpty();
        assertThat(config.publicUri()).isEmpty();
        assertThat(config.serviceTokenRoles()).containsExactly("service");
        assertThat(config.cacheTime()).isEqualTo(Duration.ofMinutes(5));
        assertThat(config.timeout()).isEqualTo(Duration.ofSeconds(10));
        assertThat(config.caFile()).isEmpty();
        assertThat(config.credentials().userDomain()).isEqualTo("Default");
        assertThat(config.credentials().projectDomain()).isEqualTo("Default");
    }

    @Test
    void everyKeyIsRead() {
        KeystoneConfig config = Settings.parse("""
                [keystone_authtoken]
                auth_url = https://keys.example.org/identity/
                www_authenticate_uri = https://public.example.org
                username = u
                password = s3cret
                user_domain_name = ud
                project_name = p
                project_domain_name = pd
                service_token_roles = service, helper
                token_cache_time = 5
                http_connect_timeout = 2
                cafile = /etc/ca.pem
                """).checked(KeystoneConfig::from);

        assertThat(config.authUrl()).contains(URI.create("https://keys.example.org/identity/v3"));
        assertThat(config.publicUri()).contains("https://public.example.org");
        assertThat(config.credentials()).isEqualTo(new KeystoneConfig.Credentials("u", "s3cret", "ud", "p", "pd"));
        assertThat(config.serviceTokenRoles()).containsExactly("service", "helper");
        assertThat(config.cacheTime()).isEqualTo(Duration.ofSeconds(5));
        assertThat(config.timeout()).isEqualTo(Duration.ofSeconds(2));
        assertThat(config.caFile()).contains(Path.of("/etc/ca.pem"));
        assertThat(config.toString()).doesNotContain("s3cret");
    }

    @Test
    void anAddressWithoutAUserIsRefused() {
        assertThatThrownBy(
                () -> Settings.parse("[keystone_authtoken]\nauth_url = http://k/v3").checked(KeystoneConfig::from))
                .isInstanceOf(SettingsException.class);
    }
}

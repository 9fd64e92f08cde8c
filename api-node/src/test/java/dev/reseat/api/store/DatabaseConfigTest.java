package dev.reseat.api.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.runtime.Settings;
import dev.reseat.runtime.SettingsException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class DatabaseConfigTest {
    @Test
    void defaults() {
        DatabaseConfig config = read("""
                [database]
                connection = postgresql://c@db/cinder
                [nova_database]
                connection = postgresql://n@db/nova
                """);

        assertThat(config)
                .isEqualTo(new DatabaseConfig(
                        DatabaseUrl.parse("postgresql://c@db/cinder"),
                        DatabaseUrl.parse("postgresql://n@db/nova"),
                        10,
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(60),
                        false));
    }

    @Test
    void everyKey() {
        DatabaseConfig config = read("""
                [database]
                connection = postgresql://n@db/somebody_elses
                max_pool_size = 3
                pool_timeout = 2.5
                [cinder_database]
                connection = postgresql://c@db/cinder
                [nova_database]
                connection = postgresql://n@db/nova
                [reseat]
                database_start_timeout = 5
                create_openstack_tables = true
                """);

        assertThat(config)
                .isEqualTo(new DatabaseConfig(
                        DatabaseUrl.parse("postgresql://c@db/cinder"),
                        DatabaseUrl.parse("postgresql://n@db/nova"),
                        3,
                        Duration.ofMillis(2500),
                        Duration.ofSeconds(5),
                        true));
    }

    @Test
    void whatIsMissingOrWrongIsSaidTogetherAndWithoutSecrets() {
        assertThatThrownBy(() -> read("""
                        [database]
                        connection = oracle://c:s3cret@db/cinder
                        """))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("[database] connection: cannot read")
                .hasMessageContaining("[nova_database] connection: must be set")
                .hasMessageNotContaining("s3cret");
    }

    @Test
    void valuesOutOfRangeAreRefused() {
        for (String wrong : new String[]{"max_pool_size = 0", "pool_timeout = 0", "pool_timeout = -1"}) {
            assertThatThrownBy(() -> read("""
                            [database]
                            connection = postgresql://c@db/cinder
                            %s
                            [nova_database]
                            connection = postgresql://n@db/nova
                            """.formatted(wrong)))
                    .isInstanceOf(SettingsException.class)
                    .hasMessageContaining(wrong.substring(0, 8));
        }
    }

    private static DatabaseConfig read(String text) {
        return Settings.parse(text).checked(DatabaseConfig::from);
    }
}

package dev.reseat.api.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DatabaseUrlTest {
    @ParameterizedTest
    @ValueSource(strings = {
            "postgresql://cinder:s3cret@db.example.org:5433/cinder",
            "postgresql+psycopg2://cinder:s3cret@db.example.org:5433/cinder",
            "postgres://cinder:s3cret@db.example.org:5433/cinder",
            "jdbc:postgresql://db.example.org:5433/cinder?user=cinder&password=s3cret"
    })
    void allUsualFormsMeanTheSame(String text) {
        assertThat(DatabaseUrl.parse(text))
                .isEqualTo(new DatabaseUrl(
                        "db.example.org:5433", "cinder", Optional.of("cinder"), Optional.of("s3cret"), Map.of()));
    }

    @Test
    void aLoginIsDecodedAsSqlalchemyDoesIt() {
        DatabaseUrl url = DatabaseUrl.parse("postgresql://us%40er:p%2Fa:s+s@w%zz@[::1]/cinder");

        assertThat(url.user()).contains("us@er");
        assertThat(url.password()).contains("p/a:s+s@w%zz");
        assertThat(url.server()).isEqualTo("[::1]");
        assertThat(url.dataSource().getPassword()).isEqualTo("p/a:s+s@w%zz");
    }

    @Test
    void parametersOfLibpqReachTheDriverUnderItsOwnNames() throws Exception {
        DatabaseUrl url =
                DatabaseUrl.parse("postgresql://db/cinder?sslmode=require&application_name=x&connect_timeout=3");

        assertThat(url.dataSource().getSslMode()).isEqualTo("require");
        assertThat(url.dataSource().getApplicationName()).isEqualTo("x");
        assertThat(url.dataSource().getConnectTimeout()).isEqualTo(3);
        assertThat(url.user()).isEmpty();
    }

    @Test
    void aLocalDatabaseNeedsNoServer() {
        assertThat(DatabaseUrl.parse("postgresql:///cinder").server()).isEqualTo("localhost");
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "",
            "mysql+pymysql://cinder:s3cret@db/cinder",
            "postgresql://cinder:s3cret@db",
            "postgresql://cinder:s3cret@db/",
            "postgresql://cinder:s3cret@db/cinder?no_such=s3cret",
            "jdbc:postgresql://db/cinder?password=s3cret&no_such=s3cret",
            "db/cinder"
    })
    void anythingElseIsRefusedWithoutRepeatingSecrets(String text) {
        assertThatThrownBy(() -> DatabaseUrl.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("s3cret");
    }

    @Test
    void itsNameHasNoLogin() {
        assertThat(DatabaseUrl.parse("postgresql://cinder:s3cret@db:5432/cinder")).hasToString("db:5432/cinder");
    }
}

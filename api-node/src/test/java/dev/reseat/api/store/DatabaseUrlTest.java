package dev.reseat.api.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mariadb.jdbc.MariaDbDataSource;
import org.postgresql.ds.PGSimpleDataSource;

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
                        Dialect.POSTGRESQL, "db.example.org:5433", "cinder", Optional.of("cinder"),
                        Optional.of("s3cret"), Map.of()));
    }

    @Test
    void aLoginIsDecodedAsSqlalchemyDoesIt() {
        DatabaseUrl url = DatabaseUrl.parse("postgresql://us%40er:p%2Fa:s+s@w%zz@[::1]/cinder");

        assertThat(url.user()).contains("us@er");
        assertThat(url.password()).contains("p/a:s+s@w%zz");
        assertThat(url.server()).isEqualTo("[::1]");
        assertThat(postgresql(url).getPassword()).isEqualTo("p/a:s+s@w%zz");
    }

    @Test
    void parametersOfLibpqReachTheDriverUnderItsOwnNames() throws Exception {
        DatabaseUrl url =
                DatabaseUrl.parse("postgresql://db/cinder?sslmode=require&application_name=x&connect_timeout=3");

        assertThat(postgresql(url).getSslMode()).isEqualTo("require");
        assertThat(postgresql(url).getApplicationName()).isEqualTo("x");
        assertThat(postgresql(url).getConnectTimeout()).isEqualTo(3);
        assertThat(url.user()).isEmpty();
    }

    @Test
    void aLocalDatabaseNeedsNoServer() {
        assertThat(DatabaseUrl.parse("postgresql:///cinder").server()).isEqualTo("localhost");
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "",
            "oracle://cinder:s3cret@db/cinder",
            "mysql+pymysql://cinder:s3cret@db",
            "mysql+pymysql://cinder:s3cret@db/cinder?no_such=s3cret",
            "mysql+pymysql://cinder:s3cret@db/cinder?ssl_mode=s3cret",
            "mysql+pymysql://cinder:s3cret@db/cinder?ssl_ca=ca.pem&ssl_key=s3cret",
            "jdbc:mariadb://db/cinder?password=s3cret&noSuch=s3cret",
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

    @ParameterizedTest
    @ValueSource(strings = {
            "mysql+pymysql://cinder:p%40ss@db.example.org:3306/cinder?charset=utf8",
            "mysql://cinder:p%40ss@db.example.org:3306/cinder",
            "mariadb+pymysql://cinder:p%40ss@db.example.org:3306/cinder?charset=utf8mb4&plugin=dbcounter",
            "mysql+mysqlconnector://cinder:p@ss@db.example.org:3306/cinder",
            "jdbc:mariadb://db.example.org:3306/cinder?user=cinder&password=p%40ss",
            "jdbc:mysql://db.example.org:3306/cinder?user=cinder&password=p%40ss"
    })
    void soDoThoseOfMysql(String text) {
        assertThat(DatabaseUrl.parse(text))
                .isEqualTo(new DatabaseUrl(
                        Dialect.MARIADB, "db.example.org:3306", "cinder", Optional.of("cinder"), Optional.of("p@ss"),
                        Map.of()));
    }

    @ParameterizedTest
    @CsvSource({
            "ssl_ca=/etc/ssl/ca.pem, verify-full",
            "charset=utf8&ssl_ca=/etc/ssl/ca.pem&ssl_check_hostname=false, verify-ca",
            "ssl_verify_identity=false&ssl_ca=/etc/ssl/ca.pem, verify-ca",
            "ssl_verify_cert=true, verify-ca",
            "ssl_verify_cert=true&ssl_verify_identity=true, verify-full",
            "ssl=true, trust",
            "ssl_mode=REQUIRED, trust",
            "ssl_mode=VERIFY_CA&ssl_ca=/etc/ssl/ca.pem, verify-ca",
            "ssl_disabled=true, disable"
    })
    void whatPymysqlChecksOfACertificateIsCheckedToo(String parameters, String mode) {
        DatabaseUrl url = DatabaseUrl.parse("mysql+pymysql://cinder@db/cinder?" + parameters);

        assertThat(url.parameters()).containsEntry("sslMode", mode);
        assertThat(url.parameters().get("serverSslCert"))
                .isEqualTo(parameters.contains("ca.pem") ? "/etc/ssl/ca.pem" : null);
    }

    @Test
    void ofSeveralServersTheFirstThatAnswersIsUsed() throws Exception {
        for (String text : List.of(
                "mysql+pymysql://n@db-1:3306,db-2,db-3/nova", "jdbc:mariadb:sequential://db-1:3306,db-2,db-3/nova")) {
            DatabaseUrl url = DatabaseUrl.parse(text);

            assertThat(url).hasToString("db-1:3306,db-2,db-3/nova");
            assertThat(((MariaDbDataSource) url.dataSource()).getUrl()).contains("sequential");
        }
    }

    @Test
    void itIsWrittenAsItIsRead() {
        for (String text : List.of("mysql+pymysql://c:p%40s%2Fs@db:3306/cinder", "postgresql+psycopg2://c@db/cinder")) {
            assertThat(DatabaseUrl.parse(text).connection()).isEqualTo(text);
        }
    }

    private static PGSimpleDataSource postgresql(DatabaseUrl url) {
        return (PGSimpleDataSource) url.dataSource();
    }

    @Test
    void itsNameHasNoLogin() {
        assertThat(DatabaseUrl.parse("postgresql://cinder:s3cret@db:5432/cinder")).hasToString("db:5432/cinder");
    }
}

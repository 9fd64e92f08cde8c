package dev.reseat.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.api.store.DatabaseUrl;
import dev.reseat.api.store.Dialect;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a test leaves in its databases is not there for the next one. */
class PostgresPairIT {
    @BeforeEach
    void onPostgresql() {
        Assumptions.assumeTrue(EmbeddedDatabase.dialect() == Dialect.POSTGRESQL, "MariaDB's are used again as servers");
    }

    @Test
    void rowsOfTheOneBeforeAreGoneAndThoseOfTheBeginningAreBack() throws SQLException {
        DatabaseUrl before;
        long oid;
        String gates;
        try (CloudFixture cloud = CloudFixture.open()) {
            before = cloud.databases().cinder();
            oid = Long.parseLong(value(before, "SELECT oid FROM pg_database WHERE datname = current_database()"));
            gates = value(before, "SELECT string_agg(g::text, ',') FROM reseat.job_gate g");
            cloud.attachment(cloud.volume("in-use"), "attached");
            cloud.blockDevice(cloud.instance(), "8c2e0000-0000-4000-8000-000000000001", Map.of());
            EmbeddedDatabase.execute(before, "DELETE FROM reseat.job_gate");
        }
        try (EmbeddedDatabase next = EmbeddedDatabase.createWithTables()) {
            assertThat(value(next.cinder(), "SELECT oid FROM pg_database WHERE datname = current_database()"))
                    .isEqualTo(Long.toString(oid));
            assertThat(value(next.cinder(), "SELECT count(*) FROM volumes")).isEqualTo("0");
            assertThat(value(next.cinder(), "SELECT count(*) FROM volume_attachment")).isEqualTo("0");
            assertThat(value(next.nova(), "SELECT count(*) FROM block_device_mapping")).isEqualTo("0");
            assertThat(value(next.cinder(), "SELECT string_agg(g::text, ',') FROM reseat.job_gate g"))
                    .isEqualTo(gates);
            assertThatThrownBy(() -> value(before, "SELECT 1")).hasMessageContaining("does not exist");
        }
    }

    @Test
    void aPairWithAnotherSchemaIsDropped() throws SQLException {
        String oid;
        try (EmbeddedDatabase changed = EmbeddedDatabase.createWithTables()) {
            oid = value(changed.nova(), "SELECT oid FROM pg_database WHERE datname = current_database()");
            EmbeddedDatabase.execute(changed.nova(), "ALTER TABLE instances ADD COLUMN released text");
        }
        try (EmbeddedDatabase next = EmbeddedDatabase.createWithTables()) {
            assertThat(value(next.nova(), "SELECT count(*) FROM pg_database WHERE oid = " + oid)).isEqualTo("0");
        }
    }

    private static String value(DatabaseUrl database, String sql) throws SQLException {
        try (Connection connection = database.dataSource().getConnection();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            result.next();
            return result.getString(1);
        }
    }
}

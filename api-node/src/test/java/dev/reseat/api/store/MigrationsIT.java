package dev.reseat.api.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.testing.EmbeddedDatabase;
import java.io.IOException;
import java.io.InputStream;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("database")
final class MigrationsIT {
    private static final String TABLES = "SELECT table_schema || '.' || table_name FROM information_schema.tables"
            + " WHERE table_schema IN ('public', 'reseat') ORDER BY 1";

    private EmbeddedDatabase databases;

    @BeforeEach
    void create() {
        databases = EmbeddedDatabase.create();
    }

    @AfterEach
    void drop() {
        databases.close();
    }

    @Test
    void emptyDatabasesGetAllTables() throws Exception {
        start(databases.config());

        assertThat(query(databases.cinder(), TABLES))
                .containsExactly(
                        "public.attachment_specs",
                        "public.services",
                        "public.volume_admin_metadata",
                        "public.volume_attachment",
                        "public.volume_glance_metadata",
                        "public.volume_metadata",
                        "public.volume_types",
                        "public.volumes",
                        "public.workers",
                        "reseat.journal",
                        "reseat.journal_step", "reseat.lease",
                        "reseat.outbox",
                        "reseat.schema_history",
                        "reseat.schema_history_cinder");
        assertThat(query(databases.nova(), TABLES))
                .containsExactly(
                        "public.block_device_mapping",
                        "public.instance_actions",
                        "public.instance_actions_events",
                        "public.instance_metadata",
                        "public.instance_system_metadata",
                        "public.instances",
                        "public.migrations",
                        "public.services",
                        "reseat.schema_history_nova");
        assertThat(query(databases.cinder(), "SELECT resource_type || '/' || resource_id FROM workers"))
                .containsExactly("SENTINEL/SUB-SECOND");
    }

    @Test
    void startingAgainChangesNothing() throws Exception {
        start(databases.config());
        List<String> before = query(databases.cinder(), "SELECT installed_on::text FROM reseat.schema_history");

        start(databases.config());

        assertThat(query(databases.cinder(), "SELECT installed_on::text FROM reseat.schema_history"))
                .isEqualTo(before);
    }

    @Test
    void severalProcessesMayStartAtOnce() throws Exception {
        List<CompletableFuture<Void>> starts = new ArrayList<>();
        for (int process = 0; process < 4; process++) {
            starts.add(CompletableFuture.runAsync(() -> start(databases.config())));
        }

        CompletableFuture.allOf(starts.toArray(CompletableFuture[]::new)).get(60, SECONDS);

        assertThat(query(databases.cinder(), "SELECT count(*) FROM reseat.schema_history WHERE script LIKE 'V001%'"))
                .containsExactly("1");
    }

    @Test
    void tablesThatOpenstackMadeAreUsedAsTheyAre() throws Exception {
        makeUpstreamTables();
        databases.execute(databases.cinder(), "ALTER TABLE volumes ADD COLUMN of_a_later_release text");
        List<String> before = query(databases.cinder(), TABLES);

        start(databases.config());
        start(withoutCreating());

        assertThat(query(databases.cinder(), TABLES))
                .containsAll(before)
                .contains("reseat.journal")
                .doesNotContain("reseat.schema_history_cinder");
        assertThat(query(databases.nova(), "SELECT nspname FROM pg_namespace WHERE nspname = 'reseat'"))
                .isEmpty();
    }

    @Test
    void withoutLeaveToMakeTablesTheOperatorIsToldWhatToDo() {
        assertThatThrownBy(() -> start(withoutCreating()))
                .isInstanceOf(StoreException.Broken.class)
                .hasMessageContaining("cinder database has no table volumes")
                .hasMessageContaining("create_openstack_tables");
    }

    @Test
    void aDatabaseWithOnlySomeOfTheTablesIsRefused() {
        databases.execute(databases.cinder(), "CREATE TABLE volumes (id varchar(36) PRIMARY KEY)");

        assertThatThrownBy(() -> start(databases.config()))
                .isInstanceOf(StoreException.Broken.class)
                .hasMessageContaining("volume_attachment")
                .hasMessageContaining("is it the right database");
    }

    private DatabaseConfig withoutCreating() {
        return new DatabaseConfig(
                databases.cinder(), databases.nova(), 4, Duration.ofSeconds(5), Duration.ofSeconds(5), false);
    }

    /** As if OpenStack had made them: without a trace of us. */
    private void makeUpstreamTables() throws IOException {
        databases.execute(databases.cinder(), script("/db/cinder/V001__cinder.sql"));
        databases.execute(databases.nova(), script("/db/nova/V001__nova.sql"));
        databases.execute(databases.nova(), script("/db/nova/V002__migrations.sql"));
    }

    private static String script(String resource) throws IOException {
        try (InputStream script = Database.class.getResourceAsStream(resource)) {
            return new String(requireNonNull(script, resource).readAllBytes(), UTF_8);
        }
    }

    private static void start(DatabaseConfig config) {
        Database database = new Database(config);
        try {
            database.start();
        } finally {
            database.stop();
        }
    }

    private static List<String> query(DatabaseUrl url, String sql) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Connection connection = url.dataSource().getConnection();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            while (result.next()) {
                rows.add(result.getString(1));
            }
        }
        return rows;
    }
}

package dev.reseat.api.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.api.store.journal.CastStepRow;
import dev.reseat.api.store.journal.CastStepTable;
import dev.reseat.api.store.journal.Claim;
import dev.reseat.api.store.journal.JournalTable;
import dev.reseat.api.store.journal.LeaseConfig;
import dev.reseat.api.store.journal.LeaseTable;
import dev.reseat.api.store.journal.ProcessLeases;
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
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.flywaydb.core.Flyway;
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
                        "reseat.cast_step",
                        "reseat.finding",
                        "reseat.instance_stop",
                        "reseat.job",
                        "reseat.job_gate",
                        "reseat.job_item",
                        "reseat.journal",
                        "reseat.journal_step", "reseat.lease",
                        "reseat.outbox",
                        "reseat.scheduled_tasks",
                        "reseat.schema_history",
                        "reseat.schema_history_cinder",
                        "reseat.sweep",
                        "reseat.sweep_gate");
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

    /** Repairs that were begun before steps could be cast are gone on with as they were. */
    @Test
    void aJournalOfAnEarlierVersionKeepsItsRows() throws Exception {
        Flyway.configure()
                .dataSource(databases.cinder().dataSource())
                .defaultSchema("reseat")
                .table("schema_history")
                .locations("classpath:db/postgresql/reseat")
                .baselineOnMigrate(true)
                .baselineVersion("0")
                .target("2")
                .load()
                .migrate();
        EmbeddedDatabase.execute(databases.cinder(),
                "INSERT INTO reseat.journal (id, kind, subject_id, request_id, user_id,"
                        + " project_id, request, before, owner, opened_at, state) VALUES"
                        + " ('17ac433c-c4bf-4a64-8816-2f334dbb643a', 'reset', 'v1', '-', '', '', '{}', '{}', 7, now(),"
                        + " 'open'),"
                        + " ('27ac433c-c4bf-4a64-8816-2f334dbb643a', 'reset', 'v2', '-', '', '', '{}', '{}', 7, now(),"
                        + " 'done')");
        EmbeddedDatabase.execute(databases.cinder(), "INSERT INTO reseat.journal_step (entry, step, phase, detail, at)"
                + " VALUES ('17ac433c-c4bf-4a64-8816-2f334dbb643a', 'driver', 'begun', '{}', now())");

        Database database = new Database(databases.config());
        database.start();
        UUID open = UUID.fromString("17ac433c-c4bf-4a64-8816-2f334dbb643a");
        var table = new JournalTable();

        assertThat(database.cinder().<List<UUID>>transaction(tx -> table.unsettled(tx, 99))).containsExactly(open);
        assertThat(database.cinder().<Optional<Claim>>transaction(tx -> table.adopt(tx, open, 99)))
                .contains(new Claim(open, 99, 2));
        assertThat(database.cinder()
                .<Optional<CastStepRow>>transaction(tx -> new CastStepTable().find(tx, open, "driver", 1)))
                .isEmpty();
        assertThat(query(databases.cinder(), "SELECT state FROM reseat.journal ORDER BY id"))
                .containsExactly("open", "done");
        database.stop();
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
        EmbeddedDatabase.execute(databases.cinder(), "ALTER TABLE volumes ADD COLUMN of_a_later_release text");
        List<String> before = query(databases.cinder(), TABLES);

        start(databases.config());
        sync(withoutCreating());
        start(withoutCreating());

        assertThat(query(databases.cinder(), TABLES))
                .containsAll(before)
                .contains("reseat.journal")
                .doesNotContain("reseat.schema_history_cinder");
        assertThat(query(databases.nova(), "SELECT nspname FROM pg_namespace WHERE nspname = 'reseat'"))
                .isEmpty();
    }

    @Test
    void aJournalOfTheFirstVersionIsTakenOverWithItsRows() throws Exception {
        migrateJournalTo("1");
        String insert = "INSERT INTO reseat.journal (id, kind, subject_id, request_id, user_id, project_id, request,"
                + " before, owner, opened_at, state, outcome) VALUES ('00000000-0000-4000-8000-00000000000%d', '%s',"
                + " '%s', 'req-1', 'u', 'p', '%s', '{}', 7, timestamp '2026-01-01' + interval '%d hours', '%s', %s)";
        String ofVolume = "{\"volume_id\": \"vol-%s\"}";
        for (String row : List.of(
                insert.formatted(1, "reset", "vol-a", "{}", 1, "done", "'driver proved'"),
                insert.formatted(2, "reset", "vol-a", "{}", 2, "open", "NULL"),
                insert.formatted(3, "refresh", "bdm-b", ofVolume.formatted("b"), 3, "unknown", "'no answer'"),
                insert.formatted(4, "refresh", "bdm-b", ofVolume.formatted("b"), 0, "undone", "'as it was'"),
                insert.formatted(5, "reset", "vol-c", "{}", 5, "unknown", "'no answer'"),
                insert.formatted(6, "refresh", "bdm-c", ofVolume.formatted("c"), 6, "open", "NULL"),
                insert.formatted(7, "refresh", "bdm-d", "{}", 7, "failed", "'before volumes were named'"))) {
            EmbeddedDatabase.execute(databases.cinder(), row);
        }
        EmbeddedDatabase.execute(databases.cinder(),
                "INSERT INTO reseat.journal_step (entry, step, phase, detail, at) VALUES"
                        + " ('00000000-0000-4000-8000-000000000002', 'driver', 'begun', '{}', timestamp '2026-01-01')");
        EmbeddedDatabase.execute(databases.cinder(),
                "SELECT nextval('reseat.owner_number') FROM generate_series(1, 9)");

        start(databases.config());

        assertThat(query(databases.cinder(), "SELECT right(id::text, 1) || ' ' || subject_id || ' '"
                + " || COALESCE(mapping_id, '-') || ' ' || state || ' ' || epoch FROM reseat.journal ORDER BY id"))
                .containsExactly(
                        "1 vol-a - done 1",
                        "2 vol-a - open 1",
                        "3 vol-b bdm-b unknown 1",
                        "4 vol-b bdm-b undone 1",
                        "5 vol-c - failed 1",
                        "6 vol-c bdm-c open 1",
                        "7 bdm-d - failed 1");
        assertThat(query(databases.cinder(), "SELECT outcome FROM reseat.journal WHERE subject_id = 'vol-c'"
                + " AND state = 'failed'").getFirst()).contains("a later repair of the same volume");
        assertThat(unsettledAfterMigration()).as("any new process goes on with them").containsExactly("2", "3", "6");
        assertThat(query(databases.cinder(), "SELECT nextval(pg_get_serial_sequence('reseat.lease', 'owner')) > 10"))
                .as("no number twice")
                .containsExactly("t");
    }

    /** By a process that starts now. */
    private List<String> unsettledAfterMigration() {
        Database database = new Database(databases.config());
        database.start();
        var leases = new ProcessLeases(database, new LeaseTable(), new LeaseConfig(Duration.ofSeconds(30)));
        leases.start();
        try {
            return database.cinder()
                    .transaction(tx -> new JournalTable().unsettled(tx, leases.own()))
                    .stream()
                    .map(id -> id.toString().substring(35))
                    .toList();
        } finally {
            leases.stop();
            database.stop();
        }
    }

    private void migrateJournalTo(String version) {
        Flyway.configure()
                .dataSource(databases.cinder().dataSource())
                .defaultSchema("reseat")
                .createSchemas(true)
                .table("schema_history")
                .locations("classpath:db/postgresql/reseat")
                .baselineOnMigrate(true)
                .baselineVersion("0")
                .target(version)
                .load()
                .migrate();
    }

    @Test
    void ourOwnTablesAreMadeOnlyWhenAskedFor() throws Exception {
        makeUpstreamTables();

        assertThatThrownBy(() -> start(withoutCreating()))
                .isInstanceOf(StoreException.Broken.class)
                .hasMessageContaining("schema reseat lacks V001__journal.sql")
                .hasMessageContaining("run 'reseat db sync'");
        assertThat(query(databases.cinder(), "SELECT nspname FROM pg_namespace WHERE nspname = 'reseat'")).isEmpty();

        sync(withoutCreating());
        sync(withoutCreating());
        start(withoutCreating());
        assertThat(query(databases.cinder(), TABLES)).contains("reseat.journal");
    }

    @Test
    void anEarlierVersionOfOurTablesIsNotWorkedWith() throws Exception {
        makeUpstreamTables();
        migrateJournalTo("3");

        assertThatThrownBy(() -> start(withoutCreating()))
                .isInstanceOf(StoreException.Broken.class)
                .hasMessageContaining("lacks V005__jobs.sql");
    }

    @Test
    void withoutLeaveToMakeTablesTheOperatorIsToldWhatToDo() {
        assertThatThrownBy(() -> start(withoutCreating()))
                .isInstanceOf(StoreException.Broken.class)
                .hasMessageContaining("cinder database has no table ")
                .hasMessageContaining("volumes, workers")
                .hasMessageContaining("create_openstack_tables");
    }

    @Test
    void aDatabaseWithOnlySomeOfTheTablesIsRefused() {
        EmbeddedDatabase.execute(databases.cinder(), "CREATE TABLE volumes (id varchar(36) PRIMARY KEY)");

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
        EmbeddedDatabase.execute(databases.cinder(), script("/db/postgresql/cinder/V001__cinder.sql"));
        EmbeddedDatabase.execute(databases.nova(), script("/db/postgresql/nova/V001__nova.sql"));
        EmbeddedDatabase.execute(databases.nova(), script("/db/postgresql/nova/V002__migrations.sql"));
    }

    private static String script(String resource) throws IOException {
        try (InputStream script = Database.class.getResourceAsStream(resource)) {
            return new String(requireNonNull(script, resource).readAllBytes(), UTF_8);
        }
    }

    private static void sync(DatabaseConfig config) {
        new Database(config).sync();
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

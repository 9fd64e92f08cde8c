package dev.reseat.api.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.reseat.api.store.Database;
import dev.reseat.api.store.DatabaseConfig;
import dev.reseat.api.store.DatabaseUrl;
import dev.reseat.api.store.Dialect;
import dev.reseat.api.store.StoreException;
import dev.reseat.testing.EmbeddedDatabase;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("database")
@Tag("any-database")
@Tag("slow-on-mariadb")
final class DbCommandsIT {
    private static final Path PAGE = Path.of("..", "docs", "operators", "install.md");
    private static final Pattern SQL = Pattern.compile("(?s)```sql\\n(.*?)```");
    private static final int OF_MARIADB = 4;

    @TempDir private Path directory;

    private final EmbeddedDatabase databases = EmbeddedDatabase.createWithTables();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void asOpenStackMadeIt() {
        dropOurs();
    }

    private void dropOurs() {
        switch (EmbeddedDatabase.dialect()) {
            case POSTGRESQL -> EmbeddedDatabase.execute(databases.cinder(), "DROP SCHEMA reseat CASCADE");
            case MARIADB -> EmbeddedDatabase.execute(databases.cinder(), "DROP DATABASE reseat");
        }
    }

    @AfterEach
    void close() {
        new Database(databases.config()).sync();
        databases.close();
    }

    @Test
    void ourTablesAreMadeOnlyByTheCommand() throws Exception {
        DatabaseConfig config = new DatabaseConfig(
                databases.cinder(), databases.nova(), 2, Duration.ofSeconds(5), Duration.ofSeconds(20), false);
        Database service = new Database(config);

        assertThatThrownBy(service::start)
                .isInstanceOf(StoreException.Broken.class)
                .hasMessageContaining("schema reseat lacks V00")
                .hasMessageContaining("reseat db sync");
        assertThat(db("check", databases.cinder(), databases.nova())).isEqualTo(8);
        assertThat(out.toString()).contains("PROBLEM: schema reseat lacks V00").contains("run 'reseat db sync'");

        assertThat(db("sync", databases.cinder(), databases.nova())).as(err.toString()).isZero();
        assertThat(db("sync", databases.cinder(), databases.nova())).as("again").isZero();

        assertThat(db("check", databases.cinder(), databases.nova())).as(out.toString()).isZero();
        assertThat(out.toString()).contains("for volume-managers in place of cinder-volume: no table backups, or no");
        service.start();
        service.cinder().check();
        service.stop();
    }

    @Test
    void releasesAreRecognisedByTheirMark() throws Exception {
        db("sync", databases.cinder(), databases.nova());
        for (DatabaseUrl url : List.of(databases.cinder(), databases.nova())) {
            EmbeddedDatabase.execute(url, "CREATE TABLE alembic_version (version_num varchar(32))");
        }
        EmbeddedDatabase.execute(databases.cinder(), "INSERT INTO alembic_version VALUES ('c92a3e68beed')");
        EmbeddedDatabase.execute(databases.nova(), "INSERT INTO alembic_version VALUES ('ffffffffffff')");
        try {
            assertThat(db("check", databases.cinder(), databases.nova())).isZero();
            assertThat(out.toString())
                    .contains("cinder's tables, revision c92a3e68beed: as of Zed")
                    .contains("nova's tables, revision ffffffffffff: not known to this version");
        } finally {
            for (DatabaseUrl url : List.of(databases.cinder(), databases.nova())) {
                EmbeddedDatabase.execute(url, "DROP TABLE alembic_version");
            }
        }
    }

    @Test
    void whatIsMissingIsNamedAndSecretsAreNot() throws Exception {
        assertThat(db("check", databases.nova(), databases.cinder())).isEqualTo(8);
        assertThat(out.toString()).contains("PROBLEM: no table volumes").contains("PROBLEM: no table instances");

        DatabaseUrl refused = databases.cinder().withLogin("nobody", Optional.of("tell-nobody"));
        assertThat(db("check", refused, databases.nova())).isEqualTo(8);
        assertThat(db("sync", refused.withDatabase("no_such"), databases.nova())).isOne();
        assertThat(out.toString() + err).contains("cannot be worked with").doesNotContain("tell-nobody");
    }

    @Test
    void theRightsOfTheOperatorsPageAreEnoughAndFewerAreTold() throws Exception {
        assumeTrue(EmbeddedDatabase.dialect() == Dialect.MARIADB, "PostgreSQL's are tested with the services");
        String grants = SQL.matcher(Files.readString(PAGE))
                .results()
                .map(block -> block.group(1))
                .toList()
                .get(OF_MARIADB);
        try {
            for (String statement : grants.strip().split(";\n?", -1)) {
                if (!statement.isBlank()) {
                    EmbeddedDatabase.execute(databases.cinder(), statement);
                }
            }
            DatabaseUrl cinder = databases.cinder().withLogin("reseat", Optional.of("SECRET"));
            DatabaseUrl nova = databases.nova().withLogin("reseat", Optional.of("SECRET"));

            assertThat(db("sync", cinder, nova)).as(err.toString()).isZero();
            assertThat(db("check", cinder, nova)).as(out.toString()).isZero();

            EmbeddedDatabase.execute(databases.cinder(), "REVOKE DELETE ON cinder.workers FROM reseat@'%'");
            assertThat(db("check", cinder, nova)).isEqualTo(8);
            assertThat(out.toString()).contains("PROBLEM: cannot DELETE FROM workers: ");
        } finally {
            EmbeddedDatabase.execute(databases.cinder(), "DROP USER IF EXISTS reseat@'%'");
        }
    }

    private int db(String command, DatabaseUrl cinder, DatabaseUrl nova) throws IOException {
        Path settings = Files.writeString(directory.resolve("reseat.conf"), """
                [cinder_database]
                connection = %s
                [nova_database]
                connection = %s
                [reseat]
                database_start_timeout = 1
                """.formatted(cinder.connection(), nova.connection()));
        return DbCommands.all(Map.of())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(command, "--config-file", settings.toString());
    }
}

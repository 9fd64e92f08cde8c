package dev.reseat.testing;

import dev.reseat.api.store.DatabaseConfig;
import dev.reseat.api.store.DatabaseUrl;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/** Nova's API database as far as it tells of cells, with tables of upstream's shape. */
public final class NovaApiDatabase implements AutoCloseable {
    private static final String TABLES = """
            CREATE TABLE cell_mappings (created_at timestamp, updated_at timestamp, id serial PRIMARY KEY,
                uuid varchar(36) NOT NULL UNIQUE, name varchar(255), transport_url text NOT NULL,
                database_connection text NOT NULL, disabled boolean DEFAULT false);
            CREATE TABLE host_mappings (created_at timestamp, updated_at timestamp, id serial PRIMARY KEY,
                cell_id integer NOT NULL, host varchar(255) NOT NULL UNIQUE);
            CREATE TABLE instance_mappings (created_at timestamp, updated_at timestamp, id serial PRIMARY KEY,
                instance_uuid varchar(36) NOT NULL UNIQUE, cell_id integer,
                project_id varchar(255) NOT NULL, queued_for_delete boolean, user_id varchar(255));
            """;

    private final EmbeddedDatabase databases = EmbeddedDatabase.create();

    private NovaApiDatabase() {}

    /** Without cells. */
    public static NovaApiDatabase open() {
        NovaApiDatabase api = new NovaApiDatabase();
        for (String table : TABLES.split(";", -1)) {
            if (!table.isBlank()) {
                EmbeddedDatabase.execute(api.url(), table);
            }
        }
        return api;
    }

    public DatabaseUrl url() {
        return databases.nova();
    }

    /** Of an api-node whose Cinder is that. */
    public DatabaseConfig config(DatabaseUrl cinder, Duration connectionTimeout) {
        return new DatabaseConfig(
                cinder, url(), Optional.of(url()), 4, connectionTimeout, Duration.ofSeconds(20), true);
    }

    /** As OpenStack writes where a database is. */
    public static String connection(DatabaseUrl url) {
        String driver = switch (url.dialect()) {
            case POSTGRESQL -> "postgresql+psycopg2";
            case MARIADB -> "mysql+pymysql";
        };
        return driver + "://" + url.user().orElseThrow() + url.password().map(":"::concat).orElse("") + "@"
                + url.server() + "/" + url.database();
    }

    /** @return the uuid of the new cell */
    public String cell(String name, String transportUrl, String databaseConnection) {
        String uuid = UUID.randomUUID().toString();
        EmbeddedDatabase.execute(url(),
                "INSERT INTO cell_mappings (uuid, name, transport_url, database_connection) VALUES ('"
                        + uuid + "', '" + name + "', '" + transportUrl + "', '" + databaseConnection + "')");
        return uuid;
    }

    /** Another database from now on. */
    public void move(String cell, String databaseConnection) {
        EmbeddedDatabase.execute(url(), "UPDATE cell_mappings SET database_connection = '" + databaseConnection
                + "' WHERE uuid = '" + cell + "'");
    }

    /** Another broker, or another login there, from now on. */
    public void login(String cell, String transportUrl) {
        EmbeddedDatabase.execute(url(), "UPDATE cell_mappings SET transport_url = '" + transportUrl
                + "' WHERE uuid = '" + cell + "'");
    }

    public void host(String cell, String host) {
        EmbeddedDatabase.execute(url(), "INSERT INTO host_mappings (cell_id, host) SELECT id, '" + host
                + "' FROM cell_mappings WHERE uuid = '" + cell + "'");
    }

    public void instance(String cell, String uuid, String project) {
        EmbeddedDatabase.execute(url(),
                "INSERT INTO instance_mappings (instance_uuid, cell_id, project_id) SELECT '" + uuid
                        + "', id, '" + project + "' FROM cell_mappings WHERE uuid = '" + cell + "'");
    }

    /** One that the scheduler has not placed. */
    public void unplaced(String uuid, String project) {
        EmbeddedDatabase.execute(url(),
                "INSERT INTO instance_mappings (instance_uuid, project_id) VALUES ('" + uuid + "', '"
                        + project + "')");
    }

    @Override
    public void close() {
        databases.close();
    }
}

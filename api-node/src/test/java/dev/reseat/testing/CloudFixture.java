package dev.reseat.testing;

import dev.reseat.api.store.Connections;
import dev.reseat.api.store.Database;
import dev.reseat.api.store.Transaction;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jdbi.v3.core.statement.Update;

/**
 * A small cloud in real databases: the started {@link Database} with tables of upstream's shape, and rows in them as
 * Cinder and Nova would have left them. Every insert fills what must be there; pairs of column and value say the rest.
 */
public final class CloudFixture implements AutoCloseable {
    public static final String PROJECT = "7c1d0000000000000000000000000001";
    public static final String USER = "5e2a0000000000000000000000000002";
    public static final String VOLUME_TYPE = "6baaa578-0000-4000-8000-000000000003";
    public static final String HOST = "host-1@file#file";
    /** When the first row was made; every further one is a second younger. */
    public static final Instant EPOCH = Instant.parse("2026-11-22T07:03:00.171082Z");

    private final EmbeddedDatabase databases;
    private final Database database;
    // tests insert one after the other
    private int rows;

    private CloudFixture(EmbeddedDatabase databases) {
        this.databases = databases;
        this.database = new Database(databases.config());
    }

    /** New databases with all tables, started. */
    public static CloudFixture open() {
        return open(EmbeddedDatabase.createWithTables());
    }

    /** The same in these, of which those that lack tables get them. */
    public static CloudFixture open(EmbeddedDatabase databases) {
        CloudFixture cloud = new CloudFixture(databases);
        cloud.database.start();
        cloud.insert(cloud.cinder(), "volume_types", Map.of("id", VOLUME_TYPE, "name", "file", "deleted", false));
        return cloud;
    }

    public Database database() {
        return database;
    }

    public EmbeddedDatabase databases() {
        return databases;
    }

    public Connections cinder() {
        return database.cinder();
    }

    public Connections nova() {
        return database.nova();
    }

    /** A detached volume of that status. */
    public String volume(String status) {
        return volume(Map.of("status", status));
    }

    public String volume(Map<String, Object> columns) {
        Map<String, Object> row = new HashMap<>(Map.of(
                "id", UUID.randomUUID().toString(),
                "user_id", USER,
                "project_id", PROJECT,
                "host", HOST,
                "size", 1,
                "availability_zone", "nova",
                "status", "available",
                "attach_status", "detached",
                "volume_type_id", VOLUME_TYPE,
                "deleted", false));
        row.putAll(Map.of("bootable", false, "multiattach", false, "shared_targets", true));
        row.putAll(columns);
        return insert(cinder(), "volumes", row);
    }

    /** An attachment of that status, to an instance of its own. */
    public String attachment(String volumeId, String status) {
        return attachment(volumeId, Map.of("attach_status", status));
    }

    public String attachment(String volumeId, Map<String, Object> columns) {
        Map<String, Object> row = new HashMap<>(Map.of(
                "id", UUID.randomUUID().toString(),
                "volume_id", volumeId,
                "instance_uuid", UUID.randomUUID().toString(),
                "attach_status", "attached",
                "attach_mode", "rw",
                "attached_host", "host-a",
                "mountpoint", "/dev/vdb",
                "deleted", false));
        row.putAll(columns);
        return insert(cinder(), "volume_attachment", row);
    }

    /** A stopped instance on host-a. */
    public String instance() {
        return instance(Map.of());
    }

    public String instance(Map<String, Object> columns) {
        Map<String, Object> row = new HashMap<>(Map.of(
                "uuid", UUID.randomUUID().toString(),
                "user_id", USER,
                "project_id", PROJECT,
                "host", "host-a",
                "node", "host-a.example.org",
                "display_name", "vm",
                "vm_state", "stopped",
                "power_state", 4,
                "locked", false,
                "deleted", 0));
        row.putAll(columns);
        insert(nova(), "instances", row);
        return row.get("uuid").toString();
    }

    /** The mapping of a volume into an instance; gives its uuid. */
    public String blockDevice(String instanceUuid, String volumeId, Map<String, Object> columns) {
        Map<String, Object> row = new HashMap<>(Map.of(
                "uuid", UUID.randomUUID().toString(),
                "instance_uuid", instanceUuid,
                "volume_id", volumeId,
                "source_type", "volume",
                "destination_type", "volume",
                "device_name", "/dev/vdb",
                "delete_on_termination", false,
                "no_device", false,
                "deleted", 0));
        row.putAll(columns);
        insert(nova(), "block_device_mapping", row);
        return row.get("uuid").toString();
    }

    /** One row of any table; gives its id. {@code created_at} is filled if it is not given. */
    public String insert(Connections connections, String table, Map<String, Object> columns) {
        Map<String, Object> row = new TreeMap<>(columns);
        row.putIfAbsent("created_at", EPOCH.plus(Duration.ofSeconds(rows++)));
        String names = row.keySet().stream().map(name -> '"' + name + '"').collect(Collectors.joining(", "));
        String values = row.keySet().stream().map(name -> ":" + name).collect(Collectors.joining(", "));
        return connections.transaction(tx -> {
            Update insert = tx.handle()
                    .createUpdate("INSERT INTO " + table + " (" + names + ") VALUES (" + values + ")");
            row.forEach(insert::bind);
            if (row.get("id") instanceof String id) {
                insert.execute();
                return id;
            }
            return insert.executeAndReturnGeneratedKeys("id").mapTo(String.class).one();
        });
    }

    /** The rows of a query, for looking behind the tables' backs. Column to value, NULL as null. */
    public List<Map<String, Object>> rows(Connections connections, String sql, Object... values) {
        return connections.transaction(tx -> tx.handle().select(sql, values).mapToMap().list());
    }

    /** The one row of a query. */
    public Map<String, Object> row(Connections connections, String sql, Object... values) {
        return connections.transaction(tx -> tx.handle().select(sql, values).mapToMap().one());
    }

    /** Everything that Cinder and Nova keep of volumes and servers: another text if any of it has changed. */
    public String state() {
        return digest(cinder(), "volumes") + digest(cinder(), "volume_attachment")
                + digest(cinder(), "volume_admin_metadata") + digest(nova(), "instances")
                + digest(nova(), "block_device_mapping");
    }

    private String digest(Connections connections, String table) {
        return rows(connections, "SELECT * FROM " + table + " ORDER BY id").toString();
    }

    /** Runs a statement. */
    public void execute(Connections connections, String sql, Object... values) {
        connections.run((Transaction tx) -> tx.handle().execute(sql, values));
    }

    @Override
    public void close() {
        database.stop();
        databases.close();
    }
}

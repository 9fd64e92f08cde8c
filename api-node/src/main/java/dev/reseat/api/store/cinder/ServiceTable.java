package dev.reseat.api.store.cinder;

import dev.reseat.api.model.CinderService;
import dev.reseat.api.store.Row;
import dev.reseat.api.store.Transaction;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/** Cinder's {@code services}. Stateless. */
public final class ServiceTable {
    /** Cinder's {@code service_down_time}. */
    private static final Duration DOWN = Duration.ofSeconds(60);

    @Inject
    public ServiceTable() {}

    /**
     * Whether a volume service reports; empty if there is no row of it.
     *
     * @param name {@code host@backend} or the cluster's, a pool in it is left out
     */
    public Optional<Boolean> isUp(Transaction tx, String name) {
        List<Boolean> up = tx.handle()
                .createQuery("""
                        SELECT COALESCE(updated_at, created_at)
                            > <utc> - INTERVAL '%d' SECOND AS up
                        FROM services
                        WHERE "binary" = 'cinder-volume' AND NOT COALESCE(deleted, false)
                          AND (host = :name OR cluster_name = :name)
                        """.formatted(DOWN.toSeconds()))
                .bind("name", name.replaceFirst("#.*$", ""))
                .map((result, context) -> result.getBoolean("up"))
                .list();
        return up.stream().reduce(Boolean::logicalOr);
    }

    /** The same of all volume services, by name, of a host or a cluster. */
    public Map<String, Boolean> areUp(Transaction tx) {
        Map<String, Boolean> up = new HashMap<>();
        tx.handle()
                .createQuery("""
                        SELECT host, cluster_name, COALESCE(updated_at, created_at)
                            > <utc> - INTERVAL '%d' SECOND AS up
                        FROM services WHERE "binary" = 'cinder-volume' AND NOT COALESCE(deleted, false)
                        """.formatted(DOWN.toSeconds()))
                .map((result, context) -> {
                    Row row = new Row(result);
                    for (String column : List.of("host", "cluster_name")) {
                        Optional<String> name = row.optionalText(column);
                        if (name.isPresent()) {
                            up.merge(name.get(), row.bool("up"), Boolean::logicalOr);
                        }
                    }
                    return row;
                })
                .list();
        return up;
    }

    /**
     * One report more of a volume service, as cinder-volume counts its own: the row is made if there is none, and so is
     * its cluster's. Whether it is disabled or frozen is an administrator's, and stays; so does a cluster it is in.
     *
     * @param host {@code host@backend}
     */
    public void report(
            Transaction tx, String host, Optional<String> cluster, String zone, String rpcVersion,
            String objectVersion) {
        cluster.ifPresent(name -> ensureCluster(tx, name));
        Map<String, Object> values = new HashMap<>(Map.of(
                "host", host, "zone", zone, "rpc", rpcVersion, "object", objectVersion));
        values.put("cluster", cluster.orElse(null));
        int known = tx.handle()
                .createUpdate("""
                        UPDATE services SET report_count = report_count + 1, availability_zone = :zone,
                            cluster_name = COALESCE(cluster_name, :cluster), rpc_current_version = :rpc,
                            object_current_version = :object, updated_at = <utc>
                        WHERE host = :host AND "binary" = 'cinder-volume' AND NOT COALESCE(deleted, false)
                        """)
                .bindMap(values)
                .execute();
        if (known == 0) {
            tx.handle()
                    .createUpdate("""
                            INSERT INTO services (uuid, host, "binary", topic, cluster_name, report_count, disabled,
                                availability_zone, rpc_current_version, object_current_version, replication_status,
                                frozen, created_at, updated_at, deleted)
                            VALUES (:uuid, :host, 'cinder-volume', 'cinder-volume', :cluster, 0, false, :zone, :rpc,
                                :object, 'disabled', false, <utc>, <utc>, false)
                            """)
                    .bindMap(values)
                    .bind("uuid", UUID.randomUUID().toString())
                    .execute();
        }
    }

    private static void ensureCluster(Transaction tx, String name) {
        tx.handle()
                .createUpdate("""
                        INSERT INTO clusters (name, "binary", disabled, race_preventer, replication_status, frozen,
                            created_at, deleted)
                        SELECT :name, 'cinder-volume', false, 0, 'disabled', false, <utc>, false
                        FROM (SELECT 1 AS one) AS once
                        WHERE NOT EXISTS (SELECT 1 FROM clusters c WHERE c.name = :name
                                          AND c."binary" = 'cinder-volume' AND NOT COALESCE(c.deleted, false))
                        """)
                .bind("name", name)
                .execute();
    }

    /**
     * Whether schedulers may use a service. When it reported last stays, so that a dead one does not look alive.
     *
     * @param host {@code host} or {@code host@backend}; a host's name stands for the first of its backends
     * @param reason kept as it is if empty
     * @return false if there is none; nothing was changed
     */
    public boolean disable(Transaction tx, String host, String binary, boolean disabled, Optional<String> reason) {
        Optional<Long> id = tx.handle()
                .createQuery("""
                        SELECT id FROM services
                        WHERE "binary" = :binary AND NOT COALESCE(deleted, false)
                          AND (host = :host OR host LIKE :backends ESCAPE '!')
                        ORDER BY id LIMIT 1
                        """)
                .bind("binary", binary)
                .bind("host", host)
                .bind("backends", VolumeTable.beginning(host + "@"))
                .mapTo(Long.class)
                .findOne();
        id.ifPresent(known -> tx.handle()
                .createUpdate("""
                        UPDATE services SET disabled = :disabled, modified_at = <utc>,
                            disabled_reason = COALESCE(:reason, disabled_reason)
                        WHERE id = :id
                        """)
                .bind("id", known)
                .bind("disabled", disabled)
                .bind("reason", reason.orElse(null))
                .execute());
        return id.isPresent();
    }

    /** All that there are, in the order they were made. */
    public List<CinderService> list(Transaction tx) {
        return tx.handle()
                .createQuery("""
                        SELECT s.*, COALESCE(updated_at, created_at) > <utc> - INTERVAL '%d' SECOND AS up
                        FROM services s WHERE NOT COALESCE(deleted, false) ORDER BY id
                        """.formatted(DOWN.toSeconds()))
                .map((result, context) -> {
                    Row row = new Row(result);
                    Optional<Instant> reported = row.optionalTime("updated_at");
                    return new CinderService(
                            row.text("binary"),
                            row.text("host"),
                            row.optionalText("availability_zone"),
                            row.optionalBool("disabled").orElse(false),
                            row.optionalText("disabled_reason"),
                            row.bool("up"),
                            Stream.concat(reported.stream(), row.optionalTime("modified_at").stream())
                                    .max(Comparator.naturalOrder()),
                            row.optionalText("cluster_name"),
                            row.optionalText("replication_status"),
                            row.optionalText("active_backend_id"),
                            row.optionalBool("frozen").orElse(false));
                })
                .list();
    }
}

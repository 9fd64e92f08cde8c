package dev.reseat.api.store.nova;

import dev.reseat.api.model.Circumstances;
import dev.reseat.api.store.Row;
import dev.reseat.api.store.Transaction;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jdbi.v3.core.statement.EmptyHandling;

/** What Nova's rows say around the servers of a volume: migrations, services of their hosts, root disks. Stateless. */
public final class CircumstancesTable {
    /** Nova's {@code service_down_time}. */
    private static final Duration DOWN = Duration.ofSeconds(60);

    @Inject
    public CircumstancesTable() {}

    /** Of one volume or of many together. */
    public Circumstances read(
            Transaction tx, Collection<String> volumeIds, Collection<String> servers, Collection<String> hosts) {
        return new Circumstances(migrations(tx, servers), services(tx, hosts), roots(tx, volumeIds));
    }

    /** Ids of the volumes that servers of these hosts have mapped. */
    public List<String> volumesOnHost(Transaction tx, String host) {
        return tx.handle()
                .createQuery("""
                        SELECT DISTINCT b.volume_id FROM block_device_mapping b
                        JOIN instances i ON i.uuid = b.instance_uuid AND i.deleted = 0
                        WHERE b.deleted = 0 AND b.volume_id IS NOT NULL AND i.host = :host ORDER BY b.volume_id
                        """)
                .bind("host", host)
                .mapTo(String.class)
                .list();
    }

    private static Map<String, String> migrations(Transaction tx, Collection<String> servers) {
        return tx.handle()
                .createQuery("""
                        SELECT instance_uuid, COALESCE(status, '') AS status FROM migrations
                        WHERE id IN (SELECT max(id) FROM migrations
                                     WHERE instance_uuid IN (<servers>) AND deleted = 0 GROUP BY instance_uuid)
                        """)
                .bindList(EmptyHandling.NULL_KEYWORD, "servers", List.copyOf(servers))
                .map((result, context) -> {
                    Row row = new Row(result);
                    return Map.entry(row.text("instance_uuid"), row.text("status"));
                })
                .list()
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** By the database's clock, which is what Nova writes {@code updated_at} by as nearly as anybody can tell. */
    private static Map<String, Boolean> services(Transaction tx, Collection<String> hosts) {
        return tx.handle()
                .createQuery("""
                        SELECT host, NOT COALESCE(forced_down, false)
                            AND COALESCE(last_seen_up, updated_at, created_at)
                                > <utc> - INTERVAL '%d' SECOND AS up
                        FROM services WHERE "binary" = 'nova-compute' AND deleted = 0 AND host IN (<hosts>)
                        """.formatted(DOWN.toSeconds()))
                .bindList(EmptyHandling.NULL_KEYWORD, "hosts", List.copyOf(hosts))
                .map((result, context) -> {
                    Row row = new Row(result);
                    return Map.entry(row.text("host"), row.bool("up"));
                })
                .list()
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, Boolean::logicalOr));
    }

    private static Set<String> roots(Transaction tx, Collection<String> volumeIds) {
        return Set.copyOf(tx.handle()
                .createQuery("""
                        SELECT uuid FROM block_device_mapping
                        WHERE volume_id IN (<volumeIds>) AND deleted = 0 AND boot_index = 0 AND uuid IS NOT NULL
                        """)
                .bindList(EmptyHandling.NULL_KEYWORD, "volumeIds", List.copyOf(volumeIds))
                .mapTo(String.class)
                .list());
    }
}

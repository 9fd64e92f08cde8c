package dev.reseat.api.store.cinder;

import dev.reseat.api.store.Transaction;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

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
                            > CAST(now() AT TIME ZONE 'UTC' AS timestamp) - CAST(:down AS interval) AS up
                        FROM services
                        WHERE "binary" = 'cinder-volume' AND NOT COALESCE(deleted, false)
                          AND (host = :name OR cluster_name = :name)
                        """)
                .bind("down", DOWN.toSeconds() + " seconds")
                .bind("name", name.replaceFirst("#.*$", ""))
                .map((result, context) -> result.getBoolean("up"))
                .list();
        return up.stream().reduce(Boolean::logicalOr);
    }
}

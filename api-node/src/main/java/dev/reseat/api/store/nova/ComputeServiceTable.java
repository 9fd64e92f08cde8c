package dev.reseat.api.store.nova;

import dev.reseat.api.store.Transaction;
import jakarta.inject.Inject;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The rows of Nova's {@code services} that are a nova-compute's. Stateless. */
public final class ComputeServiceTable {
    @Inject
    public ComputeServiceTable() {}

    /** The service version that the nova-compute of a host has written when it started; empty if there is no row. */
    public Optional<Integer> version(Transaction tx, String host) {
        return tx.handle()
                .createQuery("""
                        SELECT COALESCE(version, 0) FROM services
                        WHERE "binary" = 'nova-compute' AND deleted = 0 AND host = :host
                        """)
                .bind("host", host)
                .mapTo(Integer.class)
                .findOne();
    }

    /** Every host that has one, or that an instance is on. */
    public Set<String> hosts(Transaction tx) {
        return new TreeSet<>(tx.handle()
                .createQuery("""
                        SELECT host FROM services WHERE "binary" = 'nova-compute' AND deleted = 0 AND host IS NOT NULL
                        UNION SELECT host FROM instances WHERE deleted = 0 AND host IS NOT NULL
                        """)
                .mapTo(String.class)
                .list());
    }
}

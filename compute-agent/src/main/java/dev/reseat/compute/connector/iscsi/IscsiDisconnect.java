package dev.reseat.compute.connector.iscsi;

import dev.reseat.compute.connector.VolumeDisks;
import dev.reseat.contract.connection.ConnectionInfo;
import dev.reseat.contract.connection.ConnectionInfo.IscsiPath;
import dev.reseat.runtime.Deadline;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Takes a volume off this host, in os-brick's order: look who uses it, write what is kept, remove the map, then its
 * disks, then each session that nobody else needs, with the record by which it would come back. Nothing is forced: what
 * cannot be written stays.
 */
final class IscsiDisconnect {
    private final IscsiSessions sessions;
    private final IscsiAdm admin;
    private final VolumeDisks disks;

    IscsiDisconnect(IscsiSessions sessions, IscsiAdm admin, VolumeDisks disks) {
        this.sessions = sessions;
        this.admin = admin;
        this.disks = disks;
    }

    void run(ConnectionInfo.Iscsi connection, Deadline deadline) throws IOException {
        Set<IscsiPath> ways = ways(connection, deadline);
        List<NodeRecord> records = admin.records(deadline);
        List<IscsiSession> before = sessions.all();
        List<String> ours = ways.stream()
                .flatMap(way -> of(way, before).flatMap(session -> session.disks(way.lun()).stream()))
                .distinct()
                .toList();
        disks.remove(ours, deadline);
        for (IscsiPath way : ways) {
            List<IscsiSession> open = of(way, sessions.all()).toList();
            if (open.stream().anyMatch(session -> session.hasOthers(way.lun()))) {
                continue; // shared: it goes with its last unit
            }
            List<NodeRecord> known = records.stream().filter(record -> record.isOf(way)).toList();
            if (!open.isEmpty() || !known.isEmpty()) {
                admin.logOut(known.isEmpty() ? NodeRecord.of(way) : known.getFirst(), deadline);
            }
        }
    }

    /** What the connection names, and what a discovery found when it did not name all. */
    Set<IscsiPath> ways(ConnectionInfo.Iscsi connection, Deadline deadline) {
        Set<IscsiPath> ways = new LinkedHashSet<>(connection.paths());
        if (!connection.document().data().containsKey("target_portals")) {
            IscsiPath first = connection.paths().getFirst();
            admin.discovered(first, deadline).stream().filter(way -> way.iqn().equals(first.iqn())).forEach(ways::add);
        }
        return ways;
    }

    static Stream<IscsiSession> of(IscsiPath way, List<IscsiSession> all) {
        return all.stream().filter(session -> session.isOf(way));
    }
}

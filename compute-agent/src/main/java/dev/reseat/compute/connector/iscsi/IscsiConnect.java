package dev.reseat.compute.connector.iscsi;

import dev.reseat.compute.connector.ConnectorException;
import dev.reseat.compute.connector.Device;
import dev.reseat.compute.connector.VolumeDisks;
import dev.reseat.compute.connector.Within;
import dev.reseat.contract.connection.ConnectionInfo;
import dev.reseat.contract.connection.ConnectionInfo.IscsiPath;
import dev.reseat.process.Command;
import dev.reseat.process.CommandFailed;
import dev.reseat.process.CommandRunner;
import dev.reseat.runtime.Deadline;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Brings a volume to this host: record, session, scan, disk; and with multipath, every way to it and their map. */
final class IscsiConnect {
    private static final Duration LOGIN = Duration.ofSeconds(10);
    private static final Duration SCAN = Duration.ofSeconds(15);

    private final IscsiSessions sessions;
    private final IscsiAdm admin;
    private final VolumeDisks disks;
    private final CommandRunner commands;

    IscsiConnect(IscsiSessions sessions, IscsiAdm admin, VolumeDisks disks, CommandRunner commands) {
        this.sessions = sessions;
        this.admin = admin;
        this.disks = disks;
        this.commands = commands;
    }

    /** @throws ConnectorException.Failed if no way leads to it; what was begun is there still */
    Device run(ConnectionInfo.Iscsi connection, boolean severalPaths, Deadline deadline) throws IOException {
        List<String> found = new ArrayList<>();
        List<String> failures = new ArrayList<>();
        for (IscsiPath way : ways(connection, severalPaths, deadline)) {
            try {
                found.add(disk(way, connection, deadline));
            } catch (ConnectorException.Failed e) {
                failures.add(e.getMessage());
            }
            if (!found.isEmpty() && !severalPaths) {
                break;
            }
        }
        if (found.isEmpty()) {
            throw new ConnectorException.Failed("no way leads to the volume: " + String.join("; ", failures));
        }
        return disks.device(found, severalPaths, deadline);
    }

    /** With multipath, a portal is asked for the other ways to its target, unless the connection names them. */
    private Set<IscsiPath> ways(ConnectionInfo.Iscsi connection, boolean severalPaths, Deadline deadline) {
        Set<IscsiPath> ways = new LinkedHashSet<>(connection.paths());
        if (severalPaths && !connection.document().data().containsKey("target_portals")) {
            IscsiPath first = connection.paths().getFirst();
            admin.discover(first, connection.discovery(), deadline)
                    .stream()
                    .filter(way -> way.iqn().equals(first.iqn()))
                    .forEach(ways::add);
        }
        return ways;
    }

    private String disk(IscsiPath way, ConnectionInfo.Iscsi connection, Deadline deadline) throws IOException {
        NodeRecord node = NodeRecord.of(way);
        admin.prepare(node, connection.chap(), deadline);
        if (session(way).isEmpty()) {
            admin.logIn(node, deadline);
        }
        admin.startWithHost(node, deadline);
        if (!Within.holds(Within.atMost(LOGIN, deadline), () -> session(way).isPresent())) {
            throw new ConnectorException.Failed("no session of " + way.iqn() + " at " + way.portal());
        }
        if (session(way).stream().flatMap(open -> open.disks(way.lun()).stream()).findFirst().isEmpty()) {
            scan(way, deadline);
        }
        Within.holds(Within.atMost(SCAN, deadline),
                () -> session(way).filter(open -> !open.disks(way.lun()).isEmpty()).isPresent());
        return session(way).stream()
                .flatMap(open -> open.disks(way.lun()).stream())
                .findFirst()
                .orElseThrow(() -> new ConnectorException.Failed(
                        "no disk of unit " + way.lun() + " of " + way.iqn() + " at " + way.portal()));
    }

    private void scan(IscsiPath way, Deadline deadline) throws IOException {
        Optional<IscsiSession> open = session(way);
        Optional<IscsiSessions.Place> place = open.isPresent() ? sessions.place(open.get()) : Optional.empty();
        if (place.isEmpty()) {
            throw new ConnectorException.Failed("the session of " + way.iqn() + " has no host to scan");
        }
        try {
            commands.run(Command.of(Within.atMost(SCAN, deadline), "tee", "-a",
                    "/sys/class/scsi_host/host" + place.get().host() + "/scan")
                    .withInput(place.get().channel() + " " + place.get().target() + " " + way.lun()));
        } catch (CommandFailed e) {
            throw new ConnectorException.Failed(e.getMessage(), e);
        }
    }

    private Optional<IscsiSession> session(IscsiPath way) throws IOException {
        return IscsiDisconnect.of(way, sessions.all()).findFirst();
    }
}

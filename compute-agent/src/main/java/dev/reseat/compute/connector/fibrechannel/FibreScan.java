package dev.reseat.compute.connector.fibrechannel;

import dev.reseat.compute.connector.ConnectorException;
import dev.reseat.compute.connector.Within;
import dev.reseat.contract.connection.ConnectionInfo;
import dev.reseat.contract.connection.ConnectionInfo.FibreChannelPath;
import dev.reseat.contract.connection.Wwn;
import dev.reseat.process.Command;
import dev.reseat.process.CommandFailed;
import dev.reseat.process.CommandRunner;
import dev.reseat.runtime.Deadline;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Has ports of this host look for a volume's logical units, and for no more: by where a storage's port is seen, as a
 * target or as a port of the fabric, or, as os-brick does where no port of this host sees one, at every place, unless
 * the storage forbids that ({@code enable_wildcard_scan}).
 */
final class FibreScan {
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final String ANYWHERE = "-";

    private final FibrePorts ports;
    private final CommandRunner commands;

    FibreScan(FibrePorts ports, CommandRunner commands) {
        this.ports = ports;
        this.commands = commands;
    }

    /** What one port is to look for. */
    private record Look(FibrePort port, Set<String> places) {}

    void run(ConnectionInfo.FibreChannel connection, Deadline deadline) throws IOException {
        boolean anywhere = !Boolean.FALSE.equals(connection.document().data().get("enable_wildcard_scan"));
        List<FibrePorts.Target> seen = ports.targets();
        List<FibrePorts.Target> remote = ports.remotePorts();
        List<Look> narrow = new ArrayList<>();
        List<Look> wide = new ArrayList<>();
        for (FibrePort port : ports.all()) {
            List<FibreChannelPath> paths = zone(connection, port);
            Set<String> places = new LinkedHashSet<>();
            for (FibreChannelPath path : paths) {
                Set<String> known = places(port, path, seen);
                places.addAll(known.isEmpty() ? places(port, path, remote) : known);
            }
            if (!places.isEmpty()) {
                narrow.add(new Look(port, places));
            } else if (anywhere) {
                Set<String> all = new LinkedHashSet<>();
                paths.forEach(path -> all.add(place(ANYWHERE, ANYWHERE, path)));
                wide.add(new Look(port, all));
            }
        }
        for (Look look : narrow.isEmpty() ? wide : narrow) {
            for (String place : look.places()) {
                scan(look.port(), place, deadline);
            }
        }
    }

    /** What a port of this host is to reach by the backend's word; without any, every path, and it is left out else. */
    private static List<FibreChannelPath> zone(ConnectionInfo.FibreChannel connection, FibrePort port) {
        Map<Wwn, List<Wwn>> zones = connection.zones();
        if (zones.isEmpty()) {
            return connection.paths();
        }
        List<Wwn> targets = zones.getOrDefault(port.name(), List.of());
        return connection.paths().stream().filter(path -> targets.contains(path.target())).toList();
    }

    private static Set<String> places(FibrePort port, FibreChannelPath path, List<FibrePorts.Target> targets) {
        return targets.stream()
                .filter(target -> target.host() == port.host() && target.name().equals(path.target()))
                .map(target -> place(target.channel(), target.id(), path))
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private static String place(String channel, String target, FibreChannelPath path) {
        return channel + " " + target + " " + path.lun();
    }

    private void scan(FibrePort port, String place, Deadline deadline) {
        try {
            commands.run(Command.of(Within.atMost(LIMIT, deadline), "tee", "-a",
                    "/sys/class/scsi_host/host" + port.host() + "/scan").withInput(place));
        } catch (CommandFailed.TimedOut | CommandFailed.Interrupted e) {
            throw new ConnectorException.OutOfTime(e.getMessage(), e);
        } catch (CommandFailed e) {
            throw new ConnectorException.Failed(e.getMessage(), e);
        }
    }
}

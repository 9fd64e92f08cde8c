package dev.reseat.volume.driver.file;

import dev.reseat.contract.connection.Connector;
import dev.reseat.runtime.Deadline;
import dev.reseat.volume.driver.ConnectionRequest;
import dev.reseat.volume.driver.DriverException;
import dev.reseat.volume.driver.ExportUse;
import dev.reseat.volume.driver.VolumeFiles;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Opens a volume's file to hosts and closes it again. Every change is repeatable. */
final class FileExports {
    private final ExportTable table;
    private final InstantSource clock;

    FileExports(ExportTable table, InstantSource clock) {
        this.table = table;
        this.clock = clock;
    }

    static boolean suffices(Connector connector) {
        return connector.host().isPresent();
    }

    /** One export for this attachment, or for this host if there is no attachment; an equal one stays as it is. */
    void add(Path volume, ConnectionRequest access, Deadline deadline) {
        if (!VolumeFiles.isThere(volume)) {
            throw new DriverException.VolumeMissing("volume file " + volume + " does not exist");
        }
        String host = hostOf(access);
        List<Export> exports = new ArrayList<>(table.read(volume));
        if (exports.stream().anyMatch(export -> export.isSameAs(access) && export.host().equals(host))) {
            return;
        }
        exports.removeIf(export -> export.isSameAs(access)); // the attachment has moved to another host
        exports.add(
                new Export(
                        access.attachmentId(),
                        host,
                        access.connector().initiator(),
                        access.instanceUuid(),
                        clock.instant().truncatedTo(ChronoUnit.MILLIS)));
        table.write(volume, exports, deadline);
    }

    boolean contains(Path volume, ConnectionRequest access) {
        return table.read(volume).stream().anyMatch(export -> export.isSameAs(access));
    }

    /** The export of this attachment. One that was made for the host alone goes with the host's last attachment. */
    ExportUse remove(Path volume, ConnectionRequest access, boolean lastOfHost, Deadline deadline) {
        String host = hostOf(access);
        return remove(
                volume,
                export -> export.isSameAs(access)
                        || (lastOfHost && export.attachmentId().isEmpty() && export.host().equals(host)),
                deadline);
    }

    ExportUse removeHost(Path volume, ConnectionRequest access, Deadline deadline) {
        String host = hostOf(access);
        return remove(volume, export -> export.host().equals(host), deadline);
    }

    void removeAll(Path volume, Deadline deadline) {
        remove(volume, _ -> true, deadline);
    }

    private ExportUse remove(Path volume, Predicate<Export> gone, Deadline deadline) {
        List<Export> exports = table.read(volume);
        List<Export> kept = exports.stream().filter(gone.negate()).toList();
        if (kept.size() < exports.size()) {
            table.write(volume, kept, deadline);
        }
        return kept.isEmpty() ? ExportUse.NONE : ExportUse.SHARED;
    }

    private static String hostOf(ConnectionRequest access) {
        return access.connector().host().orElseThrow(() -> new DriverException.ConnectorRejected("host"));
    }
}

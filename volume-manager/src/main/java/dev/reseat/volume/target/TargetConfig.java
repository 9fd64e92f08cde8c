package dev.reseat.volume.target;

import dev.reseat.contract.connection.Portal;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * How a backend's targets are set up, by Cinder's option names.
 *
 * @param prefix {@code target_prefix}: a target's name is it and the volume's name
 * @param portals {@code target_ip_address}, then {@code target_secondary_ip_addresses}, all at {@code target_port}
 * @param volumesDir {@code volumes_dir}: where tgt's targets are kept for its next start
 * @param writeCache {@code iscsi_write_cache}, of tgt
 * @param flags {@code iscsi_target_flags}, of tgt
 * @param lockPath {@code [oslo_concurrency] lock_path}: where Cinder's own helpers have their locks
 */
public record TargetConfig(
        String prefix,
        List<Portal> portals,
        Path volumesDir,
        boolean writeCache,
        Optional<String> flags,
        Optional<Path> lockPath) {
    public TargetConfig {
        portals = List.copyOf(portals);
        if (!prefix.matches("(iqn|eui|naa)\\.[A-Za-z0-9.:_-]*")) {
            throw new IllegalArgumentException("target_prefix must begin a name of iSCSI: '" + prefix + "'");
        }
        if (portals.isEmpty()) {
            throw new IllegalArgumentException("target_ip_address must be set");
        }
    }

    /** The name of a volume's target. */
    public String iqn(String volume) {
        return prefix + volume;
    }

    /** The volume whose target has that name; empty for others' targets. */
    public Optional<String> volumeOf(String iqn) {
        return iqn.startsWith(prefix) ? Optional.of(iqn.substring(prefix.length())) : Optional.empty();
    }
}

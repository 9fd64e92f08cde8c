package dev.reseat.volume.driver.lvm;

import dev.reseat.contract.connection.Portal;
import dev.reseat.volume.target.IscsiTarget;
import dev.reseat.volume.target.TargetConfig;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Where targets are, in the forms that Cinder stores and gives to hosts. */
final class TargetLocation {
    private final TargetConfig config;
    private final int lun;

    TargetLocation(TargetConfig config, int lun) {
        this.config = config;
        this.lun = lun;
    }

    /** {@code provider_location}: {@code PORTAL[;PORTAL…],ID IQN LUN}. */
    String text(IscsiTarget target) {
        return config.portals().stream().map(Portal::toString).collect(Collectors.joining(";"))
                + "," + target.id() + " " + target.iqn() + " " + lun;
    }

    /** The data of a connection, without what an initiator proves itself with. */
    Map<String, Object> data(String iqn, boolean multipath) {
        List<String> portals = config.portals().stream().map(Portal::toString).toList();
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("target_discovered", false);
        if (portals.size() > 1 || multipath) {
            data.put("target_portals", portals);
            data.put("target_iqns", Collections.nCopies(portals.size(), iqn));
            data.put("target_luns", Collections.nCopies(portals.size(), lun));
        }
        data.put("target_portal", portals.getFirst());
        data.put("target_iqn", iqn);
        data.put("target_lun", lun);
        return data;
    }
}

package dev.reseat.compute.connector.fibrechannel;

import dev.reseat.compute.block.BlockHostFake;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * A host with Fibre Channel ports, in the shapes of os-brick's own tests: {@code host6} and {@code host7}, each of
 * which sees one port of the storage.
 */
final class FibreHostFake extends BlockHostFake {
    private final Map<String, String> storage = new HashMap<>(); // WWN LUN -> WWID
    private final Map<Integer, String> reaches = new HashMap<>(); // host -> WWN

    FibreHostFake(Path root) {
        super(root);
        port(6, "50014380186b3f65", "50014380186b3f64", "5001438002a3009c");
        port(7, "50014380186b3f67", "50014380186b3f66", "500143800201a9b4");
    }

    /** A port of this host, with the only port of the storage that it is cabled to. */
    void port(int host, String name, String node, String target) {
        text("sys/class/fc_host/host" + host + "/port_name", "0x" + name);
        text("sys/class/fc_host/host" + host + "/node_name", "0x" + node);
        text("sys/class/fc_host/host" + host + "/port_state", "Online");
        reaches.put(host, target);
    }

    /** The kernel has found the storage's port that a port of this host is cabled to. */
    FibreHostFake seesTarget(int host) {
        text("sys/class/fc_transport/target" + host + ":0:1/port_name", "0x" + reaches.get(host));
        folder("sys/class/fc_transport/target" + host + ":0:1/device");
        return this;
    }

    /**
     * The fabric has shown the storage's port to a port of this host, and nobody has looked for a unit there.
     *
     * @param target its number as a target; -1 if it is none
     */
    FibreHostFake seesPort(int host, int target) {
        String port = "sys/class/fc_remote_ports/rport-" + host + ":0-1/";
        text(port + "port_name", "0x" + reaches.get(host));
        text(port + "scsi_target_id", String.valueOf(target));
        return this;
    }

    /** The storage has that disk behind its port. */
    FibreHostFake with(String target, int lun, String wwid) {
        storage.put(target + " " + lun, wwid);
        return this;
    }

    /** A disk as if it had been scanned for. */
    String disk(int host, int lun) {
        seesTarget(host);
        return scsiDisk(storage.get(reaches.get(host) + " " + lun),
                "sys/class/fc_transport/target" + host + ":0:1/device/" + host + ":0:1:" + lun);
    }

    @Override
    protected void scan(int host, String place) {
        int lun = Integer.parseInt(place.substring(place.lastIndexOf(' ') + 1));
        String unit = "sys/class/fc_transport/target" + host + ":0:1/device/" + host + ":0:1:" + lun;
        if (storage.containsKey(reaches.get(host) + " " + lun) && !exists(unit)) {
            disk(host, lun);
        }
    }
}

package dev.reseat.standalone;

import dev.reseat.broker.LoopbackPorts;
import dev.reseat.process.CommandRunner;
import dev.reseat.process.SystemCommandRunner;
import dev.reseat.storage.Place;
import dev.reseat.storage.PrivateLvm;
import java.util.List;
import java.util.Map;

/** Logical volumes of a group of our own behind a tgtd of our own, on hosts that run no guests. */
final class LvmStorage implements CloudStorage {
    private final WorkDirectory directory;
    private PrivateLvm lvm;

    LvmStorage(WorkDirectory directory) {
        this.directory = directory;
    }

    /** The packages it needs that are not installed; root is needed too. */
    static List<String> missingPackages() {
        return PrivateLvm.missingPackages();
    }

    static boolean isPossible() {
        return PrivateLvm.isPossible();
    }

    @Override
    public String backend() {
        return "lvm";
    }

    @Override
    public void start() {
        lvm = PrivateLvm.start(directory.directory("lvm"), Place.LOOPBACK, LoopbackPorts.reserve());
    }

    PrivateLvm lvm() {
        return lvm;
    }

    @Override
    public CommandRunner commands() {
        return new SystemCommandRunner(lvm.within());
    }

    @Override
    public String backendSettings() {
        return backendSettings(lvm);
    }

    /** Of a backend on this volume group and its target server. */
    static String backendSettings(PrivateLvm lvm) {
        return """
                volume_driver = cinder.volume.drivers.lvm.LVMVolumeDriver
                volume_group = %s
                lvm_conf_file = %s
                volumes_dir = %s
                target_helper = tgtadm
                target_ip_address = %s
                target_port = %d
                """.formatted(lvm.group(), lvm.conf(), lvm.volumesDirectory(), lvm.address(), lvm.port());
    }

    @Override
    public String hostSettings(String host) {
        return """
                [DEFAULT]
                compute_driver = none
                """;
    }

    /** A program of that host that has a session, as the disk of a guest has. */
    ProcessHandle connect(String host, Map<String, Object> connectionInfo) {
        return lvm.connect(Place.LOOPBACK, new PrivateLvm.Login(
                String.valueOf(connectionInfo.get("target_portal")), String.valueOf(connectionInfo.get("target_iqn")),
                Integer.parseInt(String.valueOf(connectionInfo.get("target_lun"))),
                String.valueOf(connectionInfo.get("auth_username")),
                String.valueOf(connectionInfo.get("auth_password"))), DemoRows.initiator(host));
    }

    @Override
    public void stop() {
        if (lvm != null) {
            lvm.close();
        }
    }
}

package dev.reseat.standalone;

import dev.reseat.broker.LoopbackPorts;
import dev.reseat.storage.PrivateCeph;
import dev.reseat.storage.PrivateLibvirt;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;

/** Images of a Ceph cluster of our own, and a libvirt of our own on every host, whose guests open them. */
final class CephStorage implements CloudStorage {
    private final WorkDirectory directory;
    private final UUID secret = UUID.randomUUID();
    private final SequencedMap<String, PrivateLibvirt> hosts = new TreeMap<>();
    private PrivateCeph ceph;

    CephStorage(WorkDirectory directory) {
        this.directory = directory;
    }

    /** The packages it needs that are not installed. */
    static List<String> missingPackages() {
        return Stream.of(
                PrivateCeph.missingPackages(), PrivateLibvirt.missingPackages(), PrivateLibvirt.missingForCeph())
                .flatMap(List::stream)
                .toList();
    }

    @Override
    public String backend() {
        return "ceph";
    }

    @Override
    public void start() {
        try { // guests run as somebody else, who has to find the way to their own folders
            Files.setPosixFilePermissions(directory.path(), PosixFilePermissions.fromString("rwx--x--x"));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        ceph = PrivateCeph.start(directory.directory("ceph"), LoopbackPorts.reserve(), LoopbackPorts.reserve());
        for (String host : AllInOneSettings.HOSTS) {
            PrivateLibvirt libvirt = PrivateLibvirt.start(directory.directory(host + "-libvirt"));
            hosts.put(host, libvirt);
            libvirt.secret(secret, "client." + PrivateCeph.USER, ceph.key());
        }
    }

    PrivateCeph ceph() {
        return ceph;
    }

    PrivateLibvirt libvirt(String host) {
        return hosts.get(host);
    }

    @Override
    public String backendSettings() {
        return """
                volume_driver = cinder.volume.drivers.rbd.RBDDriver
                rbd_pool = %s
                rbd_user = %s
                rbd_ceph_conf = %s
                rbd_secret_uuid = %s
                """.formatted(PrivateCeph.POOL, PrivateCeph.USER, ceph.conf(), secret);
    }

    @Override
    public String hostSettings(String host) {
        return """
                [DEFAULT]
                compute_driver = libvirt.LibvirtDriver
                [libvirt]
                connection_uri = %s
                """.formatted(libvirt(host).uri());
    }

    @Override
    public void stop() {
        hosts.values().forEach(PrivateLibvirt::close);
        if (ceph != null) {
            ceph.close();
        }
    }
}

package dev.reseat.testing;

/**
 * An NFS server on a virtual host, of which that host's own kernel is the client. What goes between the two goes over
 * the machine's loopback, and can be stopped without a word to either; we reach the machine another way.
 */
public final class VmNfsServer {
    private static final String FOLDER = "/srv/volumes";

    private final VmHost vm;

    private VmNfsServer(VmHost vm) {
        this.vm = vm;
    }

    /**
     * Returns when it serves.
     *
     * @param files of 16 MiB each
     */
    public static VmNfsServer start(VmHost vm, String... files) {
        vm.shell("""
                modprobe -a nfsd nfsv4
                mount -t nfsd nfsd /proc/fs/nfsd
                mkdir -p %1$s /var/lib/nfs/v4recovery
                cd %1$s
                truncate -s 16M %2$s
                echo 10 >/proc/fs/nfsd/nfsv4leasetime
                echo 10 >/proc/fs/nfsd/nfsv4gracetime
                exportfs -o rw,no_root_squash,insecure,no_subtree_check,fsid=1 '*:%1$s'
                rpc.mountd -N 3
                rpc.nfsd -N 3 2
                """.formatted(FOLDER, String.join(" ", files)));
        return new VmNfsServer(vm);
    }

    /** As it is mounted by, {@code ADDRESS:/FOLDER}. */
    public String export() {
        return vm.machine().address(0) + ":" + FOLDER;
    }

    /** From here on nothing comes through. */
    public void cut() {
        vm.shell("ip link set lo down");
    }

    public void heal() {
        vm.shell("ip link set lo up");
    }
}

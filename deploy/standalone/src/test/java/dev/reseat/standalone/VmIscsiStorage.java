package dev.reseat.standalone;

import dev.reseat.process.CommandRunner;
import dev.reseat.process.SystemCommandRunner;
import dev.reseat.storage.Place;
import dev.reseat.storage.PrivateLibvirt;
import dev.reseat.storage.PrivateLvm;
import dev.reseat.testing.VmHost;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;

/**
 * Logical volumes behind a real tgtd, for one host that is a virtual machine: the initiator is its kernel's. Its guests
 * are defined in a libvirt of this machine.
 */
final class VmIscsiStorage implements CloudStorage {
    static final String HOST = AllInOneSettings.HOSTS.getFirst();
    private static final int PORT = 3260;
    private static final Set<String> HERE = Set.of("virsh", "dmidecode");

    private final WorkDirectory directory;
    private VmHost vm;
    private PrivateLvm lvm;
    private PrivateLibvirt libvirt;

    VmIscsiStorage(WorkDirectory directory) {
        this.directory = directory;
    }

    @Override
    public String backend() {
        return "lvm";
    }

    @Override
    public void start() {
        try { // as whom the guests run has to find the way to his own folders
            Files.setPosixFilePermissions(directory.path(), PosixFilePermissions.fromString("rwx--x--x"));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        vm = VmHost.start();
        lvm = PrivateLvm.start(
                directory.directory("lvm"), new Place(vm.machine().beside(), vm.machine().here(0)), PORT);
        libvirt = PrivateLibvirt.start(directory.directory(HOST + "-libvirt"));
    }

    VmHost vm() {
        return vm;
    }

    PrivateLvm lvm() {
        return lvm;
    }

    PrivateLibvirt libvirt() {
        return libvirt;
    }

    /** Of the host: libvirt's are run here, and what an emulated machine has no answer to; all others there. */
    CommandRunner hostCommands() {
        CommandRunner here = new SystemCommandRunner(List.of());
        CommandRunner there = vm.commands();
        return command -> (HERE.contains(command.words().getFirst()) ? here : there).run(command);
    }

    @Override
    public CommandRunner commands() {
        return new SystemCommandRunner(lvm.within());
    }

    @Override
    public String backendSettings() {
        return LvmStorage.backendSettings(lvm);
    }

    /** A command of an emulated machine takes seconds. */
    @Override
    public String times() {
        return "probe_timeout = 120\ncall_monitor_timeout = 120";
    }

    @Override
    public String hostSettings(String host) {
        return """
                [DEFAULT]
                compute_driver = libvirt.LibvirtDriver
                [libvirt]
                connection_uri = %s
                [os_brick]
                lock_path = %s
                """.formatted(libvirt.uri(), directory.directory("locks"));
    }

    @Override
    public void stop() {
        if (libvirt != null) {
            libvirt.close();
        }
        if (lvm != null) {
            lvm.close();
        }
        if (vm != null) {
            vm.close();
        }
    }
}

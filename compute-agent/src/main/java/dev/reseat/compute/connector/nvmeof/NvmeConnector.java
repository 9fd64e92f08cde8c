package dev.reseat.compute.connector.nvmeof;

import dev.reseat.compute.block.Disks;
import dev.reseat.compute.block.Multipath;
import dev.reseat.compute.block.SharedTable;
import dev.reseat.compute.connector.ConnectorException;
import dev.reseat.compute.connector.Device;
import dev.reseat.compute.connector.DeviceObservation;
import dev.reseat.compute.connector.Inspection;
import dev.reseat.compute.connector.OsBrickLock;
import dev.reseat.compute.connector.TargetNames;
import dev.reseat.compute.connector.VolumeConnector;
import dev.reseat.compute.connector.VolumeDisks;
import dev.reseat.compute.host.HostConfig;
import dev.reseat.compute.host.HostFiles;
import dev.reseat.contract.compute.HostInventory;
import dev.reseat.contract.connection.ConnectionInfo;
import dev.reseat.contract.connection.ConnectionInfo.NvmeTarget;
import dev.reseat.contract.evidence.Answer;
import dev.reseat.host.Findings;
import dev.reseat.process.CommandRunner;
import dev.reseat.runtime.Deadline;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Connects this host to namespaces of NVMe over Fabrics, one at a time and never beside os-brick. A controller goes
 * with its last namespace. One that has others stays, and with it the namespace that was let go of: then the disconnect
 * ends when that is written and nobody uses it, and it goes when the storage takes it away.
 */
final class NvmeConnector implements VolumeConnector<ConnectionInfo.Nvme> {
    private static final String NO_FABRICS = "this kernel shows no NVMe over Fabrics (/sys/class/nvme-fabrics)";
    private static final String REPLICAS = "volume_replicas";

    private final HostConfig host;
    private final OsBrickLock lock;
    private final NvmeControllers controllers;
    private final SharedTable<List<NvmeController>> table;
    private final Disks disks;
    private final TargetNames names;
    private final NvmeConnect connect;
    private final NvmeDisconnect disconnect;

    @Inject
    NvmeConnector(HostConfig host, OsBrickLock lock, CommandRunner commands, HostFiles files) {
        this(host, lock, commands, files.root());
    }

    /** @param root where the host's file system is found */
    NvmeConnector(HostConfig host, OsBrickLock lock, CommandRunner commands, Path root) {
        this.host = host;
        this.lock = lock;
        this.controllers = new NvmeControllers(root);
        this.table = new SharedTable<>("the table of controllers", controllers::all);
        this.disks = new Disks(root, commands);
        this.names = new TargetNames(host.volumeNames());
        NvmeCli nvme = new NvmeCli(commands);
        this.connect = new NvmeConnect(controllers, nvme, disks);
        this.disconnect = new NvmeDisconnect(controllers, nvme, new VolumeDisks(disks, new Multipath(commands)));
    }

    @Override
    public Class<ConnectionInfo.Nvme> handles() {
        return ConnectionInfo.Nvme.class;
    }

    @Override
    public Device connect(ConnectionInfo.Nvme connection, Deadline deadline) {
        requireFabrics();
        if (connection.document().data().containsKey(REPLICAS)) {
            throw new ConnectorException.Refused("the volume is an array of replicas, which is not assembled here");
        }
        NvmeTarget target = connection.targets().getFirst();
        requireNamed(target);
        try (var _ = lock.hold(deadline)) {
            try {
                return connect.run(target, host.multipath(), deadline);
            } catch (ConnectorException.Failed e) {
                takeBack(target, deadline, e);
                throw e;
            }
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private void takeBack(NvmeTarget target, Deadline deadline, ConnectorException first) throws IOException {
        try {
            disconnect.run(target, deadline);
        } catch (ConnectorException e) {
            first.addSuppressed(e);
        }
    }

    @Override
    public void requireAble() {
        requireFabrics();
        lock.requireShared();
    }

    @Override
    public void disconnect(ConnectionInfo.Nvme connection, Deadline deadline) {
        requireFabrics();
        try (var _ = lock.hold(deadline)) {
            for (NvmeTarget target : connection.targets()) {
                if (controllers.of(target).stream().anyMatch(one -> !one.namespaces().isEmpty())) {
                    requireNamed(target);
                }
                disconnect.run(target, deadline);
                requireLetGo(target);
            }
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /** Where it is not gone, it shows beside others, and nobody uses it. */
    private void requireLetGo(NvmeTarget target) throws IOException {
        for (NvmeController one : controllers.of(target)) {
            if (!one.hasOthers(target) || one.has(target) == Answer.UNKNOWN
                    || users(one.of(target)).any() != Answer.NO) {
                throw new ConnectorException.Failed("disconnected, and yet " + observation(target, one));
            }
        }
        for (NvmeController one : controllers.underOtherNames(target, controllers.all())) {
            throw new ConnectorException.Failed("disconnected, and yet " + underOtherName(one));
        }
    }

    /** A namespace that is named by nothing cannot be told from the others of its subsystem. */
    private static void requireNamed(NvmeTarget target) {
        if (!target.namesOne()) {
            throw new ConnectorException.Refused("the connection names no namespace of " + target.nqn()
                    + ": which one is the volume is not guessed");
        }
    }

    @Override
    public Inspection inspect(ConnectionInfo.Nvme connection) {
        if (!controllers.kernelHasFabrics()) {
            return Inspection.unknown(NO_FABRICS);
        }
        try {
            List<NvmeController> there = table.get();
            List<DeviceObservation> seen = new ArrayList<>();
            for (NvmeTarget target : connection.targets()) {
                List<NvmeController> all = controllers.of(target, there);
                if (all.isEmpty()) {
                    seen.add(new DeviceObservation("nvme controller", Answer.NO, "none of " + target.nqn()));
                }
                for (NvmeController one : all) {
                    seen.add(observation(target, one));
                }
                controllers.underOtherNames(target, there).forEach(one -> seen.add(underOtherName(one)));
            }
            return new Inspection(seen);
        } catch (IOException e) {
            return Inspection.unknown(unreadable(e).getMessage());
        }
    }

    /** A controller without any namespace brings the volume as soon as the storage shows it again. */
    private DeviceObservation observation(NvmeTarget target, NvmeController controller) throws IOException {
        List<NvmeNamespace> ours = controller.of(target);
        if (controller.namespaces().isEmpty()) {
            return seen(controller, Answer.YES, "it has no namespace now");
        }
        if (ours.isEmpty()) {
            return controller.has(target) == Answer.NO
                    ? seen(controller, Answer.NO, "it has other namespaces only")
                    : seen(controller, Answer.UNKNOWN, target.namesOne()
                            ? "its namespaces do not bear the kind of name by which the connection knows the volume"
                            : "which of its namespaces is meant, the connection does not say");
        }
        String shown = ours.stream().map(NvmeNamespace::toString).collect(Collectors.joining(", "));
        if (!controller.hasOthers(target)) {
            return seen(controller, Answer.YES, shown);
        }
        Findings<String> users = users(ours);
        return users.any() == Answer.YES
                ? seen(controller, Answer.YES, shown + " is used by " + users.detail(""))
                : seen(controller, Answer.UNKNOWN, shown + " shows beside other namespaces of the controller, "
                        + users.detail("and nobody uses it: whether it is connected cannot be told"));
    }

    private static DeviceObservation underOtherName(NvmeController controller) {
        return seen(controller, Answer.UNKNOWN, "it knows this host as " + controller.hostNqn().orElse("nobody")
                + ", which is not the host's name now: whose it is cannot be told");
    }

    private static DeviceObservation seen(NvmeController controller, Answer held, String what) {
        return new DeviceObservation("nvme controller", held, controller + "; " + what);
    }

    private Findings<String> users(List<NvmeNamespace> namespaces) throws IOException {
        Findings<String> all = Findings.none();
        for (NvmeNamespace one : namespaces) {
            all = all.with(disks.users(one.disk()));
        }
        return all;
    }

    /**
     * A namespace bears two names, of which either may be the volume's. Where the subsystem's does not tell the volume,
     * those of its namespaces need not be ids of volumes, although they look so: then who is not among them may be
     * there yet.
     */
    @Override
    public HostInventory.Result inventory() {
        if (!controllers.kernelIsSeen()) {
            return new HostInventory.Result(
                    List.of(), Optional.empty(), List.of("this host's kernel is not to be seen (/sys)"));
        }
        try {
            List<HostInventory.Held> held = new ArrayList<>();
            List<String> blind = new ArrayList<>();
            for (NvmeController controller : controllers.all()) {
                held.add(held(controller.nqn(), controller.toString()));
                for (NvmeNamespace one : controller.namespaces()) {
                    one.uuid().ifPresent(uuid -> held.add(held(uuid, one + " of " + controller)));
                }
                if (!names.tellTheVolume(controller.nqn(), controller.namespaces().size())) {
                    blind.add(controller + ": whose its namespaces are is not told by their names");
                }
            }
            return new HostInventory.Result(held, Optional.empty(), blind);
        } catch (IOException e) {
            return new HostInventory.Result(List.of(), Optional.empty(), List.of(unreadable(e).getMessage()));
        }
    }

    private static HostInventory.Held held(String name, String detail) {
        return new HostInventory.Held(ConnectionInfo.Nvme.TYPE, name, Answer.YES, detail);
    }

    private void requireFabrics() {
        if (!controllers.kernelHasFabrics()) {
            throw new ConnectorException.Failed(NO_FABRICS);
        }
    }

    private static ConnectorException.Failed unreadable(IOException failure) {
        return new ConnectorException.Failed("the kernel's NVMe controllers cannot be read: " + failure, failure);
    }
}

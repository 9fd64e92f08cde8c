package dev.reseat.compute.connector.nvmeof;

import dev.reseat.compute.connector.ConnectorException;
import dev.reseat.compute.connector.VolumeDisks;
import dev.reseat.compute.connector.Within;
import dev.reseat.contract.connection.ConnectionInfo.NvmeTarget;
import dev.reseat.runtime.Deadline;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * Lets go of a namespace, in os-brick's order: look who uses it, write what is kept, then each controller that has no
 * other namespace. Nothing is forced.
 */
final class NvmeDisconnect {
    private static final Duration LEAVING = Duration.ofSeconds(30);

    private final NvmeControllers controllers;
    private final NvmeCli nvme;
    private final VolumeDisks disks;

    NvmeDisconnect(NvmeControllers controllers, NvmeCli nvme, VolumeDisks disks) {
        this.controllers = controllers;
        this.nvme = nvme;
        this.disks = disks;
    }

    void run(NvmeTarget target, Deadline deadline) throws IOException {
        List<NvmeController> ours = ours(target);
        List<String> seen = ours.stream()
                .flatMap(one -> one.of(target).stream())
                .map(NvmeNamespace::disk)
                .distinct()
                .toList();
        for (String disk : seen) {
            disks.requireUnused(disk);
        }
        for (String disk : seen) {
            disks.flush(disk, deadline);
        }
        for (NvmeController one : ours(target)) {
            if (!one.hasOthers(target)) {
                leave(one, deadline);
            }
        }
    }

    /** At the portals that the connection names: others are none of its business. */
    private List<NvmeController> ours(NvmeTarget target) throws IOException {
        return controllers.of(target)
                .stream()
                .filter(one -> target.portals().stream().anyMatch(one::isAt))
                .toList();
    }

    private void leave(NvmeController controller, Deadline deadline) throws IOException {
        nvme.disconnect(controller.name(), deadline);
        if (!Within.holds(Within.atMost(LEAVING, deadline), () -> !controllers.exists(controller.name()))) {
            throw new ConnectorException.Failed(controller.name() + " was disconnected and is still there");
        }
    }
}

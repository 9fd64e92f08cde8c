package dev.reseat.compute.connector.nvmeof;

import dev.reseat.compute.block.Disks;
import dev.reseat.compute.connector.ConnectorException;
import dev.reseat.compute.connector.Device;
import dev.reseat.compute.connector.Within;
import dev.reseat.contract.connection.ConnectionInfo.NvmePortal;
import dev.reseat.contract.connection.ConnectionInfo.NvmeTarget;
import dev.reseat.runtime.Deadline;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Brings a namespace to this host: by a controller that is there, or a new one; with multipath, by every portal. */
final class NvmeConnect {
    private static final Duration ARRIVAL = Duration.ofSeconds(30);

    private final NvmeControllers controllers;
    private final NvmeCli nvme;
    private final Disks disks;

    NvmeConnect(NvmeControllers controllers, NvmeCli nvme, Disks disks) {
        this.controllers = controllers;
        this.nvme = nvme;
        this.disks = disks;
    }

    /** @throws ConnectorException.Failed if no way leads to it; what was begun is there still */
    Device run(NvmeTarget target, boolean severalPaths, Deadline deadline) throws IOException {
        boolean several = severalPaths && controllers.kernelJoinsPaths();
        List<NvmeController> known = controllers.of(target);
        List<NvmePortal> missing = new ArrayList<>();
        boolean live = false;
        for (NvmePortal portal : target.portals()) {
            List<NvmeController> there = known.stream().filter(one -> one.isAt(portal)).toList();
            if (there.isEmpty()) {
                missing.add(portal);
            }
            for (NvmeController one : there) {
                if (one.isLive()) { // another one comes back by itself, or does not
                    nvme.rescan(one.name(), deadline);
                    live = true;
                }
            }
        }
        if (several || !live) {
            connect(target, missing, several, live, deadline);
        }
        return await(target, deadline);
    }

    private void connect(
            NvmeTarget target, List<NvmePortal> missing, boolean several, boolean live, Deadline deadline) {
        List<String> failures = new ArrayList<>();
        int connected = 0;
        for (NvmePortal portal : missing) {
            try {
                nvme.connect(target, portal, deadline);
                connected++;
            } catch (ConnectorException.Failed e) {
                failures.add(e.getMessage());
            }
            if (connected > 0 && !several) {
                break;
            }
        }
        if (connected == 0 && !live) {
            throw new ConnectorException.Failed("no way leads to " + target.nqn() + ": "
                    + (missing.isEmpty() ? "its controllers are not live" : String.join("; ", failures)));
        }
    }

    private Device await(NvmeTarget target, Deadline deadline) throws IOException {
        Within.holds(Within.atMost(ARRIVAL, deadline), () -> disk(target).isPresent());
        String disk = disk(target).orElseThrow(() -> new ConnectorException.Failed(
                "the namespace of " + target.nqn() + " does not show on a live controller that leads to it"));
        return new Device(Path.of("/dev", disk), disks.namespaceId(disk), List.of());
    }

    private Optional<String> disk(NvmeTarget target) throws IOException {
        return controllers.of(target)
                .stream()
                .filter(NvmeController::isLive)
                .filter(one -> target.portals().stream().anyMatch(one::isAt))
                .flatMap(one -> one.of(target).stream())
                .filter(NvmeNamespace::isAccessible)
                .map(NvmeNamespace::disk)
                .findFirst();
    }
}

package dev.reseat.volume.service;

import dev.reseat.contract.connection.ConnectionInfo;
import dev.reseat.contract.volume.BackendInventory;
import dev.reseat.contract.volume.DescribeConnections;
import dev.reseat.contract.volume.ShowConnection;
import dev.reseat.rpc.RequestContext;
import dev.reseat.runtime.Deadline;
import dev.reseat.runtime.KeyedLocks;
import dev.reseat.volume.driver.Backend;
import dev.reseat.volume.driver.BackendVolume;
import dev.reseat.volume.driver.ConnectionRequest;
import dev.reseat.volume.driver.DescribesConnections;
import dev.reseat.volume.driver.DriverException;
import dev.reseat.volume.driver.InventoryPage;
import dev.reseat.volume.driver.ListsVolumes;
import dev.reseat.volume.driver.VolumeAttachment;
import dev.reseat.volume.driver.VolumeDriver;
import dev.reseat.volume.service.VolumeLoader.LoadedVolume;
import java.util.List;
import java.util.Optional;

/**
 * Who the backend sees at a volume. Changes nothing; waits until a change that is under way has ended, because what
 * shows in the middle of it is no answer to what has become of it. Looks no longer than the caller waits.
 */
public final class BackendView {
    private final Backend backend;
    private final VolumeLoader volumes;
    private final VolumeLocks locks;

    public BackendView(Backend backend, VolumeLoader volumes, VolumeLocks locks) {
        this.backend = backend;
        this.volumes = volumes;
        this.locks = locks;
    }

    public DescribeConnections.Result describe(RequestContext context, DescribeConnections request, Deadline outer) {
        String volumeId = VolumeLoader.idOf(request.volumeId(), request.volume());
        try (KeyedLocks.Held lock = locks.toLook(volumeId, DescribeConnections.METHOD, outer)) {
            BackendVolume volume =
                    volumes.find(context, request.volumeId(), request.volume(), lock.deadline()).volume();
            return backend.run(
                    "describe_connections",
                    lock,
                    driver -> driver instanceof DescribesConnections able
                            ? describe(driver, able, volume, lock.deadline())
                            : new DescribeConnections.Result(false, driver.name(), List.of()));
        } catch (DriverException e) {
            throw ConnectionInitializer.failed("Connections cannot be described: %s", e);
        }
    }

    /** That a volume is not there is an answer only where the backend can be worked with, so that it would show. */
    private static DescribeConnections.Result describe(
            VolumeDriver driver, DescribesConnections able, BackendVolume volume, Deadline deadline) {
        try {
            return new DescribeConnections.Result(
                    true, driver.name(), ResetPolicy.connections(able.describe(volume, deadline)),
                    able.location(volume, deadline), able.stored(volume, deadline));
        } catch (DriverException.VolumeMissing e) {
            driver.probe(deadline);
            return DescribeConnections.Result.absent(driver.name(), e.getMessage());
        }
    }

    /** What the host of an attachment would be given now, with the options that Cinder adds. */
    public ShowConnection.Result connection(RequestContext context, ShowConnection request, Deadline outer) {
        String volumeId = VolumeLoader.idOf(request.volumeId(), request.volume());
        try (KeyedLocks.Held lock = locks.toLook(volumeId, ShowConnection.METHOD, outer)) {
            LoadedVolume known =
                    volumes.find(context, request.volumeId(), request.volume(), lock.deadline());
            Optional<ConnectionRequest> access = known.volume()
                    .attachments()
                    .stream()
                    .filter(attachment -> attachment.id().equals(request.attachmentId()))
                    .findFirst()
                    .flatMap(VolumeAttachment::access);
            return new ShowConnection.Result(access.flatMap(host -> backend.run(
                    ShowConnection.METHOD, lock,
                    driver -> driver instanceof DescribesConnections able
                            ? able.connection(known.volume(), host, lock.deadline())
                                    .map(info -> ConnectionInitializer.whole(info, known.row(), host))
                            : Optional.<ConnectionInfo>empty()))
                    .map(info -> info.document().values()));
        } catch (DriverException e) {
            throw ConnectionInitializer.failed("A connection cannot be shown: %s", e);
        }
    }

    /**
     * Every volume of the backend, page by page. Waits for no change that is under way: what shows in the middle of one
     * is a matter of seconds, and a sweep acts on nothing that it has not seen twice.
     */
    public BackendInventory.Result inventory(RequestContext context, BackendInventory request, Deadline outer) {
        Deadline deadline = locks.looking(outer);
        try {
            return backend.run(
                    BackendInventory.METHOD,
                    deadline,
                    driver -> driver instanceof ListsVolumes able
                            ? page(driver.name(), able, request, deadline)
                            : new BackendInventory.Result(false, driver.name(), List.of(), Optional.empty()));
        } catch (DriverException e) {
            throw ConnectionInitializer.failed("Volumes cannot be listed: %s", e);
        }
    }

    private static BackendInventory.Result page(
            String driver, ListsVolumes able, BackendInventory request, Deadline deadline) {
        int most = Math.clamp(request.limit(), 1, BackendInventory.MOST);
        InventoryPage page = able.inventory(request.after(), most, deadline);
        List<BackendInventory.Stored> volumes = page.volumes()
                .entrySet()
                .stream()
                .map(entry -> new BackendInventory.Stored(
                        entry.getKey(), entry.getValue().object(),
                        ResetPolicy.connections(entry.getValue().clients()), entry.getValue().location(),
                        entry.getValue().stored()))
                .toList();
        return new BackendInventory.Result(
                true, driver, volumes, page.more() ? Optional.of(page.volumes().lastKey()) : Optional.empty());
    }
}

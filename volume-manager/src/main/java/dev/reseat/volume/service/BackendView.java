package dev.reseat.volume.service;

import dev.reseat.contract.evidence.Answer;
import dev.reseat.contract.volume.BackendInventory;
import dev.reseat.contract.volume.DescribeConnections;
import dev.reseat.rpc.RequestContext;
import dev.reseat.runtime.Deadline;
import dev.reseat.runtime.KeyedLocks;
import dev.reseat.volume.driver.Backend;
import dev.reseat.volume.driver.Client;
import dev.reseat.volume.driver.DescribesConnections;
import dev.reseat.volume.driver.DriverException;
import dev.reseat.volume.driver.ListsVolumes;
import dev.reseat.volume.driver.Volume;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * Who the backend sees at a volume. Changes nothing; waits until a change that is under way has ended, because what
 * shows in the middle of it is no answer to what has become of it.
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

    public DescribeConnections.Result describe(RequestContext context, DescribeConnections request) {
        String volumeId = VolumeLoader.idOf(request.volumeId(), request.volume());
        try (KeyedLocks.Held lock = locks.toLook(volumeId, DescribeConnections.METHOD)) {
            Volume volume = volumes.find(context, request.volumeId(), request.volume(), lock.deadline()).volume();
            return backend.run(
                    "describe_connections",
                    lock,
                    driver -> driver instanceof DescribesConnections able
                            ? new DescribeConnections.Result(true, driver.name(),
                                    ResetPolicy.connections(able.describe(volume, lock.deadline())),
                                    able.location(volume))
                            : new DescribeConnections.Result(false, driver.name(), List.of()));
        } catch (DriverException e) {
            throw ConnectionInitializer.failed("Connections cannot be described: %s", e);
        }
    }

    /**
     * Every volume of the backend, page by page. Waits for no change that is under way: what shows in the middle of one
     * is a matter of seconds, and a sweep acts on nothing that it has not seen twice.
     */
    public BackendInventory.Result inventory(RequestContext context, BackendInventory request) {
        Deadline deadline = locks.looking();
        try {
            return backend.run(
                    BackendInventory.METHOD,
                    deadline,
                    driver -> driver instanceof ListsVolumes able
                            ? page(driver.name(), able.inventory(deadline), request)
                            : new BackendInventory.Result(false, driver.name(), List.of(), Optional.empty()));
        } catch (DriverException e) {
            throw ConnectionInitializer.failed("Volumes cannot be listed: %s", e);
        }
    }

    private static BackendInventory.Result page(
            String driver, SortedMap<String, List<Client>> all, BackendInventory request) {
        int most = Math.clamp(request.limit(), 1, BackendInventory.MOST);
        SortedMap<String, List<Client>> rest = request.after().map(name -> all.tailMap(name + '\0')).orElse(all);
        List<BackendInventory.Stored> page = rest.entrySet()
                .stream()
                .limit(most)
                .map(entry -> new BackendInventory.Stored(
                        entry.getKey(), Answer.YES, ResetPolicy.connections(entry.getValue())))
                .toList();
        return new BackendInventory.Result(
                true, driver, page, rest.size() > most ? Optional.of(page.getLast().name()) : Optional.empty());
    }
}

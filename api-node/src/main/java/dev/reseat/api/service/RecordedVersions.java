package dev.reseat.api.service;

import dev.reseat.api.remote.ComputeVersions;
import dev.reseat.api.store.StoreException;
import dev.reseat.api.store.cell.Cells;
import dev.reseat.api.store.nova.ComputeServiceTable;
import dev.reseat.contract.compute.ServiceVersions;
import dev.reseat.rpc.RpcVersion;
import jakarta.inject.Inject;
import java.lang.System.Logger.Level;
import java.util.Optional;

/**
 * By Nova's rows of its services, read each time: a host may have been upgraded since. Rows that cannot be read say
 * nothing, and that is logged: the host is then asked, which repairs the volume all the same.
 */
public final class RecordedVersions implements ComputeVersions {
    private static final System.Logger LOG = System.getLogger(RecordedVersions.class.getName());

    private final Cells cells;
    private final ComputeServiceTable services;

    @Inject
    public RecordedVersions(Cells cells, ComputeServiceTable services) {
        this.cells = cells;
        this.services = services;
    }

    @Override
    public Optional<RpcVersion> of(String host) {
        try {
            return cells.ofHost(host)
                    .flatMap(cell -> cell.transaction(tx -> services.version(tx, host)))
                    .flatMap(ServiceVersions::served);
        } catch (StoreException e) {
            LOG.log(Level.WARNING, "which version the nova-compute of {0} serves cannot be read, it will be asked: {1}",
                    host, e.getMessage());
            return Optional.empty();
        }
    }
}

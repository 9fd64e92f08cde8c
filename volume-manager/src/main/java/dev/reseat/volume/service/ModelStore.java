package dev.reseat.volume.service;

import dev.reseat.contract.connection.Secret;
import dev.reseat.contract.state.StateRpc;
import dev.reseat.rpc.RequestContext;
import dev.reseat.runtime.Deadline;
import dev.reseat.volume.driver.BackendVolume;
import dev.reseat.volume.driver.ModelUpdate;
import dev.reseat.volume.state.StateClient;
import java.util.Optional;

/** Where drivers' model updates are kept. */
@FunctionalInterface
interface ModelStore {
    /** The volume as drivers see it from now on; what is stored already is not stored again. */
    BackendVolume store(BackendVolume volume, ModelUpdate update);

    default BackendVolume stored(BackendVolume volume, Optional<ModelUpdate> update) {
        return update.map(some -> store(volume, some)).orElse(volume);
    }

    /**
     * With the state service, by the deadline. It fails as {@link StateClient} does.
     *
     * @param owner {@code host@backend}, or {@code cluster@backend}, of the volume's row
     */
    static ModelStore of(StateClient state, String owner, RequestContext context, Deadline deadline) {
        return (volume, update) -> {
            BackendVolume updated = volume.with(update);
            if (!updated.equals(volume)) {
                state.by(deadline)
                        .commit(context, new StateRpc.ExportCreated(
                                volume.id(), owner, update.providerLocation(),
                                update.providerAuth().map(Secret::reveal)));
            }
            return updated;
        };
    }
}

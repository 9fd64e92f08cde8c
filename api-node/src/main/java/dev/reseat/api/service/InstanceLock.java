package dev.reseat.api.service;

import dev.reseat.api.flow.ServiceException;
import dev.reseat.api.model.ErrorCode;
import dev.reseat.api.model.Instance;
import dev.reseat.api.store.cell.Cells;
import dev.reseat.api.store.nova.InstanceTable;
import dev.reseat.rpc.RequestContext;
import jakarta.inject.Inject;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * The lock on the instance and the instance action that say that a refresh is under way. A lock that was found stays;
 * every method is repeatable.
 */
final class InstanceLock {
    private static final String ACTION = "refresh_volume_attachment";

    private final Cells cells;
    private final InstanceTable instances;
    private final InstantSource clock;

    @Inject
    InstanceLock(Cells cells, InstanceTable instances, InstantSource clock) {
        this.cells = cells;
        this.instances = instances;
        this.clock = clock;
    }

    /**
     * @throws ServiceException.Conflict if the instance is not stopped any more, or locked by somebody else meanwhile
     */
    void take(RequestContext context, RefreshPlan plan) {
        Instant now = clock.instant();
        cells.ofInstance(plan.instanceUuid()).orElseThrow(() -> notFound(plan)).run(tx -> {
            Instance instance = instances.find(tx, plan.instanceUuid()).orElseThrow(() -> notFound(plan));
            boolean ours = instance.lockedReason().equals(Optional.of(plan.lockReason()));
            if (!plan.locked() && !ours && !instances.lock(tx, plan.instanceUuid(), plan.lockReason(), now)) {
                throw new ServiceException.Conflict(
                        ErrorCode.INSTANCE_STATE,
                        "Instance " + plan.instanceUuid() + " was started or locked by somebody else meanwhile.");
            }
            if (instances.openAction(tx, plan.instanceUuid(), ACTION, requestId(context)).isEmpty()) {
                instances.startAction(
                        tx, plan.instanceUuid(), ACTION, requestId(context),
                        context.userId().orElse(null), context.projectId().orElse(null), now);
            }
        });
    }

    /** Unlocks what {@link #take} has locked and finishes the action, with the error's text if there was one. */
    void release(RequestContext context, RefreshPlan plan, Optional<String> error) {
        Instant now = clock.instant();
        cells.ofInstance(plan.instanceUuid()).ifPresent(cell -> cell.run(tx -> {
            instances.openAction(tx, plan.instanceUuid(), ACTION, requestId(context))
                    .ifPresent(action -> instances.finishAction(tx, action, error, now));
            if (!plan.locked()) {
                instances.unlock(tx, plan.instanceUuid(), plan.lockReason(), now);
            }
        }));
    }

    /** Whether the instance is locked by this refresh. */
    boolean isHeld(RefreshPlan plan) {
        return cells.ofInstance(plan.instanceUuid())
                .flatMap(cell -> cell.transaction(tx -> instances.find(tx, plan.instanceUuid())))
                .filter(instance -> instance.locked() && instance.lockedReason().equals(Optional.of(plan.lockReason())))
                .isPresent();
    }

    private static ServiceException.NotFound notFound(RefreshPlan plan) {
        return new ServiceException.NotFound(
                ErrorCode.INSTANCE_NOT_FOUND, "Instance " + plan.instanceUuid() + " could not be found.");
    }

    private static String requestId(RequestContext context) {
        return context.requestId().orElse("-");
    }
}

package dev.reseat.api.service;

import dev.reseat.api.flow.ServiceException;
import dev.reseat.api.model.ErrorCode;
import dev.reseat.api.model.Instance;
import dev.reseat.api.store.Database;
import dev.reseat.api.store.cell.Cells;
import dev.reseat.api.store.journal.JournalTable;
import dev.reseat.api.store.nova.InstanceTable;
import dev.reseat.rpc.RequestContext;
import jakarta.inject.Inject;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The lock on the instance and the instance action that say that a refresh is under way. A lock that was found stays;
 * every method is repeatable.
 */
final class InstanceLock {
    private static final String ACTION = "refresh_volume_attachment";

    /** As {@link #reason} and nova-manage word it. */
    private static final Pattern REFRESHING = Pattern.compile(
            "Refreshing connection_info for BDM (\\S+) associated with instance \\S+ and volume (\\S+)\\.");

    private final Cells cells;
    private final InstanceTable instances;
    private final Database database;
    private final JournalTable journal;
    private final InstantSource clock;

    @Inject
    InstanceLock(
            Cells cells, InstanceTable instances, Database database, JournalTable journal, InstantSource clock) {
        this.cells = cells;
        this.instances = instances;
        this.database = database;
        this.journal = journal;
        this.clock = clock;
    }

    /** What everybody reads who asks why the instance is locked. */
    static String reason(String mapping, String instance, String volume) {
        return "Refreshing connection_info for BDM " + mapping + " associated with instance " + instance
                + " and volume " + volume + ".";
    }

    /**
     * A lock of an operator stays and is no hindrance; that of a refresh goes when it ends, in the middle of the other.
     *
     * @throws ServiceException.Conflict if a refresh of another mapping has locked the instance and is not over
     */
    void checkNoOther(Instance instance, String mapping) {
        Matcher lock = REFRESHING.matcher(instance.lockedReason().orElse(""));
        if (lock.matches() && !lock.group(1).equals(mapping)
                && database.cinder()
                        .transaction(tx -> journal.mappingUnderRepair(tx, lock.group(2)))
                        .equals(Optional.of(lock.group(1)))) {
            throw held(instance.uuid(), "reseat journal show " + lock.group(2));
        }
    }

    private static ServiceException.Conflict held(String instance, String next) {
        return new ServiceException.Conflict(
                ErrorCode.LOCK_HELD, "Instance " + instance + " is locked: another refresh of it, or somebody else, is"
                        + " at it.",
                next);
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
                RefreshRules.checkStill(instances.find(tx, plan.instanceUuid()).orElse(instance), plan.host());
                throw held(plan.instanceUuid(), "openstack server show " + plan.instanceUuid());
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

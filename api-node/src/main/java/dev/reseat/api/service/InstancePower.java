package dev.reseat.api.service;

import dev.reseat.api.flow.ServiceException;
import dev.reseat.api.model.ErrorCode;
import dev.reseat.api.model.Instance;
import dev.reseat.api.remote.PowerClient;
import dev.reseat.api.store.cell.Cell;
import dev.reseat.api.store.cell.Cells;
import dev.reseat.api.store.nova.InstanceTable;
import dev.reseat.rpc.RequestContext;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Has Nova stop and start instances, as its own API does: the row says that the task begins, an action is recorded for
 * the users, and nova-compute is sent the rest. What comes of it shows in the row. Knows nothing of why.
 */
public final class InstancePower {
    private static final String ACTIVE = "active";
    private static final int RUNNING = 1;

    private final Cells cells;
    private final InstanceTable instances;
    private final PowerClient nova;
    private final InstantSource clock;

    @Inject
    public InstancePower(Cells cells, InstanceTable instances, PowerClient nova, InstantSource clock) {
        this.cells = cells;
        this.instances = instances;
        this.nova = nova;
        this.clock = clock;
    }

    /** What is asked of Nova. */
    public enum Task {
        STOP(ACTIVE, "powering-off", "stop", "stopped"), START("stopped", "powering-on", "start", "started");

        private final String from;
        private final String state;
        private final String action;
        private final String done;

        Task(String from, String state, String action, String done) {
            this.from = from;
            this.state = state;
            this.action = action;
            this.done = done;
        }
    }

    /** What an instance is to Nova. */
    public sealed interface Power {
        /** @param locked whether somebody has locked it: then it is not touched */
        record Running(String host, boolean locked) implements Power {}

        /** @param locked whether somebody has locked it, a refresh for instance */
        record Stopped(boolean locked) implements Power {}

        /** Nova is at it. */
        record Changing(Task task) implements Power {}

        /** Stopped, and something else is done with it, an image made of it for instance: that ends by itself. */
        record Busy(String text) implements Power {}

        /** Neither: paused, suspended, in error, busy with another task. */
        record Other(String text) implements Power {}

        record Gone() implements Power {}
    }

    /** What it is now. */
    public Power of(String uuid) {
        return cells.ofInstance(uuid)
                .flatMap(cell -> cell.transaction(tx -> instances.find(tx, uuid)))
                .map(InstancePower::power)
                .orElseGet(Power.Gone::new);
    }

    /** Whether it was that request, and nobody after it, that had the instance stopped, or started, the last time. */
    public boolean isLast(String uuid, Task task, String requestId) {
        return cells.ofInstance(uuid)
                .flatMap(cell -> cell.transaction(tx -> instances.lastRequest(tx, uuid, task.action)))
                .equals(Optional.of(requestId));
    }

    private static Power power(Instance instance) {
        if (RefreshRules.isStopped(instance)) {
            return new Power.Stopped(instance.locked());
        }
        for (Task task : Task.values()) {
            if (instance.taskState().equals(Optional.of(task.state))) {
                return new Power.Changing(task);
            }
        }
        if (instance.vmState().equals(Optional.of(Task.START.from))) {
            return new Power.Busy(text(instance));
        }
        boolean runs = instance.vmState().equals(Optional.of(ACTIVE)) && instance.taskState().isEmpty()
                && instance.powerState().equals(Optional.of(RUNNING)) && instance.host().isPresent();
        return runs
                ? new Power.Running(instance.host().orElseThrow(), instance.locked())
                : new Power.Other(text(instance));
    }

    private static String text(Instance instance) {
        return "it is " + instance.vmState().orElse("unknown") + ", task_state "
                + instance.taskState().orElse("none") + ", power_state "
                + instance.powerState().map(String::valueOf).orElse("unknown");
    }

    /** Whether there is somebody now who stops and starts instances of that host. */
    public boolean isServed(String host) {
        return new RemoteCall("The compute service of " + host).query(() -> nova.isServed(host));
    }

    /**
     * Begins it. Returns when it is sent; it disappears unread after a while.
     *
     * @throws ServiceException with the row as it was; an {@link ServiceException.Unknown} if it may have been sent
     */
    public void begin(RequestContext context, String uuid, Task task, Duration within) {
        Cell cell = cells.ofInstance(uuid).orElseThrow(() -> notFound(uuid));
        Instance instance = find(cell, uuid);
        String host = host(instance);
        if (!isServed(host)) {
            throw new ServiceException.Unavailable(
                    "Nobody can have instance " + uuid + " " + task.done + ": no nova-compute of " + host
                            + ", or no nova-conductor, listens.",
                    null);
        }
        boolean begun = cell.transaction(tx -> {
            if (!instances.beginTask(tx, uuid, host, task.from, task.state, clock.instant())) {
                return false;
            }
            instances.startAction(
                    tx, uuid, task.action, id(context), context.userId().orElse(null), context.projectId().orElse(null),
                    clock.instant());
            return true;
        });
        if (!begun) {
            throw new ServiceException.Conflict(
                    ErrorCode.INSTANCE_STATE, "Instance " + uuid + " is locked, busy or not " + task.from + " now.");
        }
        try {
            send(context, instance, host, task, within);
        } catch (ServiceException.Unavailable e) {
            takeBack(context, cell, uuid, task, e);
            throw e;
        }
    }

    /** Sends it once more, where the row says already that it has begun, and it is not known to have been sent. */
    public void repeat(RequestContext context, String uuid, Task task, Duration within) {
        Instance instance = find(cells.ofInstance(uuid).orElseThrow(() -> notFound(uuid)), uuid);
        send(context, instance, host(instance), task, within);
    }

    private void send(RequestContext context, Instance instance, String host, Task task, Duration within) {
        RemoteCall.computeOf(instance).tell(() -> {
            switch (task) {
                case STOP -> nova.stop(context, host, instance.uuid(), within);
                case START -> nova.start(context, host, instance.uuid(), within);
            }
        });
    }

    private void takeBack(RequestContext context, Cell cell, String uuid, Task task, ServiceException why) {
        cell.run(tx -> {
            instances.forgetTask(tx, uuid, task.state, clock.instant());
            instances.openAction(tx, uuid, task.action, id(context))
                    .ifPresent(action -> instances.finishAction(
                            tx, action, Optional.ofNullable(why.getMessage()), clock.instant()));
        });
    }

    private Instance find(Cell cell, String uuid) {
        return cell.transaction(tx -> instances.find(tx, uuid)).orElseThrow(() -> notFound(uuid));
    }

    private static String host(Instance instance) {
        return instance.host()
                .orElseThrow(() -> new ServiceException.Conflict(
                        ErrorCode.INSTANCE_STATE, "Instance " + instance.uuid() + " is on no host."));
    }

    private static ServiceException.NotFound notFound(String uuid) {
        return new ServiceException.NotFound(
                ErrorCode.INSTANCE_NOT_FOUND, "Instance " + uuid + " could not be found.");
    }

    private static String id(RequestContext context) {
        return context.requestId().orElse("-");
    }
}

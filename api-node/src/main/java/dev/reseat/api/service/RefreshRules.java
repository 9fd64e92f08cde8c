package dev.reseat.api.service;

import dev.reseat.api.flow.ServiceException;
import dev.reseat.api.model.BlockDevice;
import dev.reseat.api.model.ErrorCode;
import dev.reseat.api.model.Instance;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What must hold before a block device mapping is refreshed ({@code nova-manage volume_attachment refresh}). */
final class RefreshRules {
    private static final String STOPPED = "stopped";
    /** Nova's power_state RUNNING, PAUSED and SUSPENDED: the hypervisor has a guest. */
    private static final Set<Integer> HAS_GUEST = Set.of(1, 3, 7);

    private RefreshRules() {}

    /** @throws ServiceException.Invalid or {@link ServiceException.Conflict} naming the precondition that fails */
    static void check(BlockDevice device, Instance instance) {
        checkVolume(device);
        String state = instance.vmState().orElse("unknown");
        if (!state.equals(STOPPED)) {
            throw new ServiceException.Conflict(
                    ErrorCode.INSTANCE_STATE, "Instance " + instance.uuid() + " is " + state + "; it must be stopped.",
                    "openstack server stop " + instance.uuid());
        }
        instance.taskState().ifPresent(task -> {
            throw new ServiceException.Conflict(
                    ErrorCode.INSTANCE_STATE,
                    "Instance " + instance.uuid() + " has task_state " + task + "; it must have none.");
        });
        if (!isStopped(instance)) {
            throw new ServiceException.Conflict(
                    ErrorCode.INSTANCE_STATE, "Instance " + instance.uuid() + " is stopped, but has power_state "
                            + instance.powerState().orElseThrow() + ": its guest is still there.",
                    "openstack server stop " + instance.uuid());
        }
        if (instance.host().isEmpty()) {
            throw new ServiceException.Conflict(ErrorCode.INSTANCE_STATE,
                    "Instance " + instance.uuid() + " is on no host.");
        }
    }

    /** @throws ServiceException.Invalid if it maps no volume */
    static void checkVolume(BlockDevice device) {
        if (device.volumeId().isEmpty()) {
            throw new ServiceException.Invalid("Block device mapping " + device.uuid() + " maps no volume.");
        }
    }

    /**
     * The same again in the middle of a refresh: an administrator is not kept from starting or moving the instance.
     *
     * @param host where it was
     * @throws ServiceException.Conflict naming what has changed
     */
    static void checkStill(Instance instance, Optional<String> host) {
        if (!isStopped(instance)) {
            throw new ServiceException.Conflict(
                    ErrorCode.INSTANCE_STATE,
                    "Instance " + instance.uuid() + " was started by somebody else meanwhile: it is "
                            + instance.vmState().orElse("unknown") + ", task_state "
                            + instance.taskState().orElse("none") + ", power_state "
                            + instance.powerState().map(String::valueOf).orElse("unknown") + ".",
                    "openstack server stop " + instance.uuid());
        }
        if (host.isPresent() && !instance.host().equals(host)) {
            throw new ServiceException.Conflict(
                    ErrorCode.INSTANCE_STATE,
                    "Instance " + instance.uuid() + " was moved by somebody else meanwhile: it was on " + host.get()
                            + " and is on " + instance.host().orElse("no host") + ".");
        }
    }

    /** Stopped, no task in flight, and no guest by the last that Nova heard of the hypervisor. */
    static boolean isStopped(Instance instance) {
        return instance.vmState().equals(Optional.of(STOPPED))
                && instance.taskState().isEmpty()
                && instance.powerState().filter(HAS_GUEST::contains).isEmpty();
    }

    /** @throws ServiceException.Conflict if the connector describes another host than the instance's */
    static void checkHost(Instance instance, Map<String, Object> connector) {
        if (!instance.host().map(Object.class::cast).equals(Optional.ofNullable(connector.get("host")))) {
            throw new ServiceException.Conflict(
                    ErrorCode.WRONG_HOST, "The connector is of host " + connector.get("host") + ", the instance is on "
                            + instance.host().orElse("no host") + "; it may have been read on the wrong compute host.");
        }
    }
}

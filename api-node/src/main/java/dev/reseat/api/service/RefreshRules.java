package dev.reseat.api.service;

import dev.reseat.api.model.BlockDevice;
import dev.reseat.api.model.Instance;
import java.util.Map;
import java.util.Optional;

/** What must hold before a block device mapping is refreshed ({@code nova-manage volume_attachment refresh}). */
final class RefreshRules {
    private static final String STOPPED = "stopped";

    private RefreshRules() {}

    /** @throws ServiceException.Invalid or {@link ServiceException.Conflict} naming the precondition that fails */
    static void check(BlockDevice device, Instance instance) {
        if (device.volumeId().isEmpty()) {
            throw new ServiceException.Invalid("Block device mapping " + device.uuid() + " maps no volume.");
        }
        String state = instance.vmState().orElse("unknown");
        if (!state.equals(STOPPED)) {
            throw new ServiceException.Conflict(
                    "Instance " + instance.uuid() + " is " + state + "; it must be stopped.",
                    "openstack server stop " + instance.uuid());
        }
        instance.taskState().ifPresent(task -> {
            throw new ServiceException.Conflict(
                    "Instance " + instance.uuid() + " has task_state " + task + "; it must have none.");
        });
        if (instance.host().isEmpty()) {
            throw new ServiceException.Conflict("Instance " + instance.uuid() + " is on no host.");
        }
    }

    /** @throws ServiceException.Conflict if the connector describes another host than the instance's */
    static void checkHost(Instance instance, Map<String, Object> connector) {
        if (!instance.host().map(Object.class::cast).equals(Optional.ofNullable(connector.get("host")))) {
            throw new ServiceException.Conflict(
                    "The connector is of host " + connector.get("host") + ", the instance is on "
                            + instance.host().orElse("no host") + "; it may have been read on the wrong compute host.");
        }
    }
}

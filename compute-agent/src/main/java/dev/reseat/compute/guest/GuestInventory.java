package dev.reseat.compute.guest;

import dev.reseat.contract.evidence.Answer;
import java.util.List;

/**
 * Every disk of every guest that may be a volume.
 *
 * @param blind what could not be looked at; a volume that is not in the inventory is then not known to be nobody's
 */
public record GuestInventory(List<Disk> disks, List<String> blind) {
    public GuestInventory {
        disks = List.copyOf(disks);
        blind = List.copyOf(blind);
    }

    /**
     * @param name what it leads to, and its serial where that says more
     * @param inRunning whether the running guest has it; NO if it does not run
     * @param inStored whether the stored definition lists it
     * @param running whether the guest runs
     * @param detail what was seen, for the operator
     * @param runningOver addresses by which the hypervisor reaches it itself for the running guest
     * @param storedOver those that the stored definition names
     */
    public record Disk(
            String instanceUuid, String name, Answer inRunning, Answer inStored, Answer running, String detail,
            List<String> runningOver, List<String> storedOver) {
        public Disk {
            runningOver = List.copyOf(runningOver);
            storedOver = List.copyOf(storedOver);
        }

        /** Of what the host has a path of. */
        public Disk(
                String instanceUuid, String name, Answer inRunning, Answer inStored, Answer running, String detail) {
            this(instanceUuid, name, inRunning, inStored, running, detail, List.of(), List.of());
        }
    }
}

package dev.reseat.contract.compute;

import dev.reseat.contract.evidence.Answer;
import java.util.List;

/**
 * {@code guests_by_address} in namespace {@code reseat}, 1.3: which guests here, running or not, have a disk that their
 * hypervisor reaches over one of these addresses itself. Changes nothing.
 *
 * @param addresses as {@link dev.reseat.contract.connection.StorageAddress} reads them
 */
public record GuestsByAddress(List<String> addresses) {
    public static final String METHOD = "guests_by_address";

    /** @throws IllegalArgumentException if there are none */
    public GuestsByAddress {
        if (addresses == null || addresses.isEmpty()) {
            throw new IllegalArgumentException("addresses are needed");
        }
        addresses = List.copyOf(addresses);
    }

    /** @param blind what could not be looked at; a guest that is not among them is then not known not to be */
    public record Result(List<Use> uses, List<String> blind) {
        public Result {
            uses = List.copyOf(uses);
            blind = List.copyOf(blind);
        }
    }

    /**
     * @param disk what the definition says that it leads to
     * @param inRunning whether the running guest has it over such an address; NO if it does not run
     * @param inStored whether the stored definition names such an address
     */
    public record Use(String instanceUuid, String disk, Answer inRunning, Answer inStored) {}
}

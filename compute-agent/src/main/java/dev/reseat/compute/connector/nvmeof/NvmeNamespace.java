package dev.reseat.compute.connector.nvmeof;

import dev.reseat.contract.connection.ConnectionInfo.NvmeTarget;
import dev.reseat.contract.evidence.Answer;
import java.util.Optional;
import java.util.Set;

/**
 * A namespace as one controller shows it.
 *
 * @param disk as the kernel names it, {@code nvme0n1}: the same one for all controllers of a subsystem, if the kernel
 *     joins them
 * @param number what the subsystem counts it as
 * @param access what the controller says of its way to it ({@code ana_state}), if the storage tells
 */
record NvmeNamespace(
        String disk,
        Optional<String> uuid,
        Optional<String> nguid,
        Optional<Integer> number,
        Optional<String> access) {
    private static final Set<String> CLOSED = Set.of("inaccessible", "persistent-loss");

    /**
     * Whether it is the target's, by the best name that the target has for it, as os-brick looks for it. UNKNOWN where
     * one of the two has no such name. A kernel shows the NGUID as the UUID of a namespace that has none, and that is
     * no UUID to compare.
     */
    Answer isOf(NvmeTarget target) {
        if (target.uuid().isPresent()) {
            return target.uuid().equals(uuid) ? Answer.YES : same(target.uuid(), uuid.filter(one -> !standsIn(one)));
        }
        return target.nguid().isPresent() ? same(target.nguid(), nguid) : same(target.number(), number);
    }

    private boolean standsIn(String shown) {
        return nguid.filter(shown::equals).isPresent();
    }

    private static <T> Answer same(Optional<T> wanted, Optional<T> shown) {
        return wanted.isEmpty() || shown.isEmpty() ? Answer.UNKNOWN : Answer.of(wanted.equals(shown));
    }

    /** Whether something can be read on that way. */
    boolean isAccessible() {
        return access.filter(CLOSED::contains).isEmpty();
    }

    @Override
    public String toString() {
        return "/dev/" + disk + access.map(state -> " " + state).orElse("");
    }
}

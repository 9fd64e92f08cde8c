package dev.reseat.compute.connector.nvmeof;

import dev.reseat.contract.connection.ConnectionInfo.NvmePortal;
import dev.reseat.contract.connection.ConnectionInfo.NvmeTarget;
import dev.reseat.contract.connection.Portal;
import dev.reseat.contract.evidence.Answer;
import java.util.List;
import java.util.Optional;

/**
 * A controller of another host's subsystem, which is a connection to it.
 *
 * @param name as the kernel names it, {@code nvme1}
 * @param address where it leads; empty for a transport without ports
 * @param hostNqn as whom this host presents itself there; empty from a kernel that does not tell
 * @param state {@code live}; {@code connecting} while it tries to come back
 */
record NvmeController(
        String name,
        String nqn,
        String transport,
        Optional<Portal> address,
        Optional<String> hostNqn,
        String state,
        List<NvmeNamespace> namespaces) {
    NvmeController {
        namespaces = List.copyOf(namespaces);
    }

    boolean isLive() {
        return state.equals("live");
    }

    boolean isAt(NvmePortal portal) {
        return transport.equals(portal.transport()) && address.filter(portal.address()::equals).isPresent();
    }

    List<NvmeNamespace> of(NvmeTarget target) {
        return namespaces.stream().filter(one -> one.isOf(target) == Answer.YES).toList();
    }

    /** Others, and those of which it cannot be told. */
    boolean hasOthers(NvmeTarget target) {
        return namespaces.stream().anyMatch(one -> one.isOf(target) != Answer.YES);
    }

    /** Whether one of its namespaces is the target's, or may become so: one without any gets what the storage shows. */
    Answer has(NvmeTarget target) {
        return namespaces.stream().map(one -> one.isOf(target)).reduce(Answer::or).orElse(Answer.YES);
    }

    @Override
    public String toString() {
        return name + " to " + nqn + address.map(portal -> " at " + portal).orElse("") + " is " + state;
    }
}

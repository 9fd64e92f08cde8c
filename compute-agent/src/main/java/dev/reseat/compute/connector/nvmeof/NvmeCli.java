package dev.reseat.compute.connector.nvmeof;

import dev.reseat.compute.connector.ConnectorException;
import dev.reseat.compute.connector.Within;
import dev.reseat.contract.connection.ConnectionInfo.NvmePortal;
import dev.reseat.contract.connection.ConnectionInfo.NvmeTarget;
import dev.reseat.process.Command;
import dev.reseat.process.CommandFailed;
import dev.reseat.process.CommandResult;
import dev.reseat.process.CommandRunner;
import dev.reseat.runtime.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** {@code nvme}, with the words and the exit codes that os-brick has. */
final class NvmeCli {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    /** What versions that os-brick knows say of a controller that is there, and a later one that says it in words. */
    private static final int[] CONNECTED = {70, 114, 1};
    private static final String SO_SAID = "already connected";

    private final CommandRunner commands;

    NvmeCli(CommandRunner commands) {
        this.commands = commands;
    }

    /** Asks for new namespaces: not every storage tells of them. */
    void rescan(String controller, Deadline deadline) {
        run(deadline, List.of("nvme", "ns-rescan", "/dev/" + controller));
    }

    /** A controller that is lost is tried for as long as it is wanted. */
    void connect(NvmeTarget target, NvmePortal portal, Deadline deadline) {
        List<String> words = new ArrayList<>(List.of("nvme", "connect",
                "-a", portal.address().host(), "-s", String.valueOf(portal.address().port()),
                "-t", portal.transport(), "-n", target.nqn(), "-Q", "128", "-l", "-1"));
        target.hostNqn().ifPresent(name -> words.addAll(List.of("-q", name)));
        CommandResult result = run(deadline, words, CONNECTED);
        if (result.exitCode() == 1 && !result.errors().contains(SO_SAID)) {
            throw new ConnectorException.Failed(portal.address() + ": " + result.errors().strip());
        }
    }

    /** Whether it is gone then is to be looked at. */
    void disconnect(String controller, Deadline deadline) {
        run(deadline, List.of("nvme", "disconnect", "-d", "/dev/" + controller));
    }

    private CommandResult run(Deadline deadline, List<String> words, int... answers) {
        try {
            return commands.run(Command.of(Within.atMost(LIMIT, deadline), words).alsoAnswering(answers));
        } catch (CommandFailed.TimedOut | CommandFailed.Interrupted e) {
            throw new ConnectorException.OutOfTime(e.getMessage(), e);
        } catch (CommandFailed e) {
            throw new ConnectorException.Failed(e.getMessage(), e);
        }
    }
}

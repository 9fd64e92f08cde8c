package dev.reseat.compute.guest.libvirt;

import dev.reseat.process.Command;
import dev.reseat.process.CommandFailed;
import dev.reseat.process.CommandResult;
import dev.reseat.process.CommandRunner;
import dev.reseat.runtime.Deadline;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs {@code virsh} on this host's hypervisor, each time for no longer than the deadline: one that hangs, behind a
 * monitor that does not answer for instance, is killed and holds up nobody. Secrets are never among its words.
 */
final class Virsh {
    private static final int FAILED = 1;

    private final LibvirtConfig config;
    private final CommandRunner commands;

    @Inject
    Virsh(LibvirtConfig config, CommandRunner commands) {
        this.config = config;
        this.commands = commands;
    }

    /**
     * The output of one command that has succeeded.
     *
     * @throws HypervisorSilent if it has not
     */
    String ask(Deadline deadline, String... words) {
        return run(command(deadline, List.of(words)));
    }

    /**
     * How a command has ended that may fail, or several in one process, as {@code one; other}: the exit code is the
     * last one's then, and the others' failures show in what is missing.
     *
     * @throws HypervisorSilent if it has not ended
     */
    CommandResult tryTo(Deadline deadline, String... words) {
        try {
            return commands.run(command(deadline, List.of(words)).alsoAnswering(FAILED));
        } catch (CommandFailed e) {
            throw new HypervisorSilent(e.getMessage(), e);
        }
    }

    String uri() {
        return config.uri();
    }

    private String run(Command command) {
        try {
            return commands.run(command).output();
        } catch (CommandFailed e) {
            throw new HypervisorSilent(e.getMessage(), e);
        }
    }

    private Command command(Deadline deadline, List<String> words) {
        if (deadline.isOver()) {
            throw new HypervisorSilent("no time was left to ask " + config.uri());
        }
        List<String> all = new ArrayList<>(List.of("virsh", "--quiet", "--connect", config.uri()));
        all.addAll(words);
        return Command.of(deadline.remaining(), all);
    }
}

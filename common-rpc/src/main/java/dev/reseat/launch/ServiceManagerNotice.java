package dev.reseat.launch;

import dev.reseat.process.Command;
import dev.reseat.process.CommandFailed;
import dev.reseat.process.CommandRunner;
import dev.reseat.runtime.Service;
import java.lang.System.Logger.Level;
import java.time.Duration;

/**
 * Tells the service manager, if there is one that asks for it by {@code NOTIFY_SOCKET}, that everything works and that
 * the end has begun. To be listed last. A manager that cannot be told keeps no service from working.
 */
final class ServiceManagerNotice implements Service {
    private static final System.Logger LOG = System.getLogger(ServiceManagerNotice.class.getName());
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final CommandRunner commands;
    private final boolean wanted;

    ServiceManagerNotice(CommandRunner commands, boolean wanted) {
        this.commands = commands;
        this.wanted = wanted;
    }

    static ServiceManagerNotice fromEnvironment(CommandRunner commands) {
        return new ServiceManagerNotice(commands, System.getenv("NOTIFY_SOCKET") != null);
    }

    @Override
    public void start() {
        tell("READY=1");
    }

    @Override
    public Drained drain(Duration grace) {
        tell("STOPPING=1");
        return Drained.CLEAN;
    }

    @Override
    public void stop() {
        // the manager sees the process end
    }

    /** By systemd's own program: Java has no datagram sockets with names. */
    private void tell(String state) {
        if (!wanted) {
            return;
        }
        try {
            commands.run(Command.of(LIMIT, "systemd-notify", state));
        } catch (CommandFailed failure) {
            LOG.log(Level.WARNING, "the service manager was not told {0}: {1}", state, failure.getMessage());
        }
    }
}

package dev.reseat.volume.driver;

import dev.reseat.process.Command;
import dev.reseat.process.CommandFailed;
import dev.reseat.process.CommandResult;
import dev.reseat.process.CommandRunner;
import dev.reseat.runtime.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;

/** Runs the programs of a backend: none is begun after the deadline, none runs longer, and failures are a driver's. */
public final class BackendPrograms {
    private static final Duration PAUSE = Duration.ofMillis(50);

    private final CommandRunner commands;

    public BackendPrograms(CommandRunner commands) {
        this.commands = commands;
    }

    /**
     * Waits a moment before it is looked again whether a backend has done what it was told; none announces that.
     *
     * @throws DriverException.OutOfTime if the deadline is over
     */
    public static void pause(Deadline deadline, String until) {
        DriverException.OutOfTime.check(deadline, "wait until " + until);
        try {
            Thread.sleep(deadline.remaining().compareTo(PAUSE) < 0 ? deadline.remaining() : PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DriverException.OutOfTime("interrupted while waiting until " + until, e);
        }
    }

    /** Exit codes other than 0 are failures. */
    public CommandResult run(Deadline deadline, String... words) {
        return run(deadline, List.of(words), command -> command);
    }

    /**
     * @param more what else there is to the command: answers, texts to hide, input
     * @throws DriverException.OutOfTime if the deadline is over before, or before the program ends
     * @throws DriverException.NotReady if the program is not there
     * @throws DriverException.BackendFailed if it says that it failed; the cause has its exit code
     */
    public CommandResult run(Deadline deadline, List<String> words, UnaryOperator<Command> more) {
        Command command = more.apply(Command.of(deadline.remaining().plusMillis(1), words));
        DriverException.OutOfTime.check(deadline, command.toString());
        try {
            return commands.run(command);
        } catch (CommandFailed.NotStarted e) {
            throw new DriverException.NotReady(e.getMessage(), e);
        } catch (CommandFailed.TimedOut | CommandFailed.Interrupted e) {
            throw new DriverException.OutOfTime(e.getMessage(), e);
        } catch (CommandFailed e) {
            throw new DriverException.BackendFailed(e.getMessage(), e);
        }
    }
}

package dev.reseat.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.NANOSECONDS;

import dev.reseat.runtime.Deadline;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs programs of this machine, in the locale {@code C}, so that what they print can be read. Everything a runner
 * runs goes through its root wrapper: a room that needs root gets a runner with one, the others a runner without.
 *
 * <p>A program may leave a daemon behind that keeps its output open; the runner does not wait for that.
 */
public final class SystemCommandRunner implements CommandRunner {
    private static final System.Logger LOG = System.getLogger(SystemCommandRunner.class.getName());
    private static final int MOST_OUTPUT = 8 << 20;
    private static final int MOST_ERRORS = 64 << 10;

    private final List<String> rootWrapper;

    /** @param rootWrapper words in front of every command, such as {@code sudo -n}; none to run as we are */
    public SystemCommandRunner(List<String> rootWrapper) {
        this.rootWrapper = List.copyOf(rootWrapper);
    }

    @Override
    public CommandResult run(Command command) {
        Deadline deadline = Deadline.after(command.timeout());
        Process process = start(command);
        Captured output = new Captured(process.getInputStream(), MOST_OUTPUT);
        Captured errors = new Captured(process.getErrorStream(), MOST_ERRORS);
        try {
            command.input()
                    .ifPresent(text -> Thread.ofPlatform()
                            .daemon()
                            .name("input of a program") // not a virtual one: see Captured
                            .start(() -> feed(process, text)));
            if (!process.waitFor(deadline.remaining().toNanos(), NANOSECONDS)) {
                throw new CommandFailed.TimedOut(command);
            }
            CommandResult result =
                    new CommandResult(process.exitValue(), output.whole(), errors.beginning());
            LOG.log(Level.DEBUG, "''{0}'' exited with {1}", command, result.exitCode());
            return result.answering(command);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CommandFailed.Interrupted(command, interrupted);
        } catch (IOException lost) {
            throw new CommandFailed.OutputLost(command, lost);
        } finally {
            kill(process);
        }
    }

    private Process start(Command command) {
        List<String> words = new ArrayList<>(rootWrapper);
        words.addAll(command.words());
        ProcessBuilder builder = new ProcessBuilder(words);
        builder.environment().put("LC_ALL", "C");
        if (command.input().isEmpty()) {
            builder.redirectInput(Redirect.from(new File("/dev/null")));
        }
        try {
            return builder.start();
        } catch (IOException failure) {
            throw new CommandFailed.NotStarted(command, failure);
        }
    }

    private static void feed(Process process, String text) {
        try (OutputStream input = process.getOutputStream()) {
            input.write(text.getBytes(UTF_8));
        } catch (IOException unread) {
            LOG.log(Level.DEBUG, "a program ended before it read all of its input: {0}", unread.getMessage());
        }
    }

    /** A wrapped program runs as root: it dies only if this process may send signals to it (CAP_KILL). */
    private static void kill(Process process) {
        if (process.isAlive()) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }
}

package dev.reseat.process;

/** Runs programs. Safe for use by several threads; whether a program may be repeated is known by its caller. */
public interface CommandRunner {
    /**
     * Returns when the program has ended. A program that runs out of time, or whose caller is interrupted, is killed.
     *
     * @throws CommandFailed sorted by what the caller may conclude about what the program did
     */
    CommandResult run(Command command);
}

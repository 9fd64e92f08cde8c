package dev.reseat.process;

import java.util.List;

/**
 * How a program ended. Its text form leaves out what the program wrote, which may be a secret.
 *
 * @param output all it wrote to standard output, read as UTF-8
 * @param errors the beginning of what it wrote to standard error
 */
public record CommandResult(int exitCode, String output, String errors) {
    /** The lines of the output, without surrounding blanks and without blank ones. */
    public List<String> lines() {
        return output.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
    }

    /**
     * This result, if its exit code is one that the command takes as an answer.
     *
     * @throws CommandFailed.Exited if it is not
     */
    public CommandResult answering(Command command) {
        if (!command.answers().contains(exitCode)) {
            throw new CommandFailed.Exited(command, exitCode, errors);
        }
        return this;
    }

    @Override
    public String toString() {
        return "exited with " + exitCode + ", " + output.length() + " characters of output";
    }
}

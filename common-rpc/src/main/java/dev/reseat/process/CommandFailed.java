package dev.reseat.process;

import java.io.IOException;

/** A program gave no answer, sorted by what the caller may conclude. Messages hide the command's secrets. */
public abstract sealed class CommandFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final int SHOWN = 1000;

    private CommandFailed(String message, Throwable cause) {
        super(message, cause);
    }

    /** Whether the program may have done its work, or a part of it: look before repeating or undoing. */
    public boolean outcomeUnknown() {
        return true;
    }

    /** The program is not there or may not be started: nothing was done. */
    public static final class NotStarted extends CommandFailed {
        private static final long serialVersionUID = 1L;

        public NotStarted(Command command, IOException cause) {
            super("'" + command.words().getFirst() + "' cannot be started; is it installed?", cause);
        }

        @Override
        public boolean outcomeUnknown() {
            return false;
        }
    }

    /** The program ended by itself and says that it failed. */
    public static final class Exited extends CommandFailed {
        private static final long serialVersionUID = 1L;

        private final int exitCode;
        private final String errors;

        public Exited(Command command, int exitCode, String errors) {
            super("'" + command + "' exited with " + exitCode + ": " + shortened(command.masked(errors)), null);
            this.exitCode = exitCode;
            this.errors = command.masked(errors);
        }

        public int exitCode() {
            return exitCode;
        }

        /** The beginning of what it wrote to standard error. */
        public String errors() {
            return errors;
        }

        @Override
        public boolean outcomeUnknown() {
            return false;
        }

        private static String shortened(String errors) {
            String text = errors.strip();
            return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "...";
        }
    }

    /** The program did not end in time and was killed. */
    public static final class TimedOut extends CommandFailed {
        private static final long serialVersionUID = 1L;

        public TimedOut(Command command) {
            super("'" + command + "' did not end within " + command.timeout().toMillis() + " ms; outcome unknown",
                    null);
        }
    }

    /** The calling thread was interrupted and the program killed. The thread's interrupt flag is set again. */
    public static final class Interrupted extends CommandFailed {
        private static final long serialVersionUID = 1L;

        public Interrupted(Command command, InterruptedException cause) {
            super("'" + command + "' was interrupted; outcome unknown", cause);
        }
    }

    /** The output cannot be had: too long, or not readable. A part of it could be mistaken for the whole. */
    public static final class OutputLost extends CommandFailed {
        private static final long serialVersionUID = 1L;

        public OutputLost(Command command, IOException cause) {
            super("the output of '" + command + "' is lost: " + command.masked(String.valueOf(cause.getMessage())),
                    cause);
        }
    }
}

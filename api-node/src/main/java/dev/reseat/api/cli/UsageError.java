package dev.reseat.api.cli;

/** The command line asks for something that cannot be asked for; nothing was sent. */
final class UsageError extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final int exitCode;

    UsageError(String message) {
        this(ExitCode.USAGE, message);
    }

    UsageError(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    int exitCode() {
        return exitCode;
    }
}

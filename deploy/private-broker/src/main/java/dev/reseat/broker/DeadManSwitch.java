package dev.reseat.broker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Ends programs that would outlive this JVM if it was killed: a shell whose input ends with us. Files hold their
 * process ids, so that a program that was ended in order, and its file removed, is left alone.
 */
final class DeadManSwitch implements AutoCloseable {
    private static final String SCRIPT = "read -r _ || for file; do kill -KILL \"$(cat \"$file\")\"; done";

    private final Process shell;

    private DeadManSwitch(Process shell) {
        this.shell = shell;
    }

    static DeadManSwitch arm(List<Path> pidFiles) {
        List<String> words = new ArrayList<>(List.of("sh", "-c", SCRIPT, "sh"));
        pidFiles.forEach(file -> words.add(file.toString()));
        var builder = new ProcessBuilder(words).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        try {
            return new DeadManSwitch(builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** From now on nothing is ended. Repeatable. */
    @Override
    public void close() {
        try (var input = shell.outputWriter()) {
            input.write("disarmed\n");
        } catch (IOException e) {
            shell.destroy(); // it has ended already, or does now
        }
    }
}

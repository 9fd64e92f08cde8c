package dev.reseat.testing;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Another process that holds a lock on a file until closed, and has it when this exists. */
public final class LockHolder implements AutoCloseable {
    private final Process process;

    private LockHolder(Process process) {
        this.process = process;
    }

    public static LockHolder of(Path file) throws IOException {
        Process process = new ProcessBuilder("flock", file.toString(), "sh", "-c", "echo held; read line").start();
        String said = process.inputReader().readLine();
        if (!"held".equals(said)) {
            process.destroyForcibly();
            throw new IOException("flock did not get " + file);
        }
        return new LockHolder(process);
    }

    public long pid() {
        return process.pid();
    }

    /** Lets the lock go and returns when it is gone. */
    @Override
    public void close() throws IOException {
        process.outputWriter().close();
        try {
            if (process.waitFor(10, TimeUnit.SECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
        throw new IOException("the holder did not end");
    }
}

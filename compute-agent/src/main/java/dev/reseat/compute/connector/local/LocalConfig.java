package dev.reseat.compute.connector.local;

import dev.reseat.runtime.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * How volume files are taken.
 *
 * @param host marks the locks that belong to this host, so that several agents on one machine keep theirs apart
 * @param loop whether a volume file becomes a loop device ({@code [local] use_loop})
 */
public record LocalConfig(String host, UseLoop loop) {
    private static final Path CONTROL = Path.of("/dev/loop-control");

    public LocalConfig {
        if (host.isBlank())
            throw new IllegalArgumentException("host must not be blank");
    }

    /** Whether a volume file becomes a loop device, which needs root, or is held by a lock. */
    public enum UseLoop {
        AUTO,
        TRUE,
        FALSE
    }

    public static LocalConfig from(Settings settings, String host) {
        String loop = settings.choice("local", "use_loop", "auto", List.of("auto", "true", "false"));
        return new LocalConfig(host, UseLoop.valueOf(loop.toUpperCase(Locale.ROOT)));
    }

    boolean usesLoop() {
        return switch (loop) {
            case TRUE -> true;
            case FALSE -> false;
            case AUTO -> Files.isWritable(CONTROL);
        };
    }
}

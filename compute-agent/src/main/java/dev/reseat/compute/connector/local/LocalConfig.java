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
 * @param volumesDirs {@code [local] volumes_dirs}: a volume outside these folders is never touched
 * @param sharedNamespace {@code [local] users_share_namespace}: every process that may use a volume runs in the PID
 *     namespace of this one. Matters only inside a container
 */
public record LocalConfig(String host, UseLoop loop, List<Path> volumesDirs, boolean sharedNamespace) {
    public static final Path DEFAULT_VOLUMES_DIR = Path.of("/var/lib/reseat/volumes");
    private static final String GROUP = "local";
    private static final Path CONTROL = Path.of("/dev/loop-control");

    public LocalConfig {
        volumesDirs = List.copyOf(volumesDirs);
        if (host.isBlank()) {
            throw new IllegalArgumentException("host must not be blank");
        }
        for (Path directory : volumesDirs) {
            if (!directory.isAbsolute() || directory.getNameCount() == 0) {
                throw new IllegalArgumentException(
                        "[local] volumes_dirs: must be absolute paths of folders: '" + directory + "'");
            }
        }
    }

    /** Whether a volume file becomes a loop device, which needs root, or is held by a lock. */
    public enum UseLoop {
        AUTO,
        TRUE,
        FALSE
    }

    public static LocalConfig from(Settings settings, String host) {
        String loop = settings.choice(GROUP, "use_loop", "auto", List.of("auto", "true", "false"));
        return new LocalConfig(
                host,
                UseLoop.valueOf(loop.toUpperCase(Locale.ROOT)),
                settings.list(GROUP, "volumes_dirs", List.of(DEFAULT_VOLUMES_DIR.toString()))
                        .stream()
                        .map(Path::of)
                        .toList(),
                settings.bool(GROUP, "users_share_namespace", false));
    }

    boolean usesLoop() {
        return switch (loop) {
            case TRUE -> true;
            case FALSE -> false;
            case AUTO -> Files.isWritable(CONTROL);
        };
    }
}

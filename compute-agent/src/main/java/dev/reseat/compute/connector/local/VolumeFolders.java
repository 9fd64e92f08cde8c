package dev.reseat.compute.connector.local;

import dev.reseat.compute.connector.ConnectorException;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** The folders whose files this agent may touch. A request names any path it likes; only these are taken from it. */
final class VolumeFolders {
    private final LocalConfig config;

    @Inject
    VolumeFolders(LocalConfig config) {
        this.config = config;
    }

    /**
     * The path without symbolic links, as far as it exists.
     *
     * @throws ConnectorException.Refused if it leads outside, or nobody can tell where it leads
     */
    Path real(Path device) {
        try {
            Path real = resolved(device);
            for (Path directory : config.volumesDirs()) {
                Path folder = resolved(directory);
                if (real.startsWith(folder) && !real.equals(folder)) {
                    return real;
                }
            }
            throw new ConnectorException.Refused(
                    device + " is in none of the folders of [local] volumes_dirs: " + config.volumesDirs());
        } catch (IOException e) {
            throw new ConnectorException.Refused(device + " leads nowhere that can be told: " + e);
        }
    }

    private static Path resolved(Path path) throws IOException {
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return path.toRealPath(); // fails for a link whose target is not there
        }
        Path parent = path.getParent();
        return parent == null ? path : resolved(parent).resolve(path.getFileName());
    }
}

package dev.reseat.systemtest;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The distribution that this build has made: what an operator installs. */
final class Distribution {
    private static final Path HOME = home();

    private Distribution() {}

    /** A launch script. */
    static Path program(String name) {
        return HOME.resolve("bin").resolve(name);
    }

    /** Beside this module, in the build directory of the same kind ({@code -Dfast} has one of its own). */
    static Path home() {
        try {
            Path classes = Path
                    .of(Distribution.class.getProtectionDomain().getCodeSource().getLocation().toURI());
            Path module = Path.of(System.getProperty("basedir", "")).toAbsolutePath();
            Path home = module.resolveSibling("distribution")
                    .resolve(module.relativize(classes.getParent()))
                    .resolve("reseat");
            if (!Files.isDirectory(home.resolve("bin"))) {
                throw new IllegalStateException(home + " does not exist: build deploy/distribution first");
            }
            return home;
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}

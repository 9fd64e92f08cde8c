package dev.reseat.standalone;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * PostgreSQL's programs, made to run as nobody. They refuse to run as root; the embedded server then steps into a user
 * namespace, and where that is forbidden, as in many containers, this is left.
 */
final class NobodyPrograms {
    private static final String NOBODY = "65534:65534";
    private static final String SCRIPT = """
            #!/bin/sh
            exec setpriv --reuid=65534 --regid=65534 --clear-groups -- "$0.own" "$@"
            """;
    private static final long PATIENCE_SECONDS = 30;

    private final Path directory;

    /** @param directory of the embedded server, with its programs already unpacked */
    NobodyPrograms(Path directory) {
        this.directory = directory;
    }

    static boolean runsAsRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    /**
     * When this returns, what is started next starts as nobody, on a data directory that belongs to nobody.
     *
     * @param data made if it is not there
     */
    void install(Path data) throws IOException {
        run("setpriv", "--version");
        try (DirectoryStream<Path> unpacked = Files.newDirectoryStream(directory, "PG-*")) {
            for (Path programs : unpacked) {
                for (String name : Set.of("initdb", "pg_ctl")) {
                    wrap(programs.resolve("bin").resolve(name));
                }
                run("chown", "-R", NOBODY, programs.toString());
            }
        }
        Files.createDirectories(data);
        run("chown", "-R", NOBODY, data.toString());
        for (Path above : Set.of(directory, directory.getParent())) {
            Set<PosixFilePermission> passable = Files.getPosixFilePermissions(above);
            passable.add(PosixFilePermission.OTHERS_EXECUTE);
            Files.setPosixFilePermissions(above, passable);
        }
    }

    private static void wrap(Path program) throws IOException {
        Path own = program.resolveSibling(program.getFileName() + ".own");
        if (!Files.exists(own)) {
            Files.move(program, own);
            Files.writeString(program, SCRIPT);
            Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    private static void run(String... words) throws IOException {
        Process process = new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IOException(String.join(" ", words) + " failed");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", interrupted);
        }
    }
}

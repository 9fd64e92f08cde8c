package dev.reseat.systemtest;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The release before this one, built from its commit as an operator would have it. The file beside this class's tests
 * names the commit; it moves on with each release.
 */
final class PreviousRelease {
    private static final Path ROOT = Path.of("..", "..").toAbsolutePath().normalize();
    private static final Path COMMIT = Path.of("src", "test", "resources", "previous-release.txt");

    private PreviousRelease() {}

    /** A directory with {@code bin} and {@code lib}; built where it is not there yet, which takes minutes. */
    static Path home() throws InterruptedException {
        try {
            String commit = Files.readString(COMMIT).strip();
            if (Program.run("git", "-C", ROOT.toString(), "cat-file", "-e", commit + "^{commit}").code() != 0) {
                String sentence = "this clone has no commit " + commit + ", the release before";
                if ("required".equals(System.getProperty("reseat.peers"))) {
                    fail(sentence);
                }
                abort(sentence);
            }
            Path tree = Files.createDirectories(Path.of("target", "previous").toAbsolutePath()).resolve(commit);
            Path home = tree.resolve("deploy/distribution/target/fast/reseat");
            if (!Files.isDirectory(home.resolve("bin"))) {
                build(commit, tree);
            }
            return home;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void build(String commit, Path tree) throws IOException, InterruptedException {
        Files.createDirectories(tree);
        Path archive = tree.resolveSibling(commit + ".tar");
        Program.run("git", "-C", ROOT.toString(), "archive", "--output", archive.toString(), commit).assertSucceeded();
        Program.run("tar", "-xf", archive.toString(), "-C", tree.toString()).assertSucceeded();
        Path log = tree.resolveSibling(commit + ".log");
        Process maven = new ProcessBuilder(List.of(
                "mvn", "-B", "-ntp", "-q", "-Dfast", "-DskipTests", "-pl", "deploy/distribution", "-am",
                "package"))
                .directory(tree.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        if (maven.waitFor() != 0) {
            throw new IllegalStateException("the release before cannot be built: " + Files.readString(log));
        }
    }
}

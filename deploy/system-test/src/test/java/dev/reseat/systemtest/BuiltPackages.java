package dev.reseat.systemtest;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What {@code deploy/package} makes of this tree. It works in a copy: programs of the tree itself may be running. The
 * packages stay in {@code target/packages}, and are made again once something has changed that may be in them.
 *
 * @param directory where they are, and nothing else
 */
record BuiltPackages(Path directory) {
    private static final Path ROOT = Path.of("..", "..").toAbsolutePath().normalize();
    private static final Path HOME =
            Path.of(System.getProperty("basedir", ""), "target", "packages").toAbsolutePath();
    private static final Duration LIMIT = Duration.ofMinutes(40);
    /** Copied, since Maven asks for each module, but in no package. */
    private static final Pattern IN_NO_PACKAGE =
            Pattern.compile("(docs|deploy/(system-test|images|metrics|openstackclient))/.*|.*\\.md");

    /** Those of the tree as it is. */
    static BuiltPackages current() {
        requireTools("dpkg-buildpackage", "dh_installsysusers", "asciidoctor", "rpmbuild", "rabbitmq-server");
        Path kept = HOME.resolve(digest());
        return once(kept, () -> build("tree", kept, Map.of()));
    }

    /** What is made there is made by one JVM of this build, and kept for the others. */
    private static synchronized BuiltPackages once(Path kept, Runnable making) {
        try {
            Files.createDirectories(HOME);
            try (FileChannel channel = FileChannel.open(
                    HOME.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock _ = channel.lock()) {
                if (!Files.isDirectory(kept)) {
                    making.run();
                }
                return new BuiltPackages(kept);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The same once more: in another place, later, and by somebody with other habits. Without ahead-of-time caches: no
     * two runs of a program are alike.
     */
    static BuiltPackages again() {
        Path kept = HOME.resolve("again");
        build("some/where/else", kept, Map.of("TZ", "Pacific/Auckland", "LC_ALL", "C", "HOSTNAME", "elsewhere"),
                "--no-aot");
        return new BuiltPackages(kept);
    }

    /** @throws AssertionError if one is missing and peers are required; otherwise the test is skipped */
    static void requireTools(String... programs) {
        List<String> missing = Stream.of(programs)
                .filter(program -> Stream.of("/usr/bin", "/usr/sbin")
                        .noneMatch(folder -> Files.isExecutable(Path.of(folder, program))))
                .toList();
        if (!missing.isEmpty()) {
            String sentence = "these programs are missing: " + missing + "; deploy/verify --slow installs them";
            if ("required".equals(System.getProperty("reseat.peers"))) {
                fail(sentence);
            }
            abort(sentence);
        }
    }

    /** The same Debian packages under another version, as dpkg sees it: files are as they are. */
    BuiltPackages underVersion(String version) {
        Path relabelled = HOME.resolve(directory.getFileName() + "-as-" + version);
        return once(relabelled, () -> relabel(version, relabelled));
    }

    private void relabel(String version, Path relabelled) {
        Path making = HOME.resolve("relabelling");
        Path tree = making.resolve("tree");
        remove(making);
        try {
            Files.createDirectories(making);
            for (Path deb : debs()) {
                Program.run("dpkg-deb", "-R", deb.toString(), tree.toString()).assertSucceeded();
                Path control = tree.resolve("DEBIAN/control");
                Files.writeString(control, Files.readString(control)
                        .replaceFirst("(?m)^Version: .*", "Version: " + version)
                        .replaceAll("\\(= [^)]*\\)", "(= " + version + ")"));
                Program.run("dpkg-deb", "-Zgzip", "-z1", "-b", tree.toString(), making.toString()).assertSucceeded();
                remove(tree);
            }
            Files.move(making, relabelled);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<Path> debs() {
        return files(".deb");
    }

    List<Path> rpms() {
        return files(".rpm");
    }

    /** Of that package. */
    Path deb(String name) {
        return debs().stream()
                .filter(file -> file.getFileName().toString().startsWith(name + "_"))
                .findFirst()
                .orElseThrow();
    }

    Path rpm(String name) {
        return rpms().stream()
                .filter(file -> file.getFileName().toString().matches(name + "-\\d.*"))
                .findFirst()
                .orElseThrow();
    }

    /** All of them, by name. */
    List<Path> files(String ending) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().endsWith(ending)).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void build(String place, Path kept, Map<String, String> habits, String... options) {
        try {
            Path tree = HOME.resolve(place);
            remove(tree);
            for (Path file : sources()) {
                Path copy = tree.resolve(file);
                Files.createDirectories(copy.getParent());
                Files.copy(ROOT.resolve(file), copy, LinkOption.NOFOLLOW_LINKS);
            }
            List<String> words = new ArrayList<>(List.of(tree.resolve("deploy/package").toString()));
            words.addAll(List.of(options));
            Program.run(LIMIT, habits, words).assertSucceeded();
            remove(kept);
            Files.move(tree.resolve("deploy/packaging/target/packages"), kept);
            remove(tree);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void remove(Path path) {
        Program.run("rm", "-rf", path.toString()).assertSucceeded();
    }

    private static String digest() {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            for (Path file : sources()) {
                if (!IN_NO_PACKAGE.matcher(file.toString()).matches() && !Files.isSymbolicLink(ROOT.resolve(file))) {
                    sha.update(file.toString().getBytes(StandardCharsets.UTF_8));
                    sha.update(Files.readAllBytes(ROOT.resolve(file)));
                }
            }
            return HexFormat.of().formatHex(sha.digest(), 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A Java package may be called so, too. */
    private static boolean isBuilt(Path directory) {
        return directory.endsWith("target") && Files.exists(directory.resolveSibling("pom.xml"));
    }

    /** Relative to the tree, sorted. */
    private static List<Path> sources() throws IOException {
        List<Path> files = new ArrayList<>();
        Files.walkFileTree(ROOT, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                return isBuilt(directory) || directory.endsWith(".git")
                        ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                Path relative = ROOT.relativize(file);
                if (!relative.toString().equals(".git")) { // of a work tree beside its clone
                    files.add(relative);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return files.stream().sorted().toList();
    }
}

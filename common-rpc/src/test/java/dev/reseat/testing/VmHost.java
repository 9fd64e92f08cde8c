package dev.reseat.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.reseat.process.CommandRunner;
import dev.reseat.process.SystemCommandRunner;
import dev.reseat.storage.PrivateVmHost;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A compute host with a kernel of its own: what runs here has its commands run there and sees its files below a folder.
 * Skips the test where it cannot be had, or fails with {@code -Dreseat.peers=required}; its tests are tagged
 * {@code slow}.
 */
public final class VmHost implements AutoCloseable {
    private static final Path RECORDED = Path.of("target/recorded");

    private final Path directory;
    private final PrivateVmHost machine;

    private VmHost(Path directory, PrivateVmHost machine) {
        this.directory = directory;
        this.machine = machine;
    }

    public static VmHost start() {
        List<String> missing = PrivateVmHost.missing();
        if (!missing.isEmpty()) {
            String sentence = "install for this test: " + missing;
            if ("required".equals(System.getProperty("reseat.peers"))) {
                fail(sentence);
            }
            abort(sentence);
        }
        try {
            Path directory = Files.createTempDirectory("vm"); // short: sockets are in it
            return new VmHost(directory, PrivateVmHost.start(directory));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What it can do beside. */
    public PrivateVmHost machine() {
        return machine;
    }

    /** Runs programs in it. */
    public CommandRunner commands() {
        return new SystemCommandRunner(machine.inside());
    }

    /** The same, and what they answer is written to {@code target/recorded}. */
    public CommandRunner recording(String name) {
        return RecordedCommands.recording(commands(), RECORDED.resolve(name));
    }

    /** Where its file system is found. */
    public Path root() {
        return machine.root();
    }

    /** Of this test, here. */
    public Path scratch() {
        return directory;
    }

    /** What a shell of it prints, in which nothing may fail. */
    public String shell(String lines) {
        return machine.shell(lines);
    }

    /** What a Python program of the test resources (folder {@code python}) prints there. */
    public String python(String script, String... arguments) {
        List<String> words = new ArrayList<>(List.of("python3", "-c", resource(script)));
        words.addAll(List.of(arguments));
        return machine.run(words.toArray(String[]::new));
    }

    /** Writes what files of it say to {@code target/recorded}, as {@link RecordedFiles} reads it. */
    public void keep(String name, String... paths) {
        try {
            Files.createDirectories(RECORDED);
            Files.writeString(RECORDED.resolve(name), python("recorded_files.py", paths));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String resource(String script) {
        try (InputStream source = VmHost.class.getResourceAsStream("/python/" + script)) {
            return new String(source.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        machine.close();
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package dev.reseat.compute.connector;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.reseat.host.Findings;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The nova-computes of this host, which connect and disconnect too. */
public final class NovaProcesses {
    private static final String PROGRAM = "nova-compute";
    /** Of the namespace that a machine starts with, and the only one in which every process is seen. */
    private static final String ALL_PROCESSES = "pid:[4026531836]";

    private final Path processes;

    /** @param processes {@code /proc} */
    public NovaProcesses(Path processes) {
        this.processes = processes;
    }

    /** Their folders below {@code /proc}; a doubt where not every process is seen. */
    public Findings<Path> running() {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> running = Files.newDirectoryStream(processes, "[0-9]*")) {
            for (Path process : running) {
                if (isNova(process)) {
                    found.add(process);
                }
            }
            boolean all = Files.readSymbolicLink(processes.resolve("self/ns/pid")).toString().equals(ALL_PROCESSES);
            return new Findings<>(found, all
                    ? List.of()
                    : List.of("not every process of the host is seen from here, a nova-compute may not be"));
        } catch (IOException | DirectoryIteratorException e) {
            return Findings.doubt("the processes of this host cannot be read: " + e);
        }
    }

    /** @throws IOException if the process is there, and what it runs is not to be seen */
    private static boolean isNova(Path process) throws IOException {
        try {
            String words = Files.readString(process.resolve("cmdline"), ISO_8859_1); // of whatever encoding
            return Arrays.stream(words.split("\0", -1))
                    .filter(word -> !word.startsWith("-")) // python3 -s
                    .limit(2) // the program, or Python and the program
                    .anyMatch(word -> word.equals(PROGRAM) || word.endsWith("/" + PROGRAM));
        } catch (NoSuchFileException e) {
            return false; // it has ended
        } catch (IOException e) {
            if (Files.exists(process)) {
                throw e;
            }
            return false;
        }
    }
}

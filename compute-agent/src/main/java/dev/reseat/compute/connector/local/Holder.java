package dev.reseat.compute.connector.local;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A process that holds a file for a host. What it holds, how and for whom stands in its environment.
 *
 * @param file the name it was given it by
 */
record Holder(long process, String host, Path file, HeldFiles.Use use) {
    static final String HOST = "RESEAT_HOST";
    static final String FILE = "RESEAT_HELD_FILE";
    static final String USE = "RESEAT_HELD_AS";
    private static final Path PROCESSES = Path.of("/proc");

    /** Empty if the process is no holder, has ended, or is somebody else's. */
    static Optional<Holder> of(long process) {
        try {
            Map<String, String> variables = new HashMap<>();
            for (String word : Files.readString(PROCESSES.resolve(process + "/environ")).split("\0", -1)) {
                int equals = word.indexOf('=');
                if (equals > 0) {
                    variables.putIfAbsent(word.substring(0, equals), word.substring(equals + 1));
                }
            }
            if (!variables.containsKey(HOST) || !variables.containsKey(FILE)) {
                return Optional.empty();
            }
            boolean loop = HeldFiles.Use.LOOP.name().equals(variables.get(USE));
            return Optional.of(new Holder(process, variables.get(HOST), Path.of(variables.get(FILE)),
                    loop ? HeldFiles.Use.LOOP : HeldFiles.Use.FILE));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Every holder of that file, for whichever host; also of a file that has no name any more. */
    static List<Holder> all(Path file) throws IOException {
        List<Holder> holders = new ArrayList<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROCESSES, "[0-9]*")) {
            for (Path process : processes) {
                of(Long.parseLong(process.getFileName().toString()))
                        .filter(holder -> holder.file().equals(file))
                        .ifPresent(holders::add);
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return holders;
    }

    /** Whether it has become what it stays until the end: before, a kill could leave its lock to a child. */
    boolean isSettled() throws IOException {
        return Files.readString(PROCESSES.resolve(process + "/comm")).strip().equals(HeldFiles.SLEEP);
    }

    void end() {
        ProcessHandle.of(process)
                .filter(found -> of(found.pid()).filter(this::equals).isPresent())
                .ifPresent(ProcessHandle::destroy);
    }
}

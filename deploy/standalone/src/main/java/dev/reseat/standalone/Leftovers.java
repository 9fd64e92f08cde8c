package dev.reseat.standalone;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What runs on a directory: processes that name it on their command line or in their environment, and loop devices. */
final class Leftovers {
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final Path PROC = Path.of("/proc");
    private static final Path BLOCK = Path.of("/sys/block");

    private final Path directory;

    Leftovers(Path directory) {
        this.directory = directory;
    }

    /** Ends the processes, frees the loop devices, removes the files. Repeatable. */
    void remove() throws IOException {
        List<ProcessHandle> running = processes();
        running.forEach(ProcessHandle::destroy);
        for (ProcessHandle process : running) {
            if (!ends(process, PATIENCE)) {
                process.destroyForcibly();
                ends(process, PATIENCE);
            }
        }
        for (Path loop : loopDevices()) {
            detach(loop);
        }
        removeFiles();
    }

    /** Of this user; other users' environments cannot be read. */
    List<ProcessHandle> processes() {
        return ProcessHandle.allProcesses()
                .filter(process -> process.pid() != ProcessHandle.current().pid())
                .filter(process -> mentions(process.pid(), "cmdline") || mentions(process.pid(), "environ"))
                .toList();
    }

    List<Path> loopDevices() throws IOException {
        List<Path> found = new ArrayList<>();
        if (!Files.isDirectory(BLOCK)) {
            return found;
        }
        try (DirectoryStream<Path> loops = Files.newDirectoryStream(BLOCK, "loop*")) {
            for (Path loop : loops) {
                if (backingFile(loop).startsWith(directory + "/")) {
                    found.add(Path.of("/dev").resolve(loop.getFileName()));
                }
            }
        }
        return found;
    }

    private boolean mentions(long pid, String what) {
        try {
            byte[] words = Files.readAllBytes(PROC.resolve(Long.toString(pid)).resolve(what));
            return new String(words, StandardCharsets.UTF_8).contains(directory.toString());
        } catch (IOException gone) {
            return false; // it has ended, or is somebody else's
        }
    }

    private static boolean ends(ProcessHandle process, Duration limit) throws IOException {
        CompletableFuture<ProcessHandle> end = process.onExit();
        try {
            end.get(limit.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException stillThere) {
            return false;
        } catch (ExecutionException failure) {
            throw new IOException("cannot wait for process " + process.pid(), failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static String backingFile(Path loop) throws IOException {
        try {
            return Files.readString(loop.resolve("loop/backing_file")).strip();
        } catch (NoSuchFileException free) {
            return "";
        }
    }

    private static void detach(Path loop) throws IOException {
        Process losetup = new ProcessBuilder("losetup", "--detach", loop.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        ends(losetup.toHandle(), PATIENCE);
    }

    private void removeFiles() throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                if (failure instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw failure;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, IOException failure) throws IOException {
                if (failure != null) {
                    throw failure;
                }
                Files.deleteIfExists(folder);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}

package dev.reseat.host;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The loop devices of this host and the files behind them, from {@code /sys/block}. Thread-safe. */
public final class LoopDevices {
    private static final String DELETED = " (deleted)"; // the kernel's note on a file that has no name any more

    private final Path devices;

    /** @param devices {@code /sys/block} */
    public LoopDevices(Path devices) {
        this.devices = devices;
    }

    /**
     * A loop device on a file.
     *
     * @param node below {@code /dev}
     * @param deleted whether its file has no name any more: it may be the file asked about, or an older one of its name
     */
    public record LoopDevice(Path node, boolean deleted) {
        @Override
        public String toString() {
            return node + " is backed by it" + (deleted ? ", or by a deleted file of its name" : "");
        }
    }

    /** The devices on that file, by whatever name they were given it. */
    public Findings<LoopDevice> on(Path file) {
        List<LoopDevice> found = new ArrayList<>();
        List<String> doubts = new ArrayList<>();
        try (DirectoryStream<Path> loops = Files.newDirectoryStream(devices, "loop*")) {
            Path wanted = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
            for (Path loop : loops) {
                look(loop, wanted, found, doubts);
            }
        } catch (IOException | DirectoryIteratorException e) {
            doubts.add("the loop devices cannot be read: " + e);
        }
        return new Findings<>(found, doubts);
    }

    /** Whether the device has no file. */
    public boolean isFree(Path node) throws IOException {
        return backingFile(devices.resolve(node.getFileName().toString())).isEmpty();
    }

    private static void look(Path loop, Path wanted, List<LoopDevice> found, List<String> doubts) throws IOException {
        String backing = backingFile(loop);
        if (backing.isEmpty()) {
            return;
        }
        Path node = Path.of("/dev").resolve(loop.getFileName().toString());
        boolean deleted = backing.endsWith(DELETED);
        Path path = Path.of(deleted ? backing.substring(0, backing.length() - DELETED.length()) : backing);
        boolean same = (deleted || !Files.exists(wanted))
                ? path.equals(wanted)
                : Files.exists(path) && Files.isSameFile(path, wanted);
        if (same) {
            found.add(new LoopDevice(node, deleted));
        } else if ((deleted || !Files.exists(path)) && mayBe(path, wanted)) {
            doubts.add(node + " is backed by " + backing + ", which cannot be seen from here");
        }
    }

    private static String backingFile(Path loop) throws IOException {
        try {
            return Files.readString(loop.resolve("loop").resolve("backing_file")).stripTrailing();
        } catch (NoSuchFileException e) {
            return ""; // a device without a file
        } catch (IOException e) {
            if (!Files.exists(loop.resolve("loop"))) {
                return ""; // freed while it was read
            }
            throw e;
        }
    }

    /** Whatever way leads to a file, it ends in the file's name; unless the file has other names too. */
    private static boolean mayBe(Path unseen, Path wanted) throws IOException {
        return wanted.getFileName().equals(unseen.getFileName())
                || (Files.exists(wanted) && (Integer) Files.getAttribute(wanted, "unix:nlink") > 1);
    }
}

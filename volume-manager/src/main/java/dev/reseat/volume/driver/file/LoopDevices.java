package dev.reseat.volume.driver.file;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The loop devices of this host and the files behind them, from {@code /sys/block}. */
final class LoopDevices {
    private static final String DELETED = " (deleted)";

    private final Path devices;

    /** @param devices {@code /sys/block} */
    LoopDevices(Path devices) {
        this.devices = devices;
    }

    Observation look(Path file) {
        List<String> holders = new ArrayList<>();
        List<String> doubts = new ArrayList<>();
        try (DirectoryStream<Path> loops = Files.newDirectoryStream(devices, "loop*")) {
            Path wanted = file.toRealPath();
            for (Path loop : loops) {
                look(loop, wanted, holders, doubts);
            }
        } catch (IOException e) {
            doubts.add("the loop devices cannot be read: " + e);
        }
        return new Observation(holders, doubts);
    }

    private static void look(Path loop, Path wanted, List<String> holders, List<String> doubts) throws IOException {
        String backing;
        try {
            backing = Files.readString(loop.resolve("loop").resolve("backing_file")).stripTrailing();
        } catch (NoSuchFileException e) {
            return; // a device without a file
        }
        String device = "/dev/" + loop.getFileName();
        boolean deleted = backing.endsWith(DELETED);
        Path path = Path.of(deleted ? backing.substring(0, backing.length() - DELETED.length()) : backing);
        if (deleted ? path.equals(wanted) : Files.exists(path) && Files.isSameFile(path, wanted)) {
            holders.add(device + " is backed by it" + (deleted ? ", or by a deleted file of its name" : ""));
        } else if ((deleted || !Files.exists(path)) && mayBe(path, wanted)) {
            doubts.add(device + " is backed by " + backing + ", which cannot be seen from here");
        }
    }

    /** Whatever way leads to a file, it ends in the file's name; unless the file has other names too. */
    private static boolean mayBe(Path unseen, Path wanted) throws IOException {
        return wanted.getFileName().equals(unseen.getFileName())
                || (Integer) Files.getAttribute(wanted, "unix:nlink") > 1;
    }
}

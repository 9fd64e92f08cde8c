package dev.reseat.compute.connector.local;

import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Who uses a block device: mounts, devices on top of it, processes that have it open. */
final class DeviceUsers {
    private static final Path PROC = Path.of("/proc");
    private static final Path BLOCK = Path.of("/sys/block");
    private static final int MOUNT_POINT = 4;

    @Inject
    DeviceUsers() {}

    /** Empty if nobody is seen. Processes of other users are seen by root only. */
    List<String> of(Path device) throws IOException {
        List<String> users = new ArrayList<>(mounts(device));
        users.addAll(holders(device));
        users.addAll(processes(device));
        return users;
    }

    private static List<String> mounts(Path device) throws IOException {
        return Files.readAllLines(PROC.resolve("self/mountinfo"))
                .stream()
                .filter(line -> isSource(line, device))
                .map(line -> "the mount on " + line.split(" ", -1)[MOUNT_POINT])
                .toList();
    }

    /** The device stands two words behind the dash; how many words come before it differs. */
    private static boolean isSource(String line, Path device) {
        int dash = line.indexOf(" - ");
        String[] words = dash < 0 ? new String[0] : line.substring(dash + 3).split(" ", -1);
        return words.length > 1 && words[1].equals(device.toString());
    }

    private static List<String> holders(Path device) throws IOException {
        Path holders = BLOCK.resolve(device.getFileName()).resolve("holders");
        List<String> found = new ArrayList<>();
        if (Files.isDirectory(holders)) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(holders)) {
                entries.forEach(entry -> found.add("device " + entry.getFileName()));
            }
        }
        return found;
    }

    private static List<String> processes(Path device) throws IOException {
        List<String> found = new ArrayList<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : processes) {
                if (opens(process, device))
                    found.add("process " + process.getFileName());
            }
        }
        return found;
    }

    private static boolean opens(Path process, Path file) {
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path descriptor : descriptors) {
                if (Files.isSymbolicLink(descriptor) && Files.readSymbolicLink(descriptor).equals(file))
                    return true;
            }
        } catch (IOException e) {
            return false; // gone meanwhile, or somebody else's
        }
        return false;
    }
}

package dev.reseat.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A file as the kernel tells files apart, whatever names lead to it: device and inode. */
public record FileId(DeviceNumber device, long inode) {
    private static final Pattern TEXT = Pattern.compile("([0-9a-f]+):([0-9a-f]+):(\\d+)");

    /** Follows links, asks for the file's attributes and does not open it. */
    public static FileId of(Path file) throws IOException {
        Map<String, Object> attributes = Files.readAttributes(file, "unix:dev,ino");
        return new FileId(DeviceNumber.of((Long) attributes.get("dev")), (Long) attributes.get("ino"));
    }

    /**
     * As {@code /proc/locks} writes it.
     *
     * @throws IllegalArgumentException if it is not {@code MAJOR:MINOR:INODE} in hex, hex and decimal
     */
    static FileId parse(String text) {
        Matcher parts = TEXT.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException("no file id: '" + text + "'");
        }
        return new FileId(
                new DeviceNumber(Long.parseLong(parts.group(1), 16), Long.parseLong(parts.group(2), 16)),
                Long.parseLong(parts.group(3)));
    }
}

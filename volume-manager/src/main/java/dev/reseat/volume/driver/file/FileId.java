package dev.reseat.volume.driver.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A file as the kernel names it in {@code /proc/locks}: device and inode. */
record FileId(long major, long minor, long inode) {
    private static final Pattern TEXT = Pattern.compile("([0-9a-f]+):([0-9a-f]+):(\\d+)");

    /** Asks for the file's attributes and does not open it. */
    static FileId of(Path file) throws IOException {
        Map<String, Object> attributes = Files.readAttributes(file, "unix:dev,ino");
        long device = (Long) attributes.get("dev");
        // as makedev(3) of the C library lays the two numbers out
        long major = ((device >>> 8) & 0xfff) | ((device >>> 32) & ~0xfffL);
        long minor = (device & 0xff) | ((device >>> 12) & 0xffffff00L);
        return new FileId(major, minor, (Long) attributes.get("ino"));
    }

    /** @throws IllegalArgumentException if it is not {@code MAJOR:MINOR:INODE} in hex, hex and decimal */
    static FileId parse(String text) {
        Matcher parts = TEXT.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException("no file id: '" + text + "'");
        }
        return new FileId(
                Long.parseLong(parts.group(1), 16),
                Long.parseLong(parts.group(2), 16),
                Long.parseLong(parts.group(3)));
    }
}

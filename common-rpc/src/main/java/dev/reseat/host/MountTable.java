package dev.reseat.host;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Where file systems are mounted, in the sight of this process and of all others: a unit or a container with mounts of
 * its own does not see what is mounted beside it. Thread-safe.
 */
public final class MountTable {
    private static final int MOUNT_POINT = 4;
    private static final int FSTAB_POINT = 1;
    private static final Pattern OCTAL = Pattern.compile("\\\\([0-7]{3})");

    private final Path processes;
    private final Path fstab;
    private final boolean sharedNamespace;

    /**
     * @param processes {@code /proc}
     * @param fstab {@code /etc/fstab}
     * @param sharedNamespace that every process which may use the files runs in the PID namespace of this one
     */
    public MountTable(Path processes, Path fstab, boolean sharedNamespace) {
        this.processes = processes;
        this.fstab = fstab;
        this.sharedNamespace = sharedNamespace;
    }

    /** @param sharedNamespace that every process which may use the files runs in the PID namespace of this one */
    public static MountTable onThisHost(boolean sharedNamespace) {
        return new MountTable(Path.of("/proc"), Path.of("/etc/fstab"), sharedNamespace);
    }

    /** Where Cinder and Nova mount an NFS share: both name the folder by the very text that they have of it. */
    public static Path ofShare(Path base, String share) {
        try {
            return base.resolve(HexFormat.of()
                    .formatHex(MessageDigest.getInstance("MD5").digest(share.getBytes(StandardCharsets.UTF_8))));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }

    /** Mount points in the sight of this process. @throws IOException if they cannot be read */
    public List<String> here() throws IOException {
        return points(processes.resolve("self"));
    }

    /** Mount points in the sight of any process of this host; a doubt where not every process is seen. */
    public Findings<String> anywhere() {
        Findings<String> all = Findings.none();
        Set<Path> namespaces = new HashSet<>();
        int hidden = 0;
        try (DirectoryStream<Path> running = Files.newDirectoryStream(processes, "[0-9]*")) {
            for (Path process : running) {
                try {
                    Path namespace = Files.readSymbolicLink(process.resolve("ns/mnt"));
                    if (!namespaces.contains(namespace)) {
                        all = all.with(new Findings<>(points(process), List.of()));
                        namespaces.add(namespace); // not before: of one that ends meanwhile nothing was read
                    }
                } catch (IOException e) {
                    hidden += Files.exists(process.resolve("stat")) && !isEnding(process) ? 1 : 0;
                }
            }
            if (hidden > 0) {
                all = all.with(Findings.doubt("the mounts of " + hidden + " processes may not be looked at"));
            }
            return seesAll()
                    ? all
                    : all.with(Findings.doubt("mounts of processes outside this container do not show"));
        } catch (IOException | DirectoryIteratorException e) {
            return all.with(Findings.doubt("the processes of this host cannot be read: " + e));
        }
    }

    private boolean seesAll() throws IOException {
        return sharedNamespace
                || Files.readSymbolicLink(processes.resolve("self/ns/pid")).equals(FileLocks.FIRST_NAMESPACE);
    }

    /** A process that has ended and waits for its parent has no mounts any more. */
    private static boolean isEnding(Path process) {
        try {
            String stat = Files.readString(process.resolve("stat"));
            return stat.substring(stat.lastIndexOf(')') + 1).strip().matches("[ZXx].*");
        } catch (IOException e) {
            return true; // gone
        }
    }

    /**
     * The file system that a folder is on by the table of file systems, while it is not mounted: what is there then is
     * another folder, which looks like an empty one. Empty if the table names none but the root, or it is mounted.
     *
     * @throws IOException if that cannot be read
     */
    public Optional<String> missing(Path folder) throws IOException {
        List<String> mounted = here();
        return lines(fstab).stream()
                .map(String::strip)
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.split("\\s+", -1))
                .filter(words -> words.length > FSTAB_POINT && words[FSTAB_POINT].startsWith("/"))
                .map(words -> unescaped(words[FSTAB_POINT]))
                .filter(point -> point.length() > 1 && folder.startsWith(point) && !mounted.contains(point))
                .findFirst();
    }

    private static List<String> lines(Path file) throws IOException {
        try {
            return Files.readAllLines(file);
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }

    private static List<String> points(Path process) throws IOException {
        List<String> points = new ArrayList<>();
        String table = new String(Files.readAllBytes(process.resolve("mountinfo")), StandardCharsets.UTF_8);
        for (String line : table.split("\n", -1)) { // a name need not be text
            String[] words = line.split(" ", -1);
            if (words.length > MOUNT_POINT) {
                points.add(unescaped(words[MOUNT_POINT]));
            }
        }
        return points;
    }

    /** Spaces and the like are written as octal numbers. */
    private static String unescaped(String text) {
        return OCTAL.matcher(text).replaceAll(code -> String.valueOf((char) Integer.parseInt(code.group(1), 8)));
    }
}

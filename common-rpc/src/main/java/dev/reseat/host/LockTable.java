package dev.reseat.host;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The kernel's table of file locks, {@code /proc/locks}. A lock counts as long as the table has it, whoever took it and
 * by whatever name of the file. Each look first takes a lock on a file of its own in the same directory, which shows
 * what the table calls that directory's file system; a table that does not show that one says nothing about others. The
 * file asked about is never opened, since closing it would drop locks that another part of this process may have.
 */
final class LockTable {
    private static final String NONE = "<none>";

    private final Path table;
    private final Path processes;

    /**
     * @param table {@code /proc/locks}
     * @param processes {@code /proc}, where processes have their names
     */
    LockTable(Path table, Path processes) {
        this.table = table;
        this.processes = processes;
    }

    /** One granted lock. */
    private record Line(String kind, String access, String pid, FileId file) {}

    Findings<FileLock> on(Path file) {
        Path directory = file.toAbsolutePath().getParent();
        Path control = null;
        try {
            control = Files.createTempFile(directory, ".control-", ".lock");
            try (FileChannel channel = FileChannel.open(control, StandardOpenOption.WRITE)) {
                channel.lock();
                // twice: a table of several pages can lose a line while others go
                return look(file, control).with(look(file, control));
            } finally {
                Files.delete(control);
            }
        } catch (IOException e) {
            Findings<FileLock> uncontrolled = withoutControl(file);
            return uncontrolled.with(Findings.doubt("the table of locks cannot be checked: " + e));
        }
    }

    /** What shows is there, even if nothing proves that everything shows. */
    private Findings<FileLock> withoutControl(Path file) {
        try {
            FileId wanted = FileId.of(file);
            return new Findings<>(
                    lines().stream().filter(line -> line.file().equals(wanted)).map(this::lock).toList(), List.of());
        } catch (IOException e) {
            return Findings.doubt("the table of locks cannot be read: " + e);
        }
    }

    private Findings<FileLock> look(Path file, Path control) throws IOException {
        FileId wanted = FileId.of(file);
        FileId known = FileId.of(control);
        List<Line> lines = lines();
        Optional<DeviceNumber> device = deviceOf(known, lines);
        List<String> doubts = new ArrayList<>();
        if (device.isEmpty()) {
            doubts.add(table + " does not show a lock taken in " + control.getParent());
        } else if (!wanted.device().equals(known.device())) {
            doubts.add(file + " is on another file system than its directory");
        }
        List<FileId> names = new ArrayList<>(List.of(wanted));
        device.ifPresent(shown -> names.add(new FileId(shown, wanted.inode())));
        return new Findings<>(
                lines.stream().filter(line -> names.contains(line.file())).map(this::lock).toList(), doubts);
    }

    /** Some file systems have another device number in the table than in their files' attributes (btrfs, overlayfs). */
    private static Optional<DeviceNumber> deviceOf(FileId control, List<Line> lines) {
        if (lines.stream().anyMatch(line -> line.file().equals(control))) {
            return Optional.of(control.device());
        }
        String self = Long.toString(ProcessHandle.current().pid());
        return lines.stream()
                .filter(line -> line.file().inode() == control.inode() && line.pid().equals(self))
                .map(line -> line.file().device())
                .findFirst();
    }

    private List<Line> lines() throws IOException {
        List<Line> lines = new ArrayList<>();
        for (String line : Files.readAllLines(table)) {
            parse(line).ifPresent(lines::add);
        }
        return lines;
    }

    /** Empty for a lock that is waited for, and for one on no file. */
    private static Optional<Line> parse(String line) throws IOException {
        String[] words = line.strip().split("\\s+", -1);
        if (words.length > 1 && words[1].equals("->")) {
            return Optional.empty();
        }
        try {
            return words[5].startsWith(NONE)
                    ? Optional.empty()
                    : Optional.of(new Line(words[1], words[3], words[4], FileId.parse(words[5])));
        } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
            throw new IOException("not a line of a table of locks: '" + line + "'", e);
        }
    }

    private FileLock lock(Line line) {
        Optional<Long> process = Optional.of(line.pid())
                .filter(pid -> pid.matches("[1-9]\\d*"))
                .map(Long::valueOf);
        return new FileLock(line.kind(), line.access(), process, process.flatMap(this::programOf));
    }

    private Optional<String> programOf(long pid) {
        try {
            return Optional.of(Files.readString(processes.resolve(Long.toString(pid)).resolve("comm")).strip());
        } catch (IOException e) {
            return Optional.empty(); // it has ended, or is not ours to see: the number has to do
        }
    }
}

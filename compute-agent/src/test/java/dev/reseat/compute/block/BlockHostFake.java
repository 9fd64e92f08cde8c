package dev.reseat.compute.block;

import dev.reseat.process.Command;
import dev.reseat.process.CommandResult;
import dev.reseat.process.CommandRunner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A host with disks and multipath, as far as os-brick's commands go: a folder as its kernel shows them, and programs
 * that change it with the exit codes that were recorded of real ones. Those of a protocol are its subclass's.
 */
public abstract class BlockHostFake implements CommandRunner {
    private final Path root;
    private final Map<String, Integer> failing = new HashMap<>();
    private final List<Command> ran = new ArrayList<>();
    private boolean multipathd;

    protected BlockHostFake(Path root) {
        this.root = root;
        folder("sys/block");
        folder("proc/self/ns");
        try {
            Files.createSymbolicLink(root.resolve("proc/self/ns/pid"), Path.of("pid:[4026531836]"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes maps of disks that it is told about. */
    public final void startMultipathd() {
        multipathd = true;
    }

    /** Has a command fail without an effect. */
    public final void fail(String command, int code) {
        failing.put(command, code);
    }

    /** Lets it work again. */
    public final void mend(String command) {
        failing.remove(command);
    }

    /** The commands that were run, in order. */
    public final List<String> ran() {
        return ran.stream()
                .map(command -> String.join(" ", command.words())
                        + command.input().map(text -> " <" + text).orElse(""))
                .toList();
    }

    /** The same as they are logged. */
    public final List<String> shown() {
        return ran.stream().map(Command::toString).toList();
    }

    public final void forgetCommands() {
        ran.clear();
    }

    @Override
    public final synchronized CommandResult run(Command command) {
        ran.add(command);
        String line = String.join(" ", command.words());
        if (failing.containsKey(line)) {
            return result(command, failing.get(line), "");
        }
        return switch (command.words().getFirst()) {
            case "tee" -> tee(command, command.words().get(2));
            case "blockdev", "dd" -> result(command, 0, "");
            case "multipath", "multipathd" -> multipath(command);
            default -> answer(command, line);
        };
    }

    /** What a program of the protocol does. */
    protected CommandResult answer(Command command, String line) {
        throw new AssertionError("unexpected command " + line);
    }

    /** What a port finds. */
    protected void scan(int host, String place) {
        throw new AssertionError("unexpected scan of host" + host + " for " + place);
    }

    private CommandResult tee(Command command, String file) {
        String input = command.input().orElseThrow();
        if (file.endsWith("/scan")) {
            scan(Integer.parseInt(file.replaceAll("\\D", "")), input);
        } else {
            remove(file.split("/", -1)[3]);
        }
        return result(command, 0, "");
    }

    private CommandResult multipath(Command command) {
        List<String> words = command.words();
        if (words.get(1).equals("-f")) {
            remove("dm-0");
        } else if (words.get(1).equals("del") && !exists("sys/block/" + words.get(3).substring("/dev/".length()))) {
            return result(command, 1, "fail\n"); // it has noticed by itself that the disk is gone
        } else if (multipathd && words.get(1).equals("add")) {
            holder("dm-0", "mpath-360000000000000000e00000000010001", allDisks());
        }
        return result(command, 0, "");
    }

    protected static CommandResult result(Command command, int code, String output) {
        return result(command, code, output, code == 0 ? "" : command.words().getFirst() + ": recorded");
    }

    protected static CommandResult result(Command command, int code, String output, String errors) {
        return new CommandResult(code, output, errors).answering(command);
    }

    /** A disk by its number, of which nothing says where it came from. */
    protected final void disk(String disk, String number) {
        text("sys/block/" + disk + "/dev", number);
        folder("sys/block/" + disk + "/holders");
        folder("sys/dev/block/" + number + "/holders");
    }

    /** The next SCSI disk, below the folder of its unit, which may be shown at several places. */
    protected final String scsiDisk(String wwid, String... units) {
        int number = allDisks().size();
        String disk = "sd" + (char) ('a' + number);
        disk(disk, "8:" + number * 16);
        text("sys/block/" + disk + "/device/state", "running");
        text("sys/block/" + disk + "/device/wwid", wwid);
        for (String unit : units) {
            folder(unit + "/block/" + disk);
        }
        return disk;
    }

    /** The state of a disk. */
    public final void state(String disk, String state) {
        text("sys/block/" + disk + "/device/state", state);
    }

    /** A device mapper's device on top of disks: a multipath map, or something else by its uuid. */
    public final void holder(String device, String uuid, List<String> disks) {
        disk(device, "253:" + device.substring(3));
        text("sys/block/" + device + "/dm/uuid", uuid);
        text("sys/block/" + device + "/dm/name", uuid.replaceFirst("^mpath-", ""));
        for (String disk : disks) {
            folder("sys/block/" + disk + "/holders/" + device);
            folder("sys/dev/block/" + read("sys/block/" + disk + "/dev") + "/holders/" + device);
        }
    }

    /** The first partition of a disk, with a device on top of it. */
    public final void partition(String disk, String holder) {
        String number = "8:" + (Integer.parseInt(read("sys/block/" + disk + "/dev").substring(2)) + 1);
        text("sys/block/" + disk + "/" + disk + "1/partition", "1");
        text("sys/block/" + disk + "/" + disk + "1/dev", number);
        folder("sys/dev/block/" + number + "/holders/" + holder);
    }

    /** A disk or a map goes, wherever it is shown. */
    protected final void remove(String disk) {
        delete("sys/dev/block/" + read("sys/block/" + disk + "/dev"));
        delete("sys/block/" + disk);
        List<Path> shown;
        try (Stream<Path> all = Files.walk(root.resolve("sys"))) {
            shown = all.filter(path -> path.endsWith("block/" + disk) || path.endsWith("holders/" + disk)).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        for (Path path : shown) {
            Path gone = path.endsWith("holders/" + disk) ? path : path.getParent().getParent();
            delete(root.relativize(gone).toString());
        }
    }

    protected final List<String> allDisks() {
        try (Stream<Path> all = Files.list(root.resolve("sys/block"))) {
            return all.map(path -> path.getFileName().toString())
                    .filter(name -> name.startsWith("sd"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    protected final void folder(String name) {
        try {
            Files.createDirectories(root.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A file with that line. */
    public final void text(String name, String text) {
        try {
            Files.createDirectories(root.resolve(name).getParent());
            Files.writeString(root.resolve(name), text + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    protected final String read(String name) {
        try {
            return Files.readString(root.resolve(name)).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    protected final boolean exists(String name) {
        return Files.exists(root.resolve(name));
    }

    /** With all below. */
    public final void delete(String name) {
        try (Stream<Path> all = Files.walk(root.resolve(name))) {
            all.sorted(Comparator.reverseOrder()).forEach(path -> {
                try {
                    Files.delete(path);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

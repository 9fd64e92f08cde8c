package dev.reseat.compute.connector.iscsi;

import dev.reseat.process.Command;
import dev.reseat.process.CommandFailed;
import dev.reseat.process.SystemCommandRunner;
import dev.reseat.runtime.Deadline;
import dev.reseat.testing.SparseFile;
import dev.reseat.testing.VmHost;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A real tgtd beside a virtual host, at both of its networks. */
final class VmTarget implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofMinutes(1);

    private final Path directory;
    private final Process daemon;
    private final SystemCommandRunner commands;

    private VmTarget(Path directory, Process daemon, SystemCommandRunner commands) {
        this.directory = directory;
        this.daemon = daemon;
        this.commands = commands;
    }

    static VmTarget start(VmHost vm) throws IOException {
        List<String> own = new ArrayList<>(vm.machine().beside());
        own.addAll(List.of("env", "TGT_IPC_SOCKET=" + vm.scratch().resolve("tgtd.sock")));
        List<String> words = new ArrayList<>(own);
        words.addAll(List.of("tgtd", "-f", "--iscsi", "portal=" + vm.machine().here(0) + ":3260,portal="
                + vm.machine().here(1) + ":3260"));
        Process daemon = new ProcessBuilder(words).redirectErrorStream(true)
                .redirectOutput(vm.scratch().resolve("tgtd.log").toFile())
                .redirectInput(new File("/dev/null"))
                .start();
        var target = new VmTarget(vm.scratch(), daemon, new SystemCommandRunner(own));
        Deadline deadline = Deadline.after(LIMIT);
        while (!target.answers()) {
            if (deadline.isOver() || !daemon.isAlive()) {
                throw new IOException("tgtd does not come up");
            }
        }
        return target;
    }

    private boolean answers() {
        try {
            tgtadm("--mode", "sys", "--op", "show");
            return true;
        } catch (CommandFailed.Exited e) {
            return false;
        }
    }

    /** A target with a unit; whoever proves himself by CHAP may come in. */
    void add(int number, String iqn, String user, String password) throws IOException {
        String id = String.valueOf(number);
        tgtadm("--mode", "target", "--op", "new", "--tid", id, "--targetname", iqn);
        unit(number, 1);
        if (number == 1) {
            tgtadm("--mode", "account", "--op", "new", "--user", user, "--password", password);
        }
        tgtadm("--mode", "account", "--op", "bind", "--tid", id, "--user", user);
        admit(number);
    }

    void unit(int number, int lun) throws IOException {
        Path file = SparseFile.create(directory.resolve("unit-" + number + "-" + lun));
        tgtadm("--mode", "logicalunit", "--op", "new", "--tid", String.valueOf(number), "--lun", String.valueOf(lun),
                "--backing-store", file.toString());
    }

    void admit(int number) {
        tgtadm("--mode", "target", "--op", "bind", "--tid", String.valueOf(number), "--initiator-address", "ALL");
    }

    /** Nobody may come in any more, and whoever is in is thrown out. */
    void fence(int number) {
        String id = String.valueOf(number);
        tgtadm("--mode", "target", "--op", "unbind", "--tid", id, "--initiator-address", "ALL");
        String session = "";
        for (String line : tgtadm("--mode", "conn", "--op", "show", "--tid", id).lines().toList()) {
            if (line.startsWith("Session:")) {
                session = line.substring(line.indexOf(':') + 1).strip();
            } else if (line.strip().startsWith("Connection:")) {
                tgtadm("--mode", "conn", "--op", "delete", "--tid", id, "--sid", session, "--cid",
                        line.substring(line.indexOf(':') + 1).strip());
            }
        }
    }

    private String tgtadm(String... words) {
        List<String> all = new ArrayList<>(List.of("tgtadm", "--lld", "iscsi"));
        all.addAll(List.of(words));
        return commands.run(Command.of(LIMIT, all)).output();
    }

    @Override
    public void close() {
        daemon.destroyForcibly().onExit().join();
    }
}

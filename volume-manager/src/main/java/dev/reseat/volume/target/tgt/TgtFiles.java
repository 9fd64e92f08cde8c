package dev.reseat.volume.target.tgt;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.reseat.contract.connection.ConnectionInfo.Chap;
import dev.reseat.contract.connection.Secret;
import dev.reseat.runtime.Deadline;
import dev.reseat.runtime.PrivateFiles;
import dev.reseat.volume.driver.DriverException;
import dev.reseat.volume.target.TargetConfig;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The files in {@code volumes_dir}, one for each target, from which tgtd has its targets back after a restart: those
 * that Cinder's own helper writes, under the same names. A file is there as a whole or not at all. They hold passwords.
 */
final class TgtFiles {
    private static final Pattern USER = Pattern.compile("\\s*incominguser\\s+(\\S+)\\s+(\\S+)\\s*");
    private static final Pattern ACCESS = Pattern.compile("\\s*initiator-(name|address)\\s.*");
    private static final String END = "</target>";

    private final TargetConfig config;

    TgtFiles(TargetConfig config) {
        this.config = config;
    }

    /** What initiators prove themselves with. */
    Optional<Chap> chap(String iqn) {
        return lines(iqn).stream()
                .map(USER::matcher)
                .filter(user -> user.matches())
                .map(user -> new Chap("CHAP", user.group(1), new Secret(user.group(2))))
                .findFirst();
    }

    /** The file of a target that lets in these initiators and nobody else. */
    void write(String iqn, Path device, Chap chap, Collection<String> initiators, Deadline deadline) {
        List<String> text = new ArrayList<>();
        text.add("<target " + iqn + ">");
        text.add("    backing-store " + device);
        text.add("    driver iscsi");
        text.add("    incominguser " + chap.user() + " " + chap.password().reveal());
        config.flags().ifPresent(flags -> text.add("    bsoflags " + flags));
        text.add("    write-cache " + (config.writeCache() ? "on" : "off"));
        text.add("    params thin_provisioning=1");
        text.add(END);
        replace(iqn, with(text, initiators), deadline);
    }

    /** Has the target let in these initiators and nobody else when it is made again; nothing where there is no file. */
    void admitOnly(String iqn, Collection<String> initiators, Deadline deadline) {
        List<String> text = lines(iqn);
        if (!text.isEmpty()) {
            replace(iqn, with(text, initiators), deadline);
        }
    }

    void remove(String iqn, Deadline deadline) {
        DriverException.OutOfTime.check(deadline, "remove " + file(iqn));
        try {
            Files.deleteIfExists(file(iqn));
        } catch (IOException e) {
            throw failed(iqn, "removed", e);
        }
    }

    private static List<String> with(List<String> text, Collection<String> initiators) {
        List<String> changed = new ArrayList<>();
        for (String line : text) {
            if (line.strip().equals(END)) {
                changed.add("    initiator-address " + TgtReport.NOBODY);
                initiators.stream().sorted().forEach(name -> changed.add("    initiator-name " + name));
            }
            if (!ACCESS.matcher(line).matches()) {
                changed.add(line);
            }
        }
        return changed;
    }

    private void replace(String iqn, List<String> text, Deadline deadline) {
        DriverException.OutOfTime.check(deadline, "write " + file(iqn));
        if (text.equals(lines(iqn))) {
            return;
        }
        Path next = file(iqn).resolveSibling("." + file(iqn).getFileName() + ".next"); // not taken for a target's
        try {
            PrivateFiles.createDirectories(config.volumesDir());
            try (FileChannel channel = PrivateFiles.open(next, CREATE, WRITE, TRUNCATE_EXISTING)) {
                ByteBuffer bytes = StandardCharsets.UTF_8.encode(String.join("\n", text) + "\n");
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            DriverException.OutOfTime.check(deadline, "write " + file(iqn));
            Files.move(next, file(iqn), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw failed(iqn, "written", e);
        }
    }

    private List<String> lines(String iqn) {
        try {
            return Files.readAllLines(file(iqn));
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw failed(iqn, "read", e);
        }
    }

    private Path file(String iqn) {
        return config.volumesDir()
                .resolve(config.volumeOf(iqn)
                        .orElseThrow(() -> new DriverException.BackendFailed(iqn + " is no target of this backend")));
    }

    private DriverException failed(String iqn, String what, IOException cause) {
        return new DriverException.BackendFailed(file(iqn) + " cannot be " + what + ": " + cause, cause);
    }
}

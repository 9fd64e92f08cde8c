package dev.reseat.volume.target.lio;

import dev.reseat.contract.connection.ConnectionInfo.Chap;
import dev.reseat.contract.connection.InitiatorNames;
import dev.reseat.contract.connection.Secret;
import dev.reseat.volume.driver.DriverException;
import dev.reseat.volume.target.IscsiTarget;
import dev.reseat.volume.target.IscsiTarget.Session;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the kernel shows of its targets below {@code /sys/kernel/config/target}. Looks only. */
final class LioTree {
    private static final Pattern SESSION = Pattern.compile("LIO Session ID: (\\d+)");
    private static final Pattern ADDRESS = Pattern.compile("Address (\\S+) ");
    private static final String NONE = "No active iSCSI Session";
    private static final String ON = "1";

    private final Path root;

    LioTree(Path root) {
        this.root = root;
    }

    /** @throws DriverException.NotReady if the kernel shows no targets: that is not that it has none */
    void requireThere() {
        if (!Files.isDirectory(root)) {
            throw new DriverException.NotReady("the kernel shows no targets: " + root + " is not there", null);
        }
    }

    List<String> names() {
        requireThere();
        return children(root.resolve("iscsi")).stream()
                .map(path -> path.getFileName().toString())
                .filter(name -> name.matches("(iqn|eui|naa)\\..*"))
                .toList();
    }

    /** Empty if there is no such target. */
    Optional<IscsiTarget> find(String iqn) {
        requireThere();
        if (!Files.isDirectory(target(iqn))) {
            return Optional.empty();
        }
        boolean open = false;
        Set<String> admitted = new TreeSet<>();
        List<Session> sessions = new ArrayList<>();
        for (Path group : groups(iqn)) {
            open |= text(group.resolve("attrib/generate_node_acls")).filter(ON::equals).isPresent();
            for (Path access : children(group.resolve("acls"))) {
                String initiator = access.getFileName().toString();
                admitted.add(initiator);
                text(access.resolve("info")).flatMap(info -> session(initiator, info)).ifPresent(sessions::add);
            }
            text(group.resolve("dynamic_sessions")).stream()
                    .flatMap(names -> List.of(names.split("[\\s\\x00]+", -1)).stream())
                    .filter(name -> !name.isEmpty())
                    .forEach(name -> sessions.add(new Session("dynamic", name, Optional.empty())));
        }
        return Optional.of(new IscsiTarget(iqn, iqn, open, admitted, sessions));
    }

    /** Whether it has a logical unit and a portal and is switched on: one whose making was cut off has not. */
    boolean isWhole(String iqn) {
        return groups(iqn).stream()
                .anyMatch(group -> text(group.resolve("enable")).filter(ON::equals).isPresent()
                        && !children(group.resolve("lun")).isEmpty()
                        && !children(group.resolve("np")).isEmpty());
    }

    /** The device behind that target, as who made it has written it down; empty if nothing says it. */
    Optional<Path> device(String iqn) {
        return children(root.resolve("core")).stream()
                .map(plugin -> plugin.resolve(iqn).resolve("udev_path"))
                .flatMap(file -> text(file).stream())
                .filter(text -> !text.isEmpty())
                .findFirst()
                .map(Path::of);
    }

    /** Whether the kernel has the device of that target open: it may without the target, when a removal was cut off. */
    boolean holdsDevice(String iqn) {
        return children(root.resolve("core")).stream().anyMatch(plugin -> Files.isDirectory(plugin.resolve(iqn)));
    }

    /** Whether the initiator is let in to the logical unit, by that name and password's user. */
    boolean admits(String iqn, String initiator, Chap chap) {
        return groups(iqn).stream()
                .flatMap(group -> children(group.resolve("acls")).stream())
                .filter(access -> InitiatorNames.same(access.getFileName().toString(), initiator))
                .anyMatch(access -> Files.isDirectory(access.resolve("lun_0"))
                        && text(access.resolve("auth/userid")).filter(chap.user()::equals).isPresent());
    }

    /** What the first initiator that is let in proves itself with. */
    Optional<Chap> chap(String iqn) {
        return groups(iqn).stream()
                .flatMap(group -> children(group.resolve("acls")).stream())
                .map(access -> access.resolve("auth"))
                .flatMap(auth -> text(auth.resolve("userid"))
                        .flatMap(user -> text(auth.resolve("password"))
                                .map(password -> new Chap("CHAP", user, new Secret(password))))
                        .stream())
                .filter(chap -> !chap.user().isEmpty() && !chap.password().reveal().isEmpty())
                .findFirst();
    }

    private Optional<Session> session(String initiator, String info) {
        if (info.startsWith(NONE)) {
            return Optional.empty();
        }
        Matcher id = SESSION.matcher(info);
        if (!id.find()) {
            throw new DriverException.BackendFailed("the kernel says of " + initiator + " what nobody here can read");
        }
        Matcher address = ADDRESS.matcher(info);
        return Optional.of(new Session(id.group(1), initiator,
                address.find() ? Optional.of(address.group(1)) : Optional.empty()));
    }

    private Path target(String iqn) {
        return root.resolve("iscsi").resolve(iqn);
    }

    private List<Path> groups(String iqn) {
        return children(target(iqn)).stream()
                .filter(path -> path.getFileName().toString().startsWith("tpgt_"))
                .toList();
    }

    /** Folders, sorted; none where there is no such place. */
    private static List<Path> children(Path folder) {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, Files::isDirectory)) {
            entries.forEach(found::add);
        } catch (NoSuchFileException | NotDirectoryException e) {
            return List.of();
        } catch (IOException | DirectoryIteratorException e) {
            throw new DriverException.BackendFailed(folder + " cannot be read: " + e, e);
        }
        found.sort(null);
        return found;
    }

    /** Empty if it is not there, or was removed meanwhile. */
    private static Optional<String> text(Path file) {
        try {
            return Optional.of(Files.readString(file, StandardCharsets.ISO_8859_1).strip());
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            if (!Files.exists(file)) {
                return Optional.empty();
            }
            throw new DriverException.BackendFailed(file + " cannot be read: " + e.getClass().getSimpleName(), e);
        }
    }
}

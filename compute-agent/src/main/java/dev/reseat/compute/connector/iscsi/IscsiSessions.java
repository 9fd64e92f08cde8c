package dev.reseat.compute.connector.iscsi;

import dev.reseat.compute.block.Sysfs;
import dev.reseat.compute.connector.iscsi.IscsiSession.Unit;
import dev.reseat.contract.connection.MalformedConnection;
import dev.reseat.contract.connection.Portal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The iSCSI sessions of this host, as sysfs shows them. Looks only, and runs no program that could hang. */
final class IscsiSessions {
    private static final Pattern SESSION = Pattern.compile("session(\\d+)");
    private static final Pattern UNIT = Pattern.compile("(\\d+):(\\d+):(\\d+):(\\d+)");
    private static final Pattern TARGET = Pattern.compile("target(\\d+):(\\d+):(\\d+)");

    private final Path root;

    /** @param root where the host's file system is found */
    IscsiSessions(Path root) {
        this.root = root;
    }

    /** Whether this kernel has iSCSI; without it, no session is no answer. */
    boolean kernelHasIscsi() {
        return Files.isDirectory(root.resolve("sys/class/iscsi_transport"));
    }

    /**
     * Whether the kernel can be seen at all. One that is seen and has no iSCSI has no session either: it makes the
     * folder of sessions before the first one, and keeps it.
     */
    boolean kernelIsSeen() {
        return Sysfs.isSeen(root);
    }

    /** @throws IOException if they cannot all be read */
    List<IscsiSession> all() throws IOException {
        List<IscsiSession> sessions = new ArrayList<>();
        for (Path session : Sysfs.entries(root.resolve("sys/class/iscsi_session"))) {
            Matcher name = SESSION.matcher(session.getFileName().toString());
            if (name.matches()) {
                read(session, Integer.parseInt(name.group(1))).ifPresent(sessions::add);
            }
        }
        return sessions;
    }

    /** Where its host looks for logical units: {@code HOST CHANNEL TARGET}; {@code -} for what is not known yet. */
    record Place(int host, String channel, String target) {}

    Optional<Place> place(IscsiSession session) throws IOException {
        for (Path host : Sysfs.entries(root.resolve("sys/class/iscsi_host"))) {
            Path folder = host.resolve("device/session" + session.number());
            if (Files.isDirectory(folder)) {
                int number = Integer.parseInt(host.getFileName().toString().replaceFirst("\\D+", ""));
                return Optional.of(Sysfs.entries(folder)
                        .stream()
                        .map(entry -> TARGET.matcher(entry.getFileName().toString()))
                        .filter(Matcher::matches)
                        .findFirst()
                        .map(target -> new Place(number, target.group(2), target.group(3)))
                        .orElse(new Place(number, "-", "-")));
            }
        }
        return Optional.empty();
    }

    /** Empty for one that went away while it was read. */
    private Optional<IscsiSession> read(Path session, int number) throws IOException {
        try {
            String iqn = Sysfs.text(session.resolve("targetname"));
            String state = Sysfs.text(session.resolve("state"));
            Path connection = root.resolve("sys/class/iscsi_connection/connection" + number + ":0");
            Portal portal = new Portal(Sysfs.text(connection.resolve("persistent_address")),
                    Integer.parseInt(Sysfs.text(connection.resolve("persistent_port"))));
            return Optional.of(new IscsiSession(number, portal, iqn, state, units(session.resolve("device"))));
        } catch (NoSuchFileException e) {
            if (!Files.exists(session)) {
                return Optional.empty();
            }
            throw e;
        } catch (MalformedConnection | NumberFormatException e) {
            throw new IOException("session " + number + " is at no portal", e);
        }
    }

    private static List<Unit> units(Path device) throws IOException {
        List<Unit> units = new ArrayList<>();
        for (Path target : Sysfs.entries(device)) {
            if (!TARGET.matcher(target.getFileName().toString()).matches()) {
                continue;
            }
            for (Path unit : Sysfs.entries(target)) {
                Matcher place = UNIT.matcher(unit.getFileName().toString());
                if (place.matches()) {
                    for (Path disk : Sysfs.entries(unit.resolve("block"))) {
                        units.add(new Unit(Integer.parseInt(place.group(4)), disk.getFileName().toString()));
                    }
                }
            }
        }
        return units;
    }
}

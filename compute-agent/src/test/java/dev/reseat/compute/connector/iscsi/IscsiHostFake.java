package dev.reseat.compute.connector.iscsi;

import dev.reseat.compute.block.BlockHostFake;
import dev.reseat.process.Command;
import dev.reseat.process.CommandResult;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A host with open-iscsi, and a kernel that has iSCSI. */
final class IscsiHostFake extends BlockHostFake {
    private static final int NO_RECORD = 21;
    private static final int LOGIN_FAILED = 8;

    private final Set<String> reachable = new LinkedHashSet<>(); // PORTAL IQN
    private final Set<String> records = new LinkedHashSet<>(); // PORTAL IQN
    private final Map<String, List<String>> discovered = new TreeMap<>(); // PORTAL -> IQNs
    private final Map<String, Integer> sessions = new HashMap<>(); // PORTAL IQN -> number
    private final Map<String, String> answers = new HashMap<>();
    private int next = 1;

    IscsiHostFake(Path root) {
        super(root);
        folder("sys/class/iscsi_transport/tcp");
        folder("sys/class/iscsi_session");
        folder("sys/class/iscsi_host");
        folder("sys/class/iscsi_connection");
    }

    /** A target that answers at this portal. */
    IscsiHostFake with(String portal, String iqn) {
        reachable.add(portal + " " + iqn);
        return this;
    }

    /** What a command prints, whatever it does otherwise. */
    void answer(String command, String output) {
        answers.put(command, output);
    }

    boolean hasRecord(String portal, String iqn) {
        return records.contains(portal + " " + iqn);
    }

    /** A record without a session. */
    void remember(String portal, String iqn) {
        records.add(portal + " " + iqn);
    }

    /** A session as if somebody had logged in. */
    int logIn(String portal, String iqn) {
        int number = next++;
        sessions.put(portal + " " + iqn, number);
        records.add(portal + " " + iqn);
        int colon = portal.lastIndexOf(':');
        text("sys/class/iscsi_session/session" + number + "/targetname", iqn);
        text("sys/class/iscsi_session/session" + number + "/state", "LOGGED_IN");
        text("sys/class/iscsi_connection/connection" + number + ":0/persistent_address",
                portal.substring(0, colon).replaceAll("[\\[\\]]", ""));
        text("sys/class/iscsi_connection/connection" + number + ":0/persistent_port", portal.substring(colon + 1));
        folder("sys/class/iscsi_host/host" + number + "/device/session" + number);
        return number;
    }

    /** The state of a session, and of its disks with it. */
    void state(int session, String state, String disk, String diskState) {
        text("sys/class/iscsi_session/session" + session + "/state", state);
        state(disk, diskState);
    }

    /** A disk as if it had been scanned for. */
    String disk(int session, int lun) {
        String target = "/target" + session + ":0:0";
        folder("sys/class/iscsi_host/host" + session + "/device/session" + session + target);
        return scsiDisk("naa.60000000000000000e0000000001000" + lun, "sys/class/iscsi_session/session" + session
                + "/device" + target + "/" + session + ":0:0:" + lun);
    }

    @Override
    protected void scan(int host, String place) {
        disk(host, Integer.parseInt(place.substring(place.lastIndexOf(' ') + 1)));
    }

    @Override
    protected CommandResult answer(Command command, String line) {
        List<String> words = command.words();
        if (!words.getFirst().equals("iscsiadm")) {
            return super.answer(command, line);
        }
        if (words.size() == 3) {
            return result(command, records.isEmpty() ? NO_RECORD : 0, String.join("", records.stream()
                    .map(record -> record.replaceFirst(" ", ",1 ") + "\n")
                    .toList()));
        }
        if (answers.containsKey(line)) {
            return result(command, 0, answers.get(line));
        }
        if (!words.get(2).equals("node")) {
            return words.contains("sendtargets") ? discover(command, words.getLast()) : discoveries(command);
        }
        String record = words.get(6) + " " + words.get(4);
        if (line.endsWith("--login")) {
            if (!reachable.contains(record)) {
                return result(command, LOGIN_FAILED, "");
            }
            logIn(words.get(6), words.get(4));
            return result(command, 0, "");
        }
        if (line.endsWith("--logout")) {
            return logOut(command, record);
        }
        if (line.endsWith("--op new")) {
            records.add(record);
            return result(command, 0, "");
        }
        int known = records.contains(record) ? 0 : NO_RECORD;
        if (line.endsWith("--op delete")) {
            records.remove(record);
        }
        return result(command, known, "");
    }

    /** Makes a record of whatever the portal tells. */
    private CommandResult discover(Command command, String portal) {
        List<String> told = reachable.stream()
                .filter(target -> target.startsWith(portal + " "))
                .map(target -> target.substring(portal.length() + 1))
                .toList();
        if (told.isEmpty()) {
            return result(command, NO_RECORD, "");
        }
        discovered.put(portal, told);
        told.forEach(iqn -> records.add(portal + " " + iqn));
        return result(command, 0, told.stream().map(iqn -> portal + ",1 " + iqn + "\n").collect(Collectors.joining()));
    }

    private CommandResult discoveries(Command command) {
        if (discovered.isEmpty()) {
            return result(command, NO_RECORD, "");
        }
        StringBuilder shown = new StringBuilder("SENDTARGETS:\n");
        discovered.forEach((portal, iqns) -> {
            shown.append("DiscoveryAddress: ").append(portal.replaceFirst(":(\\d+)$", ",$1")).append('\n');
            iqns.forEach(iqn -> shown.append("Target: ")
                    .append(iqn)
                    .append("\n\tPortal: ")
                    .append(portal)
                    .append(",1\n\t\tIface Name: default\n"));
        });
        for (String other : List.of("iSNS", "STATIC", "FIRMWARE")) {
            shown.append(other).append(":\nNo targets found.\n");
        }
        return result(command, 0, shown.toString());
    }

    private CommandResult logOut(Command command, String record) {
        Integer session = sessions.remove(record);
        if (session == null) {
            return result(command, NO_RECORD, "");
        }
        delete("sys/class/iscsi_session/session" + session);
        delete("sys/class/iscsi_connection/connection" + session + ":0");
        delete("sys/class/iscsi_host/host" + session);
        return result(command, 0, "");
    }
}

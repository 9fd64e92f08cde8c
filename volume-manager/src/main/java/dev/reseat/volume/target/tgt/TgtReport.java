package dev.reseat.volume.target.tgt;

import dev.reseat.volume.driver.DriverException;
import dev.reseat.volume.target.IscsiTarget;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What {@code tgtadm --op show --mode target} prints, as values. */
final class TgtReport {
    /** An address of no initiator: with it in a target's file, a restarted tgtd does not open it to all. */
    static final String NOBODY = "255.255.255.255";

    private static final Pattern TARGET = Pattern.compile("Target (\\d+): (\\S+)");
    private static final Pattern NAME = Pattern.compile("(iqn|eui|naa)\\..*");
    private static final Pattern NEXUS = Pattern.compile(" {8}I_T nexus: (\\d+)");
    private static final Pattern INITIATOR = Pattern.compile(" {12}Initiator: (\\S+).*");
    private static final Pattern CONNECTION = Pattern.compile(" {12}Connection: (\\d+)");
    private static final Pattern ADDRESS = Pattern.compile(" {16}IP Address: (\\S+)");
    private static final Pattern LUN = Pattern.compile(" {8}LUN: (\\d+)");
    private static final Pattern BACKING = Pattern.compile(" {12}Backing store path: (.+)");

    private TgtReport() {}

    /** A connection that can be closed: tgtd closes connections, not sessions. */
    record Nexus(String session, Optional<String> connection, String initiator, Optional<String> address) {}

    /**
     * @param devices what is behind each logical unit
     * @param access names and addresses as they were bound
     */
    record Target(int tid, String iqn, List<Nexus> nexuses, Map<Integer, String> devices, Set<String> accounts,
            Set<String> access) {
        /** Addresses that are let in, {@code ALL} for instance. */
        List<String> addresses() {
            return access.stream().filter(entry -> !NAME.matcher(entry).matches()).toList();
        }

        List<String> initiators() {
            return access.stream().filter(entry -> NAME.matcher(entry).matches()).toList();
        }

        boolean open() {
            return addresses().stream().anyMatch(address -> !address.equals(NOBODY));
        }

        IscsiTarget seen() {
            return new IscsiTarget(iqn, String.valueOf(tid), open(), Set.copyOf(initiators()), nexuses.stream()
                    .map(nexus -> new IscsiTarget.Session(nexus.session(), nexus.initiator(), nexus.address()))
                    .toList());
        }
    }

    /** @throws DriverException.BackendFailed if it is not such a text: half of it could be mistaken for all */
    static SortedMap<String, Target> read(String text) {
        SortedMap<String, Target> targets = new TreeMap<>();
        List<String> block = new ArrayList<>();
        for (String line : text.lines().toList()) {
            if (TARGET.matcher(line).matches() && !block.isEmpty()) {
                add(block, targets);
                block.clear();
            }
            if (!line.isBlank()) {
                block.add(line);
            }
        }
        if (!block.isEmpty()) {
            add(block, targets);
        }
        return targets;
    }

    private static void add(List<String> block, Map<String, Target> targets) {
        Matcher head = TARGET.matcher(block.getFirst());
        if (!head.matches()) {
            throw new DriverException.BackendFailed("tgtadm has printed no list of targets");
        }
        Map<String, List<String>> sections = sections(block.subList(1, block.size()));
        for (String needed : List.of("I_T nexus", "LUN", "Account", "ACL")) {
            if (!sections.containsKey(needed)) {
                throw new DriverException.BackendFailed("tgtadm says nothing of " + needed + " of " + head.group(2));
            }
        }
        targets.put(head.group(2), new Target(
                Integer.parseInt(head.group(1)), head.group(2), nexuses(sections.get("I_T nexus")),
                devices(sections.get("LUN")), words(sections.get("Account")), words(sections.get("ACL"))));
    }

    private static Map<String, List<String>> sections(List<String> lines) {
        Map<String, List<String>> sections = new LinkedHashMap<>();
        List<String> current = new ArrayList<>();
        for (String line : lines) {
            if (line.endsWith(" information:") && line.startsWith("    ") && line.charAt(4) != ' ') {
                current = new ArrayList<>();
                sections.put(line.substring(4, line.length() - " information:".length()), current);
            } else {
                current.add(line);
            }
        }
        return sections;
    }

    private static List<Nexus> nexuses(List<String> lines) {
        List<Nexus> found = new ArrayList<>();
        String session = "";
        String initiator = "";
        for (String line : lines) {
            Matcher nexus = NEXUS.matcher(line);
            Matcher name = INITIATOR.matcher(line);
            Matcher connection = CONNECTION.matcher(line);
            Matcher address = ADDRESS.matcher(line);
            if (nexus.matches()) {
                session = nexus.group(1);
            } else if (name.matches()) {
                initiator = name.group(1);
                found.add(new Nexus(session, Optional.empty(), initiator, Optional.empty()));
            } else if (connection.matches()) {
                found.removeIf(new Nexus(session, Optional.empty(), initiator, Optional.empty())::equals);
                found.add(new Nexus(session, Optional.of(connection.group(1)), initiator, Optional.empty()));
            } else if (address.matches() && !found.isEmpty()) {
                Nexus last = found.removeLast();
                found.add(new Nexus(last.session(), last.connection(), last.initiator(),
                        Optional.of(address.group(1))));
            }
        }
        return found;
    }

    private static Map<Integer, String> devices(List<String> lines) {
        Map<Integer, String> devices = new LinkedHashMap<>();
        int lun = 0;
        for (String line : lines) {
            Matcher number = LUN.matcher(line);
            Matcher backing = BACKING.matcher(line);
            if (number.matches()) {
                lun = Integer.parseInt(number.group(1));
            } else if (backing.matches()) {
                devices.put(lun, backing.group(1).strip());
            }
        }
        return devices;
    }

    private static Set<String> words(List<String> lines) {
        Set<String> words = new LinkedHashSet<>();
        lines.forEach(line -> words.add(line.strip()));
        return words;
    }
}

package dev.reseat.compute.connector.iscsi;

import dev.reseat.compute.connector.ConnectorException;
import dev.reseat.compute.connector.Within;
import dev.reseat.contract.connection.ConnectionInfo.Chap;
import dev.reseat.contract.connection.ConnectionInfo.IscsiPath;
import dev.reseat.contract.connection.MalformedConnection;
import dev.reseat.contract.connection.Portal;
import dev.reseat.process.Command;
import dev.reseat.process.CommandFailed;
import dev.reseat.process.CommandResult;
import dev.reseat.process.CommandRunner;
import dev.reseat.runtime.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** {@code iscsiadm}, with the exit codes that os-brick takes for an answer. Passwords are hidden where it is shown. */
final class IscsiAdm {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final int EXISTS = 15;
    private static final int NO_RECORD = 21;
    private static final int NOTHING = 6;
    private static final int OLD = 255;

    private final CommandRunner commands;

    IscsiAdm(CommandRunner commands) {
        this.commands = commands;
    }

    /** Every record that open-iscsi keeps. */
    List<NodeRecord> records(Deadline deadline) {
        CommandResult result = run(deadline, List.of("iscsiadm", "-m", "node"), NO_RECORD);
        List<NodeRecord> records = new ArrayList<>();
        for (String line : result.lines()) { // ADDRESS,GROUP IQN
            String[] parts = line.split("\\s+", -1);
            String address = parts[0].split(",", -1)[0];
            try {
                if (parts.length > 1) {
                    records.add(new NodeRecord(address, Portal.parse(address), parts[1]));
                }
            } catch (MalformedConnection e) {
                throw new ConnectorException.Failed("iscsiadm lists a record that cannot be read");
            }
        }
        return records;
    }

    /** Has a record of the target, with what the initiator is to prove itself with; scans for units are ours. */
    void prepare(NodeRecord node, Optional<Chap> chap, Deadline deadline) {
        CommandResult known = run(deadline, node(node), NO_RECORD, OLD);
        if (known.exitCode() != 0 || !known.errors().isBlank()) {
            run(deadline, node(node, "--interface", "default", "--op", "new"), NOTHING);
        }
        run(deadline, update(node, "node.session.scan", "manual"), NOTHING, NO_RECORD, OLD);
        if (chap.isPresent()) {
            Chap proof = chap.get();
            run(deadline, update(node, "node.session.auth.authmethod", proof.method()));
            run(deadline, update(node, "node.session.auth.username", proof.user()));
            String password = proof.password().reveal();
            run(Command.of(Within.atMost(LIMIT, deadline),
                    update(node, "node.session.auth.password", password)).hiding(password));
        }
    }

    void logIn(NodeRecord node, Deadline deadline) {
        run(deadline, node(node, "--login"), EXISTS, OLD);
    }

    void startWithHost(NodeRecord node, Deadline deadline) {
        run(deadline, update(node, "node.startup", "automatic"));
    }

    /** Closes the session and forgets the target, so that nothing logs in to it again. What is gone is gone. */
    void logOut(NodeRecord node, Deadline deadline) {
        run(deadline, update(node, "node.startup", "manual"), NO_RECORD, OLD);
        run(deadline, node(node, "--logout"), NO_RECORD, OLD);
        run(deadline, node(node, "--op", "delete"), NO_RECORD, OLD);
    }

    /** Asks a portal which targets it has: every way to each. */
    Set<IscsiPath> discover(IscsiPath first, Optional<Chap> chap, Deadline deadline) {
        String portal = first.portal().toString();
        if (chap.isEmpty()) {
            return targets(run(deadline, List.of("iscsiadm", "-m", "discovery", "-t", "sendtargets", "-I", "default",
                    "-p", portal), OLD), first.lun());
        }
        List<String> database =
                List.of("iscsiadm", "-m", "discoverydb", "-t", "sendtargets", "-p", portal, "-I", "default");
        Chap proof = chap.get();
        String password = proof.password().reveal();
        run(deadline, with(database, "--op", "new"), NOTHING, EXISTS);
        for (String[] setting : new String[][]{{"authmethod", proof.method()}, {"username", proof.user()},
                {"password", password}}) {
            run(Command.of(Within.atMost(LIMIT, deadline), with(database, "--op", "update", "-n",
                    "discovery.sendtargets.auth." + setting[0], "-v", setting[1])).hiding(password));
        }
        return targets(run(deadline, with(database, "--discover")), first.lun());
    }

    /** The ways that an earlier discovery at that portal found; none where there was none. */
    Set<IscsiPath> discovered(IscsiPath first, Deadline deadline) {
        CommandResult result =
                run(deadline, List.of("iscsiadm", "-m", "discoverydb", "-o", "show", "-P", "1"), NO_RECORD, OLD);
        Set<IscsiPath> ways = new LinkedHashSet<>();
        boolean here = false;
        String iqn = "";
        for (String line : result.lines()) {
            if (line.startsWith("DiscoveryAddress:")) {
                String[] address = value(line).split(",", -1);
                here = address.length > 1 && first.portal().equals(portal(address[0] + ":" + address[1]).orElse(null));
            } else if (line.startsWith("Target:")) {
                iqn = value(line);
            } else if (line.startsWith("Portal:") && here) {
                String target = iqn;
                portal(value(line).split(",", -1)[0]).ifPresent(at -> ways.add(new IscsiPath(at, target, first.lun())));
            } else if (!line.startsWith("Iface Name:")) {
                here = false; // the next kind of discovery
            }
        }
        return ways;
    }

    private static Set<IscsiPath> targets(CommandResult result, int lun) {
        Set<IscsiPath> ways = new LinkedHashSet<>();
        for (String line : result.lines()) { // ADDRESS,GROUP IQN
            String[] parts = line.split("\\s+", -1);
            if (parts.length > 1) {
                portal(parts[0].split(",", -1)[0]).ifPresent(at -> ways.add(new IscsiPath(at, parts[1], lun)));
            }
        }
        return ways;
    }

    private static Optional<Portal> portal(String text) {
        try {
            int colon = text.lastIndexOf(':');
            return Optional.of(new Portal(text.substring(0, Math.max(colon, 0)),
                    Integer.parseInt(text.substring(colon + 1))));
        } catch (MalformedConnection | NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static String value(String line) {
        return line.substring(line.indexOf(':') + 1).strip();
    }

    private static List<String> node(NodeRecord node, String... more) {
        return with(List.of("iscsiadm", "-m", "node", "-T", node.iqn(), "-p", node.address()), more);
    }

    private static List<String> update(NodeRecord node, String name, String value) {
        return node(node, "--op", "update", "-n", name, "-v", value);
    }

    private static List<String> with(List<String> words, String... more) {
        List<String> all = new ArrayList<>(words);
        all.addAll(Arrays.asList(more));
        return all;
    }

    private CommandResult run(Deadline deadline, List<String> words, int... answers) {
        return run(Command.of(Within.atMost(LIMIT, deadline), words).alsoAnswering(answers));
    }

    private CommandResult run(Command command) {
        try {
            return commands.run(command);
        } catch (CommandFailed.TimedOut | CommandFailed.Interrupted e) {
            throw new ConnectorException.OutOfTime(e.getMessage(), e);
        } catch (CommandFailed e) {
            throw new ConnectorException.Failed(e.getMessage(), e);
        }
    }
}

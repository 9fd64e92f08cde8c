package dev.reseat.standalone;

import dev.reseat.api.cli.PrettyTable;
import dev.reseat.standalone.CephView.Seen;
import dev.reseat.standalone.CinderDatabase.AttachmentRow;
import dev.reseat.standalone.DemoRows.DemoVolume;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * Repairs the small cloud on Ceph by the command {@code reseat}, and holds every claim against rows, the cluster's
 * watchers and the guests' definitions. At the end the server whose monitor had moved is started as Nova starts it.
 */
final class CephDemo {
    private static final int REFUSED = 8;

    private final CephCloud demo;
    private final CephView evidence;
    private final PrintStream out;
    private final Checks checks;
    private final OperatorCommands operator;
    private final SequencedMap<String, Seen> before = new LinkedHashMap<>();

    CephDemo(AllInOne cloud, CephCloud demo, PrintStream out) {
        this.demo = demo;
        this.evidence = new CephView(cloud, demo);
        this.out = out;
        this.checks = new Checks(out);
        this.operator = new OperatorCommands(cloud, checks, out);
    }

    /** @return what did not hold; empty if all is well */
    List<String> run() {
        out.println("\nWhat is wrong; the cluster's monitor is at " + evidence.monitors() + "\n");
        demo.volumes().values().forEach(volume -> {
            before.put(volume.name(), evidence.look(volume));
            describe(volume, before.get(volume.name()));
        });
        out.println("\nWhat is done\n");
        List.of("attaching-blank", "detaching-connected", "ghost").forEach(this::makeAvailable);
        refuseWhatIsHeld();
        refreshWhatIsStale();
        startWhatWasRefreshed();
        checks.claim("healthy is as it was", look("healthy").equals(before.get("healthy")), look("healthy"));
        demo.volumes().values().forEach(volume -> agree(evidence.look(volume), volume, true));
        out.println("\nBefore and after\n");
        out.println(table());
        return checks.failures();
    }

    private void describe(DemoVolume volume, Seen seen) {
        out.println(volume.name() + " (" + volume.id() + "): " + volume.trouble());
        out.println("  Cinder:  " + seen.cinder() + "; attachments: " + seen.attachments());
        out.println("  Nova:    " + seen.server().map(Object::toString).orElse("no server")
                + (seen.mapping().isPresent() ? "; mapped by monitors " + seen.monitors() : "; not mapped"));
        out.println("  rbd status: " + (seen.watchers().isEmpty() ? "no watcher" : "watchers " + seen.watchers()));
        out.println("  disk in the guest on " + volume.host() + ": " + seen.guest());
        agree(seen, volume, false);
    }

    /** @param now whether what is mapped has to lead to the monitor that is there now */
    private void agree(Seen seen, DemoVolume volume, boolean now) {
        boolean leads = !now || seen.mapping().isEmpty() || seen.monitors().equals(evidence.monitors());
        checks.claim("rbd status, virsh dumpxml and both databases agree about " + volume.name(),
                seen.agrees() && leads, seen);
    }

    private void makeAvailable(String name) {
        operator.reseat(0, "volume", "reset-state", name, "--state", "available", "--reason", "stuck");
        Seen seen = look(name);
        checks.claim(name + " is available in Cinder", seen.cinder().equals("available/detached"), seen.cinder());
        checks.claim(name + " has no attachment left", seen.volume().attachments().isEmpty(), seen.attachments());
        checks.claim("nobody watches its image, no guest has it",
                seen.watchers().isEmpty() && !seen.running() && !seen.stored(), seen);
        operator.checkJournal(demo.volume(name).id());
        out.println();
    }

    private void refuseWhatIsHeld() {
        operator.reseat(
                REFUSED, "volume", "reset-state", "held", "--state", "available", "--reason", "looks stuck");
        checks.claim("nothing has changed for held", look("held").equals(before.get("held")), look("held"));
        out.println();
        operator.reseat(0, "volume", "reset-state", "held", "--state", "in-use", "--reason", "its guest has it");
        Seen seen = look("held");
        checks.claim("held is in use in Cinder", seen.cinder().equals("in-use/attached"), seen.cinder());
        checks.claim("its guest has it still, and is the one watcher",
                seen.running() && seen.watchers().equals(before.get("held").watchers()), seen);
        operator.checkJournal(demo.volume("held").id());
        out.println();
    }

    private void refreshWhatIsStale() {
        operator.reseat(0, "bdm", "refresh", "--all-volumes-of", demo.uuid("mail-1"), "--reason", "the monitor moved");
        Seen seen = look("stale");
        checks.claim("stale is mapped by the monitor that is there", seen.monitors().equals(evidence.monitors())
                && !seen.monitors().equals(before.get("stale").monitors()), seen.monitors());
        checks.claim("Cinder knows the new address too", seen.volume()
                .attachments()
                .stream()
                .allMatch(
                        row -> evidence.monitors()
                                .stream()
                                .allMatch(monitor -> row.info()
                                        .contains(
                                                "\"" + monitor.substring(monitor.lastIndexOf(':') + 1) + "\""))),
                seen.attachments());
        checks.claim("it has one attachment, a new one",
                ids(seen).size() == 1 && !ids(seen).equals(ids(before.get("stale"))), seen.attachments());
        checks.claim("the guest's definition leads to the old address no more", !seen.stored(), seen.guest());
        seen.mapping().ifPresent(mapping -> operator.checkJournal(mapping.uuid()));
        out.println();
    }

    private void startWhatWasRefreshed() {
        DemoVolume stale = demo.volume("stale");
        String info = look("stale").mapping().flatMap(NovaDatabase.MappingRow::connectionInfo).orElse("{}");
        out.println("mail-1 is started, by a definition that is made of its mapping, as Nova makes it");
        demo.run(stale.server(), GuestXml.disk(stale.id(), info));
        Seen seen = look("stale");
        checks.claim("its guest runs with the volume and watches the image",
                seen.running() && seen.watchers().size() == 1, seen);
        out.println();
    }

    private PrettyTable table() {
        PrettyTable table =
                new PrettyTable("Volume", "", "Cinder", "Attachments", "rbd status", "In the guest", "Mapped by");
        for (DemoVolume volume : demo.volumes().values()) {
            row(table, volume.name(), "before", before.get(volume.name()));
            row(table, "", "after", evidence.look(volume));
        }
        return table;
    }

    private static void row(PrettyTable table, String name, String when, Seen seen) {
        table.row(name, when, seen.cinder(), seen.attachments(),
                seen.watchers().isEmpty() ? "-" : String.join(", ", seen.watchers()), seen.guest(),
                seen.monitors().isEmpty() ? "-" : String.join(", ", seen.monitors()));
    }

    private Seen look(String name) {
        return evidence.look(demo.volume(name));
    }

    private static List<String> ids(Seen seen) {
        return seen.volume().attachments().stream().map(AttachmentRow::id).toList();
    }
}

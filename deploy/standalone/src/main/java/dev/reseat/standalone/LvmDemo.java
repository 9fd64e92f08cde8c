package dev.reseat.standalone;

import dev.reseat.api.cli.PrettyTable;
import dev.reseat.standalone.CinderDatabase.AttachmentRow;
import dev.reseat.standalone.CinderDatabase.VolumeRow;
import dev.reseat.standalone.DemoRows.DemoVolume;
import java.io.PrintStream;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.Collectors;

/**
 * Repairs the small cloud on logical volumes by the command {@code reseat}, and holds every claim against rows and the
 * target's own list. On a kernel without iSCSI no host can say what it holds: then that is shown too, and said.
 */
final class LvmDemo {
    private static final int REFUSED = 8;

    private final AllInOne cloud;
    private final LvmCloud demo;
    private final PrintStream out;
    private final Checks checks;
    private final OperatorCommands operator;
    private final boolean hostsKnow = Files.isDirectory(Path.of("/sys/class/iscsi_transport"));
    private final SequencedMap<String, Seen> before = new LinkedHashMap<>();

    LvmDemo(AllInOne cloud, LvmCloud demo, PrintStream out) {
        this.cloud = cloud;
        this.demo = demo;
        this.out = out;
        this.checks = new Checks(out);
        this.operator = new OperatorCommands(cloud, checks, out);
    }

    /**
     * What the sources show of one volume at one time.
     *
     * @param admitted initiators that its target lets in
     * @param connected initiators that have a session
     */
    private record Seen(VolumeRow volume, List<String> admitted, List<String> connected) {
        String cinder() {
            return volume.status() + "/" + volume.attachStatus();
        }

        String attachments() {
            return volume.attachments().isEmpty()
                    ? "none"
                    : volume.attachments().stream().map(AttachmentRow::toString).collect(Collectors.joining("; "));
        }
    }

    private Seen look(String name) {
        DemoVolume volume = demo.volume(name);
        var lvm = demo.storage().lvm();
        return new Seen(
                cloud.cinder().read(volume.id()), lvm.admitted(LvmCloud.target(volume)),
                lvm.connected(LvmCloud.target(volume)));
    }

    /** @return what did not hold; empty if all is well */
    List<String> run() {
        out.println("\nWhat is wrong\n");
        demo.volumes().values().forEach(volume -> {
            before.put(volume.name(), look(volume.name()));
            describe(volume, before.get(volume.name()));
        });
        out.println("\nWhat is done\n");
        makeAvailable("attaching-blank", true);
        makeAvailable("detaching-connected", hostsKnow);
        makeAvailable("ghost", hostsKnow);
        refuseWhatIsHeld();
        fenceWhoIsDead();
        checks.claim("healthy is as it was", look("healthy").equals(before.get("healthy")), look("healthy"));
        out.println("\nBefore and after\n");
        out.println(table());
        return checks.failures();
    }

    private void describe(DemoVolume volume, Seen seen) {
        out.println(volume.name() + " (" + volume.id() + "): " + volume.trouble());
        out.println("  Cinder: " + seen.cinder() + "; attachments: " + seen.attachments());
        out.println("  tgtadm: " + (seen.admitted().isEmpty() ? "nobody is let in" : "lets in " + seen.admitted())
                + "; " + (seen.connected().isEmpty() ? "no session" : "sessions " + seen.connected()));
    }

    /** @param hostKnows whether its host can be asked, if it has one */
    private void makeAvailable(String name, boolean hostKnows) {
        List<String> words = new ArrayList<>(List.of("volume", "reset-state", name, "--state", "available",
                "--reason", "stuck"));
        if (!hostKnows) {
            out.println("# this kernel has no iSCSI, so its host cannot say whether it has the volume: not a no");
            operator.reseat(REFUSED, words.toArray(String[]::new));
            checks.claim("nothing has changed for " + name, look(name).equals(before.get(name)), look(name));
            words.addAll(List.of("--force", "accept-unknown"));
        }
        operator.reseat(0, words.toArray(String[]::new));
        checkAvailable(name);
    }

    private void checkAvailable(String name) {
        Seen seen = look(name);
        checks.claim(name + " is available in Cinder", seen.cinder().equals("available/detached"), seen.cinder());
        checks.claim(name + " has no attachment left", seen.volume().attachments().isEmpty(), seen.attachments());
        checks.claim("its target lets nobody in and has no session",
                seen.admitted().isEmpty() && seen.connected().isEmpty(), seen);
        operator.checkJournal(demo.volume(name).id());
        out.println();
    }

    private void refuseWhatIsHeld() {
        operator.reseat(
                REFUSED, "volume", "reset-state", "held", "--state", "available", "--reason", "looks stuck");
        checks.claim("nothing has changed for held", look("held").equals(before.get("held")), look("held"));
        out.println();
        operator.reseat(0, "volume", "reset-state", "held", "--state", "in-use", "--reason", "its host has it");
        Seen seen = look("held");
        checks.claim("held is in use in Cinder", seen.cinder().equals("in-use/attached"), seen.cinder());
        checks.claim("its host has its session still", seen.connected().equals(before.get("held").connected()), seen);
        operator.checkJournal(demo.volume("held").id());
        out.println();
    }

    private void fenceWhoIsDead() {
        String name = "dead-session";
        operator.reseat(REFUSED, "volume", "reset-state", name, "--state", "available", "--reason", "host is off");
        String client = DemoRows.initiator(demo.volume(name).host());
        operator.reseat(0, "volume", "fence", name, "--client", client, "--dry-run");
        checks.claim("a dry run changes nothing", look(name).equals(before.get(name)), look(name));
        operator.reseat(0, "volume", "fence", name, "--client", client, "--reason", "host-b is powered off");
        Seen fenced = look(name);
        checks.claim("its session is closed, and it is let in no more",
                fenced.connected().isEmpty() && fenced.admitted().isEmpty(), fenced);
        makeAvailableAfter(name);
    }

    /** Nothing is known of the host that was fenced but by who has powered it off. */
    private void makeAvailableAfter(String name) {
        operator.reseat(0, "volume", "reset-state", name, "--state", "available", "--force", "accept-unknown",
                "--reason", "host-b is powered off");
        checkAvailable(name);
        StringWriter journal = new StringWriter();
        operator.run(journal, "journal", "show", demo.volume(name).id());
        checks.claim("the journal has both", journal.toString().contains("fence done"), journal);
    }

    private PrettyTable table() {
        PrettyTable table = new PrettyTable("Volume", "", "Cinder", "Attachments", "Lets in", "Sessions");
        before.forEach((name, seen) -> {
            row(table, name, "before", seen);
            row(table, "", "after", look(name));
        });
        return table;
    }

    private static void row(PrettyTable table, String name, String when, Seen seen) {
        table.row(name, when, seen.cinder(), seen.attachments(), shown(seen.admitted()), shown(seen.connected()));
    }

    private static String shown(List<String> initiators) {
        return initiators.isEmpty() ? "-" : String.join(", ", initiators);
    }
}

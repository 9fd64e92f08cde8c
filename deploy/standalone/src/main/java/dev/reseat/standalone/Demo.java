package dev.reseat.standalone;

import dev.reseat.api.cli.PrettyTable;
import dev.reseat.contract.evidence.Answer;
import dev.reseat.standalone.DemoRows.DemoVolume;
import dev.reseat.standalone.DirectView.Seen;
import dev.reseat.standalone.NovaDatabase.ActionRow;
import dev.reseat.standalone.NovaDatabase.MappingRow;
import java.io.PrintStream;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * Repairs the small cloud the way an operator does, by the command {@code reseat} and by Cinder's own API, and holds
 * every claim against rows, export files and hosts.
 */
final class Demo {
    private static final int REFUSED = 8;
    private static final int FOUND = 3;
    /** What each volume shows, by the number in the decision table. */
    private static final Map<String, String> PATTERNS = Map.of(
            "attaching-blank", "1",
            "attaching-connected", "2",
            "detaching-connected", "6",
            "detaching-empty", "5",
            "ghost", "9",
            "held", "7",
            "stale", "21",
            "stale-old-flow", "21",
            "healthy", "N1");

    private final AllInOne cloud;
    private final DemoCloud demo;
    private final DirectView evidence;
    private final PrintStream out;
    private final Checks checks;
    private final OperatorCommands operator;
    private final SequencedMap<String, Seen> before = new LinkedHashMap<>();

    Demo(AllInOne cloud, DemoCloud demo, PrintStream out) {
        this.cloud = cloud;
        this.demo = demo;
        this.evidence = new DirectView(cloud, demo);
        this.out = out;
        this.checks = new Checks(out);
        this.operator = new OperatorCommands(cloud, checks, out);
    }

    /** @return what did not hold; empty if all is well */
    List<String> run() {
        out.println("\nWhat is wrong ('" + OperatorCommands.PLACE + "' is " + cloud.directory().path() + ")\n");
        demo.volumes().values().forEach(volume -> {
            before.put(volume.name(), evidence.look(volume));
            describe(volume, before.get(volume.name()));
        });
        diagnoseAll();
        out.println("\nWhat is done\n");
        List.of("attaching-blank", "attaching-connected", "detaching-connected", "ghost").forEach(this::makeAvailable);
        makeAvailableAsCinderDoes("detaching-empty");
        refuseWhatIsHeld();
        refreshWhatIsStale();
        checks.claim("healthy is as it was", evidence.look(volume("healthy")).equals(before.get("healthy")),
                evidence.look(volume("healthy")));
        out.println("\nBefore and after\n");
        out.println(table());
        return checks.failures();
    }

    private void describe(DemoVolume volume, Seen seen) {
        out.println(volume.name() + " (" + volume.id() + "): " + volume.trouble());
        out.println("  Cinder:  " + seen.cinder() + "; attachments: " + seen.attachments());
        out.println("  Nova:    " + seen.server().map(Object::toString).orElse("no server")
                + seen.mappedPath().map(path -> "; mapped to " + operator.shown(path)).orElse("; not mapped"));
        out.println("  backend: " + (seen.exports().isEmpty() ? "no export" : "exported to " + seen.exports()));
        out.println("  " + volume.host() + ":  held " + seen.held().text() + "; " + operator.shown(seen.holding()));
    }

    private void diagnoseAll() {
        out.println("\nWhat reseat says of it\n");
        demo.volumes().keySet().forEach(name -> {
            operator.reseat(0, "diagnose", name);
            StringWriter printed = new StringWriter();
            operator.run(printed, "diagnose", name, "--json");
            checks.claim(name + " shows pattern " + PATTERNS.get(name),
                    printed.toString().contains("\"pattern\" : \"" + PATTERNS.get(name) + "\""), printed);
        });
        checks.claim("a script is told that something was found",
                operator.run(new StringWriter(), "diagnose", "--all", "--exit-code") == FOUND, "another exit code");
    }

    private void makeAvailable(String name) {
        operator.reseat(0, "volume", "reset-state", name, "--state", "available", "--reason", "stuck");
        checkAvailable(name);
    }

    private void makeAvailableAsCinderDoes(String name) {
        out.println("$ cinder reset-state --state available " + name + "    (as its POST os-reset_status)");
        try (BlockStorage api =
                new BlockStorage(cloud.volumeEndpoint(), AllInOneSettings.USER, AllInOneSettings.PROJECT)) {
            api.resetStatus(volume(name).id(), Map.of("status", "available"));
        }
        checkAvailable(name);
    }

    private void checkAvailable(String name) {
        Seen seen = evidence.look(volume(name));
        checks.claim(name + " is available in Cinder", seen.cinder().equals("available/detached"), seen.cinder());
        checks.claim(name + " has no attachment left", seen.volume().attachments().isEmpty(), seen.attachments());
        checks.claim(name + " is exported to nobody", seen.exports().isEmpty(), seen.exports());
        checks.claim(name + " is held by nobody", seen.held() == Answer.NO, seen.holding());
        operator.checkJournal(volume(name).id());
        out.println();
    }

    private void refuseWhatIsHeld() {
        operator.reseat(REFUSED, "volume", "reset-state", "held", "--state", "available", "--reason", "looks stuck");
        Seen seen = evidence.look(volume("held"));
        checks.claim("nothing has changed for held", seen.equals(before.get("held")), seen);
        out.println();
        operator.reseat(0, "volume", "reset-state", "held", "--state", "in-use", "--reason", "its host uses it");
        Seen after = evidence.look(volume("held"));
        checks.claim("held is in use in Cinder", after.cinder().equals("in-use/attached"), after.cinder());
        checks.claim("held kept its attachment", ids(after).equals(ids(before.get("held"))), after.attachments());
        checks.claim("held is still held, and exported to its host alone",
                after.held() == Answer.YES && after.exports().equals(List.of(volume("held").host())), after);
        operator.checkJournal(volume("held").id());
        out.println();
    }

    private void refreshWhatIsStale() {
        String server = demo.servers().get("mail-1");
        operator.reseat(0, "bdm", "refresh", "--all-volumes-of", server, "--reason", "the backend has moved");
        List.of("stale", "stale-old-flow").forEach(this::checkRefreshed);
        checks.claim("mail-1 is stopped and not locked",
                cloud.nova()
                        .instance(server)
                        .filter(row -> row.vmState().equals("stopped") && !row.locked())
                        .isPresent(),
                cloud.nova().instance(server));
        List<ActionRow> actions = cloud.nova().actions(server);
        checks.claim("its instance actions are finished without an error",
                actions.stream()
                        .filter(action -> action.action().equals("refresh_volume_attachment"))
                        .filter(action -> action.finished() && action.message().isEmpty())
                        .count() == 2,
                actions);
        out.println();
    }

    private void checkRefreshed(String name) {
        Seen was = before.get(name);
        Seen seen = evidence.look(volume(name));
        String place = demo.file(volume(name)).toString();
        checks.claim(name + " is mapped to where it is now", seen.mappedPath().equals(Optional.of(place)),
                seen.mappedPath());
        checks.claim(name + " is in use, with one attachment, a new one",
                seen.cinder().equals("in-use/attached") && ids(seen).size() == 1 && !ids(seen).equals(ids(was)),
                seen.cinder() + " " + seen.attachments());
        checks.claim(name + "'s mapping names that attachment",
                seen.mapping().flatMap(MappingRow::attachmentId).map(List::of).equals(Optional.of(ids(seen))),
                seen.mapping());
        checks.claim("Cinder knows the new place too",
                seen.volume().attachments().stream().allMatch(row -> row.info().contains(place)), seen.attachments());
        checks.claim(volume(name).host() + " has let go of the old place", seen.held() == Answer.NO, seen.holding());
        checks.claim(name + " is exported to its host alone", seen.exports().equals(List.of(volume(name).host())),
                seen.exports());
        seen.mapping().ifPresent(mapping -> operator.checkJournal(mapping.uuid()));
    }

    private PrettyTable table() {
        PrettyTable table = new PrettyTable("Volume", "", "Cinder", "Attachments", "Exported to", "Held", "Mapped to");
        for (DemoVolume volume : demo.volumes().values()) {
            row(table, volume.name(), "before", before.get(volume.name()));
            row(table, "", "after", evidence.look(volume));
        }
        return table;
    }

    private void row(PrettyTable table, String name, String when, Seen seen) {
        table.row(
                name,
                when,
                seen.cinder(),
                seen.attachments(),
                seen.exports().isEmpty() ? "-" : String.join(", ", seen.exports()),
                seen.held().text(),
                seen.mappedPath()
                        .map(path -> Path.of(path).getParent().getFileName().toString())
                        .orElse("-"));
    }

    private static List<String> ids(Seen seen) {
        return seen.volume().attachments().stream().map(CinderDatabase.AttachmentRow::id).toList();
    }

    private DemoVolume volume(String name) {
        return demo.volumes().get(name);
    }
}

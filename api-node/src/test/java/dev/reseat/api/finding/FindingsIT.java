package dev.reseat.api.finding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.contract.evidence.Answer;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What sweeps find and keep. */
@Tag("database")
class FindingsIT {
    private SweepCloud node;
    private SimulatedStorage storage;

    @BeforeEach
    void open() {
        node = new SweepCloud("");
        storage = node.storage;
    }

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    @Tag("any-database")
    @Tag("slow-on-mariadb")
    void aFindingKeepsItsIdUntilItIsGoneAndWhenItComesBack() {
        String leaked = node.detached();
        storage.exports.put(leaked, "host-b");
        String free = node.detached();
        String used = node.attached("host-a");
        storage.sweep();

        JsonNode first = node.findings().get(leaked);
        assertThat(node.findings()).containsOnlyKeys(leaked);
        assertThat(first.path("pattern").asString()).isEqualTo("12");
        assertThat(first.path("state").asString()).isEqualTo("new");
        assertThat(first.path("backend").asString()).isEqualTo(SweepCloud.BACKEND);
        assertThat(storage.questions).as("questions about one volume").hasValue(0);

        storage.sweep();
        JsonNode second = node.findings().get(leaked);
        assertThat(second.path("id")).isEqualTo(first.path("id"));
        assertThat(second.path("state").asString()).isEqualTo("confirmed");
        assertThat(second.path("sweeps").asInt()).isEqualTo(2);
        assertThat(second.path("first_seen")).isEqualTo(first.path("first_seen"));
        assertThat(node.cli.run(3, "findings", "list", "--exit-code").out()).contains(leaked, "leaked export");

        storage.exports.remove(leaked);
        storage.sweep();
        assertThat(node.findings()).isEmpty();
        assertThat(node.findings("--state", "gone")).containsOnlyKeys(leaked);
        node.cli.run(0, "findings", "list", "--exit-code");

        storage.exports.put(leaked, "host-b");
        storage.sweep();
        JsonNode again = node.findings().get(leaked);
        assertThat(again.path("id")).isEqualTo(first.path("id"));
        assertThat(again.path("state").asString()).isEqualTo("new");
        assertThat(again.path("first_seen")).isEqualTo(first.path("first_seen"));
        assertThat(again.path("since")).isNotEqualTo(first.path("since"));
        assertThat(node.findings("--state", "new,confirmed,ignored,gone")).doesNotContainKeys(free, used);
    }

    @Test
    @Tag("any-database")
    @Tag("slow-on-mariadb")
    void whoIsSilentMakesUnknownWhatIsItsAndNothingElse() {
        String leaked = node.detached();
        storage.exports.put(leaked, "host-b");
        String other = node.detached("stor-2@file");
        storage.exports.put(other, "host-a");
        String onSilent = node.attached("host-c");
        String used = node.attached("host-a");
        storage.sweep();
        assertThat(node.findings()).containsOnlyKeys(leaked, other);

        storage.silent.add("host-c");
        storage.silent.add("stor-2@file");
        storage.sweep();

        assertThat(node.findings("--verdict", "unknown")).containsOnlyKeys(onSilent, other);
        assertThat(node.findings("--pattern", "12").get(other).path("sweeps").asInt()).as("not gone").isEqualTo(1);
        assertThat(node.findings("--pattern", "12").get(leaked).path("sweeps").asInt()).isEqualTo(2);
        assertThat(node.findings("--state", "gone", "--pattern", "12,30")).isEmpty();
        assertThat(node.findings("--state", "new,confirmed,ignored,gone")).doesNotContainKey(used);
        JsonNode sweep = last(node.list());
        assertThat(sweep.path("silent_hosts").propertyNames()).containsExactly("host-c");
        assertThat(sweep.path("silent_backends").propertyNames()).containsExactly("stor-2@file");
        assertThat(sweep.path("unknown_volumes").asInt()).isEqualTo(2);
        assertThat(node.cli.run(4, "findings", "list", "--exit-code", "--host", "host-c").err())
                .contains("silent hosts: host-c");
    }

    @Test
    void whatNoRowKnowsIsFoundWhereverItIs() {
        String device = SweepCloud.id();
        storage.held.add("host-a " + device);
        storage.held.add("host-b " + device);
        String guest = SweepCloud.id();
        storage.guests.put("host-b " + guest, SweepCloud.id());
        String export = SweepCloud.id();
        storage.stored.add(SweepCloud.BACKEND + " " + export);
        storage.exports.put(export, "host-nobody-knows");
        String mapping = SweepCloud.id();
        node.cloud.blockDevice(node.cloud.instance(), mapping, Map.of());
        String orphan = node.detached();
        storage.held.add("host-b " + orphan);
        storage.stored.add(SweepCloud.BACKEND + " " + SweepCloud.id()); // kept, and nobody is let in
        storage.sweep();

        JsonNode found = node.list().path("findings");
        assertThat(found).extracting(one -> one.path("volume_id").asString() + " " + one.path("pattern").asString()
                + " " + one.path("host").asString(""))
                .containsExactlyInAnyOrder(
                        device + " 11b host-a", device + " 11b host-b", guest + " 11b host-b", export + " 12b ",
                        mapping + " 14c ", orphan + " 11 host-b");

        storage.held.remove("host-a " + device);
        storage.guests.clear();
        storage.silent.add("host-b");
        storage.sweep();

        assertThat(node.list("--state", "gone").path("findings")).extracting(one -> one.path("host").asString(""))
                .as("of the silent host nothing is known to be gone")
                .containsExactly("host-a");
    }

    @Test
    void whoIsAtAVolumeThatNoRowKnowsIsFoundWhereNobodyIsLetInByName() {
        String watched = SweepCloud.id();
        storage.stored.add(SweepCloud.BACKEND + " " + watched);
        storage.users.put(watched, Answer.YES);
        String doubtful = SweepCloud.id(); // as every file of a share that other hosts have too
        storage.stored.add(SweepCloud.BACKEND + " " + doubtful);
        storage.users.put(doubtful, Answer.UNKNOWN);
        String known = node.detached();
        storage.users.put(known, Answer.UNKNOWN);
        storage.sweep();

        assertThat(node.findings()).containsOnlyKeys(watched);
        assertThat(node.findings("--pattern", "12b")).containsOnlyKeys(watched);
        assertThat(node.findings("--verdict", "unknown")).as("not listed unless asked for").containsOnlyKeys(known);
    }

    @Test
    void whatIsIgnoredIsNeitherListedNorAlarming() {
        String leaked = node.detached();
        storage.exports.put(leaked, "host-b");
        storage.sweep();
        storage.sweep();
        String id = node.findings().get(leaked).path("id").asString();

        assertThat(node.cli.run(0, "findings", "ignore", id, "--reason", "ticket 4711").out()).contains("ticket 4711");
        assertThat(node.findings()).isEmpty();
        assertThat(node.findings("--state", "ignored")).containsOnlyKeys(leaked);
        node.cli.run(0, "findings", "list", "--exit-code");
        storage.sweep();
        assertThat(node.findings("--state", "ignored").get(leaked).path("sweeps").asInt()).isEqualTo(3);

        assertThat(node.cli.json(0, "findings", "unignore", id, "--json").at("/finding/state").asString())
                .isEqualTo("confirmed");
        assertThat(node.cli.json(0, "findings", "show", id, "--json").at("/finding/facts/backend").asString())
                .isEqualTo("mapping");
        assertThat(node.cli.run(4, "findings", "show", SweepCloud.id()).err()).contains("could not be found");
        assertThat(node.cli.run(2, "findings", "list", "--state", "lost").err()).contains("no state");
        assertThat(node.cli.run(2, "findings", "list", "--verdict", "wrong").err()).contains("no verdict wrong");
    }

    /** That of the last sweep that is over: the next one stands at its gate. */
    private static JsonNode last(JsonNode answer) {
        return answer.at("/sweeps/1");
    }
}

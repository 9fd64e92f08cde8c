package dev.reseat.api.finding;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What is repaired without a person, and what is not. */
@Tag("database")
class RepairPolicyIT {
    @TempDir private Path directory;

    @Test
    void onlyWhatIsConfirmedAndAllowedIsRepairedByAJob() throws IOException {
        try (SweepCloud node = new SweepCloud(policy("""
                {"patterns": {"12": {"per_sweep": 2, "most": 4}}, "max_share": 1}"""))) {
            SimulatedStorage storage = node.storage;
            List<String> leaked = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                leaked.add(node.detached());
            }
            leaked.forEach(volume -> storage.exports.put(volume, "host-b"));
            String orphan = node.detached();
            storage.held.add("host-b " + orphan);
            storage.sweep();
            assertThat(jobs(node)).as("seen once").isEmpty();
            String ignored = node.findings().get(leaked.getFirst()).path("id").asString();
            node.cli.run(0, "findings", "ignore", ignored);

            storage.sweep();
            JsonNode job = jobs(node).path(0);
            assertThat(job.path("action").asString()).isEqualTo("repair");
            assertThat(job.path("user_id").asString()).isEqualTo("reseat-policy");
            String id = job.path("id").asString();
            node.cli.run(0, "job", "watch", id, "--for", "120");

            assertThat(storage.resets).containsExactlyInAnyOrderElementsOf(leaked.subList(1, 3));
            assertThat(jobs(node)).hasSize(1);
            assertThat(node.findings().get(leaked.get(1)).path("job").asString()).isEqualTo(id);
            storage.sweep();
            assertThat(node.findings()).containsOnlyKeys(orphan);
            assertThat(jobs(node)).hasSize(1);
        }
    }

    @Test
    void moreThanIsAllowedIsLeftToAPerson() throws IOException {
        try (SweepCloud node = new SweepCloud(policy("""
                {"patterns": {"12": {"per_sweep": 1, "most": 2}}}"""))) {
            node.storage.exports.put(node.detached(), "host-b");
            node.storage.exports.put(node.detached(), "host-b");
            node.storage.sweep();
            node.storage.exports.put(node.detached(), "host-b");
            node.storage.sweep(); // two are confirmed, and a third one is new
            node.storage.sweep();

            assertThat(node.findings("--state", "confirmed")).hasSize(3);
            assertThat(jobs(node)).isEmpty();
            assertThat(node.storage.resets).isEmpty();
        }
    }

    @Test
    void aJobThatIsNotKnownToItsFindingsIsNotMade() throws IOException {
        try (SweepCloud node = new SweepCloud(policy("""
                {"patterns": {"12": {}}, "max_share": 1}"""))) {
            String leaked = node.detached();
            node.storage.exports.put(leaked, "host-b");
            node.cloud.execute(node.cloud.cinder(), """
                    CREATE FUNCTION reseat.breaks() RETURNS trigger LANGUAGE plpgsql AS
                    $$ BEGIN RAISE EXCEPTION 'cut off'; END $$""");
            node.cloud.execute(node.cloud.cinder(), """
                    CREATE TRIGGER breaks BEFORE UPDATE OF job ON reseat.finding FOR EACH ROW
                    WHEN (NEW.job IS NOT NULL) EXECUTE FUNCTION reseat.breaks()""");
            node.storage.sweep();
            node.storage.sweep();
            assertThat(node.findings("--state", "confirmed")).containsOnlyKeys(leaked);
            assertThat(jobs(node)).as("cut off between job and findings").isEmpty();

            node.cloud.execute(node.cloud.cinder(), "DROP TRIGGER breaks ON reseat.finding");
            node.storage.sweep();
            assertThat(jobs(node)).hasSize(1);
            node.storage.sweep();
            assertThat(jobs(node)).hasSize(1);
        }
    }

    private String policy(String json) throws IOException {
        return "repair_policy = " + Files.writeString(directory.resolve("policy.json"), json);
    }

    private static JsonNode jobs(SweepCloud node) {
        return node.cli.json(0, "job", "list", "--json").path("jobs");
    }
}

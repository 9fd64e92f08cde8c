package dev.reseat.api.finding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.api.evidence.DecisionTableReader;
import dev.reseat.runtime.Settings;
import dev.reseat.runtime.SettingsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RepairPolicyTest {
    private static final String GOOD = """
            # what may be repaired without a person
            {
              "patterns": {
                "5": {},
                "12": {"per_sweep": 3, "most": 9, "min_age": 900, "backends": ["stor-1@ceph"], "projects": ["p"]}
              },
              "max_share": 0.1, "stop_after_failures": 1, "per_host": 1, "per_backend": 4
            }
            """;

    @TempDir private Path directory;

    @Test
    void everyKeyIsRead() {
        RepairPolicy policy = RepairPolicy.read(GOOD);

        assertThat(policy.patterns()).containsOnlyKeys("5", "12");
        assertThat(policy.patterns().get("5"))
                .isEqualTo(new RepairPolicy.Rule(5, 20, Duration.ZERO, Set.of(), Set.of()));
        assertThat(policy.patterns().get("12"))
                .isEqualTo(new RepairPolicy.Rule(3, 9, Duration.ofMinutes(15), Set.of("stor-1@ceph"), Set.of("p")));
        assertThat(policy.maxShare()).isEqualTo(0.1);
        assertThat(policy.stopAfterFailures()).isEqualTo(1);
        assertThat(policy.perHost()).isEqualTo(1);
        assertThat(policy.perBackend()).isEqualTo(4);
        assertThatCode(() -> policy.check(DecisionTableReader.shipped())).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "{} | patterns: must be there",
            "{\"patterns\": {}} | patterns: at least one is needed",
            "{\"patterns\": {\"5\": null}} | pattern 5: must be an object",
            "{\"patterns\": {\"5\": {\"per_swep\": 1}}} | patterns.5.per_swep is not known",
            "{\"patterns\": {\"5\": {\"per_sweep\": 0}}} | pattern 5: per_sweep: must be at least 1",
            "{\"patterns\": {\"5\": {\"per_sweep\": 9, \"most\": 8}}} | pattern 5: most: must be at least per_sweep",
            "{\"patterns\": {\"5\": {\"backends\": []}}} | pattern 5: backends: an empty list allows nothing",
            "{\"patterns\": {\"5\": {\"min_age\": -1}}} | pattern 5: min_age: must not be negative",
            "{\"patterns\": {\"5\": {}}, \"max_share\": 0} | max_share: must be above 0",
            "{\"patterns\": {\"5\": {}}, \"max_share\": \"x\"} | max_share is not known, or of another type",
            "{\"patterns\": {\"5\": {}, \"5\": {}}} | (line 1)",
            "{\"patterns\": {\"5\": {}}} {} | (line 1)",
            "patterns | (line 1)"})
    void whatIsWrongIsSaid(String json, String why) {
        assertThatThrownBy(() -> RepairPolicy.read(json)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why);
    }

    @Test
    void aFileThatCannotBeTrustedStopsTheStart() throws IOException {
        Path file = directory.resolve("policy.json");
        assertRefused(file, "cannot be read");
        Files.writeString(file, "{\"patterns\": {\"5\": {\"per_swep\": 1}}}");
        assertRefused(file, "patterns.5.per_swep is not known");
        Files.writeString(file, "{\"patterns\": {\"99\": {}}}");
        assertRefused(file, "there is no pattern 99");
        Files.writeString(file, "{\"patterns\": {\"11\": {}}}");
        assertRefused(file, "pattern 11, orphan device, is never repaired without a person");
        Files.writeString(file, GOOD);
        assertThat(settings(file, 600).checked(FindingConfig::from).policy()).contains(RepairPolicy.read(GOOD));
        assertThatThrownBy(() -> settings(file, 0).checked(FindingConfig::from))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("does nothing without sweep_interval");
    }

    @Test
    void nothingIsSweptOrRepairedByDefault() {
        FindingConfig config = Settings.parse("").checked(FindingConfig::from);

        assertThat(config.sweepInterval()).isEmpty();
        assertThat(config.policy()).isEmpty();
    }

    private static void assertRefused(Path file, String why) {
        assertThatThrownBy(() -> settings(file, 600).checked(FindingConfig::from))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("[reseat] repair_policy")
                .hasMessageContaining(why);
    }

    private static Settings settings(Path file, int interval) {
        return Settings.parse("[reseat]\nsweep_interval = " + interval + "\nrepair_policy = " + file + "\n");
    }
}

package dev.reseat.api.rest;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.rpc.RequestContext;
import dev.reseat.runtime.Settings;
import dev.reseat.runtime.SettingsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where {@code policy_file} is looked for. */
class PolicyFileTest {
    private static final RequestContext MEMBER =
            RequestContext.of("u", "p", false, "req-1").with("roles", List.of("member"));

    @TempDir private Path directory;

    private Policy policy(String file) throws IOException {
        Path conf = Files.writeString(directory.resolve("cinder.conf"), "[oslo_policy]\npolicy_file = " + file + "\n");
        return Settings.load(List.of(conf), Map.of()).checked(Policy::from);
    }

    @Test
    void aNameIsThatOfAFileBesideTheSettings() throws IOException {
        Files.writeString(directory.resolve("policy.yaml"), "reseat:diagnoses:create: role:member\n");

        Policy policy = policy("policy.yaml");

        assertThatCode(() -> policy.check(MEMBER, "reseat:diagnoses:create")).doesNotThrowAnyException();
    }

    @Test
    void aNameThatIsNowhereLeavesTheRulesThatShip() throws IOException {
        Policy policy = policy("policy.yaml");

        assertThatThrownBy(() -> policy.check(MEMBER, "reseat:diagnoses:create")).isInstanceOf(HttpFault.class);
    }

    @Test
    void aWholePathThatIsNowhereStopsTheStart() {
        assertThatThrownBy(() -> policy(directory.resolve("nowhere.yaml").toString()))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("policy_file");
    }
}

package dev.reseat.systemtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.reseat.process.Command;
import dev.reseat.process.CommandFailed;
import dev.reseat.process.CommandRunner;
import dev.reseat.process.SystemCommandRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The units shut their services in as far as their work allows, and systemd agrees. */
final class SystemdUnitsTest {
    private static final Path UNITS = Path.of("..", "systemd");
    private static final Pattern SCORE = Pattern.compile("Overall exposure level for \\S+: (\\d+\\.\\d)");
    private static final CommandRunner COMMANDS = new SystemCommandRunner(List.of());

    @ParameterizedTest
    @ValueSource(strings = {"api-node", "volume-manager", "compute-agent"})
    void exposureIsAtMostFour(String service) {
        Path unit = UNITS.resolve("reseat-" + service + ".service");
        String report;
        try {
            report = COMMANDS.run(Command.of(
                    Duration.ofMinutes(1), "systemd-analyze", "security", "--offline=true", "--no-pager",
                    unit.toString())).output();
        } catch (CommandFailed.NotStarted missing) {
            String sentence = "systemd-analyze is missing: install systemd";
            if ("required".equals(System.getProperty("reseat.peers"))) {
                fail(sentence, missing);
            }
            abort(sentence);
            return;
        }

        assertThat(SCORE.matcher(report).results().map(found -> found.group(1)).map(Double::valueOf))
                .singleElement()
                .satisfies(score -> assertThat(score).isLessThanOrEqualTo(4.0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"api-node", "volume-manager", "compute-agent"})
    void whatAServiceWritesIsItsOwn(String service) throws IOException {
        assertThat(lines(service)).contains(
                "UMask=0077", "ProtectSystem=strict", "StateDirectoryMode=0700", "NoNewPrivileges=true");
    }

    /** systemd-notify is a child of the service, so the notice does not come from the main process. */
    @ParameterizedTest
    @ValueSource(strings = {"api-node", "volume-manager", "compute-agent"})
    void theManagerIsToldWhenAServiceWorks(String service) throws IOException {
        assertThat(lines(service)).contains("Type=notify", "NotifyAccess=all");
        assertThat(value(service, "RestrictAddressFamilies")).contains("AF_UNIX");
    }

    @Test
    void noTwoServicesShareAStateDirectory() throws IOException {
        Set<String> seen = new HashSet<>();
        for (String service : List.of("api-node", "volume-manager", "compute-agent")) {
            List<String> own = value(service, "StateDirectory");
            assertThat(own).isNotEmpty().allSatisfy(name -> assertThat(seen.add(name)).as(name).isTrue());
        }
    }

    @Test
    void capabilitiesAreThoseTheWorkNeeds() throws IOException {
        assertThat(value("api-node", "CapabilityBoundingSet")).isEmpty();
        assertThat(value("volume-manager", "CapabilityBoundingSet"))
                .containsExactlyInAnyOrder("CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FOWNER");
        assertThat(value("compute-agent", "CapabilityBoundingSet"))
                .contains("CAP_SYS_ADMIN", "CAP_SYS_PTRACE", "CAP_SYS_RAWIO", "CAP_CHOWN")
                .doesNotContain("CAP_NET_ADMIN", "CAP_SYS_MODULE", "CAP_SYS_BOOT", "CAP_SYS_TIME");
    }

    /** Each of these is read-only otherwise, by ProtectKernelTunables or ProtectSystem. */
    @Test
    void anAgentWritesWhereItsConnectorsDo() throws IOException {
        assertThat(value("compute-agent", "ReadWritePaths"))
                .contains("-/sys/devices", "-/var/lib/nova", "-/etc/iscsi", "-/etc/multipath", "-/run");
        assertThat(lines("compute-agent")).contains("PrivateTmp=true");
    }

    private static List<String> value(String service, String key) throws IOException {
        return lines(service).stream()
                .filter(line -> line.startsWith(key + "="))
                .flatMap(line -> Pattern.compile("[^\\s=]+").matcher(line.substring(key.length())).results())
                .map(MatchResult::group)
                .toList();
    }

    private static List<String> lines(String service) throws IOException {
        return Files.readAllLines(UNITS.resolve("reseat-" + service + ".service"));
    }
}

package dev.reseat.volume.target.tgt;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.contract.connection.Portal;
import dev.reseat.runtime.Deadline;
import dev.reseat.testing.ScriptedCommands;
import dev.reseat.volume.driver.BackendPrograms;
import dev.reseat.volume.driver.DriverException;
import dev.reseat.volume.target.TargetConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a tgtadm that says of everything that it was done. */
final class TgtTargetsTest {
    private static final String TWO = "iqn.2010-10.org.openstack:volume-two";
    private static final String H1 = "iqn.1993-08.org.debian:01:h1";

    private static final String H1_LARGE = "iqn.1993-08.org.debian:01:H1";

    @TempDir private Path directory;

    private final ScriptedCommands commands = new ScriptedCommands();

    @Test
    void aProgramThatSaysItWasDoneIsNotBelieved() throws IOException {
        var config = new TargetConfig("iqn.2010-10.org.openstack:", List.of(new Portal("192.0.2.20", 3260)), directory,
                true, Optional.empty(), Optional.empty());
        var targets = new TgtTargets(config, new BackendPrograms(commands));
        Deadline soon = Deadline.after(Duration.ofSeconds(30));
        commands.whenever("tgtadm", "--lld", "iscsi", "--op", "show", "--mode", "target")
                .prints(TgtReportTest.transcript());
        commands.whenever("tgtadm", "--lld", "iscsi", "--op", "unbind", "--mode", "target", "--tid", "2",
                "--initiator-address", TgtReport.NOBODY).prints("");
        commands.whenever("tgtadm", "--lld", "iscsi", "--op", "unbind", "--mode", "target", "--tid", "2",
                "--initiator-name", H1).prints("");

        assertThatThrownBy(() -> targets.admitOnly(TWO, Set.of(), soon))
                .isInstanceOf(DriverException.BackendFailed.class)
                .hasMessageContaining(H1);
        assertThatThrownBy(() -> targets.keepOut(TWO, H1, soon)).isInstanceOf(DriverException.BackendFailed.class)
                .hasMessageContaining("still lets " + H1 + " in");
        assertThatThrownBy(() -> targets.keepOut(TWO, H1_LARGE, soon)).as("it is the same in large letters")
                .isInstanceOf(DriverException.BackendFailed.class)
                .hasMessageContaining("still lets");
        assertThatCode(() -> targets.keepOut(TWO, H1 + "0", soon)).doesNotThrowAnyException();
        assertThatCode(() -> targets.admitOnly(TWO, Set.of(H1_LARGE), soon)).doesNotThrowAnyException();
        assertThatCode(() -> targets.admitOnly(TWO, Set.of(H1), soon)).doesNotThrowAnyException();
    }
}

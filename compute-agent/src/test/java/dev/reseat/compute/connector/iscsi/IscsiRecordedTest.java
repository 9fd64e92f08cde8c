package dev.reseat.compute.connector.iscsi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.compute.connector.VolumeConnectorContract;
import dev.reseat.contract.connection.ConnectionInfo.IscsiPath;
import dev.reseat.contract.connection.Portal;
import dev.reseat.process.Command;
import dev.reseat.process.CommandFailed;
import dev.reseat.process.CommandResult;
import dev.reseat.process.CommandRunner;
import dev.reseat.testing.RecordedCommands;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What open-iscsi 2.1.8 printed on a kernel 6.1, as a slow test has recorded it. */
final class IscsiRecordedTest {
    private static final String IQN = "iqn.2010-10.org.openstack:volume-1";
    private static final IscsiPath WAY = new IscsiPath(new Portal("10.77.0.1", 3260), IQN, 1);

    @TempDir private Path root;

    private final List<RecordedCommands> recorded =
            RecordedCommands.read(IscsiRecordedTest.class, "iscsi-discovery.txt");
    private final CommandRunner commands = command -> recorded.stream()
            .filter(one -> one.words().equals(command.words()))
            .findFirst()
            .orElseThrow()
            .answer(command);

    @Test
    void whatAPortalTellsIsRead() {
        assertThat(new IscsiAdm(commands).discover(WAY, Optional.empty(), VolumeConnectorContract.soon()))
                .containsExactly(WAY, new IscsiPath(WAY.portal(), "iqn.2010-10.org.openstack:volume-2", 1));
    }

    @Test
    void whatItToldBeforeIsRead() {
        assertThat(new IscsiAdm(commands).discovered(WAY, VolumeConnectorContract.soon()))
                .containsExactly(WAY, new IscsiPath(WAY.portal(), "iqn.2010-10.org.openstack:volume-2", 1));
    }

    /** The codes of all, and what is printed of what is read. The real kernel's port was host0, the fake's is host1. */
    @ParameterizedTest
    @ValueSource(strings = {"iscsi-discovery.txt"})
    void theFakeAnswersAsTheRealHost(String transcript) {
        var host = new IscsiHostFake(root).with("10.77.0.1:3260", IQN)
                .with("10.77.0.1:3260", "iqn.2010-10.org.openstack:volume-2");

        for (RecordedCommands real : RecordedCommands.read(IscsiRecordedTest.class, transcript)) {
            List<String> words = real.words().stream().map(word -> word.replace("host0", "host1")).toList();
            Command command = Command.of(Duration.ofMinutes(1), words);
            CommandResult answer = answer(host, real.input().map(command::withInput).orElse(command));

            assertThat(answer.exitCode()).describedAs(words.toString()).isEqualTo(real.exitCode());
            if (isRead(words)) {
                assertThat(answer.output()).describedAs(words.toString()).isEqualTo(real.output());
            }
            if (words.getLast().endsWith("/scan")) { // udev and multipathd have seen the disk
                host.holder("dm-0", "mpath-mpatha", List.of("sda"));
            }
        }
    }

    private static boolean isRead(List<String> words) {
        return words.getFirst().equals("iscsiadm") && (words.size() == 3 || words.get(2).startsWith("discovery"));
    }

    private static CommandResult answer(IscsiHostFake host, Command command) {
        try {
            return host.run(command);
        } catch (CommandFailed.Exited e) {
            return new CommandResult(e.exitCode(), "", e.errors());
        }
    }

    @Test
    void recordsAreRead() {
        assertThat(new IscsiAdm(commands).records(VolumeConnectorContract.soon())).extracting(NodeRecord::iqn)
                .containsExactly(IQN, "iqn.2010-10.org.openstack:volume-2");
    }
}

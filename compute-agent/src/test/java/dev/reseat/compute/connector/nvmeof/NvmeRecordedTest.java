package dev.reseat.compute.connector.nvmeof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.contract.connection.Portal;
import dev.reseat.process.Command;
import dev.reseat.process.CommandFailed;
import dev.reseat.testing.RecordedCommands;
import dev.reseat.testing.RecordedFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a kernel 6.1 and nvme-cli 2.3 said, as {@link NvmeVmIT} has recorded it. */
final class NvmeRecordedTest {
    private static final String NQN = "nqn.2014-08.org.nvmexpress:volume-1";
    private static final String SELF = "nqn.2014-08.org.nvmexpress:uuid:00000000-0000-0000-0000-0000000000a1";

    @TempDir private Path root;

    @Test
    void twoControllersOfOneDiskAreReadWithTheirWays() throws IOException {
        RecordedFiles.restore(NvmeRecordedTest.class, "nvme-two-files.txt", root);

        assertThat(new NvmeControllers(root).all()).containsExactly(
                controller("nvme0", "10.77.0.11", "optimized"), controller("nvme1", "10.77.1.11", "inaccessible"));
    }

    @Test
    void oneControllerIsRead() throws IOException {
        RecordedFiles.restore(NvmeRecordedTest.class, "nvme-one-files.txt", root);

        assertThat(new NvmeControllers(root).all()).containsExactly(controller("nvme0", "10.77.0.11", "optimized"));
    }

    private static NvmeController controller(String name, String address, String access) {
        return new NvmeController(name, NQN, "tcp", Optional.of(new Portal(address, 4420)), Optional.of(SELF), "live",
                List.of(new NvmeNamespace("nvme0n1", Optional.of(NvmeHostFake.uuid(11)), Optional.empty(),
                        Optional.of(1), Optional.of(access))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"nvme-one.txt", "nvme-two.txt"})
    void theFakeAnswersAsTheRealHost(String transcript) {
        var host = new NvmeHostFake(root).with("10.77.0.11:4420", NQN, 1).with("10.77.1.11:4420", NQN, 1);

        for (RecordedCommands real : RecordedCommands.read(NvmeRecordedTest.class, transcript)) {
            int code;
            try {
                code = host.run(Command.of(Duration.ofMinutes(1), real.words())).exitCode();
            } catch (CommandFailed.Exited e) {
                code = e.exitCode();
            }
            assertThat(code).describedAs(real.words().toString()).isEqualTo(real.exitCode());
        }
    }
}

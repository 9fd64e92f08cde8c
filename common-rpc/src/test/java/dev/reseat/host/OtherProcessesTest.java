package dev.reseat.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.contract.evidence.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is seen of processes that come and go while they are looked at. */
final class OtherProcessesTest {
    private static final DeviceNumber DEVICE = new DeviceNumber(8, 16);

    @TempDir private Path directory;

    private Path processes;

    @BeforeEach
    void seesEveryProcess() throws IOException {
        processes = directory.resolve("proc");
        namespace("self", "pid", FileLocks.FIRST_NAMESPACE.toString());
        Files.createDirectories(directory.resolve("dev/8:16/holders"));
    }

    private void namespace(String process, String kind, String name) throws IOException {
        Files.createSymbolicLink(
                Files.createDirectories(processes.resolve(process).resolve("ns")).resolve(kind), Path.of(name));
    }

    private void hasMounted(String process) throws IOException {
        namespace(process, "mnt", "mnt:[4026531841]");
        Files.writeString(processes.resolve(process).resolve("mountinfo"),
                "99 25 8:16 / /mnt/with\\040space rw - ext4 /dev/sdb rw\n");
        Files.createDirectories(processes.resolve(process).resolve("fd"));
    }

    private MountTable table() {
        return new MountTable(processes, directory.resolve("fstab"), false);
    }

    /** Whichever of the two is come upon first. */
    @ParameterizedTest
    @CsvSource({"10, 11", "11, 10"})
    void oneThatEndsMeanwhileHidesNothingOfOthersInItsNamespace(String ending, String living) throws IOException {
        hasMounted(living);
        namespace(ending, "mnt", "mnt:[4026531841]"); // and nothing else of it is there any more

        Findings<String> mounts = table().anywhere();
        Findings<String> users = new DeviceUsers(processes, directory.resolve("dev")).of(DEVICE);

        assertThat(mounts.found()).containsExactly("/mnt/with space");
        assertThat(mounts.doubts()).isEmpty();
        assertThat(users.found()).singleElement().asString().contains("the mount on /mnt/with");
        assertThat(users.doubts()).isEmpty();
    }

    @Test
    void aMountWhoseNameIsNoTextHidesNoOther() throws IOException {
        hasMounted("10");
        Path mounts = processes.resolve("10/mountinfo");
        byte[] odd = {'9', '8', ' ', '2', '5', ' ', '8', ':', '3', ' ', '/', ' ', '/', (byte) 0xff, '\n'};
        byte[] all = new byte[odd.length + (int) Files.size(mounts)];
        System.arraycopy(odd, 0, all, 0, odd.length);
        System.arraycopy(Files.readAllBytes(mounts), 0, all, odd.length, all.length - odd.length);
        Files.write(mounts, all);

        assertThat(table().anywhere().found()).contains("/mnt/with space");
        assertThat(new DeviceUsers(processes, directory.resolve("dev")).of(DEVICE).any()).isEqualTo(Answer.YES);
    }
}

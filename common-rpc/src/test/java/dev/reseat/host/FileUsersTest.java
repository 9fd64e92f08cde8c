package dev.reseat.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.contract.evidence.Answer;
import dev.reseat.process.SystemCommandRunner;
import dev.reseat.testing.LockHolder;
import dev.reseat.testing.SparseFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FileUsersTest {
    @TempDir private Path directory;

    private final FileUsers users = FileUsers.onThisHost(true, new SystemCommandRunner(List.of()));

    @Test
    void aLockTakenUnderAnotherNameCounts() throws Exception {
        Path file = SparseFile.create(directory.resolve("volume-1"));
        Path other = Files.createLink(Files.createDirectory(directory.resolve("guest")).resolve("disk"), file);
        assertThat(users.look(file).any()).isEqualTo(Answer.NO);
        try (LockHolder holder = LockHolder.of(other)) {
            assertThat(users.look(file).any()).isEqualTo(Answer.YES);
            assertThat(users.look(file).detail("")).contains("pid " + holder.pid());
        }
    }

    @Test
    void aFileThatIsNotToBeSeenIsUnknown() {
        assertThat(users.look(directory.resolve("volume-2")).any()).isEqualTo(Answer.UNKNOWN);
        assertThat(users.look(directory.resolve("unmounted/volume-2")).any()).isEqualTo(Answer.UNKNOWN);
    }

    @Test
    void onAFileSystemOfSeveralHostsNobodyInSightIsUnknown() {
        Path shared = Path.of("/proc/self/status"); // any file system that is not known to be this host's alone

        assertThat(users.look(shared).doubts())
                .anyMatch(doubt -> doubt.contains("other hosts may hold files on proc"));
    }
}

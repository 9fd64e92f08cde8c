package dev.reseat.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.reseat.contract.evidence.Answer;
import dev.reseat.process.SystemCommandRunner;
import dev.reseat.testing.LockHolder;
import dev.reseat.testing.SparseFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FileLocksTest {
    private static final Path LOCKS = Path.of("/proc/locks");
    private static final Path PROCESSES = Path.of("/proc");
    private static final Path NAMESPACE = Path.of("/proc/self/ns/pid");

    @TempDir private Path directory;

    private Path file;
    private final FileLocks locks = FileLocks.onThisHost(true, new SystemCommandRunner(List.of()));

    @BeforeEach
    void makeVolume() throws IOException {
        file = SparseFile.create(directory.resolve("volume-1"));
    }

    private FileLocks with(Path table) {
        return with(table, NAMESPACE, true);
    }

    private static FileLocks with(Path table, Path namespace, boolean shared) {
        return new FileLocks(
                new LockTable(table, PROCESSES), namespace, shared, new SystemCommandRunner(List.of()));
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }

    private Path container() throws IOException {
        return Files.createSymbolicLink(directory.resolve("pid"), Path.of("pid:[4026532001]"));
    }

    private String line(String kind, long pid) throws IOException {
        FileId id = FileId.of(file);
        return "1: %s ADVISORY  WRITE %d %02x:%02x:%d 0 EOF\n"
                .formatted(kind, pid, id.device().major(), id.device().minor(), id.inode());
    }

    @Test
    void nobodyHoldsAFileThatIsOnlyThere() {
        assertThat(locks.on(file).any()).isEqualTo(Answer.NO);
    }

    @Test
    void aLockOfAnotherProcessIsSeenWithItsPid() throws Exception {
        try (LockHolder holder = LockHolder.of(file)) {
            Findings<FileLock> seen = locks.on(file);

            assertThat(seen.any()).isEqualTo(Answer.YES);
            assertThat(seen.detail("")).contains("FLOCK").contains("pid " + holder.pid() + " (flock)");
        }
        assertThat(locks.on(file).any()).isEqualTo(Answer.NO);
    }

    @Test
    void aLockTakenUnderAnotherNameCounts() throws Exception {
        Path other = Files.createLink(directory.resolve("other-name"), file);
        try (LockHolder _ = LockHolder.of(other)) {
            assertThat(locks.on(file).any()).isEqualTo(Answer.YES);
        }
    }

    @Test
    void aLockLeftToAChildOutlivesWhoTookIt() throws Exception {
        // the middle shell takes the lock on its descriptor and ends; the child goes on with the descriptor
        Process child = new ProcessBuilder("sh", "-c", """
                exec 9<"$1"
                (flock --exclusive 9; sh -c 'echo $$' >&2) 2>"$2"
                echo taken
                read line
                """, "sh", file.toString(), directory.resolve("pid-of-child").toString()).start();
        try {
            assertThat(child.inputReader().readLine()).isEqualTo("taken");
            Findings<FileLock> seen = locks.on(file);

            assertThat(seen.any()).isEqualTo(Answer.YES);
            assertThat(seen.found().getFirst().process()).isNotEqualTo(java.util.Optional.of(child.pid()));
            assertThat(seen.detail("")).contains("ended or hidden");
        } finally {
            child.outputWriter().close();
            assertThat(child.waitFor(10, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(locks.on(file).any()).isEqualTo(Answer.NO);
    }

    @Test
    void aLockOfThisProcessIsSeenAndSurvivesTheLook() throws Exception {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.lock();

            assertThat(locks.on(file).any()).isEqualTo(Answer.YES);
            assertThat(locks.on(file).any()).isEqualTo(Answer.YES);
        }
        assertThat(locks.on(file).any()).isEqualTo(Answer.NO);
    }

    @Test
    void aLockOnAnotherFileIsNobodysBusiness() throws Exception {
        Path other = SparseFile.create(directory.resolve("volume-2"));
        try (LockHolder _ = LockHolder.of(other)) {
            assertThat(locks.on(file).any()).isEqualTo(Answer.NO);
        }
    }

    @Test
    void aFileOrFolderThatIsNotThereIsUnknown() {
        assertThat(locks.on(directory.resolve("volume-2")).any()).isEqualTo(Answer.UNKNOWN);
        assertThat(locks.on(directory.resolve("unmounted/volume-2")).any()).isEqualTo(Answer.UNKNOWN);
    }

    @Test
    void aTableThatDoesNotShowOurOwnLockProvesNothing() throws Exception {
        Findings<FileLock> seen = with(write("locks", "")).on(file);

        assertThat(seen.any()).isEqualTo(Answer.UNKNOWN);
        assertThat(seen.detail("")).contains("does not show a lock taken");
    }

    @Test
    void aHolderCountsEvenWhereMuchIsInDoubt() throws Exception {
        assertThat(with(write("locks", line("OFDLCK", -1))).on(file).any()).isEqualTo(Answer.YES);
    }

    @Test
    void whoOnlyWaitsForALockHoldsNothing() throws Exception {
        Path table = write("locks", """
                1: POSIX  ADVISORY  WRITE 1 <none>:0 0 EOF
                2: FLOCK  ADVISORY  WRITE 2 00:01:5 0 EOF
                """ + line("-> FLOCK", 3));

        assertThat(with(table).on(file).found()).isEmpty();
    }

    @Test
    void whatCannotBeReadOrUnderstoodIsUnknown() throws Exception {
        for (String line : List.of("1: FLOCK", "1: FLOCK ADVISORY WRITE 2 nonsense 0 EOF")) {
            assertThat(with(write("locks", line + "\n")).on(file).any()).isEqualTo(Answer.UNKNOWN);
        }
        assertThat(with(directory.resolve("absent")).on(file).any()).isEqualTo(Answer.UNKNOWN);
    }

    @Test
    void insideAContainerLocksOfOthersMayNotShow() throws Exception {
        Path inside = container();

        assertThat(with(LOCKS, inside, false).on(file).any()).isEqualTo(Answer.UNKNOWN);
        assertThat(with(LOCKS, inside, true).on(file).any()).isEqualTo(Answer.NO);
    }

    @Test
    void insideAContainerTheLockItselfIsTried() throws Exception {
        assumeTrue(Files.exists(LOCKS), "no table of locks");
        Path withoutIt = write("locks", "1: FLOCK  ADVISORY  WRITE 2 00:01:5 0 EOF\n");
        try (LockHolder _ = LockHolder.of(file)) {
            assertThat(with(withoutIt, container(), true).on(file).any()).isEqualTo(Answer.YES);
        }
    }

    @Test
    void insideAContainerTheTryOfAnotherIsNoLock() throws Exception {
        assumeTrue(Files.exists(LOCKS), "no table of locks");
        var table = new LockTable(LOCKS, PROCESSES);
        Process other = new ProcessBuilder("flock", "--exclusive", file.toString(), "sleep", "0.3").start();
        while (table.on(file).found().isEmpty()) {
            assertThat(other.isAlive()).as("it has the lock for a while").isTrue();
        }

        assertThat(with(LOCKS, container(), true).on(file).any()).isEqualTo(Answer.NO);
        assertThat(other.waitFor()).isZero();
    }

    @Test
    void insideAContainerAHolderIsNamed() throws Exception {
        assumeTrue(Files.exists(LOCKS), "no table of locks");
        try (LockHolder holder = LockHolder.of(file)) {
            assertThat(with(LOCKS, container(), true).on(file).detail("")).contains("pid " + holder.pid());
        }
    }
}

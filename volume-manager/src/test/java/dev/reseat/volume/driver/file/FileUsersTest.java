package dev.reseat.volume.driver.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.reseat.contract.Answer;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FileUsersTest {
    private static final Path LOCKS = Path.of("/proc/locks");
    private static final Path PROCESSES = Path.of("/proc");
    private static final Path BLOCKS = Path.of("/sys/block");
    private static final Path NAMESPACE = Path.of("/proc/self/ns/pid");

    @TempDir private Path directory;

    private Path file;
    private final FileUsers holders = FileUsers.onThisHost(true);

    @BeforeEach
    void makeVolume() throws IOException {
        file = SparseFile.create(directory.resolve("volume-1"));
    }

    private FileUsers with(Path locks, Path blocks) {
        return new FileUsers(new LockTable(locks, PROCESSES), new LoopDevices(blocks), NAMESPACE, true);
    }

    private Path write(String name, String text) throws IOException {
        Path path = directory.resolve(name);
        Files.createDirectories(path.getParent());
        return Files.writeString(path, text);
    }

    @Test
    void nobodyHoldsAFileThatIsOnlyThere() {
        assertThat(holders.look(file).held()).isEqualTo(Answer.NO);
    }

    @Test
    void aLockOfAnotherProcessIsSeenWithItsPid() throws Exception {
        try (LockHolder holder = LockHolder.of(file)) {
            Observation sighting = holders.look(file);

            assertThat(sighting.held()).isEqualTo(Answer.YES);
            assertThat(sighting.detail()).contains("FLOCK").contains("pid " + holder.pid() + " (flock)");
        }
        assertThat(holders.look(file).held()).isEqualTo(Answer.NO);
    }

    @Test
    void aLockOfThisProcessIsSeenAndSurvivesTheLook() throws Exception {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.lock();

            assertThat(holders.look(file).held()).isEqualTo(Answer.YES);
            assertThat(holders.look(file).held()).isEqualTo(Answer.YES);
        }
        assertThat(holders.look(file).held()).isEqualTo(Answer.NO);
    }

    @Test
    void aLockOnAnotherFileIsNobodysBusiness() throws Exception {
        Path other = SparseFile.create(directory.resolve("volume-2"));
        try (LockHolder _ = LockHolder.of(other)) {
            assertThat(holders.look(file).held()).isEqualTo(Answer.NO);
        }
    }

    @Test
    void aRealLoopDeviceIsSeen() throws Exception {
        String device = losetup("--find", "--show", file.toString());
        try {
            Observation sighting = holders.look(file);

            assertThat(sighting.held()).isEqualTo(Answer.YES);
            assertThat(sighting.detail()).contains(device + " is backed by it");
        } finally {
            losetup("--detach", device);
        }
        assertThat(holders.look(file).held()).isEqualTo(Answer.NO);
    }

    @Test
    void aLoopDeviceIsFoundThroughALink() throws Exception {
        Path link = Files.createSymbolicLink(directory.resolve("link"), file);
        write("block/loop7/loop/backing_file", file + "\n");

        Observation sighting = with(LOCKS, directory.resolve("block")).look(link);

        assertThat(sighting.holders()).containsExactly("/dev/loop7 is backed by it");
    }

    @Test
    void aDeletedFileOfTheSameNameStillCounts() throws Exception {
        write("block/loop7/loop/backing_file", file.toRealPath() + " (deleted)\n");

        assertThat(with(LOCKS, directory.resolve("block")).look(file).held()).isEqualTo(Answer.YES);
    }

    @Test
    void aLoopDeviceOnAnotherFileOutOfSightIsNone() throws Exception {
        write("block/loop7/loop/backing_file", "/of/somebody/else/snap.img\n");

        assertThat(with(LOCKS, directory.resolve("block")).look(file).held()).isEqualTo(Answer.NO);
    }

    @Test
    void aLoopDeviceOutOfSightIsADoubtForAFileOfTwoNames() throws Exception {
        Files.createLink(directory.resolve("other-name"), file);
        write("block/loop7/loop/backing_file", "/in/another/container/other-name\n");

        assertThat(with(LOCKS, directory.resolve("block")).look(file).held()).isEqualTo(Answer.UNKNOWN);
    }

    @Test
    void aLoopDeviceOnAFileOutOfSightIsADoubt() throws Exception {
        write("block/loop7/loop/backing_file", "/in/another/container/volume-1\n");
        Files.createDirectories(directory.resolve("block/loop8"));

        Observation sighting = with(LOCKS, directory.resolve("block")).look(file);

        assertThat(sighting.held()).isEqualTo(Answer.UNKNOWN);
        assertThat(sighting.detail()).contains("/dev/loop7");
    }

    @Test
    void aTableThatDoesNotShowOurOwnLockProvesNothing() throws Exception {
        Path empty = write("locks", "");

        Observation sighting = with(empty, BLOCKS).look(file);

        assertThat(sighting.held()).isEqualTo(Answer.UNKNOWN);
        assertThat(sighting.detail()).contains("does not show a lock taken");
    }

    @Test
    void aHolderCountsEvenWhereMuchIsInDoubt() throws Exception {
        FileId id = FileId.of(file);
        Path locks = write(
                "locks",
                "1: OFDLCK ADVISORY  READ -1 %02x:%02x:%d 100 101\n".formatted(id.major(), id.minor(), id.inode()));

        assertThat(with(locks, directory.resolve("nowhere")).look(file).held()).isEqualTo(Answer.YES);
    }

    @Test
    void whoOnlyWaitsForALockHoldsNothing() throws Exception {
        FileId id = FileId.of(file);
        Path locks = write(
                "locks",
                """
                1: POSIX  ADVISORY  WRITE 1 <none>:0 0 EOF
                2: FLOCK  ADVISORY  WRITE 2 00:01:5 0 EOF
                2: -> FLOCK  ADVISORY  WRITE 3 %02x:%02x:%d 0 EOF
                """.formatted(id.major(), id.minor(), id.inode()));

        assertThat(with(locks, BLOCKS).look(file).holders()).isEmpty();
    }

    @Test
    void whatCannotBeReadOrUnderstoodIsUnknown() throws Exception {
        for (String line : List.of("1: FLOCK", "1: FLOCK ADVISORY WRITE 2 nonsense 0 EOF"))
            assertThat(with(write("locks", line + "\n"), BLOCKS).look(file).held()).isEqualTo(Answer.UNKNOWN);
        assertThat(with(directory.resolve("absent"), BLOCKS).look(file).held()).isEqualTo(Answer.UNKNOWN);
        assertThat(with(LOCKS, directory.resolve("absent")).look(file).held()).isEqualTo(Answer.UNKNOWN);
    }

    @Test
    void insideAContainerLocksOfOthersMayNotShow() throws Exception {
        Path inside = Files.createSymbolicLink(directory.resolve("pid"), Path.of("pid:[4026532001]"));
        var locks = new LockTable(LOCKS, PROCESSES);
        var loops = new LoopDevices(BLOCKS);

        assertThat(new FileUsers(locks, loops, inside, false).look(file).held()).isEqualTo(Answer.UNKNOWN);
        assertThat(new FileUsers(locks, loops, inside, true).look(file).held()).isEqualTo(Answer.NO);
    }

    @Test
    void onAFileSystemOfSeveralHostsNobodyInSightIsUnknown() {
        Path shared = Path.of("/proc/self/status"); // any file system that is not known to be this host's alone

        assertThat(holders.look(shared).doubts())
                .anyMatch(doubt -> doubt.contains("other hosts may hold files on proc"));
    }

    private static String losetup(String... words) throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "loop devices need root");
        var command = new ArrayList<>(List.of("losetup"));
        command.addAll(List.of(words));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said =
                new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assumeTrue(
                process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0,
                "no loop devices on this machine: " + said);
        return said;
    }
}

package dev.reseat.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.reseat.contract.evidence.Answer;
import dev.reseat.testing.SparseFile;
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

final class LoopDevicesTest {
    private static final Path BLOCKS = Path.of("/sys/block");

    @TempDir private Path directory;

    private Path file;

    @BeforeEach
    void makeVolume() throws IOException {
        file = SparseFile.create(directory.resolve("volume-1"));
    }

    private LoopDevices backedBy(String backing) throws IOException {
        Path loop = Files.createDirectories(directory.resolve("block/loop7/loop"));
        Files.writeString(loop.resolve("backing_file"), backing + "\n");
        Files.createDirectories(directory.resolve("block/loop8"));
        return new LoopDevices(directory.resolve("block"));
    }

    @Test
    void aRealLoopDeviceIsSeenAndItsUserToo() throws Exception {
        var loops = new LoopDevices(BLOCKS);
        Path other = Files.createLink(directory.resolve("other-name"), file);
        String device = losetup("--find", "--show", other.toString());
        try {
            Findings<LoopDevices.LoopDevice> seen = loops.on(file);

            assertThat(seen.any()).isEqualTo(Answer.YES);
            assertThat(seen.detail("")).contains(device + " is backed by it");
            assertThat(loops.isFree(Path.of(device))).isFalse();
            assertThat(DeviceUsers.onThisHost().of(Path.of(device)).found()).isEmpty();
            Path alias = Files.createSymbolicLink(directory.resolve("disk"), Path.of(device));
            try (FileChannel _ = FileChannel.open(alias, StandardOpenOption.READ)) {
                assertThat(DeviceUsers.onThisHost().of(alias).found())
                        .containsExactly("process " + ProcessHandle.current().pid());
            }
        } finally {
            losetup("--detach", device);
        }
        assertThat(loops.on(file).any()).isEqualTo(Answer.NO);
    }

    @Test
    void aLoopDeviceIsFoundThroughALink() throws Exception {
        Path link = Files.createSymbolicLink(directory.resolve("link"), file);

        assertThat(backedBy(file.toString()).on(link).detail("")).isEqualTo("/dev/loop7 is backed by it");
    }

    @Test
    void aDeletedFileOfTheSameNameStillCounts() throws Exception {
        assertThat(backedBy(file.toRealPath() + " (deleted)").on(file).any()).isEqualTo(Answer.YES);
    }

    @Test
    void aLoopDeviceOnAnotherFileOutOfSightIsNone() throws Exception {
        assertThat(backedBy("/of/somebody/else/snap.img").on(file).any()).isEqualTo(Answer.NO);
    }

    @Test
    void aLoopDeviceOutOfSightIsADoubtForAFileOfTwoNames() throws Exception {
        Files.createLink(directory.resolve("other-name"), file);

        assertThat(backedBy("/in/another/container/disk").on(file).any()).isEqualTo(Answer.UNKNOWN);
    }

    @Test
    void aLoopDeviceOnAFileOutOfSightIsADoubt() throws Exception {
        Findings<LoopDevices.LoopDevice> seen = backedBy("/in/another/container/volume-1").on(file);

        assertThat(seen.any()).isEqualTo(Answer.UNKNOWN);
        assertThat(seen.detail("")).contains("/dev/loop7");
    }

    @Test
    void whereDevicesCannotBeReadNobodyKnows() {
        assertThat(new LoopDevices(directory.resolve("absent")).on(file).any()).isEqualTo(Answer.UNKNOWN);
        assertThat(DeviceUsers.onThisHost().of(file).any()).isEqualTo(Answer.UNKNOWN);
        assertThat(DeviceUsers.onThisHost().of(directory.resolve("absent")).any()).isEqualTo(Answer.UNKNOWN);
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

package dev.reseat.compute.connector.rbd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.compute.connector.ConnectorException;
import dev.reseat.contract.compute.HostInventory;
import dev.reseat.contract.connection.ConnectionInfo;
import dev.reseat.contract.evidence.Answer;
import dev.reseat.runtime.Deadline;
import dev.reseat.testing.RecordedFiles;
import dev.reseat.testing.ScriptedCommands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a folder as the kernel makes it, since most machines that run this have no rbd in their kernel. */
final class RbdConnectorTest {
    private static final ConnectionInfo.Rbd VOLUME =
            (ConnectionInfo.Rbd) ConnectionInfo.of("rbd", Map.of("name", "volumes/volume-1"));

    @TempDir private Path sys;

    private Deadline soon() {
        return Deadline.after(Duration.ofSeconds(30));
    }

    private RbdConnector connector() {
        return new RbdConnector(new MappedImages(sys), new KernelImages(new ScriptedCommands()));
    }

    private Path map(int number, String pool, String image) throws IOException {
        Path device = Files.createDirectories(sys.resolve("sys/bus/rbd/devices/" + number));
        Files.writeString(device.resolve("pool"), pool + "\n");
        Files.writeString(device.resolve("name"), image + "\n");
        return device;
    }

    @BeforeEach
    void seesTheKernel() throws IOException {
        Files.createDirectories(sys.resolve("sys/block"));
    }

    @Test
    void aKernelThatIsNotSeenIsNoAnswer() throws IOException {
        Files.delete(sys.resolve("sys/block"));

        assertThat(connector().inspect(VOLUME).held()).isEqualTo(Answer.UNKNOWN);
        assertThat(connector().inventory().blind()).singleElement().asString().contains("is not to be seen");
        assertThatThrownBy(() -> connector().disconnect(VOLUME, soon())).isInstanceOf(ConnectorException.Failed.class);
    }

    @Test
    void aHostWithoutKernelRbdHoldsNothingAndHasNothingToTakeDown() {
        assertThat(connector().inspect(VOLUME).held()).isEqualTo(Answer.NO);
        assertThatCode(() -> connector().disconnect(VOLUME, soon())).doesNotThrowAnyException();
        assertThatThrownBy(() -> connector().connect(VOLUME, soon())).isInstanceOf(ConnectorException.Failed.class)
                .hasMessageContaining("librbd");
    }

    @Test
    void anImageOfThatNameInAnotherPoolIsAnother() throws Exception {
        map(0, "backups", "volume-1");
        map(1, "volumes", "volume-10");

        assertThat(connector().inspect(VOLUME).held()).isEqualTo(Answer.NO);
        assertThatCode(() -> connector().disconnect(VOLUME, soon())).doesNotThrowAnyException();
    }

    @Test
    void whatTheKernelHasMappedIsHeldAndNotUnmapped() throws Exception {
        map(3, "volumes", "volume-1");

        assertThat(connector().inspect(VOLUME).held()).isEqualTo(Answer.YES);
        assertThat(connector().inspect(VOLUME).detail()).contains("/dev/rbd3");
        assertThatThrownBy(() -> connector().disconnect(VOLUME, soon())).isInstanceOf(ConnectorException.Busy.class)
                .hasMessageContaining("/dev/rbd3");
    }

    /** As {@link RbdVmIT} has recorded it of a kernel 6.1. */
    @Test
    void imagesOfOneNameInTwoPoolsAreToldApartAsARealKernelShowsThem() {
        RecordedFiles.restore(RbdConnectorTest.class, "rbd-files.txt", sys);
        var mapped = new MappedImages(sys);

        assertThat(mapped.of(VOLUME).found()).containsExactly("/dev/rbd1");
        assertThat(mapped.all().found()).containsExactly("volume-1", "volume-1");
    }

    @Test
    void everyMappedImageIsListed() throws Exception {
        assertThat(connector().inventory().held()).isEmpty();
        map(3, "volumes", "volume-1");

        assertThat(connector().inventory().held()).extracting(HostInventory.Held::name).containsExactly("volume-1");
        assertThat(connector().inventory().blind()).isEmpty();
    }

    @Test
    void whatCannotBeReadIsADoubt() throws Exception {
        Path device = map(3, "volumes", "volume-1");
        Files.delete(device.resolve("name"));
        Files.createDirectory(device.resolve("name")); // an attribute that cannot be read, for root either

        assertThat(connector().inspect(VOLUME).held()).isEqualTo(Answer.UNKNOWN);
        assertThatThrownBy(() -> connector().disconnect(VOLUME, soon())).isInstanceOf(ConnectorException.Failed.class);
    }
}

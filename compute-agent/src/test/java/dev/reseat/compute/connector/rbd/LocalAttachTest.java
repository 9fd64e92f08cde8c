package dev.reseat.compute.connector.rbd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.compute.connector.ConnectorException;
import dev.reseat.compute.connector.VolumeConnector;
import dev.reseat.compute.connector.VolumeConnectorContract;
import dev.reseat.contract.connection.ConnectionInfo;
import dev.reseat.contract.evidence.Answer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Images that a host attaches to itself, through its kernel. */
final class LocalAttachTest extends VolumeConnectorContract<ConnectionInfo.Rbd> {
    @TempDir private Path sys;
    private KernelRbd kernel;

    @BeforeEach
    void startKernel() {
        try {
            Files.createDirectories(devices());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        kernel = new KernelRbd(devices());
    }

    private Path devices() {
        return sys.resolve("sys/bus/rbd/devices");
    }

    @Override
    protected VolumeConnector<ConnectionInfo.Rbd> open() {
        return new RbdConnector(new MappedImages(sys), new KernelImages(command -> kernel.run(command)));
    }

    @Override
    protected ConnectionInfo.Rbd volume(int number) {
        return connection("volume-" + number);
    }

    /** One of a kernel that shows a device and not what it is. */
    @Override
    protected ConnectionInfo.Rbd unreachable() {
        try {
            Files.createDirectories(devices().resolve("99/name")); // no file: it cannot be read, by root either
            Files.writeString(devices().resolve("99/pool"), "volumes\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return connection("volume-9");
    }

    private static ConnectionInfo.Rbd connection(String image) {
        return (ConnectionInfo.Rbd) ConnectionInfo.of("rbd", Map.of(
                "name", "volumes/" + image, "hosts", List.of("192.0.2.41", "2001:db8::1"), "ports",
                List.of("6789", "3300"), "auth_enabled", true, "auth_username", "cinder", "do_local_attach", true,
                "keyring", "[client.cinder]\n key = c2VjcmV0\n"));
    }

    @Test
    void mapsByPoolAndImageAsOsBrickDoes() {
        open().connect(volume(1), soon());
        open().disconnect(volume(1), soon());

        assertThat(kernel.ran().getFirst()).startsWith("rbd", "map", "volume-1", "--pool", "volumes", "--id", "cinder",
                "--mon_host", "192.0.2.41:6789,[2001:db8:0:0:0:0:0:1]:3300", "--conf");
        assertThat(kernel.ran().getLast()).startsWith("rbd", "unmap", "/dev/rbd0", "--id", "cinder");
    }

    @Test
    void theKeyIsInNoCommandAndInAFileOfOurOwnThatIsGoneAfterwards() {
        open().connect(volume(1), soon());

        assertThat(kernel.ran().toString()).doesNotContain("c2VjcmV0");
        assertThat(kernel.files()).allMatch(file -> file.startsWith("rw------- "))
                .anyMatch(file -> file.contains("key = c2VjcmV0"));
        Path configuration = Path.of(kernel.ran().getFirst().getLast());
        assertThat(configuration.getParent()).doesNotExist();
    }

    @Test
    void anImageOfTheNameInAnotherPoolStaysMapped() {
        var other = (ConnectionInfo.Rbd) ConnectionInfo.of("rbd", Map.of(
                "name", "backups/volume-1", "do_local_attach", true));
        open().connect(other, soon());
        open().connect(volume(1), soon());

        open().disconnect(volume(1), soon());

        assertThat(open().inspect(other).held()).isEqualTo(Answer.YES);
        assertThat(open().inspect(volume(1)).held()).isEqualTo(Answer.NO);
    }

    @Test
    void whatIsOpenStaysMapped() {
        open().connect(volume(1), soon());
        kernel.open();

        assertThatThrownBy(() -> open().disconnect(volume(1), soon())).isInstanceOf(ConnectorException.Busy.class);
        assertThat(open().inspect(volume(1)).held()).isEqualTo(Answer.YES);
    }
}

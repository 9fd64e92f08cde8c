package dev.reseat.volume.target.lio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.contract.connection.ConnectionInfo.Chap;
import dev.reseat.contract.connection.Secret;
import dev.reseat.testing.RecordedFiles;
import dev.reseat.volume.target.IscsiTarget;
import dev.reseat.volume.target.IscsiTarget.Session;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a kernel 6.1 showed of a target that Cinder's program made, as {@link LioVmIT} has recorded it. */
final class LioRecordedTest {
    private static final String IQN = "iqn.2010-10.org.openstack:volume-1";
    private static final String H1 = "iqn.1993-08.org.debian:01:host-a";
    private static final String H2 = "iqn.1993-08.org.debian:01:host-b";
    private static final Chap CHAP = new Chap("CHAP", "user", new Secret("password-of-it"));

    @TempDir private Path root;

    private LioTree tree;

    @BeforeEach
    void restore() {
        RecordedFiles.restore(LioRecordedTest.class, "lio-session-files.txt", root);
        tree = new LioTree(root.resolve("sys/kernel/config/target"));
    }

    @Test
    void itsInitiatorsAndTheSessionOfOneAreRead() {
        IscsiTarget target = tree.find(IQN).orElseThrow();

        assertThat(tree.names()).containsExactly(IQN);
        assertThat(target.open()).isFalse();
        assertThat(target.admitted()).containsExactlyInAnyOrder(H1, H2);
        assertThat(target.sessions()).containsExactly(new Session("1", H1, Optional.of("10.77.0.11")));
    }

    @Test
    void itIsWholeWithItsDeviceAndItsPassword() {
        assertThat(tree.isWhole(IQN)).isTrue();
        assertThat(tree.holdsDevice(IQN)).isTrue();
        assertThat(tree.admits(IQN, H1, CHAP)).isTrue();
        assertThat(tree.admits(IQN, H1, new Chap("CHAP", "another", CHAP.password()))).isFalse();
        assertThat(tree.chap(IQN)).contains(CHAP);
    }
}

package dev.reseat.volume.target.tgt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.volume.driver.DriverException;
import dev.reseat.volume.target.IscsiTarget.Session;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class TgtReportTest {
    private static final String ONE = "iqn.2010-10.org.openstack:volume-one";
    private static final String TWO = "iqn.2010-10.org.openstack:volume-two";
    private static final String H1 = "iqn.1993-08.org.debian:01:h1";

    static String transcript() throws IOException {
        try (InputStream text = TgtReportTest.class.getResourceAsStream("/tgt/targets.txt")) {
            return new String(text.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void everySessionOfAnInitiatorIsSeenTheDeadOneToo() throws IOException {
        TgtReport.Target one = TgtReport.read(transcript()).get(ONE);

        assertThat(one.seen().sessions()).containsExactly(
                new Session("3", H1, Optional.of("10.78.0.11")),
                new Session("7", H1, Optional.of("10.78.0.11")),
                new Session("9", "iqn.1993-08.org.debian:01:h2", Optional.of("fd00::12")));
        assertThat(one.nexuses()).extracting(TgtReport.Nexus::connection)
                .containsExactly(Optional.of("0"), Optional.of("0"), Optional.of("1"));
        assertThat(one.devices()).containsEntry(1, "/dev/cinder-volumes/volume-one");
        assertThat(one.accounts()).containsExactly("u1");
    }

    @Test
    void allIsOpenAndTheAddressOfNobodyIsNot() throws IOException {
        var targets = TgtReport.read(transcript());

        assertThat(targets.get(ONE).open()).isTrue();
        assertThat(targets.get(ONE).initiators()).containsExactly(H1);
        assertThat(targets.get(TWO).open()).isFalse();
        assertThat(targets.get(TWO).seen().admitted()).containsExactly(H1);
        assertThat(targets.get(TWO).seen().id()).isEqualTo("2");
    }

    @Test
    void noTargetsAreAnAnswerAndAnythingElseIsNone() throws IOException {
        assertThat(TgtReport.read("")).isEmpty();
        assertThatThrownBy(() -> TgtReport.read("tgtd is busy\n")).isInstanceOf(DriverException.BackendFailed.class);
        for (int lines : List.of(2, 10, 40)) { // cut off
            String begun = String.join("\n", transcript().lines().limit(lines).toList());
            assertThatThrownBy(() -> TgtReport.read(begun)).isInstanceOf(DriverException.BackendFailed.class)
                    .hasMessageContaining(ONE);
        }
    }
}

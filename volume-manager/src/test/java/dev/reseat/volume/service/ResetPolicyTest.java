package dev.reseat.volume.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.contract.connection.Connector;
import dev.reseat.contract.evidence.Answer;
import dev.reseat.contract.volume.BackendConnection;
import dev.reseat.contract.volume.ResetStatus.Outcome;
import dev.reseat.runtime.Deadline;
import dev.reseat.volume.driver.BackendVolume;
import dev.reseat.volume.driver.Client;
import dev.reseat.volume.driver.DriverException;
import dev.reseat.volume.driver.MemoryDriver;
import dev.reseat.volume.driver.ModelUpdate;
import dev.reseat.volume.driver.VolumeAttachment;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ResetPolicyTest {
    private static final VolumeAttachment ONE = attached("a-1", "host-a");
    private static final VolumeAttachment TWO = attached("a-2", "host-b");

    private static final Deadline SOON = Deadline.after(Duration.ofMinutes(10));

    private final MemoryDriver driver = new MemoryDriver();
    private final ResetPolicy policy = new ResetPolicy(driver, driver, BackendVolume::with, SOON);

    ResetPolicyTest() {
        driver.create("v-1");
    }

    private static VolumeAttachment attached(String id, String host) {
        return new VolumeAttachment(id, Optional.empty(), Optional.of(new Connector(Map.of("host", host))));
    }

    private static BackendVolume volume(VolumeAttachment... attachments) {
        return new BackendVolume("v-1", "v-1", List.of(attachments));
    }

    @Test
    void everythingIsTakenDownAndShown() {
        policy.putBack(volume(ONE, TWO));

        for (int i = 0; i < 2; i++) {
            assertThat(policy.takeDown(volume(ONE)).outcome()).isEqualTo(Outcome.PROVED);
            assertThat(driver.hosts("v-1")).isEmpty();
        }
    }

    @Test
    void nothingIsTakenDownFromUnderAUser() throws Exception {
        policy.putBack(volume(ONE));

        try (var _ = driver.use("v-1")) {
            ResetOutcome report = policy.takeDown(volume(ONE));

            assertThat(report.outcome()).isEqualTo(Outcome.REFUSED);
            assertThat(report.detail()).contains("host-a");
            assertThat(report.connections()).extracting(BackendConnection::inUse).containsExactly(Answer.YES);
            assertThat(driver.hosts("v-1")).containsExactly("host-a");
        }
        assertThat(policy.takeDown(volume(ONE)).outcome()).isEqualTo(Outcome.PROVED);
    }

    @Test
    void whatCannotBeSeenIsUnproved() {
        policy.putBack(volume(ONE));
        driver.breakDown("describe");

        assertThat(policy.takeDown(volume(ONE)).outcome()).isEqualTo(Outcome.UNPROVED);
    }

    @Test
    void whatDoesNotGoIsNotCalledGone() {
        Client there = Client.unnamed(Answer.YES, Answer.NO, "left over");
        var stubborn = new ResetPolicy(driver, (_, _) -> List.of(there), BackendVolume::with, SOON);

        assertThat(stubborn.takeDown(volume(ONE)).outcome()).isEqualTo(Outcome.FAILED);
    }

    @Test
    void anExportThatTheBackendDoesNotShowIsUnproved() {
        Client known = new Client(Optional.of("host-a"), Optional.empty(), Optional.empty(), Optional.empty(),
                Optional.empty(), Optional.empty(), Answer.UNKNOWN, Answer.UNKNOWN, "");

        assertThat(new ResetPolicy(driver, (_, _) -> List.of(known), BackendVolume::with, SOON).putBack(volume(ONE))
                .outcome())
                .isEqualTo(Outcome.UNPROVED);
        assertThat(
                new ResetPolicy(driver, (_, _) -> List.of(), BackendVolume::with, SOON).putBack(volume(ONE)).outcome())
                .isEqualTo(Outcome.FAILED);
    }

    @Test
    void everyAttachmentGetsItsExportBackOrNone() {
        var blank = new VolumeAttachment("a-blank", Optional.empty(), Optional.empty());

        ResetOutcome report = policy.putBack(volume(ONE, blank));

        assertThat(report.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(report.detail()).contains("a-blank");
        assertThat(driver.hosts("v-1")).isEmpty();
        assertThat(policy.putBack(volume()).outcome()).isEqualTo(Outcome.FAILED);
        for (int i = 0; i < 2; i++) {
            assertThat(policy.putBack(volume(ONE, TWO)).outcome()).isEqualTo(Outcome.PROVED);
            assertThat(driver.hosts("v-1")).containsExactlyInAnyOrder("host-a", "host-b");
        }
    }

    @Test
    void whatTheDriverHasStoredIsGivenToItInTheNextCall() {
        driver.exportAs(new ModelUpdate(Optional.of("192.0.2.1:3260,1 iqn.v 1"), Optional.empty()));

        policy.putBack(volume(ONE));

        assertThat(driver.opened()).extracting(BackendVolume::providerLocation)
                .containsExactly(Optional.of("192.0.2.1:3260,1 iqn.v 1"));
    }

    @Test
    void aVolumeTheBackendDoesNotHaveFails() {
        var unknown = new BackendVolume("v-2", "v-2", List.of(ONE));

        assertThatThrownBy(() -> policy.takeDown(unknown)).isInstanceOf(DriverException.VolumeMissing.class);
        assertThatThrownBy(() -> policy.putBack(unknown)).isInstanceOf(DriverException.VolumeMissing.class);
    }
}

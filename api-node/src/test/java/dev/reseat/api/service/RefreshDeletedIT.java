package dev.reseat.api.service;

import static dev.reseat.api.service.ServiceFixture.ADMIN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.reseat.api.flow.ServiceException;
import dev.reseat.api.model.Attachment;
import dev.reseat.testing.StepGates;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The server, or its mapping, is deleted while a refresh is under way. */
@Tag("database")
final class RefreshDeletedIT extends RefreshCase {
    @ParameterizedTest
    @CsvSource({"lock, true", "connector, true", "remove_volume_connection, true", "attachment_update, false",
            "save, false"})
    void aDeletedServerLeavesNoReservationBehind(String step, boolean keepsOld) throws Exception {
        CompletableFuture<RefreshReport> refresh;
        try (StepGates gates = StepGates.closed(fixture.cloud)) {
            gates.stop(volume, step, "begun");
            refresh = CompletableFuture.supplyAsync(
                    () -> fixture.refreshes.refresh(ADMIN, bdm, REQUEST), task -> Thread.ofVirtual().start(task));
            gates.awaitStopped(1);
            delete();
        }

        Throwable failure = catchThrowable(() -> refresh.get(30, TimeUnit.SECONDS)).getCause();

        assertThat(failure).isInstanceOf(ServiceException.Failed.class).hasMessageContaining("was deleted meanwhile");
        assertThat(fixture.volume(volume).attachments()).extracting(Attachment::id)
                .isEqualTo(keepsOld ? List.of(old) : List.of());
        assertThat(fixture.lastEntry(volume).state()).isEqualTo("failed");
        assertThat(fixture.nova("SELECT 1 FROM instance_actions WHERE finish_time IS NULL")).isEmpty();
    }

    @Test
    void aRefreshThatWasCutOffIsSettledThoughItsServerIsGone() {
        RefreshPlan plan = cutOff("lock", "reserve", "remove_volume_connection");
        lock(plan);
        fixture.attachments.reserve(
                ADMIN, plan.newAttachmentId(), volume, Optional.of(instance), Optional.empty());
        deleteOld();
        delete();

        fixture.reconciler(Duration.ofMinutes(1)).settleAll();

        assertThat(fixture.lastEntry(volume).state()).isEqualTo("failed");
        assertThat(fixture.lastEntry(volume).outcome().orElseThrow()).contains("was deleted meanwhile", "is deleted.");
        assertThat(fixture.volume(volume).attachments()).isEmpty();
        assertThat(fixture.volume(volume).status()).isEqualTo("available");
    }

    private void delete() {
        fixture.cloud.execute(fixture.cloud.nova(), "UPDATE block_device_mapping SET deleted = id");
        fixture.cloud.execute(fixture.cloud.nova(), "UPDATE instances SET deleted = id, vm_state = 'deleted'");
    }
}

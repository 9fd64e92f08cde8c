package dev.reseat.api.service;

import static dev.reseat.api.service.ServiceFixture.ADMIN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.api.flow.ServiceException;
import dev.reseat.api.model.Attachment;
import dev.reseat.api.object.JsonText;
import dev.reseat.rpc.Failure;
import dev.reseat.rpc.server.EndpointFailure;
import dev.reseat.testing.CloudFixture;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("database")
@Tag("any-database")
final class RefreshAttachmentIT extends RefreshCase {
    @Test
    void theMappingGetsAFreshAttachmentAndItsConnectionInfo() {
        RefreshReport report = fixture.refreshes.refresh(ADMIN, bdm, REQUEST);

        assertThat(agent.asked).containsExactly(
                "get_volume_connector", "remove_volume_connection delete=true");
        assertThat(backend.asked).containsExactly("describe_connections", "attachment_update");
        assertRefreshed();
        assertThat(report.changed()).isTrue();
        assertThat(report.oldAttachmentId()).contains(old);
        assertThat(report.newAttachmentId()).isEqualTo(device().attachmentId());
        assertThat(fixture.lastEntry(bdm).state()).isEqualTo("done");
        assertThat(fixture.nova("SELECT message, finish_time FROM instance_actions"))
                .singleElement()
                .satisfies(action -> assertThat(action.get("finish_time")).isNotNull())
                .satisfies(action -> assertThat(action.get("message")).isNull());
    }

    @Test
    void aVolumeServiceThatOnlyAnswersConnectionInfoServesARefreshToo() {
        backend.leavesConnectionInfoToCaller = true;

        fixture.refreshes.refresh(ADMIN, bdm, REQUEST);

        assertRefreshed();
    }

    @Test
    void anAgentThatCannotDeleteTheAttachmentIsSparedTheWork() {
        agent.close();
        agent = new ScriptedAgent(fixture, 1);

        fixture.refreshes.refresh(ADMIN, bdm, REQUEST);

        assertThat(agent.asked).containsExactly(
                "get_volume_connector", "remove_volume_connection delete=false");
        assertThat(backend.asked).containsExactly("describe_connections", "attachment_delete", "attachment_update");
        assertRefreshed();
    }

    @Test
    void whereOnlyNovaComputeListensItDoesItsPartWithTheOldConnector() {
        agent.close();
        agent = new ScriptedAgent(fixture, 1, false);

        fixture.refreshes.refresh(ADMIN, bdm, REQUEST);

        assertThat(agent.asked).containsExactly("remove_volume_connection delete=false");
        assertRefreshed();
        assertThat(fixture.volume(volume).attachments().getFirst().connector()).hasValueSatisfying(
                connector -> assertThat(JsonText.map(connector)).containsEntry("host", "host-a"));
        assertThat(fixture.cloud.row(
                fixture.cloud.cinder(), "SELECT detail FROM reseat.journal_step"
                        + " WHERE step = 'remove_volume_connection' AND phase = 'done'")
                .get("detail")
                .toString())
                .contains("performer", "nova-compute");
    }

    @Test
    void whoDoesEachStepIsPlannedReportedAndJournalled() {
        RefreshReport plan = fixture.refreshes.plan(ADMIN, bdm, REQUEST);
        RefreshReport report = fixture.refreshes.refresh(ADMIN, bdm, REQUEST);

        assertThat(plan.steps()).extracting(step -> step.name() + " by " + step.by())
                .containsExactly(
                        "lock by api-node",
                        "connector by reseat-compute-agent of host-a",
                        "reserve by api-node",
                        "remove_volume_connection by reseat-compute-agent of host-a",
                        "attachment_delete by reseat-compute-agent of host-a",
                        "attachment_update by reseat-volume-manager of " + CloudFixture.HOST,
                        "compare by api-node",
                        "save by api-node",
                        "attachment_complete by api-node",
                        "unlock by api-node");
        assertThat(report.steps()).as("done as planned").isEqualTo(plan.steps());
        assertThat(fixture.lastEntry(bdm).steps())
                .filteredOn(step -> step.phase().equals("done") && step.detail().contains("performer"))
                .extracting(JournalView.Step::name)
                .containsExactly("connector", "remove_volume_connection", "attachment_update");
    }

    @Test
    void whereOnlyOpenStacksOwnListenThePlanSaysSo() {
        agent.close();
        backend.close();
        agent = new ScriptedAgent(fixture, 1, false);
        backend = new ScriptedBackend(fixture, false);
        backend.leavesConnectionInfoToCaller = true;

        assertThat(fixture.refreshes.plan(ADMIN, bdm, REQUEST).steps())
                .extracting(step -> step.name() + " by " + step.by())
                .contains(
                        "connector by api-node",
                        "remove_volume_connection by nova-compute of host-a",
                        "attachment_delete by nova-compute of host-a or cinder-volume of " + CloudFixture.HOST,
                        "attachment_update by cinder-volume of " + CloudFixture.HOST);
        assertThat(fixture.refreshes.refresh(ADMIN, bdm, REQUEST).steps())
                .extracting(step -> step.name() + " by " + step.by())
                .contains("attachment_delete by cinder-volume of " + CloudFixture.HOST);
    }

    @Test
    void aLockThatWasFoundStays() {
        fixture.cloud.execute(
                fixture.cloud.nova(), "UPDATE instances SET locked = true, locked_by = 'owner' WHERE uuid = ?",
                instance);

        fixture.refreshes.refresh(ADMIN, bdm, REQUEST);

        assertThat(instance().locked()).isTrue();
        assertThat(instance().lockedBy()).contains("owner");
    }

    @Test
    void aMappingOfTheOldFlowGetsAnAttachmentId() {
        fixture.cloud.execute(
                fixture.cloud.nova(), "UPDATE block_device_mapping SET attachment_id = NULL WHERE uuid = ?", bdm);
        agent.remove = _ -> {};

        fixture.refreshes.refresh(ADMIN, bdm, REQUEST);

        assertRefreshed();
    }

    @Test
    void anInstanceThatRunsIsRefusedWithTheNextCommand() {
        fixture.cloud.execute(fixture.cloud.nova(), "UPDATE instances SET vm_state = 'active' WHERE uuid = ?",
                instance);

        assertThatThrownBy(() -> fixture.refreshes.refresh(ADMIN, bdm, REQUEST))
                .isInstanceOfSatisfying(ServiceException.Conflict.class, e -> assertThat(e.next())
                        .contains("openstack server stop " + instance));

        assertThat(fixture.journalQueries.ofSubject(bdm, 10)).isEmpty();
    }

    @Test
    void aConnectorOfAnotherHostIsRefused() {
        var request = new RefreshRequest(Optional.of(Map.of("host", "host-z")), Optional.empty());

        assertThatThrownBy(() -> fixture.refreshes.refresh(ADMIN, bdm, request))
                .isInstanceOf(ServiceException.Conflict.class)
                .hasMessageContaining("host-z");
    }

    @Test
    void anAgentThatFailsLeavesEverythingAsItWas() {
        agent.remove = _ -> {
            throw new EndpointFailure(Failure.of("nova.exception", "DeviceDetachFailed", "busy"));
        };

        assertThatThrownBy(() -> fixture.refreshes.refresh(ADMIN, bdm, REQUEST))
                .isInstanceOf(ServiceException.Failed.class)
                .hasMessageContaining("DeviceDetachFailed");

        assertAsBefore("undone");
        assertThat(fixture.nova("SELECT message FROM instance_actions").getFirst().get("message").toString())
                .contains("DeviceDetachFailed");
    }

    @Test
    void noAgentLeavesEverythingAsItWas() {
        agent.close();

        assertThatThrownBy(() -> fixture.refreshes.refresh(ADMIN, bdm, REQUEST))
                .isInstanceOf(ServiceException.Unavailable.class)
                .hasMessageContaining("nobody listens: no reseat-compute-agent on reseat-compute.host-a");

        assertAsBefore("undone");
    }

    @Test
    void aBackendThatFailsLeavesTheVolumeReservedAndSaysSoLoudly() {
        backend.refusesConnections = true;

        assertThatThrownBy(() -> fixture.refreshes.refresh(ADMIN, bdm, REQUEST))
                .isInstanceOf(ServiceException.Failed.class)
                .hasMessageContaining("THE OLD ATTACHMENT IS GONE")
                .hasMessageContaining("no space for exports");

        Attachment blank = fixture.volume(volume).attachments().getFirst();
        assertThat(blank.status()).isEqualTo("reserved");
        assertThat(blank.connector()).isEmpty();
        assertThat(device().attachmentId()).contains(blank.id());
        assertThat(device().connectionInfo()).isEmpty();
        assertThat(instance().locked()).isFalse();
        assertThat(fixture.lastEntry(bdm).state()).isEqualTo("failed");

        backend.refusesConnections = false;
        fixture.refreshes.refresh(ADMIN, bdm, REQUEST);
        assertRefreshed();
    }

    @Test
    void aSilentAgentIsAskedAgainByTheReconciler() {
        agent.remove = _ -> silent();
        assertThatThrownBy(() -> fixture.refreshes.refresh(ADMIN, bdm, REQUEST))
                .isInstanceOf(ServiceException.Unknown.class);
        assertThat(instance().locked()).isTrue();
        assertThat(fixture.lastEntry(bdm).state()).isEqualTo("unknown");

        agent.remove = _ -> deleteOld();
        fixture.reconciler(Duration.ofMinutes(1)).settleAll();

        assertRefreshed();
        assertThat(fixture.lastEntry(bdm).state()).isEqualTo("done");
    }

    @Test
    void anAgentThatStaysSilentIsGivenUpWhileTheOldAttachmentLives() {
        agent.remove = _ -> silent();
        assertThatThrownBy(() -> fixture.refreshes.refresh(ADMIN, bdm, REQUEST))
                .isInstanceOf(ServiceException.Unknown.class);

        fixture.reconciler(Duration.ofNanos(1)).settleAll();

        assertAsBefore("undone");
    }

    @Test
    void aCrashBeforeTheOldConnectionWasTouchedIsUndone() {
        RefreshPlan plan = cutOff("lock", "reserve");
        lock(plan);
        fixture.attachments.reserve(ADMIN, plan.newAttachmentId(), volume, Optional.of(instance), Optional.empty());

        fixture.reconciler(Duration.ofMinutes(1)).settleAll();

        assertThat(agent.asked).isEmpty();
        assertAsBefore("undone");
    }

    @Test
    void aCrashAfterTheOldConnectionWasRemovedIsGoneOnWith() {
        RefreshPlan plan = cutOff("lock", "reserve", "remove_volume_connection");
        lock(plan);
        fixture.attachments.reserve(ADMIN, plan.newAttachmentId(), volume, Optional.of(instance), Optional.empty());
        deleteOld();

        fixture.reconciler(Duration.ofMinutes(1)).settleAll();

        assertRefreshed();
        assertThat(device().attachmentId()).contains(plan.newAttachmentId());
    }

    @Test
    void anAgentThatIsAwayOnceTheOldAttachmentIsGoneIsWaitedFor() {
        RefreshPlan plan = cutOff("lock", "reserve", "remove_volume_connection");
        lock(plan);
        fixture.attachments.reserve(ADMIN, plan.newAttachmentId(), volume, Optional.of(instance), Optional.empty());
        deleteOld();
        agent.close();

        fixture.reconciler(Duration.ofMinutes(1)).settleAll();

        assertThat(fixture.lastEntry(volume).state()).isEqualTo("unknown");
        assertThat(fixture.lastEntry(volume).outcome().orElseThrow()).contains(old + " is gone. It is gone on with.");

        agent = new ScriptedAgent(fixture, 5);
        fixture.reconciler(Duration.ofMinutes(1)).settleAll();

        assertRefreshed();
        assertThat(fixture.lastEntry(volume).state()).isEqualTo("done");
    }

    @Test
    void theOldConnectorIsKnownToWhoGoesOnOnceTheOldAttachmentIsGone() {
        agent.close();
        agent = new ScriptedAgent(fixture, 5, false); // a nova-compute
        agent.remove = _ -> {
            deleteOld();
            silent();
        };
        assertThatThrownBy(() -> fixture.refreshes.refresh(ADMIN, bdm, REQUEST))
                .isInstanceOf(ServiceException.Unknown.class);
        agent.remove = _ -> {};

        fixture.reconciler(Duration.ofMinutes(1)).settleAll();

        assertRefreshed();
        assertThat(fixture.lastEntry(bdm).state()).isEqualTo("done");
    }

    @Test
    void aCrashAfterTheNewConnectionWasMadeIsGoneOnWithoutTheAgent() {
        RefreshPlan plan = cutOff("lock", "reserve", "remove_volume_connection", "attachment_update");
        lock(plan);
        fixture.attachments.reserve(ADMIN, plan.newAttachmentId(), volume, Optional.of(instance), Optional.empty());
        deleteOld();
        fixture.attachments.update(ADMIN, plan.newAttachmentId(), Map.of("host", "host-a"));

        fixture.reconciler(Duration.ofMinutes(1)).settleAll();

        assertThat(agent.asked).doesNotContain("remove_volume_connection delete=true");
        assertRefreshed();
    }

    @Test
    void aCrashAfterTheMappingWasSavedIsCompleted() {
        RefreshPlan plan = cutOff("lock", "reserve", "remove_volume_connection", "attachment_update", "save");
        lock(plan);
        fixture.attachments.reserve(ADMIN, plan.newAttachmentId(), volume, Optional.of(instance), Optional.empty());
        deleteOld();
        fixture.attachments.update(ADMIN, plan.newAttachmentId(), Map.of("host", "host-a"));
        fixture.cloud.execute(
                fixture.cloud.nova(),
                "UPDATE block_device_mapping SET attachment_id = ?, connection_info = ? WHERE uuid = ?",
                plan.newAttachmentId(),
                "{\"driver_volume_type\": \"local\", \"data\": {\"device_path\": \"/volumes/new\"}, \"serial\": \""
                        + volume
                        + "\"}",
                bdm);

        fixture.reconciler(Duration.ofMinutes(1)).settleAll();

        assertThat(agent.asked).isEmpty();
        assertRefreshed();
    }
}

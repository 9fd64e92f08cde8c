package dev.reseat.api.service;

import static dev.reseat.api.service.ServiceFixture.ADMIN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.api.flow.Journal;
import dev.reseat.api.model.Attachment;
import dev.reseat.api.model.BlockDevice;
import dev.reseat.api.model.Instance;
import dev.reseat.api.object.JsonText;
import dev.reseat.api.store.journal.JournalEntry;
import dev.reseat.api.store.journal.JournalStep.Phase;
import dev.reseat.contract.evidence.Answer;
import dev.reseat.rpc.Failure;
import dev.reseat.rpc.server.EndpointFailure;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("database")
final class RefreshAttachmentIT {
    private static final RefreshRequest REQUEST = new RefreshRequest(Optional.empty(), Optional.of("monitors moved"));
    private static final String STALE =
            "{\"driver_volume_type\": \"local\", \"data\": {\"device_path\": \"/volumes/old\"}}";

    private final ServiceFixture fixture = new ServiceFixture();
    private final CountDownLatch silence = new CountDownLatch(1);
    private ScriptedBackend backend;
    private ScriptedAgent agent;
    private String instance;
    private String volume;
    private String old;
    private String bdm;

    @BeforeEach
    void aStoppedInstanceWithStaleConnectionInfo() {
        backend = new ScriptedBackend(fixture, true);
        agent = new ScriptedAgent(fixture, 5);
        agent.remove = _ -> deleteOld();
        instance = fixture.cloud.instance();
        volume = fixture.cloud.volume(Map.of("status", "in-use", "attach_status", "attached"));
        old = fixture.cloud.attachment(
                volume,
                Map.of(
                        "instance_uuid", instance,
                        "connector", "{\"host\": \"host-a\"}",
                        "connection_info", "{\"driver_volume_type\": \"local\", \"device_path\": \"/volumes/old\"}"));
        bdm = fixture.cloud.blockDevice(instance, volume, Map.of("attachment_id", old, "connection_info", STALE));
    }

    @AfterEach
    void close() {
        silence.countDown();
        backend.close();
        agent.close();
        fixture.close();
    }

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
                fixture.cloud.cinder(), "SELECT count(*) AS n FROM reseat.journal_step WHERE step = 'performer'"
                        + " AND CAST(detail AS text) LIKE '%nova-compute%'")
                .get("n")).isEqualTo(1L);
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

    @Test
    void whatAnotherHostUsesIsNotTakenFromIt() {
        String leftover = leftoverOfAMigration();
        try (var other = new ScriptedAgent(fixture, 5, "host-b")) {
            other.uses = Answer.YES;

            assertThatThrownBy(() -> fixture.refreshes.plan(ADMIN, bdm, REQUEST))
                    .as("a dry run asks too")
                    .isInstanceOf(ServiceException.Conflict.class)
                    .hasMessageContaining("host-b");
            assertThatThrownBy(() -> fixture.refreshes.refresh(ADMIN, bdm, REQUEST))
                    .isInstanceOfSatisfying(ServiceException.Conflict.class, e -> assertThat(e.observations())
                            .anyMatch(seen -> seen.host().equals(Optional.of("host-b"))))
                    .hasMessageContaining("is in use on host host-b");
        }

        assertThat(agent.asked).isEmpty();
        assertThat(backend.asked).isEmpty();
        assertThat(fixture.volume(volume).attachments()).extracting(Attachment::id)
                .containsExactlyInAnyOrder(old, leftover);
    }

    @Test
    void aHostWithALeftoverThatCannotBeAskedIsNotTakenForFree() {
        String leftover = leftoverOfAMigration();

        assertThatThrownBy(() -> fixture.refreshes.refresh(ADMIN, bdm, REQUEST))
                .isInstanceOfSatisfying(ServiceException.Conflict.class, e -> assertThat(e.next().orElse(""))
                        .contains("openstack volume attachment delete " + leftover))
                .hasMessageContaining("host-b");

        assertThat(agent.asked).isEmpty();
        assertThat(fixture.volume(volume).attachments()).hasSize(2);
    }

    @Test
    void aLeftoverOfAHostThatHasLetGoIsNoHindrance() {
        leftoverOfAMigration();
        try (var other = new ScriptedAgent(fixture, 5, "host-b")) {
            RefreshReport plan = fixture.refreshes.plan(ADMIN, bdm, REQUEST);

            assertThat(other.questions).isNotEmpty();
            assertThat(plan.observations()).anyMatch(seen -> seen.host().equals(Optional.of("host-b")));
        }
    }

    private String leftoverOfAMigration() {
        return fixture.cloud.attachment(
                volume,
                Map.of("instance_uuid", instance, "attached_host", "host-b", "connector", "{\"host\": \"host-b\"}"));
    }

    /** As a process leaves the journal that dies in the last of these steps. */
    private RefreshPlan cutOff(String... steps) {
        return cutOff(Optional.empty(), steps);
    }

    private RefreshPlan cutOff(Optional<Map<String, Object>> connector, String... steps) {
        var plan = new RefreshPlan(
                bdm, instance, volume, Optional.of("host-a"), Optional.of(old), List.of(old),
                UUID.randomUUID().toString(), false,
                "Refreshing connection_info for BDM " + bdm, connector);
        try (var entry = fixture.journal.open(ADMIN, new Journal.Intention(
                JournalEntry.Kind.REFRESH, volume, Optional.of(bdm), Optional.empty(), plan, new HashMap<>()))) {
            for (String step : steps) {
                entry.step(step, Phase.BEGUN, Map.of());
            }
        }
        return plan;
    }

    private void lock(RefreshPlan plan) {
        fixture.cloud.execute(
                fixture.cloud.nova(), "UPDATE instances SET locked = true, locked_by = 'admin' WHERE uuid = ?",
                instance);
        fixture.cloud.insert(
                fixture.cloud.nova(),
                "instance_system_metadata",
                Map.of("instance_uuid", instance, "key", "locked_reason", "value", plan.lockReason(), "deleted", 0));
    }

    private void deleteOld() {
        fixture.state.finishDetach(fixture.volume(volume), Optional.of(old));
    }

    private void silent() {
        try {
            silence.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private BlockDevice device() {
        return fixture.devices.show(ADMIN, bdm);
    }

    private Instance instance() {
        return fixture.devices.instance(ADMIN, instance);
    }

    private void assertRefreshed() {
        Attachment fresh = fixture.volume(volume).attachments().getFirst();
        assertThat(fixture.volume(volume).attachments()).hasSize(1);
        assertThat(fresh.id()).isNotEqualTo(old);
        assertThat(fresh.status()).isEqualTo("attached");
        assertThat(fixture.volume(volume).status()).isEqualTo("in-use");
        assertThat(device().attachmentId()).contains(fresh.id());
        Map<String, Object> info = JsonText.map(device().connectionInfo().orElseThrow());
        assertThat(info).containsEntry("serial", volume);
        assertThat(info.get("data").toString()).contains("/volumes/new");
        assertThat(instance().locked()).isFalse();
    }

    private void assertAsBefore(String journalState) {
        assertThat(fixture.volume(volume).attachments()).extracting(Attachment::id).containsExactly(old);
        assertThat(fixture.volume(volume).status()).isEqualTo("in-use");
        assertThat(device().attachmentId()).contains(old);
        assertThat(device().connectionInfo()).contains(STALE);
        assertThat(instance().locked()).isFalse();
        assertThat(fixture.lastEntry(bdm).state()).isEqualTo(journalState);
    }

    @Test
    void anAgentsWordsReachCallerAndJournalWithoutTheirSecrets() {
        agent.remove = _ -> {
            throw new EndpointFailure(Failure.of(
                    "nova.exception", "DeviceDetachFailed",
                    "mount -o username=admin,password=SECRETa,vers=3 //192.0.2.1/s"));
        };

        assertThatThrownBy(() -> fixture.refreshes.refresh(ADMIN, bdm, REQUEST))
                .hasMessageContaining("username=admin,password=***,vers=3 //192.0.2.1/s");

        assertThat(stored()).contains("password=***", "192.0.2.1").doesNotContain("SECRET");
        assertThat(fixture.nova("SELECT message FROM instance_actions").toString()).doesNotContain("SECRET");
    }

    @Test
    void theJournalKeepsNoSecretOfConnectorOrConnectionInfo() {
        store("{\"driver_volume_type\": \"iscsi\", \"data\": {\"auth_password\": \"SECRETb\", \"target_lun\": 7}}");
        var connector = Map.<String, Object>of("host", "host-a", "auth_password", "SECRETc", "initiator", "iqn.y");
        var request = new RefreshRequest(Optional.of(connector), Optional.of("token=SECRETd"));

        fixture.refreshes.refresh(ADMIN, bdm, request);

        assertThat(stored()).contains("target_lun", "iqn.y").doesNotContain("SECRET");
        assertThat(agent.asked).doesNotContain("get_volume_connector");
    }

    @Test
    void aConnectorThatLostItsSecretsInTheJournalIsAskedForAgain() {
        RefreshPlan plan = cutOff(Optional.of(Map.of("host", "host-a", "auth_password", "SECRETc")),
                "lock", "reserve", "remove_volume_connection");
        lock(plan);
        fixture.attachments.reserve(ADMIN, plan.newAttachmentId(), volume, Optional.of(instance), Optional.empty());
        deleteOld();

        fixture.reconciler(Duration.ofMinutes(1)).settleAll();

        assertThat(agent.asked).contains("get_volume_connector");
        assertRefreshed();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null",
            "{\"driver_volume_type\": \"iscsi\", \"data\": {\"auth_password\": \"SECRETt\", \"ta",
            "{u'driver_volume_type': u'iscsi', u'data': {u'auth_password': u'SECRETpy'}}"})
    void aDamagedConnectionInfoIsMendedByARefresh(String damaged) {
        store(damaged);
        fixture.cloud.execute(
                fixture.cloud.cinder(), "UPDATE volume_attachment SET connection_info = ? WHERE id = ?",
                "{\"driver_volume_type\": \"lo", old);

        RefreshReport report = fixture.refreshes.refresh(ADMIN, bdm, REQUEST);

        assertRefreshed();
        assertThat(report.before()).hasValueSatisfying(before -> assertThat(before).doesNotContain("SECRET"));
        assertThat(stored()).doesNotContain("SECRET");
    }

    @Test
    void theVolumesJournalTellsOfItsRefreshes() {
        fixture.refreshes.refresh(ADMIN, bdm, REQUEST);

        assertThat(fixture.journalQueries.ofSubject(volume, 10)).extracting(JournalView::kind).contains("refresh");
        assertThat(fixture.journalQueries.ofSubject(bdm, 10))
                .isEqualTo(fixture.journalQueries.ofSubject(volume, 10));
    }

    private void store(String connectionInfo) {
        fixture.cloud.execute(
                fixture.cloud.nova(), "UPDATE block_device_mapping SET connection_info = ? WHERE uuid = ?",
                connectionInfo, bdm);
    }

    /** All that the journal keeps, as it is stored. */
    private String stored() {
        return fixture.database.cinder()
                .transaction(tx -> tx.handle()
                        .createQuery("SELECT CAST(journal AS text) FROM reseat.journal"
                                + " UNION ALL SELECT CAST(journal_step AS text) FROM reseat.journal_step")
                        .mapTo(String.class)
                        .list())
                .toString();
    }
}

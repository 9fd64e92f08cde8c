package dev.reseat.api.service;

import static dev.reseat.api.service.ServiceFixture.ADMIN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.reseat.api.flow.ServiceException;
import dev.reseat.api.model.Attachment;
import dev.reseat.api.model.BlockDevice;
import dev.reseat.api.model.ErrorCode;
import dev.reseat.api.model.Instance;
import dev.reseat.contract.evidence.Answer;
import dev.reseat.rpc.Failure;
import dev.reseat.rpc.server.EndpointFailure;
import dev.reseat.testing.OtherTransaction;
import dev.reseat.testing.StepGates;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What else happens while a refresh is under way. */
@Tag("database")
final class RefreshUnderWayIT {
    private static final RefreshRequest REQUEST = new RefreshRequest(Optional.empty(), Optional.empty());
    private static final String STALE =
            "{\"driver_volume_type\": \"local\", \"data\": {\"device_path\": \"/volumes/old\"}}";
    private static final String ACTIVE = "vm_state = 'active', power_state = 1";

    private final ServiceFixture fixture = new ServiceFixture();
    private ScriptedBackend backend;
    private ScriptedAgent agent;
    private String instance;
    private String volume;
    private String old;
    private String bdm;

    @BeforeEach
    void aStoppedInstanceWhoseHostHoldsTheVolume() {
        backend = new ScriptedBackend(fixture, true);
        agent = new ScriptedAgent(fixture, 5);
        instance = fixture.cloud.instance();
        volume = fixture.cloud.volume(Map.of("status", "in-use", "attach_status", "attached"));
        old = fixture.cloud.attachment(
                volume,
                Map.of(
                        "instance_uuid", instance,
                        "connector", "{\"host\": \"host-a\"}",
                        "connection_info", "{\"driver_volume_type\": \"local\", \"device_path\": \"/volumes/old\"}"));
        bdm = fixture.cloud.blockDevice(instance, volume, Map.of("attachment_id", old, "connection_info", STALE));
        agent.uses = Answer.YES;
        backend.connections = List.of(ScriptedBackend.connection(old, Answer.YES));
        agent.remove = _ -> {
            letGo();
            fixture.state.finishDetach(fixture.volume(volume), Optional.of(old));
        };
    }

    @AfterEach
    void close() {
        backend.close();
        agent.close();
        fixture.close();
    }

    @ParameterizedTest
    @CsvSource({"lock, done", "connector, begun", "connector, done", "reserve, begun", "reserve, done",
            "remove_volume_connection, begun"})
    void anInstanceThatStartsBeforeTheHostIsAskedKeepsWhatItHas(String step, String phase) throws Exception {
        Throwable failure = startedAt(step, phase, ACTIVE);

        assertThat(failure).isInstanceOf(ServiceException.Conflict.class).hasMessageContaining("started by somebody");
        assertThat(agent.asked).doesNotContain("remove_volume_connection delete=true");
        assertThat(fixture.volume(volume).attachments()).extracting(Attachment::id).containsExactly(old);
        assertThat(device().attachmentId()).contains(old);
        assertThat(device().connectionInfo()).contains(STALE);
        assertThat(instance().locked()).isFalse();
        assertThat(fixture.lastEntry(volume).state()).isEqualTo("undone");
    }

    @ParameterizedTest
    @CsvSource({"remove_volume_connection, done", "attachment_delete, done", "attachment_update, begun",
            "attachment_update, done", "compare, begun", "compare, done", "save, begun"})
    void anInstanceThatStartsAfterTheOldAttachmentWentKeepsItsMappingAndTheVolume(String step, String phase)
            throws Exception {
        Throwable failure = startedAt(step, phase, ACTIVE);

        assertThat(failure).isInstanceOf(ServiceException.Failed.class)
                .hasMessageContaining("started by somebody")
                .hasMessageContaining("THE OLD ATTACHMENT IS GONE")
                .hasMessageContaining("the mapping still names the old one");
        assertThat(device().connectionInfo()).contains(STALE);
        assertThat(device().attachmentId()).contains(old);
        assertThat(fixture.volume(volume).attachments()).as("keeps the volume").hasSize(1);
        assertThat(instance().locked()).isFalse();
        assertThat(fixture.lastEntry(volume).state()).isEqualTo("failed");

        fixture.cloud.execute(fixture.cloud.nova(),
                "UPDATE instances SET vm_state = 'stopped', power_state = 4, task_state = NULL WHERE uuid = ?",
                instance);
        fixture.refreshes.refresh(ADMIN, bdm, REQUEST);
        assertRefreshed();
    }

    @ParameterizedTest
    @CsvSource({"save, done", "attachment_complete, begun", "attachment_complete, done", "unlock, begun"})
    void anInstanceThatStartsOnceTheMappingIsSavedIsLeftWithIt(String step, String phase) throws Exception {
        assertThat(startedAt(step, phase, ACTIVE)).isNull();

        assertRefreshed();
        assertThat(fixture.lastEntry(volume).state()).isEqualTo("done");
    }

    @ParameterizedTest
    @ValueSource(strings = {"task_state = 'powering-on'", "power_state = 1", "power_state = 3", "host = 'host-b'",
            "vm_state = 'shelved_offloaded', host = NULL"})
    void whateverElseChangesOfTheInstanceIsSeenToo(String change) throws Exception {
        Throwable failure = startedAt("remove_volume_connection", "begun", change);

        assertThat(failure).isInstanceOf(ServiceException.Conflict.class).hasMessageContaining("meanwhile");
        assertThat(agent.asked).doesNotContain("remove_volume_connection delete=true");
        assertThat(fixture.lastEntry(volume).state()).isEqualTo("undone");
    }

    @Test
    void theMappingIsNotWrittenWhileTheInstanceStarts() throws Exception {
        Throwable failure;
        try (StepGates gates = StepGates.closed(fixture.cloud)) {
            gates.stop(volume, "save", "begun");
            CompletableFuture<RefreshReport> refresh = refreshing();
            gates.awaitStopped(1);
            try (OtherTransaction nova = OtherTransaction.on(fixture.cloud.nova())) {
                nova.run(tx -> tx.handle()
                        .execute("UPDATE instances SET task_state = 'powering-on' WHERE uuid = ?", instance));
                gates.open();
                nova.awaitBlocked(fixture.cloud.nova());
                nova.commit();
            }
            failure = catchThrowable(() -> refresh.get(30, TimeUnit.SECONDS)).getCause();
        }

        assertThat(failure).isInstanceOf(ServiceException.Failed.class).hasMessageContaining("started");
        assertThat(device().connectionInfo()).contains(STALE);
    }

    @Test
    void aHostThatHasLetGoWhileBlockStorageFailsIsGoneOnWith() {
        agent.remove = _ -> {
            letGo();
            throw blockStorageRefused();
        };

        assertThatThrownBy(() -> fixture.refreshes.refresh(ADMIN, bdm, REQUEST))
                .isInstanceOf(ServiceException.Unknown.class)
                .hasMessageContaining("cinder answered 500")
                .hasMessageContaining("The host has let go of the volume already");

        assertThat(fixture.lastEntry(volume).state()).isEqualTo("unknown");
        assertThat(fixture.lastEntry(volume).outcome().orElseThrow()).doesNotContain("as it was");
        assertThat(instance().locked()).isTrue();

        agent.remove = _ -> fixture.state.finishDetach(fixture.volume(volume), Optional.of(old));
        fixture.reconciler(Duration.ofMinutes(1)).settleAll();

        assertRefreshed();
        assertThat(fixture.lastEntry(volume).state()).isEqualTo("done");
    }

    @Test
    void whatTheHostLetGoAndNobodyTookFurtherIsExportedAgainAndToldAsItIs() {
        agent.remove = _ -> {
            letGo();
            throw blockStorageRefused();
        };
        assertThatThrownBy(() -> fixture.refreshes.refresh(ADMIN, bdm, REQUEST))
                .isInstanceOf(ServiceException.Unknown.class);

        fixture.reconciler(Duration.ofNanos(1)).settleAll();

        assertThat(backend.asked).as("the old attachment's export").contains("attachment_update");
        assertThat(fixture.volume(volume).attachments()).extracting(Attachment::id).containsExactly(old);
        assertThat(instance().locked()).isFalse();
        assertThat(fixture.lastEntry(volume).state()).isEqualTo("failed");
        assertThat(fixture.lastEntry(volume).outcome().orElseThrow())
                .contains("host or backend are not as they were", "held by the host: no")
                .doesNotContain("everything is as it was");
    }

    @Test
    void aGuestThatRefusesLeavesEverythingAsItWasAndThatIsReadBack() {
        agent.remove = _ -> {
            throw new EndpointFailure(Failure.of("nova.exception", "DeviceDetachFailed", "busy"));
        };

        assertThatThrownBy(() -> fixture.refreshes.refresh(ADMIN, bdm, REQUEST))
                .isInstanceOf(ServiceException.Failed.class);

        assertThat(fixture.lastEntry(volume).state()).isEqualTo("undone");
        assertThat(fixture.lastEntry(volume).outcome().orElseThrow())
                .contains("everything is as it was: held by the host: yes, exported by the backend: yes");
    }

    @Test
    void whatCannotBeReadBackIsNotCalledUndone() {
        agent.remove = _ -> {
            agent.uses = Answer.UNKNOWN;
            throw new EndpointFailure(Failure.of("nova.exception", "DeviceDetachFailed", "busy"));
        };

        assertThatThrownBy(() -> fixture.refreshes.refresh(ADMIN, bdm, REQUEST))
                .isInstanceOf(ServiceException.Failed.class)
                .hasMessageContaining("could not be read back");

        assertThat(fixture.lastEntry(volume).state()).isEqualTo("failed");
    }

    @Test
    void twoRepairsOfOneVolumeExcludeEachOther() {
        agent.remove = _ -> {
            letGo();
            throw blockStorageRefused();
        };
        assertThatThrownBy(() -> fixture.refreshes.refresh(ADMIN, bdm, REQUEST))
                .isInstanceOf(ServiceException.Unknown.class);

        assertThatThrownBy(() -> fixture.resets.reset(ADMIN, volume, new StateRequest(
                Optional.of("error"), Optional.empty(), Optional.empty(), Set.of(), Optional.empty())))
                .isInstanceOf(ServiceException.Conflict.class)
                .hasMessageContaining("Another repair of " + volume);
        assertThat(fixture.lastEntry(bdm).id()).as("found by the mapping too")
                .isEqualTo(fixture.lastEntry(volume).id());
    }

    /** The second would lose the instance's lock in its middle. */
    @Test
    void twoRefreshesOfOneInstanceExcludeEachOther() throws Exception {
        String another = anotherMapping();
        CompletableFuture<RefreshReport> first;
        try (StepGates gates = StepGates.closed(fixture.cloud)) {
            gates.stop(volume, "lock", "done");
            first = refreshing();
            gates.awaitStopped(1);

            assertThatThrownBy(() -> fixture.refreshes.refresh(ADMIN, another, REQUEST))
                    .isInstanceOfSatisfying(ServiceException.Conflict.class, e -> {
                        assertThat(e.code()).isEqualTo(ErrorCode.LOCK_HELD);
                        assertThat(e.next()).contains("reseat journal show " + volume);
                    });
        }
        first.get(30, TimeUnit.SECONDS);

        assertRefreshed();
        assertThat(fixture.journalQueries.ofSubject(another, 10)).isEmpty();
    }

    @Test
    void anInstanceThatIsLockedMeanwhileIsLeft() throws Exception {
        CompletableFuture<RefreshReport> refresh;
        try (StepGates gates = StepGates.closed(fixture.cloud)) {
            gates.stop(volume, "lock", "begun");
            refresh = refreshing();
            gates.awaitStopped(1);
            lock("for an inspection");
        }

        assertThat(catchThrowable(() -> refresh.get(30, TimeUnit.SECONDS)).getCause())
                .isInstanceOfSatisfying(ServiceException.Conflict.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.LOCK_HELD);
                    assertThat(e.next()).contains("openstack server show " + instance);
                });
        assertThat(fixture.lastEntry(volume).state()).isEqualTo("undone");
        assertThat(instance().lockedReason()).contains("for an inspection");
        assertThat(device().connectionInfo()).contains(STALE);
    }

    @Test
    void theLockOfARefreshThatIsNoMoreIsNobodys() {
        lock(InstanceLock.reason(anotherMapping(), instance, volume));

        fixture.refreshes.refresh(ADMIN, bdm, REQUEST);

        assertThat(device().connectionInfo().orElseThrow()).contains("/volumes/new");
        assertThat(instance().locked()).as("as it was found").isTrue();
    }

    private void lock(String reason) {
        fixture.cloud.execute(fixture.cloud.nova(), "UPDATE instances SET locked = true, locked_by = 'admin'"
                + " WHERE uuid = ?", instance);
        fixture.cloud.insert(fixture.cloud.nova(), "instance_system_metadata", Map.of(
                "instance_uuid", instance, "key", "locked_reason", "value", reason, "deleted", 0));
    }

    private String anotherMapping() {
        String another = fixture.cloud.volume(Map.of("status", "in-use", "attach_status", "attached"));
        String attachment = fixture.cloud.attachment(
                another, Map.of("instance_uuid", instance, "connector", "{\"host\": \"host-a\"}"));
        return fixture.cloud.blockDevice(
                instance, another, Map.of("attachment_id", attachment, "connection_info", STALE));
    }

    @Test
    void ofTwoMappingsOfOneVolumeNoneIsTakenUnlessItIsChosen() {
        String leftover = fixture.cloud.blockDevice(instance, volume, Map.of());

        assertThatThrownBy(() -> fixture.devices.find(ADMIN, instance, volume))
                .isInstanceOf(ServiceException.Conflict.class)
                .hasMessageContaining(bdm)
                .hasMessageContaining(leftover);

        fixture.refreshes.refresh(ADMIN, bdm, REQUEST);
        assertRefreshed();
    }

    private void letGo() {
        agent.uses = Answer.NO;
        backend.connections = List.of(ScriptedBackend.connection(old, Answer.NO));
    }

    private static EndpointFailure blockStorageRefused() {
        return new EndpointFailure(Failure.of("nova.exception", "CinderConnectionFailed", "cinder answered 500"));
    }

    private CompletableFuture<RefreshReport> refreshing() {
        return CompletableFuture.supplyAsync(
                () -> fixture.refreshes.refresh(ADMIN, bdm, REQUEST), task -> Thread.ofVirtual().start(task));
    }

    /** An administrator starts or moves the instance while the refresh stands before that line of its journal. */
    private Throwable startedAt(String step, String phase, String change) throws Exception {
        CompletableFuture<RefreshReport> refresh;
        try (StepGates gates = StepGates.closed(fixture.cloud)) {
            gates.stop(volume, step, phase);
            refresh = refreshing();
            gates.awaitStopped(1);
            fixture.cloud.execute(fixture.cloud.nova(), "UPDATE instances SET " + change + " WHERE uuid = ?", instance);
        }
        Throwable thrown = catchThrowable(() -> refresh.get(30, TimeUnit.SECONDS));
        return thrown == null ? null : thrown.getCause();
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
        assertThat(device().attachmentId()).contains(fresh.id());
        assertThat(device().connectionInfo().orElseThrow()).contains("/volumes/new");
        assertThat(instance().locked()).isFalse();
    }
}

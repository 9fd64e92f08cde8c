package dev.reseat.api.service;

import static dev.reseat.api.service.ServiceFixture.ADMIN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.api.flow.Journal;
import dev.reseat.api.flow.Wait;
import dev.reseat.api.model.Attachment;
import dev.reseat.api.model.BlockDevice;
import dev.reseat.api.model.Instance;
import dev.reseat.api.object.JsonText;
import dev.reseat.api.store.journal.JournalEntry;
import dev.reseat.api.store.journal.JournalStep.Phase;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * A stopped instance whose mapping holds stale connection_info, its peers as a test wants them, and what to look at.
 */
abstract class RefreshCase {
    static final RefreshRequest REQUEST = new RefreshRequest(Optional.empty(), Optional.of("monitors moved"));
    static final String STALE =
            "{\"driver_volume_type\": \"local\", \"data\": {\"device_path\": \"/volumes/old\"}}";

    final ServiceFixture fixture = newFixture();
    final CountDownLatch silence = new CountDownLatch(1);
    ScriptedBackend backend;
    ScriptedAgent agent;
    String instance;
    String volume;
    String old;
    String bdm;

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

    ServiceFixture newFixture() {
        return new ServiceFixture();
    }

    @AfterEach
    void close() {
        silence.countDown();
        backend.close();
        agent.close();
        fixture.close();
    }

    String leftoverOfAMigration() {
        return fixture.cloud.attachment(
                volume,
                Map.of("instance_uuid", instance, "attached_host", "host-b", "connector", "{\"host\": \"host-b\"}"));
    }

    /** As a process leaves the journal that dies in the last of these steps. */
    RefreshPlan cutOff(String... steps) {
        return cutOff(Optional.empty(), steps);
    }

    RefreshPlan cutOff(Optional<Map<String, Object>> connector, String... steps) {
        var plan = new RefreshPlan(
                bdm, instance, volume, Optional.of("host-a"), Optional.of(old), List.of(old),
                UUID.randomUUID().toString(), false,
                "Refreshing connection_info for BDM " + bdm, connector, Wait.FOR_ANSWER);
        try (var entry = fixture.journal.open(ADMIN, new Journal.Intention(
                JournalEntry.Kind.REFRESH, volume, Optional.of(bdm), Optional.empty(), plan, new HashMap<>()))) {
            for (String step : steps) {
                entry.step(step, Phase.BEGUN, Map.of());
            }
        }
        return plan;
    }

    void lock(RefreshPlan plan) {
        fixture.cloud.execute(
                fixture.cloud.nova(), "UPDATE instances SET locked = true, locked_by = 'admin' WHERE uuid = ?",
                instance);
        fixture.cloud.insert(
                fixture.cloud.nova(),
                "instance_system_metadata",
                Map.of("instance_uuid", instance, "key", "locked_reason", "value", plan.lockReason(), "deleted", 0));
    }

    void deleteOld() {
        fixture.state.finishDetach(fixture.volume(volume), Optional.of(old));
    }

    void silent() {
        try {
            silence.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    BlockDevice device() {
        return fixture.devices.show(ADMIN, bdm);
    }

    Instance instance() {
        return fixture.devices.instance(ADMIN, instance);
    }

    void assertRefreshed() {
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

    void assertAsBefore(String journalState) {
        assertThat(fixture.volume(volume).attachments()).extracting(Attachment::id).containsExactly(old);
        assertThat(fixture.volume(volume).status()).isEqualTo("in-use");
        assertThat(device().attachmentId()).contains(old);
        assertThat(device().connectionInfo()).contains(STALE);
        assertThat(instance().locked()).isFalse();
        assertThat(fixture.lastEntry(bdm).state()).isEqualTo(journalState);
    }

    void store(String connectionInfo) {
        fixture.cloud.execute(
                fixture.cloud.nova(), "UPDATE block_device_mapping SET connection_info = ? WHERE uuid = ?",
                connectionInfo, bdm);
    }

    /** All that the journal keeps, as it is stored. */
    String stored() {
        return fixture.database.cinder()
                .transaction(tx -> tx.handle()
                        .createQuery("SELECT * FROM reseat.journal")
                        .mapToMap()
                        .list()
                        .toString()
                        + tx.handle().createQuery("SELECT * FROM reseat.journal_step").mapToMap().list());
    }
}

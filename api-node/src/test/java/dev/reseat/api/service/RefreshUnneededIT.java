package dev.reseat.api.service;

import static dev.reseat.api.service.ServiceFixture.ADMIN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.api.object.JsonText;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A refresh that would store what is stored already, and all that makes one needed after all. */
@Tag("database")
@Tag("any-database")
@Tag("slow-on-mariadb")
final class RefreshUnneededIT extends RefreshCase {
    private static final Map<String, Object> DATA =
            Map.of("target_portal", "192.0.2.9:3260", "auth_password", "old-one");

    @BeforeEach
    void nothingHasMoved() {
        fixture.cloud.execute(
                fixture.cloud.cinder(), "UPDATE volume_attachment SET connector = ?, connection_info = ? WHERE id = ?",
                "{\"host\": \"host-a\", \"ip\": \"192.0.2.1\", \"multipath\": false, \"mountpoint\": \"/dev/vdb\"}",
                "{\"driver_volume_type\": \"iscsi\", \"target_portal\": \"192.0.2.9:3260\","
                        + " \"auth_password\": \"old-one\", \"qos_specs\": null}",
                old);
        store("{\"driver_volume_type\": \"iscsi\", \"data\": {\"target_portal\": \"192.0.2.9:3260\","
                + " \"auth_password\": \"old-one\", \"device_path\": \"/dev/sda\"}, \"serial\": \"" + volume + "\"}");
        backend.gives = Optional.of(Map.of("driver_volume_type", "iscsi", "data", DATA));
    }

    private void assertNeeded() {
        assertThat(fixture.refreshes.plan(ADMIN, bdm, REQUEST).unneeded()).isEmpty();

        RefreshReport report = fixture.refreshes.refresh(ADMIN, bdm, REQUEST);

        assertThat(report.unneeded()).isEmpty();
        assertThat(report.journal()).isPresent();
        assertRefreshed();
    }

    @Test
    void itSaysSoAndNothingIsChangedOrJournalled() {
        String stored = device().connectionInfo().orElseThrow();

        RefreshReport plan = fixture.refreshes.plan(ADMIN, bdm, REQUEST);
        RefreshReport report = fixture.refreshes.refresh(ADMIN, bdm, REQUEST);

        assertThat(plan.unneeded()).isEqualTo(report.unneeded());
        assertThat(report.unneeded()).hasValueSatisfying(why -> assertThat(why).contains("what is stored is"));
        assertThat(report.changed()).isFalse();
        assertThat(report.steps()).isEmpty();
        assertThat(report.journal()).isEmpty();
        assertThat(report.inverse()).isEmpty();
        assertThat(report.after()).isEqualTo(report.before());
        assertThat(JsonText.of(report.after().orElseThrow())).doesNotContain("old-one");
        assertThat(device().connectionInfo()).contains(stored);
        assertThat(device().attachmentId()).contains(old);
        assertThat(fixture.volume(volume).attachments()).singleElement()
                .satisfies(attachment -> assertThat(attachment.id()).isEqualTo(old));
        assertThat(fixture.journalQueries.ofSubject(bdm, 10)).isEmpty();
        assertThat(fixture.nova("SELECT message FROM instance_actions")).isEmpty();
        assertThat(backend.asked).isEmpty();
        assertThat(agent.asked).containsExactly("get_volume_connector", "get_volume_connector");
    }

    @Test
    void aPasswordThatWasChangedIsStored() {
        backend.gives = Optional.of(Map.of("driver_volume_type", "iscsi", "data",
                Map.of("target_portal", "192.0.2.9:3260", "auth_password", "new-one")));
        assertNeeded();
    }

    @Test
    void aHostThatIsNotLetInAnyMoreIsLetIn() {
        backend.gives = Optional.empty();
        assertNeeded();
    }

    @Test
    void aHostThatIsCalledAnotherNameNowIsLetInByThat() {
        fixture.cloud.execute(
                fixture.cloud.cinder(), "UPDATE volume_attachment SET connector = ? WHERE id = ?",
                "{\"host\": \"host-a\", \"ip\": \"192.0.2.1\", \"initiator\": \"iqn.old\"}", old);
        assertNeeded();
    }

    @Test
    void aMappingThatLeadsElsewhereThanItsAttachmentIsMended() {
        store(STALE);
        assertNeeded();
    }

    @Test
    void aMappingThatNamesNoAttachmentIsGivenOne() {
        fixture.cloud.execute(
                fixture.cloud.nova(), "UPDATE block_device_mapping SET attachment_id = NULL WHERE uuid = ?", bdm);
        agent.remove = _ -> {};
        assertNeeded();
    }

    @Test
    void aLeftoverOfTheInstanceIsTakenAway() {
        String leftover = leftoverOfAMigration();
        var accepting = new RefreshRequest(Optional.empty(), Optional.of("host-b is off"), true);

        RefreshReport report = fixture.refreshes.refresh(ADMIN, bdm, accepting);

        assertThat(report.unneeded()).isEmpty();
        assertThat(fixture.volume(volume).attachments()).singleElement()
                .satisfies(attachment -> assertThat(attachment.id()).isNotIn(old, leftover));
    }

    @Test
    void aVolumeServiceThatCannotTellIsAskedForAnotherConnection() {
        backend.close();
        backend = new ScriptedBackend(fixture, false);
        assertNeeded();
    }
}

package dev.reseat.api.service;

import static dev.reseat.api.service.ServiceFixture.ADMIN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.api.flow.ServiceException;
import dev.reseat.contract.evidence.Observation;
import dev.reseat.contract.evidence.Source;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which hosts the rows name, in the states that real clouds get into, and what their silence means. */
@Tag("database")
final class ResetRowsIT extends ResetCase {
    @Test
    void oneDeadHostOfTwoBlocks() {
        fixture.cloud.attachment(volume, Map.of("attached_host", "host-b", "connector", "{\"host\": \"host-b\"}"));

        assertThatThrownBy(() -> fixture.resets.reset(ADMIN, volume, to("available")))
                .isInstanceOf(ServiceException.Conflict.class)
                .hasMessageContaining("guest and host on host-b")
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("host-a"));
        assertThat(backend.asked).containsExactly("describe_connections");
    }

    @Test
    void noHostIsNeededWhereNoRowNamesOne() {
        agent.close();
        fixture.cloud.execute(
                fixture.cloud.cinder(),
                "UPDATE volume_attachment SET attached_host = NULL, connector = NULL, connection_info = '{}',"
                        + " attach_status = 'reserved'");
        String shelved = fixture.cloud.instance(Map.of("vm_state", "shelved_offloaded", "deleted", 5));
        fixture.cloud.execute(fixture.cloud.nova(), "UPDATE instances SET host = NULL");
        fixture.cloud.execute(fixture.cloud.cinder(), "UPDATE volume_attachment SET instance_uuid = ?", shelved);

        ResetReport report = fixture.resets.reset(ADMIN, volume, to("available"));

        assertThat(of(report.observations(), Source.HOST)).extracting(Observation::excerpt)
                .containsExactly("no row names a host");
        assertThat(fixture.volume(volume).status()).isEqualTo("available");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"ip\": \"192.0.2.7\"}", "{\"host\": null}", "{'host': 'host-a'}"})
    void aConnectorThatNamesNoHostIsNoProofThatNobodyIsThere(String connector) {
        fixture.cloud.execute(
                fixture.cloud.cinder(),
                "UPDATE volume_attachment SET attached_host = NULL, instance_uuid = NULL, connector = ?", connector);

        assertThatThrownBy(() -> fixture.resets.reset(ADMIN, volume, to("available", Force.SKIP_DRIVER)))
                .isInstanceOf(ServiceException.Conflict.class)
                .hasMessageContaining("guest and host: attachment " + attachment + " has a connector, and no row says");
        assertThat(fixture.volume(volume).attachments()).hasSize(1);
        assertThat(fixture.lastEntry(volume).state()).isEqualTo("undone");

        fixture.resets.reset(ADMIN, volume, to("available", Force.SKIP_DRIVER, Force.ACCEPT_UNKNOWN));
        assertThat(fixture.volume(volume).status()).isEqualTo("available");
    }

    @Test
    void aBlankReservationNamesNoHostButOneThatWasUsedDoes() {
        agent.close();
        String instance = fixture.cloud.instance();
        fixture.cloud.execute(
                fixture.cloud.cinder(),
                "UPDATE volume_attachment SET attached_host = NULL, connector = NULL, connection_info = '{}',"
                        + " attach_status = 'attached', instance_uuid = ?",
                instance);

        assertThatThrownBy(() -> fixture.resets.reset(ADMIN, volume, to("available")))
                .isInstanceOf(ServiceException.Conflict.class)
                .hasMessageContaining("guest and host on host-a");

        fixture.cloud.execute(fixture.cloud.cinder(), "UPDATE volume_attachment SET attach_status = 'reserved'");
        fixture.resets.reset(ADMIN, volume, to("available"));
        assertThat(fixture.volume(volume).status()).isEqualTo("available");
    }

    @Test
    void aHostWithoutInstanceIsAskedToo() {
        fixture.cloud.execute(
                fixture.cloud.cinder(), "UPDATE volume_attachment SET instance_uuid = NULL, attached_host = 'cinder-1',"
                        + " connector = NULL");

        assertThatThrownBy(() -> fixture.resets.reset(ADMIN, volume, to("available")))
                .isInstanceOf(ServiceException.Conflict.class)
                .hasMessageContaining("guest and host on cinder-1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"error", "finished", "running", "post-migrating", "failed"})
    void bothEndsOfAMigrationThatDidNotEndWellAreAsked(String status) {
        String gone = fixture.cloud.instance(Map.of("deleted", 4));
        fixture.cloud.execute(fixture.cloud.cinder(), "UPDATE volume_attachment SET instance_uuid = ?", gone);
        migration(gone, status);

        assertThatThrownBy(() -> fixture.resets.reset(ADMIN, volume, to("available")))
                .isInstanceOf(ServiceException.Conflict.class)
                .hasMessageContaining("guest and host on host-m");
    }

    @ParameterizedTest
    @ValueSource(strings = {"completed", "confirmed", "reverted", "cancelled"})
    void aMigrationThatEndedWellNamesNobody(String status) {
        String gone = fixture.cloud.instance(Map.of("deleted", 4));
        fixture.cloud.execute(fixture.cloud.cinder(), "UPDATE volume_attachment SET instance_uuid = ?", gone);
        migration(gone, status);

        fixture.resets.reset(ADMIN, volume, to("available"));

        assertThat(fixture.volume(volume).status()).isEqualTo("available");
    }

    @Test
    void ofSeveralServersOneThatIsLeftKeepsTheVolume() {
        fixture.cloud.execute(fixture.cloud.cinder(), "UPDATE volumes SET multiattach = true");
        String instance = fixture.cloud.instance(Map.of("vm_state", "active"));
        String other = fixture.cloud.attachment(
                volume, Map.of("instance_uuid", instance, "connector", "{\"host\": \"host-a\"}"));
        fixture.cloud.blockDevice(instance, volume, Map.of("attachment_id", other));

        assertThatThrownBy(() -> fixture.resets.reset(ADMIN, volume, to("available")))
                .isInstanceOf(ServiceException.Conflict.class)
                .hasMessageContaining(instance);
        assertThat(fixture.volume(volume).attachments()).hasSize(2);
        assertThat(backend.asked).doesNotContain("reset_status available");
    }

    @Test
    void detachingAsksNovaAlsoWhereTheRowsOfAttachmentsAreLost() {
        String lost = fixture.cloud.volume(Map.of("status", "in-use", "attach_status", "attached"));
        String instance = fixture.cloud.instance();
        fixture.cloud.blockDevice(instance, lost, Map.of());
        var detached = new StateRequest(
                Optional.empty(), Optional.of("detached"), Optional.empty(), Set.of(), Optional.empty());

        assertThatThrownBy(() -> fixture.resets.reset(ADMIN, lost, detached))
                .isInstanceOf(ServiceException.Conflict.class)
                .hasMessageContaining(instance);
        assertThat(fixture.volume(lost).attachStatus()).contains("attached");

        fixture.cloud.execute(fixture.cloud.nova(), "UPDATE block_device_mapping SET deleted = id");
        fixture.resets.reset(ADMIN, lost, detached);
        assertThat(fixture.volume(lost).attachStatus()).contains("detached");
        assertThat(fixture.volume(lost).status()).as("was not asked for").isEqualTo("in-use");
    }

    private void migration(String instance, String status) {
        fixture.cloud.insert(
                fixture.cloud.nova(),
                "migrations",
                Map.of("instance_uuid", instance, "source_compute", "host-a", "dest_compute", "host-m", "status",
                        status, "deleted", 0));
    }

    private static List<Observation> of(List<Observation> observations, Source source) {
        return observations.stream().filter(seen -> seen.source() == source).toList();
    }
}

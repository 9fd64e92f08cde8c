package dev.reseat.api.service;

import static dev.reseat.api.service.ServiceFixture.ADMIN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.rpc.Failure;
import dev.reseat.rpc.server.EndpointFailure;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Secrets in what a refresh reads, keeps and tells. */
@Tag("database")
final class RefreshSecretsIT extends RefreshCase {
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
}

package dev.reseat.volume;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.contract.connection.Secret;
import dev.reseat.contract.state.StateRpc;
import dev.reseat.contract.volume.VolumeObject;
import dev.reseat.rpc.Failure;
import dev.reseat.volume.driver.BackendVolume;
import dev.reseat.volume.driver.ModelUpdate;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a driver has stored with a volume: through the state service, before anybody is let in. */
final class ModelUpdateTest extends CalledManager {
    private static final String LOCATION = "192.0.2.1:3260,1 iqn.2010-10.org.openstack:volume-1 1";
    private static final String AUTH = "CHAP someone geheim";
    private static final ModelUpdate UPDATE = new ModelUpdate(Optional.of(LOCATION), Optional.of(new Secret(AUTH)));
    private static final StateRpc.ExportCreated STORED =
            new StateRpc.ExportCreated(VOLUME, OneBackend.HOST, Optional.of(LOCATION), Optional.of(AUTH));

    private void initialize(VolumeObject volume) {
        cloud.call("initialize_connection", args("connector", CONNECTOR, "volume", volume), Map.class);
    }

    @Test
    void isStoredAndGivenToTheDriverInTheNextCall() {
        VolumeObject volume = stuckVolume();
        driver.exportAs(UPDATE);

        initialize(volume);

        assertThat(cloud.state().committed()).containsExactly(STORED);
        assertThat(driver.opened()).extracting(BackendVolume::providerAuth)
                .containsExactly(Optional.of(new Secret(AUTH)));
        assertThat(driver.opened().toString()).contains(LOCATION).doesNotContain("geheim");
        assertThat(STORED.toString()).doesNotContain("geheim");
    }

    @Test
    void comesWithTheVolumeAndIsNotStoredTwice() {
        driver.create(VOLUME);
        driver.exportAs(UPDATE);
        VolumeObject volume = Rows.volume(VOLUME, OneBackend.HOST + "#pool",
                Map.of("provider_location", LOCATION, "provider_auth", AUTH));
        cloud.state().add(volume);

        initialize(volume);

        assertThat(cloud.state().committed()).isEmpty();
        assertThat(driver.opened()).extracting(BackendVolume::providerLocation).containsExactly(Optional.of(LOCATION));
    }

    @Test
    void aResetStoresItToo() {
        stuckVolume();
        attachment("a-1", "compute-1");
        driver.exportAs(UPDATE);

        reset("in-use");

        assertThat(cloud.state().committed()).containsExactly(STORED);
    }

    @Test
    void whatCannotBeStoredIsTakenBackAndNobodyIsLetIn() {
        VolumeObject volume = Rows.with(stuckVolume());
        driver.exportAs(UPDATE);
        cloud.state().refuseChanges();

        Failure failure = failureOf(() -> initialize(volume));

        assertThat(failure.type()).isEqualTo("VolumeNotFound");
        assertThat(driver.hosts(VOLUME)).isEmpty();
        assertThat(driver.opened()).isEmpty();
    }
}

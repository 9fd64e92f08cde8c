package dev.reseat.volume.driver.lvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.reseat.contract.connection.ConnectionInfo;
import dev.reseat.contract.connection.Connector;
import dev.reseat.contract.connection.Secret;
import dev.reseat.contract.evidence.Answer;
import dev.reseat.runtime.Deadline;
import dev.reseat.testing.PythonPeer;
import dev.reseat.volume.driver.BackendVolume;
import dev.reseat.volume.driver.Client;
import dev.reseat.volume.driver.ModelUpdate;
import dev.reseat.volume.driver.VolumeAttachment;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** On one tgtd with Cinder's own helper: what one has exported, the other sees and takes down. */
@Tag("slow")
final class CinderTgtIT {
    private static final String INITIATOR = "iqn.2026-01.example:host-a";
    private static final VolumeAttachment ATTACHMENT = new VolumeAttachment("a-1", Optional.empty(),
            Optional.of(new Connector(Map.of("host", "host-a", "initiator", INITIATOR))));
    private static final JsonMapper JSON = new JsonMapper();

    private static LvmBackend lvm;

    private final LvmDriver driver = (LvmDriver) lvm.driver();
    private final String id = UUID.randomUUID().toString();
    private final String name = "volume-" + id;

    @BeforeAll
    static void start() throws Exception {
        lvm = LvmBackend.start();
    }

    @AfterAll
    static void stop() {
        if (lvm != null) {
            lvm.close();
        }
    }

    private static Deadline soon() {
        return Deadline.after(Duration.ofSeconds(60));
    }

    private static Map<String, String> asked(PythonPeer cinder, String... words) throws InterruptedException {
        cinder.send(JSON.writeValueAsString(words));
        return JSON.readValue(cinder.line(), new TypeReference<Map<String, String>>() {});
    }

    @Test
    void whatCinderHasExportedIsSeenAndTakenDown() throws Exception {
        lvm.create(name);
        try (PythonPeer cinder = lvm.cinder()) {
            Map<String, String> stored = asked(cinder, "create", name, lvm.device(name).toString());
            BackendVolume volume = new BackendVolume(id, id, List.of(ATTACHMENT)).with(new ModelUpdate(
                    Optional.of(stored.get("location")), Optional.of(new Secret(stored.get("auth")))));

            // exporting it again is to find it as it is
            var again = driver.createExport(volume, ATTACHMENT.access().orElseThrow(), soon()).orElseThrow();
            assertThat(again.providerLocation()).contains(stored.get("location"));
            assertThat(again.providerAuth()).isEqualTo(volume.providerAuth());
            ConnectionInfo info = driver.initializeConnection(volume, ATTACHMENT.access().orElseThrow(), soon());
            try (var _ = lvm.connect(info, INITIATOR)) {
                assertThat(driver.describe(volume, soon())).extracting(Client::inUse, Client::exported)
                        .containsExactly(tuple(Answer.YES, Answer.YES));
            }
            driver.terminateConnections(volume, soon());
            driver.removeExport(volume, soon());

            assertThat(driver.describe(volume, soon())).isEmpty();
            assertThat(lvm.file(name)).doesNotExist();
            assertThat(asked(cinder, "remove", name, stored.get("location"))).isEmpty(); // which finds nothing to do
        }
    }

    @Test
    void whatWeHaveExportedCinderTakesDown() throws Exception {
        lvm.create(name);
        BackendVolume volume = new BackendVolume(id, id, List.of(ATTACHMENT));
        volume = volume.with(driver.createExport(volume, ATTACHMENT.access().orElseThrow(), soon()).orElseThrow());
        driver.initializeConnection(volume, ATTACHMENT.access().orElseThrow(), soon());
        try (PythonPeer cinder = lvm.cinder()) {
            asked(cinder, "remove", name, volume.providerLocation().orElseThrow());
        }

        assertThat(driver.describe(volume, soon())).isEmpty();
        assertThat(lvm.file(name)).doesNotExist();
        assertThat(driver.inventory(Optional.empty(), 1000, soon()).volumes().get(name).clients()).isEmpty();
    }
}

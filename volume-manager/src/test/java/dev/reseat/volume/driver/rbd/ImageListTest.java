package dev.reseat.volume.driver.rbd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.contract.volume.StoredVolume;
import dev.reseat.contract.volume.StoredVolume.ObjectState;
import dev.reseat.process.CommandResult;
import dev.reseat.runtime.Deadline;
import dev.reseat.volume.driver.BackendPrograms;
import dev.reseat.volume.driver.NameTemplate;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read of {@code images.py}; with a real Ceph it is in {@link RbdDriverIT}. */
final class ImageListTest {
    private static final RbdConfig CONFIG = new RbdConfig(
            "volumes", Optional.empty(), Optional.empty(), "ceph", Optional.empty(), Optional.empty(),
            new NameTemplate("volume-%s"));

    @Test
    void holdersAreNamed() {
        assertThat(stored(", \"held\": []").object()).isEqualTo(ObjectState.PRESENT);
        StoredVolume busy = stored(", \"held\": [\"snapshot one\", \"clone volumes/other\"]");
        assertThat(busy.object()).isEqualTo(ObjectState.BUSY);
        assertThat(busy.remarks()).containsExactly("snapshot one", "clone volumes/other");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ", \"held\": null", ", \"held\": false", ", \"held\": {}"})
    void whoseHoldersAreNotToldIsNotSaidToHaveNone(String held) {
        assertThat(stored(held).object()).isEqualTo(ObjectState.UNKNOWN);
    }

    private static StoredVolume stored(String held) {
        String printed = """
                {"images": [{"name": "volume-1", "watchers": [], "locks": []%s}], "more": false}""".formatted(held);
        var programs = new BackendPrograms(_ -> new CommandResult(0, printed, ""));
        var ceph = new CephPrograms(CONFIG, programs);
        return new ImageList(ceph, new ImageClients(ceph))
                .page(Optional.empty(), 10, _ -> Optional.empty(), Deadline.after(Duration.ofSeconds(30)))
                .volumes()
                .get("volume-1")
                .stored();
    }
}

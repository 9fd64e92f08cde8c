package dev.reseat.api.service.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.api.evidence.DecisionTableReader;
import dev.reseat.api.evidence.Fact;
import dev.reseat.api.evidence.Inquiry;
import dev.reseat.api.evidence.NovaRecords;
import dev.reseat.api.evidence.VolumeFacts;
import dev.reseat.api.model.Attachment;
import dev.reseat.api.model.Circumstances;
import dev.reseat.api.model.Volume;
import dev.reseat.api.model.VolumeMapping;
import dev.reseat.api.model.Whereabouts;
import dev.reseat.contract.evidence.Source;
import dev.reseat.rpc.RequestContext;
import dev.reseat.runtime.Deadline;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A cell is silent in which the volume's project has servers; those of its attachments are in another one. */
final class NovaDoubtsTest {
    private static final Optional<String> NONE = Optional.empty();
    private static final Optional<Instant> NEVER = Optional.empty();
    private static final String SERVER = "5dd4c430-0f4c-4f5e-9c1d-5a3f0d9b7e21";
    private static final Whereabouts DELETED =
            new Whereabouts(SERVER, NONE, Optional.of("deleted"), NONE, true, List.of());
    private static final Whereabouts STOPPED =
            new Whereabouts(SERVER, Optional.of("host-a"), Optional.of("stopped"), NONE, false, List.of());

    private static Volume volume() {
        Attachment attachment = new Attachment(
                "a-1", "v-1", Optional.of(SERVER), NONE, NONE, NEVER, NEVER, NONE, "attached", NONE, NONE, NEVER,
                NEVER, NEVER, false);
        return new Volume(
                "v-1", NONE, Optional.of("p-1"), Optional.of("stor-1@file#file"), NONE, 1, NONE, "in-use",
                Optional.of("attached"), NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE,
                NONE, NONE, NONE, NONE, false, false, Optional.empty(), true, NEVER, NEVER, NEVER, Map.of(), Map.of(),
                List.of(attachment));
    }

    private static VolumeFacts facts(List<VolumeMapping> mappings, Whereabouts server, List<String> doubts) {
        var inquiry = new Inquiry(
                RequestContext.admin(), volume(),
                new NovaRecords(mappings, List.of(server), Optional.empty(), doubts), Deadline.never());
        return FactReader.of(
                inquiry, Optional.of(Circumstances.NONE), Optional.of(true), List.of(),
                new BackendAnswer.Absent("nobody asked"));
    }

    @Test
    void thatNothingIsMappedIsUnknownWhileAMappingMayBeThere() {
        VolumeFacts sure = facts(List.of(), DELETED, List.of());
        VolumeFacts doubtful = facts(List.of(), DELETED, List.of("cell2 is down"));

        assertThat(sure.answer(Fact.MAPPING)).isEqualTo("none");
        assertThat(sure.answer(Fact.SERVER)).isEqualTo("deleted");
        assertThat(sure.silent()).doesNotContain(Source.NOVA);
        assertThat(doubtful.answers()).allSatisfy((fact, answer) -> assertThat(fact.source() == Source.NOVA
                || fact == Fact.CONNECTION || fact == Fact.GUEST || fact == Fact.HOST ? answer : Fact.UNKNOWN)
                .as(fact.text())
                .isEqualTo(Fact.UNKNOWN));
        assertThat(doubtful.silent()).contains(Source.NOVA, Source.GUEST, Source.HOST);
        assertThat(DecisionTableReader.shipped().judge(doubtful).row().id()).isEqualTo("30");
    }

    @Test
    void aMappingThatIsSeenIsThereWhoeverIsSilent() {
        VolumeMapping mapping = new VolumeMapping(
                "m-1", SERVER, Optional.of("a-1"), Optional.of("/dev/vdb"), NONE, Optional.of(STOPPED));

        VolumeFacts doubtful = facts(List.of(mapping), STOPPED, List.of("cell2 is down"));

        assertThat(doubtful.answer(Fact.MAPPING)).isEqualTo("one");
        assertThat(doubtful.answer(Fact.SERVER)).isEqualTo("stopped");
        assertThat(doubtful.silent()).doesNotContain(Source.NOVA);
    }
}

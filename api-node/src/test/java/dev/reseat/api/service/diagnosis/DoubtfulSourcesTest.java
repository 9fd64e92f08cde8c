package dev.reseat.api.service.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.api.evidence.DecisionTable;
import dev.reseat.api.evidence.DecisionTableReader;
import dev.reseat.api.evidence.Fact;
import dev.reseat.api.evidence.Repair;
import dev.reseat.api.evidence.Verdict;
import dev.reseat.api.evidence.VolumeFacts;
import dev.reseat.api.service.diagnosis.SaidOfVolume.Part;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Whatever sources say of a volume: where one of them then falls silent, does not know, or says that somebody uses it,
 * nothing is taken away any more. Told by what they have answered, not by the words that are made of it.
 */
final class DoubtfulSourcesTest {
    private static final DecisionTable TABLE = DecisionTableReader.shipped();
    private static final int VARIED = 40;
    private static final Map<Repair, Set<String>> ROWS = new EnumMap<>(Repair.class);
    private static final List<SaidOfVolume> REPAIRED = new ArrayList<>();

    /** What shows one pattern of each repair. */
    private static List<SaidOfVolume> shapes() {
        SaidOfVolume attached = said(Part.ATTACHED, "server", Part.MAPPED, "names");
        SaidOfVolume used = with(attached, Part.GUEST, "live", Part.HOLDS, "yes", Part.BACKEND, "use");
        SaidOfVolume stopped = with(attached, Part.STATUS, "in-use", Part.SERVER, "stopped", Part.GUEST, "stored");
        return List.of(
                with(used, Part.STATUS, "attaching"),
                with(used, Part.STATUS, "detaching"),
                with(used, Part.STATUS, "error"),
                with(used, Part.STATUS, "available", Part.ATTACHED, "none"),
                said(Part.STATUS, "attaching", Part.ATTACHED, "server", Part.BACKEND, "mapping"),
                said(Part.STATUS, "in-use", Part.ATTACHED, "server", Part.SERVER, "deleted"),
                said(Part.BACKEND, "mapping"),
                with(attached, Part.STATUS, "attaching", Part.HOLDS, "yes"),
                said(Part.STRANGER, "holds"),
                with(stopped, Part.ATTACHED, "leftover"),
                said(Part.MAPPED, "lost"),
                with(stopped, Part.LEADS, "elsewhere"),
                with(stopped, Part.LOCK, "dead"),
                said(Part.STATUS, "deleting", Part.OBJECT, "absent"),
                said(Part.STATUS, "creating", Part.SERVICE, "down", Part.OBJECT, "absent"),
                said(Part.STATUS, "uploading", Part.SERVICE, "down"));
    }

    private static SaidOfVolume said(Object... parts) {
        return with(SaidOfVolume.HEALTHY, parts);
    }

    private static SaidOfVolume with(SaidOfVolume said, Object... parts) {
        SaidOfVolume changed = said;
        for (int i = 0; i < parts.length; i += 2) {
            changed = changed.with((Part) parts[i], (String) parts[i + 1]);
        }
        return changed;
    }

    /** Each shape, and what becomes of it when one or two sources say something else. */
    @BeforeAll
    static void findWhatIsRepaired() {
        Random random = new Random(20_261_130);
        for (SaidOfVolume shape : shapes()) {
            keep(shape);
            for (int varied = 0; varied < VARIED; varied++) {
                keep(another(random, varied % 2 == 0 ? shape : another(random, shape)));
            }
        }
    }

    private static SaidOfVolume another(Random random, SaidOfVolume said) {
        Part part = List.of(Part.values()).get(random.nextInt(Part.values().length));
        return said.with(part, part.words().get(random.nextInt(part.words().size())));
    }

    private static void keep(SaidOfVolume said) {
        Verdict verdict = judge(said);
        if (verdict.repair() != Repair.REPORT && !REPAIRED.contains(said)) {
            ROWS.computeIfAbsent(verdict.repair(), _ -> new TreeSet<>()).add(verdict.row().id());
            REPAIRED.add(said);
        }
    }

    private static Verdict judge(SaidOfVolume said) {
        return TABLE.judge(said.facts());
    }

    @Test
    void everyRepairIsAmongThem() {
        assertThat(ROWS.keySet()).as(ROWS.toString())
                .containsExactlyInAnyOrderElementsOf(EnumSet.complementOf(EnumSet.of(Repair.REPORT)));
    }

    @Test
    void nothingIsRepairedWhileAnybodyIsSilent() {
        for (SaidOfVolume said : REPAIRED) {
            for (Part part : Part.values()) {
                for (String silence : part.silences()) {
                    if (said.hears(part)) {
                        SaidOfVolume silent = said.with(part, silence);
                        assertThat(judge(silent).repair()).as(() -> because(silent)).isEqualTo(Repair.REPORT);
                    }
                }
            }
        }
    }

    @Test
    void nothingIsTakenFromAGuestThatIsSaidToHaveIt() {
        for (SaidOfVolume said : REPAIRED) {
            for (String guest : List.of("live", "half_live", "old_live")) {
                SaidOfVolume used = said.with(Part.GUEST, guest);
                if (said.hears(Part.GUEST)) {
                    assertThat(judge(used).repair().besideRunningGuest()).as(() -> because(used)).isTrue();
                }
            }
        }
    }

    /** A host that has no business there, whoever else says what. */
    @Test
    void nothingIsDoneBesideAStranger() {
        for (SaidOfVolume said : REPAIRED) {
            SaidOfVolume guest = said.with(Part.STRANGER, "guest");
            assertThat(judge(guest).repair()).as(() -> because(guest)).isEqualTo(Repair.REPORT);
            SaidOfVolume holder = said.with(Part.STRANGER, "holds");
            assertThat(judge(holder).repair()).as(() -> because(holder))
                    .isIn(Repair.REPORT, Repair.DISCONNECT_HOST);
        }
    }

    @Test
    void whatTheBackendSeesUsedAndNobodyHasIsLeftAlone() {
        for (SaidOfVolume said : REPAIRED) {
            SaidOfVolume used = said.with(Part.BACKEND, "use");
            VolumeFacts facts = used.facts();
            if (facts.answer(Fact.HOST).equals("no") && !facts.inRunningGuest()) {
                assertThat(judge(used).repair()).as(() -> because(used)).isEqualTo(Repair.REPORT);
            }
        }
    }

    private static String because(SaidOfVolume said) {
        Verdict verdict = judge(said);
        return said + " as row " + verdict.row().id() + ": " + said.facts().texts();
    }
}

package dev.reseat.api.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.contract.evidence.Answer;
import dev.reseat.contract.evidence.Source;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

/** The published table, held against a fixture of every pattern and of every shape that is in order. */
class DecisionTableTest {
    private static final DecisionTable TABLE = DecisionTableReader.shipped();
    private static final List<PatternFixture> FIXTURES = PatternFixture.all();
    private static final List<Fact> FACTS = List.of(Fact.values());
    private static final List<Source> SOURCES = List.of(Source.values());
    private static final int ROUNDS = 200_000;
    /** Patterns that consist in it: a device on a host that no row names, an object that is not there. */
    private static final Set<String> MEANT_BY_IT = Set.of("11", "25", "26");

    static List<PatternFixture> fixtures() {
        return FIXTURES;
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void oneRowAndNoOtherDescribesIt(PatternFixture fixture) {
        List<String> fitting = TABLE.rows()
                .stream()
                .filter(row -> row.matches(fixture.facts()) == Answer.YES)
                .map(DecisionRow::id)
                .toList();

        assertThat(fitting).containsExactly(fixture.row());
        assertThat(TABLE.judge(fixture.facts()).row().id()).isEqualTo(fixture.row());
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void noRepairWhileARequiredSourceIsSilent(PatternFixture fixture) {
        for (Source source : TABLE.row(fixture.row()).requires()) {
            Verdict verdict = TABLE.judge(fixture.facts().without(source));

            // without the backend a stale connection does not show: what is left is in order
            assertThat(verdict.kind()).as("without %s", source).isIn(Verdict.Kind.UNKNOWN, Verdict.Kind.NORMAL);
            assertThat(verdict.repair()).isEqualTo(Repair.REPORT);
            assertThat(verdict.automatic()).isFalse();
        }
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void aSourceThatCouldNotSayEverythingIsSilentWhateverElseItSaid(PatternFixture fixture) {
        for (Source source : TABLE.row(fixture.row()).requires()) {
            Verdict verdict = TABLE.judge(new VolumeFacts(fixture.facts().answers(), Set.of(source)));

            assertThat(verdict.row().id()).isEqualTo("30");
            assertThat(verdict.mayBe()).containsExactly(fixture.row());
        }
    }

    @Test
    void allPatternsAndAllShapesHaveARowAndEachRowAFixture() {
        Set<String> numbers = TABLE.rows()
                .stream()
                .map(row -> row.id().replaceAll("[a-z]", ""))
                .collect(Collectors.toSet());
        numbers.add(TABLE.unknown().id());

        assertThat(numbers).containsAll(IntStream.rangeClosed(1, 30).mapToObj(Integer::toString).toList());
        assertThat(TABLE.rows()).extracting(DecisionRow::name)
                .contains("running", "stopped", "shelved_offloaded", "live migration", "resize unconfirmed",
                        "host attachment", "block storage's own attach", "booting from volume");
        assertThat(fixtures()).extracting(PatternFixture::row)
                .containsAll(TABLE.rows().stream().map(DecisionRow::id).toList());
    }

    @Test
    void whateverIsSaidAnUnknownInARequiredSourceGivesNoRepair() {
        Random random = new Random(20_261_129);
        long repairs = 0;
        for (int round = 0; round < ROUNDS; round++) {
            VolumeFacts facts = near(random);
            Verdict verdict = TABLE.judge(facts);
            if (verdict.repair() == Repair.REPORT) {
                continue;
            }
            repairs++;
            assertThat(facts.silent()).as("%s", facts).doesNotContainAnyElementsOf(verdict.row().requires());
            assertThat(facts.inRunningGuest() && !verdict.repair().besideRunningGuest()).as("%s", facts).isFalse();
            assertThat(unknown(facts)).as("%s", facts)
                    .doesNotContainAnyElementsOf(
                            verdict.row().when().stream().flatMap(when -> when.keySet().stream()).toList());
        }
        assertThat(repairs).isPositive();
    }

    /** A fixture with a few facts made others or unknown, or a source silent: facts at random would hardly ever fit. */
    private static VolumeFacts near(Random random) {
        Map<Fact, String> answers =
                new EnumMap<>(FIXTURES.get(random.nextInt(FIXTURES.size())).facts().answers());
        Set<Source> silent = EnumSet.noneOf(Source.class);
        for (int changes = random.nextInt(4); changes > 0; changes--) {
            Fact fact = FACTS.get(random.nextInt(FACTS.size()));
            List<String> words = new ArrayList<>(fact.words());
            words.add(Fact.UNKNOWN);
            answers.put(fact, words.get(random.nextInt(words.size())));
        }
        if (random.nextInt(4) == 0) {
            silent.add(SOURCES.get(random.nextInt(SOURCES.size())));
        }
        return new VolumeFacts(answers, silent);
    }

    private static List<Fact> unknown(VolumeFacts facts) {
        return Stream.of(Fact.values()).filter(fact -> facts.answer(fact).equals(Fact.UNKNOWN)).toList();
    }

    @Test
    void aRunningGuestKeepsItsDiskWhateverTheRowsSay() {
        for (PatternFixture fixture : FIXTURES) {
            for (String guest : List.of("live", "half_live", "both")) {
                Map<Fact, String> answers = new EnumMap<>(fixture.facts().answers());
                answers.put(Fact.GUEST, guest);
                assertThat(TABLE.judge(new VolumeFacts(answers, Set.of())).repair().besideRunningGuest())
                        .as("%s with %s", fixture, guest)
                        .isTrue();
            }
        }
    }

    /** Somebody says what cannot be true beside what the others say: it is a lie, or they look at different times. */
    @ParameterizedTest
    @MethodSource("fixtures")
    void noRepairOnTheWordOfASourceThatContradictsTheOthers(PatternFixture fixture) {
        for (VolumeFacts lie : contradictions(fixture.facts())) {
            Verdict verdict = TABLE.judge(lie);

            if (!MEANT_BY_IT.contains(verdict.row().id())) {
                assertThat(verdict.repair()).as("%s as row %s", lie.texts(), verdict.row().id())
                        .isEqualTo(Repair.REPORT);
            }
        }
    }

    private static List<VolumeFacts> contradictions(VolumeFacts truth) {
        List<VolumeFacts> lies = new ArrayList<>();
        lies.add(with(truth, Fact.HOST, "elsewhere"));
        lies.add(with(truth, Fact.HOST, "both"));
        lies.add(with(truth, Fact.OBJECT, "absent"));
        lies.add(with(truth, Fact.OBJECT, "partial"));
        boolean nobody = Set.of("no", "none", "stored", "half").contains(truth.answer(Fact.GUEST));
        if (nobody && truth.answer(Fact.HOST).equals("no")) {
            lies.add(with(truth, Fact.BACKEND, "use"));
        }
        if (truth.inRunningGuest()) {
            lies.add(with(truth, Fact.BACKEND, "no"));
        } else if (truth.answer(Fact.HOST).equals("no") && truth.answer(Fact.BACKEND).equals("no")) {
            lies.add(with(truth, Fact.GUEST, "live"));
            lies.add(with(truth, Fact.GUEST, "half_live"));
            lies.add(with(truth, Fact.GUEST, "both"));
        }
        if (!truth.answer(Fact.ATTACHMENTS).equals("none")) {
            lies.add(with(truth, Fact.STATUS, "available"));
        }
        return lies;
    }

    private static VolumeFacts with(VolumeFacts facts, Fact fact, String answer) {
        Map<Fact, String> answers = new EnumMap<>(facts.answers());
        answers.put(fact, answer);
        return new VolumeFacts(answers, facts.silent());
    }

    @Test
    void sourcesThatContradictEachOtherAreNoPattern() {
        VolumeFacts lie = PatternFixture.facts(JsonMapper.shared().readTree("""
                {"status": "in-use", "attachments": "one", "attached_to": "server", "attached_hosts": "one",
                 "server": "running", "mapping": "one", "mapping_names": "attachment", "host_alive": "yes",
                 "guest": "no", "host": "elsewhere", "backend": "no"}
                """));

        assertThat(TABLE.judge(lie).kind()).isEqualTo(Verdict.Kind.UNLISTED);
        assertThat(TABLE.judge(lie).repair()).isEqualTo(Repair.REPORT);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "\"status\": [\"available\"]   | \"status\": [\"avaliable\"]     | is never 'avaliable'",
            "\"status\": [\"available\"]   | \"state\": [\"available\"]      | no fact is named state",
            "\"repair\": \"take_down\"     | \"repair\": \"take_away\"       | no repair is named take_away",
            "\"never\": \"\"               | \"nevr\": \"\"                  | unknown field nevr",
            "\"id\": \"2\"                 | \"id\": \"1\"                   | there are two rows of this number",
            "\"reading\": \"a leak\",      | ``                              | 'reading' is missing",
            "\"backend\": [\"mapping\"]    | \"backend\": [\"no\", \"mapping\"] | a volume could fit row 2 too",
            "\"host\": [\"no\"],           | \"host\": [\"no\", \"unknown\"],   | a repair rests on unknown host",
            "\"guest\": [\"no\"]           | \"guest\": [\"no\", \"live\"]   | it takes the disk from a running guest",
            "\"guest\", \"host\", \"backend\"] | \"guest\", \"backend\"]     | does not require host",
            "\"guest\", \"host\", \"backend\"] | \"gost\"]                   | no source is named gost",
    })
    void aTableThatCouldMisleadIsRefused(String was, String becomes, String why) {
        String small = """
                {"assume": {"task": ["none"]},
                 "rows": [
                  {"id": "1", "name": "leak", "when": [{"status": ["available"], "guest": ["no"], "host": ["no"],
                    "backend": ["mapping"]}], "reading": "a leak", "safe": "remove", "repair": "take_down",
                   "never": "", "requires": ["cinder", "nova", "guest", "host", "backend"]},
                  {"id": "2", "name": "fine", "when": [{"status": ["available"], "backend": ["no"]}],
                   "reading": "fine", "safe": "nothing", "repair": "report", "requires": []}],
                 "unlisted": {"id": "0", "name": "none", "reading": "-", "safe": "-", "repair": "report",
                   "requires": []},
                 "unknown": {"id": "30", "name": "unknown", "reading": "-", "safe": "-", "repair": "report",
                   "requires": []}}
                """;
        assertThat(DecisionTableReader.read(small).rows()).hasSize(2);
        String broken = small.replaceFirst(Pattern.quote(was.strip()),
                Matcher.quoteReplacement(becomes.strip()));
        assertThat(broken).isNotEqualTo(small);

        assertThatThrownBy(() -> DecisionTableReader.read(broken))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why.strip());
    }

    @Test
    void thePageOfThePatternsIsTrue() throws IOException {
        String page = PatternsPage.of(TABLE);
        PatternsPage.writeIfAsked(page);
        try (InputStream published = PatternsPage.published()) {
            assertThat(new String(published.readAllBytes(), StandardCharsets.UTF_8))
                    .as("run the test with -Dreseat.patterns=write to write it anew")
                    .isEqualTo(page);
        }
    }
}

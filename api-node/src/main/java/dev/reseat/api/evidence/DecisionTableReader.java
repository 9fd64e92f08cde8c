package dev.reseat.api.evidence;

import dev.reseat.contract.evidence.Source;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads the decision table and refuses one that could mislead: unknown words, missing fields, two rows of one number,
 * rows that a volume could fit both of, a repair that rests on what nobody knows or takes a disk from a running guest.
 */
public final class DecisionTableReader {
    private static final String RESOURCE = "/decisions/patterns.json";
    private static final Set<String> FIELDS = Set.of(
            "id", "name", "when", "reading", "safe", "repair", "automatic", "never", "command", "requires");
    private static final Set<String> NEEDED = Set.of("id", "name", "reading", "safe", "repair", "requires");
    private static final Set<String> RUNNING = Set.of("live", "half_live", "both");
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final Map<Fact, Set<String>> assumed = new EnumMap<>(Fact.class);

    private DecisionTableReader() {}

    /** The table that comes with the program. */
    public static DecisionTable shipped() {
        try (InputStream text =
                Objects.requireNonNull(DecisionTableReader.class.getResourceAsStream(RESOURCE), RESOURCE)) {
            return read(new String(text.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** @throws IllegalArgumentException if it is none that can be trusted; the message says which row and why */
    public static DecisionTable read(String json) {
        try {
            return new DecisionTableReader().table(JSON.readTree(json));
        } catch (JacksonException e) {
            throw new IllegalArgumentException("the decision table is no JSON: " + e.getOriginalMessage(), e);
        }
    }

    private DecisionTable table(JsonNode document) {
        refuseOthers(document, Set.of("assume", "rows", "unlisted", "unknown"), "the decision table");
        assumed.putAll(conditions(document.path("assume"), "assume"));
        List<DecisionRow> rows = new ArrayList<>();
        document.path("rows").forEach(row -> rows.add(row(row, true)));
        if (rows.isEmpty()) {
            throw new IllegalArgumentException("the decision table has no rows");
        }
        DecisionRow unlisted = row(document.path("unlisted"), false);
        DecisionRow unknown = row(document.path("unknown"), false);
        Set<String> ids = new HashSet<>(List.of(unlisted.id()));
        List<DecisionRow> numbered = new ArrayList<>(rows);
        numbered.add(unknown);
        for (DecisionRow row : numbered) {
            require(ids.add(row.id()), row.id(), "there are two rows of this number");
        }
        refuseOverlaps(rows);
        return new DecisionTable(rows, unlisted, unknown);
    }

    private DecisionRow row(JsonNode node, boolean describes) {
        String id = node.path("id").asString("");
        require(id.matches("N?[0-9]+[a-z]?"), id, "'id' must be a number, or N and a number");
        refuseOthers(node, FIELDS, "row " + id);
        for (String field : NEEDED) {
            require(node.hasNonNull(field), id, "'" + field + "' is missing");
        }
        require(describes == node.hasNonNull("when"), id, describes ? "'when' is missing" : "'when' must not be there");
        List<Map<Fact, Set<String>>> when = new ArrayList<>();
        node.path("when").forEach(alternative -> when.add(alternative(alternative, "row " + id)));
        require(!describes || !when.isEmpty(), id, "'when' is empty");
        DecisionRow row = new DecisionRow(
                id, text(node, "name"), when, text(node, "reading"), text(node, "safe"),
                repair(node, id), node.path("automatic").asBoolean(false), text(node, "never"),
                text(node, "command"), sources(node, id));
        require(!row.name().isBlank() && !row.reading().isBlank() && !row.safe().isBlank(), id, "a text is empty");
        check(row);
        return row;
    }

    private static void check(DecisionRow row) {
        if (row.normal() || row.when().isEmpty()) {
            require(row.repair() == Repair.REPORT, row.id(), "it must have nothing repaired");
            return;
        }
        for (Map<Fact, Set<String>> alternative : row.when()) {
            if (row.repair() == Repair.REPORT) {
                continue;
            }
            alternative.forEach((fact, words) -> {
                require(!words.contains(Fact.UNKNOWN), row.id(), "a repair rests on unknown " + fact.text());
                require(row.requires().contains(fact.source()), row.id(),
                        "it looks at " + fact.text() + " but does not require " + fact.source().text());
            });
            require(row.repair().besideRunningGuest()
                    || (alternative.containsKey(Fact.GUEST)
                            && alternative.get(Fact.GUEST).stream().noneMatch(RUNNING::contains)),
                    row.id(), "it takes the disk from a running guest");
        }
    }

    private static void refuseOverlaps(List<DecisionRow> rows) {
        for (int i = 0; i < rows.size(); i++) {
            for (DecisionRow later : rows.subList(i + 1, rows.size())) {
                require(rows.get(i).excludes(later), rows.get(i).id(),
                        "a volume could fit row " + later.id() + " too");
            }
        }
    }

    private Map<Fact, Set<String>> alternative(JsonNode node, String where) {
        Map<Fact, Set<String>> conditions = conditions(node, where);
        assumed.forEach(conditions::putIfAbsent);
        return conditions;
    }

    private static Map<Fact, Set<String>> conditions(JsonNode node, String where) {
        Map<Fact, Set<String>> conditions = new EnumMap<>(Fact.class);
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            Fact fact = Fact.named(entry.getKey())
                    .orElseThrow(() -> new IllegalArgumentException(where + ": no fact is named " + entry.getKey()));
            Set<String> words = new LinkedHashSet<>();
            entry.getValue().forEach(word -> words.add(word.asString()));
            for (String word : words) {
                if (!word.equals(Fact.UNKNOWN) && !fact.words().contains(word)) {
                    throw new IllegalArgumentException(where + ": " + fact.text() + " is never '" + word + "'");
                }
            }
            if (words.isEmpty()) {
                throw new IllegalArgumentException(where + ": " + fact.text() + " needs a list of words");
            }
            conditions.put(fact, words);
        }
        return conditions;
    }

    private static Repair repair(JsonNode node, String id) {
        try {
            return Repair.parse(text(node, "repair"));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("row " + id + ": no repair is named " + text(node, "repair"), e);
        }
    }

    private static Set<Source> sources(JsonNode node, String id) {
        Set<Source> sources = EnumSet.noneOf(Source.class);
        for (JsonNode name : node.path("requires")) {
            try {
                sources.add(Source.parse(name.asString()));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("row " + id + ": no source is named " + name.asString(), e);
            }
        }
        return sources;
    }

    private static String text(JsonNode node, String field) {
        return node.path(field).asString("").strip();
    }

    private static void refuseOthers(JsonNode node, Set<String> known, String where) {
        for (String field : node.propertyNames()) {
            if (!known.contains(field)) {
                throw new IllegalArgumentException(where + ": unknown field " + field);
            }
        }
    }

    private static void require(boolean holds, String id, String why) {
        if (!holds) {
            throw new IllegalArgumentException("row " + id + ": " + why);
        }
    }
}

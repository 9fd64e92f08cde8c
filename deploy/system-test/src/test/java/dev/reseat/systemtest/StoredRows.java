package dev.reseat.systemtest;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * All that Cinder and Nova keep of one volume and its instance, and what was answered, without what differs by nature:
 * ids become words, and of times it is only said whether there is one.
 */
final class StoredRows {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Map<String, String> CINDER = Map.of(
            "volumes", "SELECT * FROM volumes WHERE id = ?",
            "volume_attachment",
            "SELECT * FROM volume_attachment WHERE volume_id = ? ORDER BY created_at, deleted DESC",
            "volume_admin_metadata", "SELECT * FROM volume_admin_metadata WHERE volume_id = ? ORDER BY id",
            "workers", "SELECT * FROM workers WHERE resource_id = ?");
    private static final Map<String, String> NOVA = Map.of(
            "instances", "SELECT * FROM instances WHERE uuid = ?",
            "block_device_mapping", "SELECT * FROM block_device_mapping WHERE instance_uuid = ?",
            "instance_system_metadata",
            "SELECT * FROM instance_system_metadata WHERE instance_uuid = ? ORDER BY deleted, \"key\"",
            "instance_actions", "SELECT * FROM instance_actions WHERE instance_uuid = ? ORDER BY action");
    private static final Set<String> OWN = Set.of("id", "uuid", "display_name", "hostname", "request_id");
    private static final Set<String> DOCUMENTS = Set.of("connector", "connection_info");

    private final List<Object> answers = new ArrayList<>();
    private final Map<String, List<Map<String, Object>>> tables = new TreeMap<>();

    /** In the order of requests. */
    List<Object> answers() {
        return answers;
    }

    /** What an answer says of an attachment. */
    static Object told(Http.Answer answer) {
        Map<String, Object> told = new TreeMap<>();
        answer.json()
                .path("attachment")
                .properties()
                .forEach(entry -> told.put(
                        entry.getKey(), Set.of("id", "volume_id", "instance").contains(entry.getKey())
                                ? "an id"
                                : shape(entry.getValue())));
        return answer.status() + " " + told;
    }

    /** Of a connection only whether there is one: the rows are compared by each key. */
    private static Object shape(JsonNode value) {
        return value.isObject() ? (value.isEmpty() ? "nothing" : "something") : value;
    }

    StoredRows read(OpenStackDatabases databases, String volume, Optional<String> instance) {
        Map<String, String> words = new LinkedHashMap<>();
        words.put(volume, "VOLUME");
        instance.ifPresent(uuid -> words.put(uuid, "INSTANCE"));
        CINDER.forEach((table, query) -> tables.put(table, rows(databases, "cinder", query, volume, words)));
        instance.ifPresent(uuid -> NOVA.forEach(
                (table, query) -> tables.put(table, rows(databases, "nova", query, uuid, words))));
        return this;
    }

    private static List<Map<String, Object>> rows(
            OpenStackDatabases databases, String database, String query, String id, Map<String, String> words) {
        List<Map<String, Object>> rows = databases.sql(database)
                .withHandle(handle -> handle.select(query, id).mapToMap().list());
        return rows.stream().map(row -> compared(row, words)).toList();
    }

    private static Map<String, Object> compared(Map<String, Object> row, Map<String, String> words) {
        Map<String, Object> compared = new TreeMap<>();
        row.forEach((column, value) -> {
            if (column.endsWith("_at") || column.endsWith("_time")) {
                compared.put(column, value == null ? "no time" : "a time");
            } else if (DOCUMENTS.contains(column) && value != null) {
                document(compared, column, value.toString(), words);
            } else if (!OWN.contains(column)) {
                compared.put(column, worded(String.valueOf(value), words));
            }
        });
        if (row.get("deleted") instanceof Number deleted) { // Nova's: the row's own id
            compared.put("deleted", deleted.longValue() == 0 ? "no" : "yes");
        }
        return compared;
    }

    /** JSON by its meaning: each key is as good as a column. */
    private static void document(Map<String, Object> compared, String name, String text, Map<String, String> words) {
        try {
            put(compared, name, JSON.readTree(worded(text, words)));
        } catch (JacksonException e) {
            compared.put(name, text);
        }
    }

    private static void put(Map<String, Object> compared, String name, JsonNode value) {
        if (value.isObject() && !value.isEmpty()) {
            value.properties().forEach(entry -> put(compared, name + "." + entry.getKey(), entry.getValue()));
        } else {
            compared.put(name, value.toString());
        }
    }

    private static String worded(String text, Map<String, String> words) {
        String worded = text;
        for (Map.Entry<String, String> word : words.entrySet()) {
            worded = worded.replace(word.getKey(), word.getValue());
        }
        return worded.replaceAll("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "ID");
    }

    /** One difference of a column. */
    record Difference(String column, String ours, String theirs) {}

    private static String said(Object value) {
        return value == null ? "not there" : value.toString();
    }

    /** These are what ours has written. */
    List<Difference> differences(StoredRows theirs) {
        List<Difference> all = new ArrayList<>();
        if (!answers.equals(theirs.answers)) {
            all.add(new Difference("answers", answers.toString(), theirs.answers.toString()));
        }
        tables.forEach((table, rows) -> {
            List<Map<String, Object>> others = theirs.tables.get(table);
            if (rows.size() != others.size()) {
                all.add(new Difference(table, rows.size() + " rows", others.size() + " rows"));
                return;
            }
            for (int i = 0; i < rows.size(); i++) {
                Map<String, Object> other = others.get(i);
                Map<String, Object> row = rows.get(i);
                Stream.concat(row.keySet().stream(), other.keySet().stream())
                        .distinct()
                        .filter(column -> !Objects.equals(row.get(column), other.get(column)))
                        .map(column -> new Difference(
                                table + "." + column, said(row.get(column)), said(other.get(column))))
                        .forEach(all::add);
            }
        });
        return all;
    }
}

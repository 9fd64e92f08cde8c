package dev.reseat.api.offline;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A folder that {@link OfflineDiagnosis} can read, filled with the pages of a capture; for its owner alone. */
public final class CaptureFolder {
    private static final FileAttribute<Set<PosixFilePermission>> FOLDER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final FileAttribute<Set<PosixFilePermission>> FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final JsonMapper JSON = JsonMapper.shared();

    private final Path folder;
    private final Map<String, Map<String, Set<Map<String, String>>>> databases = new LinkedHashMap<>();
    private final ObjectNode probes = JSON.createObjectNode();
    private final Set<String> silentCells = new LinkedHashSet<>();
    private String at = "";

    /** @throws IllegalArgumentException if it is there already and not empty */
    public CaptureFolder(Path folder) throws IOException {
        this.folder = folder;
        if (Files.exists(folder)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
                if (files.iterator().hasNext()) {
                    throw new IllegalArgumentException(folder + " is not empty");
                }
            } catch (DirectoryIteratorException e) {
                throw e.getCause();
            }
        } else {
            Files.createDirectories(folder, FOLDER);
        }
    }

    /** @param page an answer of {@code POST /reseat/v1/captures} */
    public void add(JsonNode page) {
        at = page.path("captured_at").asString();
        for (String name : List.of("cinder", "nova")) {
            for (Map.Entry<String, JsonNode> table : page.path(name).properties()) {
                Set<Map<String, String>> rows = databases.computeIfAbsent(name, _ -> new LinkedHashMap<>())
                        .computeIfAbsent(table.getKey(), _ -> new LinkedHashSet<>());
                for (JsonNode row : table.getValue()) {
                    Map<String, String> texts = new LinkedHashMap<>();
                    row.properties().forEach(column -> texts.put(column.getKey(), column.getValue().asString()));
                    rows.add(texts);
                }
            }
        }
        page.path("silent_cells").forEach(one -> silentCells.add(one.asString()));
        page.path("probes").properties().forEach(one -> probes.set(one.getKey(), one.getValue()));
    }

    /** How many volumes are in it. */
    public int volumes() {
        return probes.size();
    }

    /** Why rows of Nova's are missing in it; empty if none are. */
    public Set<String> silentCells() {
        return Set.copyOf(silentCells);
    }

    /** Writes all of it. */
    public void write() throws IOException {
        for (Map.Entry<String, Map<String, Set<Map<String, String>>>> database : databases.entrySet()) {
            Path tables = Files.createDirectory(folder.resolve(database.getKey()), FOLDER);
            for (Map.Entry<String, Set<Map<String, String>>> table : database.getValue().entrySet()) {
                LinkedHashSet<String> names = new LinkedHashSet<>();
                table.getValue().forEach(row -> names.addAll(row.keySet()));
                if (names.isEmpty()) {
                    names.add("deleted"); // a table without rows has a line of names all the same
                }
                write(tables.resolve(table.getKey() + ".csv"),
                        CsvTable.text(names, new ArrayList<>(table.getValue())));
            }
        }
        ObjectNode document = JSON.createObjectNode().put("captured_at", at);
        silentCells.forEach(document.putArray(RecordedProbes.SILENT_CELLS)::add);
        document.set("volumes", probes);
        write(folder.resolve(RecordedProbes.FILE),
                JSON.writerWithDefaultPrettyPrinter().writeValueAsString(document));
    }

    private static void write(Path file, String text) throws IOException {
        Files.createFile(file, FILE);
        Files.writeString(file, text);
    }
}

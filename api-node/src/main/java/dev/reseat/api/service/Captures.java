package dev.reseat.api.service;

import dev.reseat.api.model.Attachment;
import dev.reseat.api.model.Volume;
import dev.reseat.api.remote.ComputeClient;
import dev.reseat.api.service.diagnosis.Diagnosis;
import dev.reseat.api.service.diagnosis.Probes;
import dev.reseat.api.service.diagnosis.SideBySide;
import dev.reseat.api.store.CaptureReader;
import dev.reseat.api.store.Database;
import dev.reseat.api.store.cell.Answers;
import dev.reseat.api.store.cell.Cells;
import dev.reseat.contract.Secrets;
import dev.reseat.rpc.RequestContext;
import dev.reseat.runtime.Deadline;
import jakarta.inject.Inject;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;

/**
 * Writes down what a diagnosis rests on, to be judged elsewhere. What is secret is masked; addresses and names of hosts
 * are not, for the verdict rests on them. Changes nothing anywhere.
 */
public final class Captures {
    private static final Set<String> SECRET = Set.of("connector", "connection_info");
    private static final int SIDE_BY_SIDE = 16;

    private final VolumeSelector selector;
    private final Diagnosis diagnosis;
    private final ComputeClient computes;
    private final Database database;
    private final Cells cells;
    private final CaptureReader reader;
    private final InstantSource clock;
    private final Semaphore looking = new Semaphore(SIDE_BY_SIDE);

    @Inject
    Captures(
            VolumeSelector selector, Diagnosis diagnosis, ComputeClient computes, Database database,
            Cells cells, CaptureReader reader, InstantSource clock) {
        this.selector = selector;
        this.diagnosis = diagnosis;
        this.computes = computes;
        this.database = database;
        this.cells = cells;
        this.reader = reader;
        this.clock = clock;
    }

    /**
     * One page. Who does not answer, a cell's database too, is in it as somebody who did not.
     *
     * @throws dev.reseat.api.store.StoreException if Cinder's database cannot be read
     */
    public Capture capture(RequestContext context, DiagnosisRequest request) {
        List<Volume> selected = selector.select(request);
        List<Volume> page = selected.subList(0, Math.min(selected.size(), request.limit()));
        Set<String> missing = new HashSet<>(request.volumes());
        selected.forEach(volume -> missing.remove(volume.id()));
        boolean more = selected.size() > page.size();
        Deadline deadline = computes.repairing();
        List<Probes> probes = SideBySide.all(page, volume -> inTurn(context, volume, deadline));
        Map<String, Probes> byVolume = new LinkedHashMap<>();
        for (int i = 0; i < page.size(); i++) {
            byVolume.put(page.get(i).id(), probes.get(i));
        }
        List<String> ids = page.stream().map(Volume::id).toList();
        Set<String> servers = page.stream()
                .flatMap(volume -> volume.attachments().stream())
                .map(Attachment::instanceUuid)
                .flatMap(Optional::stream)
                .collect(Collectors.toSet());
        Answers<Map<String, List<Map<String, String>>>> nova =
                cells.everywhere(tx -> reader.nova(tx, ids, servers));
        return new Capture(
                clock.instant(),
                masked(database.cinder().transaction(tx -> reader.cinder(tx, ids))),
                masked(together(nova.given())),
                nova.silent().stream().map(silent -> Secrets.maskedText(silent.text())).toList(),
                byVolume,
                more ? List.of() : missing.stream().sorted().toList(),
                more ? Optional.of(page.getLast().id()) : Optional.empty());
    }

    private Probes inTurn(RequestContext context, Volume volume, Deadline deadline) {
        looking.acquireUninterruptibly();
        try {
            return diagnosis.look(context, volume, computes.probing(deadline)).probes();
        } finally {
            looking.release();
        }
    }

    /** The rows of all cells: each server is in one. */
    private static Map<String, List<Map<String, String>>> together(List<Map<String, List<Map<String, String>>>> cells) {
        Map<String, List<Map<String, String>>> all = new LinkedHashMap<>();
        CaptureReader.novaColumns().keySet().forEach(table -> all.put(table, new ArrayList<>()));
        cells.forEach(cell -> cell.forEach(
                (table, rows) -> all.computeIfAbsent(table, _ -> new ArrayList<>()).addAll(rows)));
        return all;
    }

    private static Map<String, List<Map<String, String>>> masked(Map<String, List<Map<String, String>>> tables) {
        Map<String, List<Map<String, String>>> masked = new LinkedHashMap<>();
        tables.forEach((table, rows) -> masked.put(table, rows.stream().map(Captures::maskedRow).toList()));
        return masked;
    }

    private static Map<String, String> maskedRow(Map<String, String> row) {
        Map<String, String> masked = new LinkedHashMap<>();
        row.forEach((column, value) -> masked.put(
                column, SECRET.contains(column) ? Secrets.maskedJson(value) : Secrets.maskedText(value)));
        return masked;
    }
}

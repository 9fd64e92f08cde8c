package dev.reseat.api.offline;

import dev.reseat.api.evidence.DecisionTable;
import dev.reseat.api.evidence.DecisionTableReader;
import dev.reseat.api.evidence.NovaRecords;
import dev.reseat.api.model.Volume;
import dev.reseat.api.object.CinderObjects;
import dev.reseat.api.rest.json.DiagnosisView;
import dev.reseat.api.rest.repair.DiagnosisViews;
import dev.reseat.api.service.DiagnoseVolumes;
import dev.reseat.api.service.DiagnosisRequest;
import dev.reseat.api.service.diagnosis.Diagnosis;
import dev.reseat.api.service.diagnosis.RecordedDiagnosis;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The diagnosis of a folder with dumps of both databases and, if somebody has written them down, the answers of hosts
 * and backends. The same engine, the same table; asks nobody. What is not in the folder is not known.
 */
public final class OfflineDiagnosis {
    private OfflineDiagnosis() {}

    /**
     * @param volumes ids or names; empty for whatever fits the other conditions
     * @return in the order of their ids
     * @throws IllegalArgumentException if the folder cannot be read as that; the message says where
     */
    public static List<DiagnosisView> of(Path folder, DiagnosisRequest request, List<String> volumes)
            throws IOException {
        RecordedProbes probes = RecordedProbes.read(folder);
        var rows = new RecordedRows(
                Dump.read(folder, "cinder", RecordedRows.CINDER), Dump.read(folder, "nova", RecordedRows.NOVA),
                probes.at(), probes.silentCells());
        DecisionTable table = DecisionTableReader.shipped();
        var recorded = new RecordedDiagnosis(rows.at());
        List<DiagnosisView> views = new ArrayList<>();
        for (Volume volume : rows.volumes()) {
            NovaRecords nova = rows.nova(volume);
            if (fits(volume, nova, request, volumes)) {
                Diagnosis.Found found = recorded.look(
                        volume, nova, rows.around(volume), rows.serviceUp(volume), rows.lastDeleted(volume),
                        probes.of(volume.id()));
                views.add(DiagnosisViews.of(DiagnoseVolumes.judged(table, volume, found)));
            }
        }
        return views;
    }

    private static boolean fits(
            Volume volume, NovaRecords nova, DiagnosisRequest request, List<String> volumes) {
        boolean named = volumes.isEmpty() || volumes.contains(volume.id())
                || volume.displayName().filter(volumes::contains).isPresent();
        return named
                && request.state().stream().allMatch(volume.status()::equals)
                && request.project().stream().allMatch(one -> volume.projectId().equals(Optional.of(one)))
                && request.backend().stream().allMatch(one -> isAt(volume, one))
                && request.instance().stream().allMatch(one -> servers(volume, nova).anyMatch(one::equals))
                && request.host().stream().allMatch(one -> hosts(volume, nova).anyMatch(one::equals));
    }

    private static boolean isAt(Volume volume, String backend) {
        return volume.host()
                .filter(host -> host.equals(backend) || host.startsWith(backend + "#")
                        || host.startsWith(backend + "@"))
                .isPresent();
    }

    private static Stream<String> servers(Volume volume, NovaRecords nova) {
        return Stream.concat(
                nova.mappings().stream().map(mapping -> mapping.instanceUuid()),
                volume.attachments().stream().flatMap(attachment -> attachment.instanceUuid().stream()));
    }

    private static Stream<String> hosts(Volume volume, NovaRecords nova) {
        return Stream.concat(
                nova.mappings()
                        .stream()
                        .flatMap(mapping -> mapping.instance().stream())
                        .filter(server -> !server.deleted())
                        .flatMap(server -> server.host().stream()),
                volume.attachments()
                        .stream()
                        .flatMap(attachment -> Stream.concat(
                                CinderObjects.host(attachment).stream(), attachment.attachedHost().stream())));
    }
}

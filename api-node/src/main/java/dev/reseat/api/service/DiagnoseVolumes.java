package dev.reseat.api.service;

import dev.reseat.api.evidence.DecisionTable;
import dev.reseat.api.evidence.Verdict;
import dev.reseat.api.model.Attachment;
import dev.reseat.api.model.Volume;
import dev.reseat.api.remote.ComputeClient;
import dev.reseat.api.service.diagnosis.Diagnosis;
import dev.reseat.api.service.diagnosis.InventoryDiagnosis;
import dev.reseat.api.service.diagnosis.InventoryReading;
import dev.reseat.api.service.diagnosis.SideBySide;
import dev.reseat.rpc.RequestContext;
import dev.reseat.runtime.Deadline;
import jakarta.inject.Inject;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Looks at volumes and says what each shows, by the decision table. Changes nothing anywhere. Thread-safe. */
public final class DiagnoseVolumes {
    /** How many volumes are looked at side by side. */
    private static final int SIDE_BY_SIDE = 16;

    private final VolumeSelector selector;
    private final Volumes volumes;
    private final Diagnosis diagnosis;
    private final InventoryDiagnosis inventories;
    private final ComputeClient computes;
    private final DecisionTable table;
    private final AtomicReference<Optional<InventoryReading>> lately =
            new AtomicReference<>(Optional.empty());
    private final Semaphore looking = new Semaphore(SIDE_BY_SIDE);

    @Inject
    public DiagnoseVolumes(
            VolumeSelector selector,
            Volumes volumes,
            Diagnosis diagnosis,
            InventoryDiagnosis inventories,
            ComputeClient computes,
            DecisionTable table) {
        this.selector = selector;
        this.volumes = volumes;
        this.diagnosis = diagnosis;
        this.inventories = inventories;
        this.computes = computes;
        this.table = table;
    }

    /**
     * One page. Of a selection of several pages each host and backend is asked for its inventory, once in a while,
     * instead of about every volume. A source that cannot be asked is a verdict of {@link Verdict.Kind#UNKNOWN}, never
     * a failure.
     *
     * @throws dev.reseat.api.store.StoreException if the volumes cannot be selected; nobody is asked then
     */
    public DiagnosisReport diagnose(RequestContext context, DiagnosisRequest request) {
        List<Volume> selected = selector.select(request);
        List<Volume> page = selected.subList(0, Math.min(selected.size(), request.limit()));
        Set<String> missing = new HashSet<>(request.volumes());
        selected.forEach(volume -> missing.remove(volume.id()));
        boolean more = selected.size() > page.size();
        Deadline deadline = computes.repairing();
        return new DiagnosisReport(
                more || request.after().isPresent()
                        ? byInventory(context, page, deadline)
                        : SideBySide.all(page, volume -> inTurn(context, volume, deadline)),
                more ? List.of() : missing.stream().sorted().toList(),
                more ? Optional.of(page.getLast().id()) : Optional.empty());
    }

    /** @throws dev.reseat.api.flow.ServiceException if there is no such volume */
    public VolumeDiagnosis diagnose(RequestContext context, String volumeId) {
        return diagnose(context, volumeId, computes.repairing());
    }

    /** The same by the deadline of what it is looked at for. */
    VolumeDiagnosis diagnose(RequestContext context, String volumeId, Deadline deadline) {
        return lookAt(context, volumes.show(context, volumeId), deadline);
    }

    /** Whether a volume can show a pattern of that number. */
    public boolean knows(String pattern) {
        return Stream.concat(table.rows().stream(), Stream.of(table.unlisted(), table.unknown()))
                .anyMatch(row -> row.id().equals(pattern));
    }

    private List<VolumeDiagnosis> byInventory(RequestContext context, List<Volume> page, Deadline deadline) {
        List<Diagnosis.Found> found = inventories.look(reading(context), page, deadline);
        return IntStream.range(0, page.size()).mapToObj(i -> judged(table, page.get(i), found.get(i))).toList();
    }

    /** What was read for one page serves the next ones too, while it is fresh. */
    private InventoryReading reading(RequestContext context) {
        return lately.updateAndGet(last -> last.filter(InventoryReading::isFresh)
                .or(() -> Optional.of(inventories.begin(context)))).orElseThrow();
    }

    /** Whose turn does not come by the deadline is looked at all the same, and nobody answers then. */
    private VolumeDiagnosis inTurn(RequestContext context, Volume volume, Deadline deadline) {
        looking.acquireUninterruptibly();
        try {
            return lookAt(context, volume, deadline);
        } finally {
            looking.release();
        }
    }

    private VolumeDiagnosis lookAt(RequestContext context, Volume volume, Deadline deadline) {
        Diagnosis.Found found = diagnosis.look(context, volume, computes.probing(deadline));
        return judged(table, volume, found);
    }

    /** What the table says of what was found. */
    public static VolumeDiagnosis judged(DecisionTable table, Volume volume, Diagnosis.Found found) {
        Verdict verdict = table.judge(found.facts());
        return new VolumeDiagnosis(
                volume, found.facts(), verdict, found.evidence().observations(), command(volume, verdict));
    }

    private static Optional<String> command(Volume volume, Verdict verdict) {
        String server = volume.attachments()
                .stream()
                .map(Attachment::instanceUuid)
                .flatMap(Optional::stream)
                .findFirst()
                .orElse("SERVER");
        return Optional.of(verdict.row().command())
                .filter(text -> !text.isEmpty())
                .map(text -> text.replace("{volume}", volume.id())
                        .replace("{server}", server)
                        .replace("{leftover}", "ATTACHMENT"));
    }
}

package dev.reseat.api.finding;

import dev.reseat.api.evidence.Verdict;
import dev.reseat.api.model.Finding;
import dev.reseat.api.model.Volume;
import dev.reseat.api.object.JsonText;
import dev.reseat.api.service.diagnosis.Diagnosis;
import dev.reseat.api.service.diagnosis.RowlessVolumes;
import dev.reseat.contract.evidence.Answer;
import dev.reseat.contract.evidence.Observation;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What a sweep has judged of one volume. */
record Sighting(String volumeId, Verdict verdict, Optional<Finding.Sight> sight) {
    /** Of a volume that there is. One in order is no finding; one that nobody can judge is, of the pattern for that. */
    static Sighting of(Volume volume, Diagnosis.Found found, Verdict verdict) {
        return new Sighting(volume.id(), verdict, verdict.kind() == Verdict.Kind.NORMAL
                ? Optional.empty()
                : Optional.of(new Finding.Sight(
                        new Finding.Key(volume.id(), verdict.row().id(), ""),
                        verdict.kind().text(),
                        Optional.of(volume.status()),
                        volume.projectId(),
                        volume.services().stream().findFirst(),
                        host(found.evidence().observations()),
                        verdict.repair().text(),
                        verdict.automatic(),
                        JsonText.of(found.facts().texts()))));
    }

    /** Of one that there is no row of: a finding for each host that has it, or else for each backend. */
    static Stream<Finding.Sight> of(RowlessVolumes.Rowless rowless, Verdict verdict) {
        if (verdict.kind() != Verdict.Kind.PATTERN) {
            return Stream.empty();
        }
        List<String> places = !rowless.hosts().isEmpty()
                ? rowless.hosts()
                : !rowless.backends().isEmpty() ? rowless.backends() : List.of("");
        return places.stream()
                .map(place -> new Finding.Sight(
                        new Finding.Key(rowless.volumeId(), verdict.row().id(), place),
                        verdict.kind().text(),
                        Optional.empty(),
                        Optional.empty(),
                        rowless.backends().stream().findFirst(),
                        rowless.hosts().contains(place) ? Optional.of(place) : Optional.empty(),
                        verdict.repair().text(),
                        verdict.automatic(),
                        JsonText.of(rowless.found().facts().texts())));
    }

    boolean isUnknown() {
        return verdict.kind() == Verdict.Kind.UNKNOWN;
    }

    /** Whether it could not be told if the volume still shows that. */
    boolean leavesOpen(Finding finding) {
        String pattern = finding.sight().key().pattern();
        return isUnknown()
                && (verdict.mayBe().contains(pattern) || finding.sight().verdict().equals("unlisted"));
    }

    /** One that says yes before one that does not; rows speak first. */
    private static Optional<String> host(List<Observation> seen) {
        return seen.stream()
                .filter(one -> one.host().isPresent())
                .min(Comparator.comparingInt(one -> one.answer() == Answer.YES ? 0 : 1))
                .flatMap(Observation::host);
    }
}

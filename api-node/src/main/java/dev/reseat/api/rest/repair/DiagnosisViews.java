package dev.reseat.api.rest.repair;

import dev.reseat.api.rest.json.DiagnosisView;
import dev.reseat.api.rest.json.ObservationView;
import dev.reseat.api.service.VolumeDiagnosis;
import dev.reseat.contract.evidence.Answer;
import dev.reseat.contract.evidence.Observation;
import dev.reseat.contract.evidence.Source;
import dev.reseat.contract.state.DiagnoseCall;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Diagnoses as they are shown. */
public final class DiagnosisViews {
    private DiagnosisViews() {}

    public static DiagnosisView of(VolumeDiagnosis diagnosis) {
        DiagnoseCall.Found found = diagnosis.found();
        Instant now = Instant.now();
        return new DiagnosisView(
                found.volumeId(),
                diagnosis.volume().displayName(),
                found.status(),
                diagnosis.volume().attachStatus(),
                found.pattern(),
                found.name(),
                found.verdict(),
                found.reading(),
                found.safe(),
                found.repair(),
                found.automatic(),
                Optional.of(found.never()).filter(text -> !text.isEmpty()),
                found.command(),
                found.silent(),
                found.mayBe(),
                Stream.of(Source.values()).map(source -> seen(source, diagnosis.observations(), now)).toList(),
                found.facts(),
                ObservationView.of(diagnosis.observations(), now));
    }

    private static DiagnosisView.Seen seen(Source source, List<Observation> all, Instant now) {
        List<Observation> said = all.stream().filter(seen -> seen.source() == source).toList();
        Answer answer = said.stream().map(Observation::answer).reduce(Answer::or).orElse(Answer.UNKNOWN);
        Instant oldest = said.stream().map(Observation::seenAt).min(Instant::compareTo).orElse(now);
        return new DiagnosisView.Seen(
                source.text(), answer.text(), Math.max(0, Duration.between(oldest, now).toMillis()));
    }
}

package dev.reseat.api.evidence;

import dev.reseat.contract.evidence.Answer;
import dev.reseat.contract.evidence.Observation;
import dev.reseat.contract.evidence.Question;
import dev.reseat.contract.evidence.Source;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Everything that the sources have said about one volume. */
public record Evidence(List<Observation> observations) {
    /** Nobody was asked. */
    public static final Evidence NONE = new Evidence(List.of());
    /** A YES to one of these means that somebody has a claim on the volume. */
    private static final Set<Question> CLAIMS = EnumSet.of(Question.MAPPED, Question.IN_USE);

    public Evidence {
        observations = List.copyOf(observations);
    }

    public Evidence with(List<Observation> more) {
        return new Evidence(Stream.concat(observations.stream(), more.stream()).toList());
    }

    /**
     * Whether somebody has a claim on the volume. A single YES decides, whoever says it; otherwise every required
     * source must have said NO.
     */
    public Judgement judge(Set<Source> required) {
        List<Observation> claims = claims().filter(seen -> seen.answer() == Answer.YES).toList();
        if (!claims.isEmpty()) {
            return new Judgement.Claimed(claims);
        }
        List<Observation> silent = claims()
                .filter(seen -> required.contains(seen.source()) && seen.answer() == Answer.UNKNOWN)
                .toList();
        List<Source> unasked = required.stream()
                .filter(source -> claims().noneMatch(seen -> seen.source() == source))
                .sorted()
                .toList();
        return silent.isEmpty() && unasked.isEmpty() ? new Judgement.Free() : new Judgement.Unknown(silent, unasked);
    }

    private Stream<Observation> claims() {
        return observations.stream().filter(seen -> CLAIMS.contains(seen.question()));
    }
}

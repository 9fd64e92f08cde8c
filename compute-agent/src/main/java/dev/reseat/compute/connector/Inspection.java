package dev.reseat.compute.connector;

import dev.reseat.contract.evidence.Answer;
import java.util.List;
import java.util.stream.Collectors;

/** Everything a host shows of one volume. */
public record Inspection(List<DeviceObservation> observations) {
    public Inspection {
        observations = List.copyOf(observations);
    }

    /** Nothing could be looked at. */
    public static Inspection unknown(String reason) {
        return new Inspection(List.of(new DeviceObservation("host", Answer.UNKNOWN, reason)));
    }

    /**
     * Whether this host holds the volume: one YES decides, otherwise one UNKNOWN does. Nothing looked at is UNKNOWN.
     */
    public Answer held() {
        return observations.stream().map(DeviceObservation::held).reduce(Answer::or).orElse(Answer.UNKNOWN);
    }

    /** What decides, for the operator. */
    public String detail() {
        return observations.stream()
                .filter(observation -> observation.held() == held())
                .map(DeviceObservation::toString)
                .collect(Collectors.joining("; "));
    }
}

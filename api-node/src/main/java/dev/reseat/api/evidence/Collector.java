package dev.reseat.api.evidence;

import dev.reseat.contract.evidence.Observation;
import java.util.List;

/** Asks one kind of source about a volume. */
@FunctionalInterface
public interface Collector {
    /**
     * Returns by the inquiry's deadline, or shortly after. Never throws for a source that cannot be asked: that one's
     * answer is an observation too, UNKNOWN.
     */
    List<Observation> collect(Inquiry inquiry);
}

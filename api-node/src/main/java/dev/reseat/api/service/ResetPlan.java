package dev.reseat.api.service;

import dev.reseat.api.model.Volume;
import dev.reseat.contract.evidence.Source;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a reset has decided to do, on evidence that allows it.
 *
 * @param shape the status whose shape the backend is brought into; empty when the driver is not concerned
 * @param required whose NO the decision needed
 * @param steps what is done, in order, and by whom
 * @param inverse how it is taken back, or why it cannot be
 */
public record ResetPlan(
        Optional<String> shape, Way way, Set<Source> required, List<Step> steps, Inverse inverse) {
    public ResetPlan {
        required = Set.copyOf(required);
        steps = List.copyOf(steps);
    }

    /** What is left to plan of a reset that was cut off; who does the driver's part was decided before. */
    static ResetPlan resumed(Volume volume, StateRequest request) {
        Optional<String> shape = ResetRules.shape(volume, request);
        Way way = request.force().contains(Force.SKIP_DRIVER) ? Way.SKIPPED : Way.RESEAT;
        return new ResetPlan(
                shape, shape.isEmpty() ? Way.NOT_NEEDED : way, ResetDecision.REQUIRED, List.of(),
                ResetRules.inverse(volume.guard(), request));
    }

    /** The steps as one text each. */
    public List<String> texts() {
        return steps.stream().map(Step::text).toList();
    }

    /** Whether every connection is taken away, so that nobody may have a claim on the volume. */
    public boolean takesAway() {
        return shape.equals(Optional.of("available"));
    }

    /** Who does the driver's part. */
    public enum Way {
        /** Nobody: the status asks nothing of the backend. */
        NOT_NEEDED,
        /** Nobody: the operator has decided so. */
        SKIPPED,
        /** Nobody is there; the operator has accepted that. */
        UNREACHABLE,
        /** Our volume manager, which proves it. */
        RESEAT,
        /** OpenStack's volume service, which proves nothing. */
        CINDER
    }

    /** @param by who does it */
    public record Step(String name, String by) {
        public String text() {
            return name + " (" + by + ")";
        }
    }
}

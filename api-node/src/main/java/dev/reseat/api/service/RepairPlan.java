package dev.reseat.api.service;

import dev.reseat.api.evidence.Repair;
import java.util.List;
import java.util.Optional;

/** What would be done for a volume, decided on what it shows. */
public sealed interface RepairPlan {
    /** What it was decided on. */
    VolumeDiagnosis diagnosis();

    /** How it is taken back; empty where nothing is done. */
    Optional<Inverse> inverse();

    /** The volume is in order. */
    record Nothing(VolumeDiagnosis diagnosis) implements RepairPlan {
        @Override
        public Optional<Inverse> inverse() {
            return Optional.empty();
        }
    }

    /**
     * Nothing that this program does: a person has to.
     *
     * @param why in one sentence
     */
    record ByHand(VolumeDiagnosis diagnosis, String why) implements RepairPlan {
        @Override
        public Optional<Inverse> inverse() {
            return Optional.empty();
        }
    }

    /** Its state is reset, driver first. */
    record Reset(VolumeDiagnosis diagnosis, Repair repair, StateRequest request) implements RepairPlan {
        @Override
        public Optional<Inverse> inverse() {
            return Optional.of(ResetRules.inverse(diagnosis.volume().guard(), request));
        }
    }

    /**
     * Its mapping gets new connection_info.
     *
     * @param mappingUuid the only one in a server that exists
     */
    record Refresh(VolumeDiagnosis diagnosis, String mappingUuid, Optional<String> reason) implements RepairPlan {
        @Override
        public Optional<Inverse> inverse() {
            return Optional.of(RefreshPlan.INVERSE);
        }
    }

    /** Steps of its own. */
    record Remedied(VolumeDiagnosis diagnosis, RemedyOrder order, List<String> steps, Inverse way,
            Optional<String> reason) implements RepairPlan {
        public Remedied {
            steps = List.copyOf(steps);
        }

        @Override
        public Optional<Inverse> inverse() {
            return Optional.of(way);
        }
    }
}

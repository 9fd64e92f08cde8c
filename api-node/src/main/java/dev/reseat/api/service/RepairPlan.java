package dev.reseat.api.service;

import dev.reseat.api.evidence.Repair;
import java.util.Optional;

/** What would be done for a volume, decided on what it shows. */
public sealed interface RepairPlan {
    /** What it was decided on. */
    VolumeDiagnosis diagnosis();

    /** The volume is in order. */
    record Nothing(VolumeDiagnosis diagnosis) implements RepairPlan {}

    /**
     * Nothing that this program does: a person has to.
     *
     * @param why in one sentence
     */
    record ByHand(VolumeDiagnosis diagnosis, String why) implements RepairPlan {}

    /** Its state is reset, driver first. */
    record Reset(VolumeDiagnosis diagnosis, Repair repair, StateRequest request) implements RepairPlan {}

    /**
     * Its mapping gets new connection_info.
     *
     * @param mappingUuid the only one in a server that exists
     */
    record Refresh(VolumeDiagnosis diagnosis, String mappingUuid, Optional<String> reason) implements RepairPlan {}
}

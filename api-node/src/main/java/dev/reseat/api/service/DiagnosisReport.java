package dev.reseat.api.service;

import java.util.List;
import java.util.Optional;

/**
 * One page of volumes that were looked at.
 *
 * @param missing ids that were asked for and do not exist, or do not fit the other conditions
 * @param next what to ask for after this page; empty if it was the last
 */
public record DiagnosisReport(List<VolumeDiagnosis> volumes, List<String> missing, Optional<String> next) {
    public DiagnosisReport {
        volumes = List.copyOf(volumes);
        missing = List.copyOf(missing);
    }
}

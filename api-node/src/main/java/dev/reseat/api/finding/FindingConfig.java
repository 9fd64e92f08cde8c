package dev.reseat.api.finding;

import dev.reseat.api.evidence.DecisionTableReader;
import dev.reseat.runtime.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Whether and how often all volumes are looked at, and what may then be repaired without a person.
 *
 * @param node this api-node's name
 * @param sweepInterval between two sweeps; empty for none
 * @param policy empty: sweeps repair nothing
 */
public record FindingConfig(String node, Optional<Duration> sweepInterval, Optional<RepairPolicy> policy) {
    public FindingConfig {
        if (sweepInterval.filter(interval -> interval.toSeconds() < 1).isPresent()) {
            throw new IllegalArgumentException("[reseat] sweep_interval: must be at least 1, or 0 for no sweeps");
        }
        if (policy.isPresent() && sweepInterval.isEmpty()) {
            throw new IllegalArgumentException("[reseat] repair_policy: does nothing without sweep_interval");
        }
    }

    public static FindingConfig from(Settings settings) {
        Duration interval = settings.seconds("reseat", "sweep_interval", Duration.ZERO);
        return new FindingConfig(
                settings.host(),
                Optional.of(interval).filter(time -> !time.isZero()),
                settings.value("reseat", "repair_policy", Optional.<RepairPolicy>empty(), FindingConfig::policy));
    }

    private static Optional<RepairPolicy> policy(String file) {
        if (file.isBlank()) {
            return Optional.empty();
        }
        try {
            RepairPolicy policy = RepairPolicy.read(Files.readString(Path.of(file)));
            policy.check(DecisionTableReader.shipped());
            return Optional.of(policy);
        } catch (IOException e) {
            throw new IllegalArgumentException("the file cannot be read: " + e, e);
        }
    }
}

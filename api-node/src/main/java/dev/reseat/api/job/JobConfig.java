package dev.reseat.api.job;

import dev.reseat.api.remote.RemoteConfig;
import dev.reseat.runtime.Settings;
import java.time.Duration;

/**
 * How this api-node works on jobs.
 *
 * @param workers how many items it works on at once
 * @param interval between two looks for work that no message told of, in whole seconds
 * @param heldInterval between two looks at whether a held item can begin, in whole seconds
 * @param stopTimeout how long Nova may take to stop or start an instance, in whole seconds
 * @param reportTimeout how long whoever does an item may be out of reach
 */
public record JobConfig(
        int workers, Duration interval, Duration heldInterval, Duration stopTimeout, Duration reportTimeout) {
    public JobConfig {
        if (workers < 1 || interval.toSeconds() < 1 || heldInterval.toSeconds() < 1 || stopTimeout.toSeconds() < 1) {
            throw new IllegalArgumentException(
                    "job_workers, job_interval, job_held_interval and job_stop_timeout must be at least 1: " + workers
                            + ", " + interval + ", " + heldInterval + ", " + stopTimeout);
        }
    }

    public static JobConfig from(Settings settings) {
        return new JobConfig(
                settings.integer("reseat", "job_workers", 32, 1, 1024),
                settings.seconds("reseat", "job_interval", Duration.ofSeconds(5)),
                settings.seconds("reseat", "job_held_interval", Duration.ofSeconds(60)),
                settings.seconds("reseat", "job_stop_timeout", Duration.ofSeconds(300)),
                RemoteConfig.reportTimeout(settings));
    }
}

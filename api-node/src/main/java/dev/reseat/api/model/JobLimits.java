package dev.reseat.api.model;

/**
 * How far a job may reach at once. Zero stands for no limit.
 *
 * @param stopAfterFailures so many failures in a row stop it
 * @param perHost in flight on one compute host, of all jobs together
 * @param perBackend in flight on one storage backend, of all jobs together
 * @param canary so many go first, alone; if one of them fails the job stops
 * @param wave so many go at a time after that; the next wave begins when all of the last have ended
 */
public record JobLimits(int stopAfterFailures, int perHost, int perBackend, int canary, int wave) {
    /** What is used where nothing else is said. */
    public static final JobLimits DEFAULT = new JobLimits(5, 2, 8, 3, 50);

    public JobLimits {
        if (stopAfterFailures < 0 || perHost < 0 || perBackend < 0 || canary < 0 || wave < 0) {
            throw new IllegalArgumentException("limits must not be negative: " + stopAfterFailures + ", " + perHost
                    + ", " + perBackend + ", " + canary + ", " + wave);
        }
    }

    /** How many may begin when it starts. */
    public int first() {
        return canary > 0 ? canary : next(0);
    }

    /** How many may have begun after the next wave. */
    public int next(int released) {
        return wave == 0 || wave > Integer.MAX_VALUE - released ? Integer.MAX_VALUE : released + wave;
    }
}

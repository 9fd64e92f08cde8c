package dev.reseat.api.model;

import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * An anomaly that sweeps have seen. It keeps its id as long as it is the same one, also when it goes and comes back.
 *
 * @param firstSeen the first time ever
 * @param since the first time of those sweeps in a row that have seen it, or could not tell
 * @param sweeps how many of those have seen it
 * @param goneSince when a sweep has seen that it is not so any more
 * @param job what a policy has made of it since it is there
 */
public record Finding(
        String id,
        Sight sight,
        Instant firstSeen,
        Instant since,
        Instant lastSeen,
        long lastSweep,
        int sweeps,
        Optional<Instant> goneSince,
        Optional<Ignored> ignored,
        Optional<String> job) {
    /** Seen in so many sweeps it is no passing shape any more. */
    public static final int CONFIRMED = 2;

    /** What makes it the same one. */
    public record Key(String volumeId, String pattern, String place) {}

    /**
     * What a sweep has seen.
     *
     * @param verdict {@code pattern}, {@code unlisted} or {@code unknown}
     * @param host the one concerned, as far as one is named
     * @param repair what is safe by the table
     * @param automatic whether a policy may have that done
     * @param facts JSON object: what was decided on, in the words of the table
     */
    public record Sight(
            Key key,
            String verdict,
            Optional<String> status,
            Optional<String> projectId,
            Optional<String> backend,
            Optional<String> host,
            String repair,
            boolean automatic,
            String facts) {}

    /** Somebody knows, and wants to hear no more of it. */
    public record Ignored(Instant at, String by, Optional<String> reason) {}

    /** How far it has come. */
    public enum State {
        /** Seen once: it may pass by itself. */
        NEW,
        /** Seen often enough to act on it. */
        CONFIRMED,
        /** Nothing is done about it, and nobody is alarmed. */
        IGNORED,
        /** It is not so any more. */
        GONE;

        /** The one of that name, if there is one. */
        public static Optional<State> named(String text) {
            return Arrays.stream(values()).filter(state -> state.text().equals(text)).findFirst();
        }

        /** The name in lower case, as in every output. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** For the first time ever. */
    public static Finding first(String id, Sight sight, long sweep, Instant now) {
        return new Finding(id, sight, now, now, now, sweep, 1, Optional.empty(), Optional.empty(), Optional.empty());
    }

    public State state() {
        if (goneSince.isPresent()) {
            return State.GONE;
        }
        return ignored.isPresent() ? State.IGNORED : sweeps < CONFIRMED ? State.NEW : State.CONFIRMED;
    }

    /** Seen by one more sweep. One that comes back begins anew, and is still ignored if it was. */
    public Finding seen(Sight again, long sweep, Instant now) {
        return goneSince.isPresent()
                ? new Finding(id, again, firstSeen, now, now, sweep, 1, Optional.empty(), ignored, Optional.empty())
                : new Finding(id, again, firstSeen, since, now, sweep, sweeps + 1, goneSince, ignored, job);
    }

    /** A sweep has seen that it is not so. */
    public Finding gone(Instant now) {
        return new Finding(
                id, sight, firstSeen, since, lastSeen, lastSweep, sweeps, Optional.of(now), ignored, job);
    }
}

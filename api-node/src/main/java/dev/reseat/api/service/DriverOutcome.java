package dev.reseat.api.service;

import dev.reseat.api.remote.Performer;
import dev.reseat.contract.volume.BackendConnection;
import dev.reseat.contract.volume.ResetStatus.Outcome;
import dev.reseat.contract.volume.ResetStatus.Result;
import java.util.List;
import java.util.Optional;

/** What came of the driver's part of a reset that was not refused. */
public sealed interface DriverOutcome {
    /** One word for programs. */
    String code();

    /** One sentence for the operator. */
    String detail();

    /** Who the backend shows, if it was asked. */
    default List<BackendConnection> connections() {
        return List.of();
    }

    /** Who did it; empty if nothing was done. */
    default Optional<Performer> performer() {
        return Optional.empty();
    }

    /** Whether the backend may have been changed. */
    default boolean acted() {
        return true;
    }

    /** Whether it shows that nobody is at the volume, so that only the rows have to be read again. */
    default boolean proves() {
        return false;
    }

    /** The status asks nothing of the backend. */
    record NotNeeded() implements DriverOutcome {
        @Override
        public String code() {
            return "not_needed";
        }

        @Override
        public String detail() {
            return "the status asks nothing of the backend";
        }

        @Override
        public boolean acted() {
            return false;
        }
    }

    /** A dry run ends before it: this is what the backend shows now. */
    record Planned(String detail, List<BackendConnection> connections) implements DriverOutcome {
        public Planned {
            connections = List.copyOf(connections);
        }

        @Override
        public String code() {
            return "planned";
        }

        @Override
        public boolean acted() {
            return false;
        }
    }

    /** The operator has decided that it is not asked. */
    record Skipped(String reason) implements DriverOutcome {
        @Override
        public String code() {
            return "skipped";
        }

        @Override
        public String detail() {
            return "the driver was not asked: " + reason;
        }

        @Override
        public boolean acted() {
            return false;
        }
    }

    /** Nobody is there to be asked; the operator has overruled that. */
    record Unreachable(String reason) implements DriverOutcome {
        @Override
        public String code() {
            return "ignored";
        }

        @Override
        public String detail() {
            return "nobody could be asked; ignored and accepted: " + reason;
        }

        @Override
        public boolean acted() {
            return false;
        }
    }

    /** It was cast: what comes of it will be reported, and carries the reset on. */
    record Sent() implements DriverOutcome {
        @Override
        public String code() {
            return "sent";
        }

        @Override
        public String detail() {
            return "sent to the volume manager, whose report carries the reset on";
        }
    }

    /** It was cut off, and the backend shows that it had been done. */
    record Shown() implements DriverOutcome {
        @Override
        public String code() {
            return "shown";
        }

        @Override
        public String detail() {
            return "cut off after the driver had finished; the backend shows it";
        }
    }

    /** Our volume manager has answered, and did not fail. */
    record Answered(Performer by, Result result) implements DriverOutcome {
        @Override
        public boolean proves() {
            return result.outcome() != Outcome.UNPROVED;
        }

        @Override
        public String code() {
            return result.outcome().text();
        }

        @Override
        public String detail() {
            return result.detail();
        }

        @Override
        public List<BackendConnection> connections() {
            return result.connections();
        }

        @Override
        public Optional<Performer> performer() {
            return Optional.of(by);
        }
    }

    /** OpenStack's volume service has done it, which proves nothing: other sources have to. */
    record Unproved(Performer by, String detail) implements DriverOutcome {
        @Override
        public String code() {
            return Outcome.UNPROVED.text();
        }

        @Override
        public Optional<Performer> performer() {
            return Optional.of(by);
        }
    }

    /** It failed, or cannot; the operator has overruled that. */
    record Ignored(String detail) implements DriverOutcome {
        @Override
        public String code() {
            return "ignored";
        }
    }

    /** Nobody knows whether it has done its part; the operator has accepted that. */
    record Unknown(String detail) implements DriverOutcome {
        @Override
        public String code() {
            return "unknown";
        }
    }
}

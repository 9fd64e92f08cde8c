package dev.reseat.volume.target.tgt;

import dev.reseat.process.CommandRunner;
import dev.reseat.volume.target.TargetHelper;

/** The helper for a tgtd that is not the host's own. */
public final class PrivateTgt {
    private PrivateTgt() {}

    /** @param commands those that reach it */
    public static TargetHelper helper(CommandRunner commands) {
        return new TgtHelper(commands);
    }
}

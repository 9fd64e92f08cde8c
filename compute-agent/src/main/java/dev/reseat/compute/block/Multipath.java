package dev.reseat.compute.block;

import dev.reseat.process.Command;
import dev.reseat.process.CommandFailed;
import dev.reseat.process.CommandRunner;
import java.time.Duration;

/** The programs of multipath. One map at a time, by its name; never all of them. */
public final class Multipath {
    private final CommandRunner commands;

    public Multipath(CommandRunner commands) {
        this.commands = commands;
    }

    /**
     * Writes what is still kept for the map and removes it.
     *
     * @throws CommandFailed.Exited if somebody uses it: it stays
     */
    public void flush(MultipathMap map, Duration time) {
        commands.run(Command.of(time, "multipath", "-f", map.name()));
    }

    /** Tells the daemon that this disk is to have a map, although it has one path only so far. */
    public void announce(String wwid, String disk, Duration time) {
        commands.run(Command.of(time, "multipath", "-a", wwid).alsoAnswering(1));
        commands.run(Command.of(time, "multipathd", "add", "path", "/dev/" + disk).alsoAnswering(1));
    }

    /** Has the daemon forget a path whose disk is gone; it finds that out by itself, later. */
    public void forget(String disk, Duration time) {
        commands.run(Command.of(time, "multipathd", "del", "path", "/dev/" + disk).alsoAnswering(1));
    }
}

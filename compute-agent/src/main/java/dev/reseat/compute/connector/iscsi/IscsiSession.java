package dev.reseat.compute.connector.iscsi;

import dev.reseat.contract.connection.ConnectionInfo.IscsiPath;
import dev.reseat.contract.connection.Portal;
import java.util.List;

/**
 * A session of this host's kernel.
 *
 * @param number as the kernel counts them
 * @param state {@code LOGGED_IN}, {@code FAILED} while it tries to come back, {@code FREE}
 * @param units what has come of it so far
 */
record IscsiSession(int number, Portal portal, String iqn, String state, List<Unit> units) {
    IscsiSession {
        units = List.copyOf(units);
    }

    /**
     * A logical unit with its disk.
     *
     * @param disk as the kernel names it, {@code sda}
     */
    record Unit(int lun, String disk) {}

    boolean isOf(IscsiPath way) {
        return iqn.equals(way.iqn()) && portal.equals(way.portal());
    }

    /** The disks of that logical unit. */
    List<String> disks(int lun) {
        return units.stream().filter(unit -> unit.lun() == lun).map(Unit::disk).toList();
    }

    boolean hasOthers(int lun) {
        return units.stream().anyMatch(unit -> unit.lun() != lun);
    }

    /** How many logical units of their target these sessions show. */
    static long units(List<IscsiSession> ofOneTarget) {
        return ofOneTarget.stream().flatMap(session -> session.units().stream()).map(Unit::lun).distinct().count();
    }

    @Override
    public String toString() {
        return "session " + number + " of " + iqn + " at " + portal + " is " + state;
    }
}

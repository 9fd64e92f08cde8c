package dev.reseat.contract.volume;

import dev.reseat.contract.evidence.Answer;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code inventory} in namespace {@code reseat}, 1.0: every volume of a backend with everybody it sees there. Changes
 * nothing. One question for a backend, however many volumes there are.
 *
 * @param after the name that the page before ended with; empty for the first page
 * @param limit most volumes of a page; no more than {@link #MOST} are given
 */
public record BackendInventory(Optional<String> after, int limit) {
    public static final String METHOD = "inventory";
    public static final int MOST = 1000;

    /**
     * One page, sorted by name.
     *
     * @param supported whether the driver can tell at all; if not, the list says nothing
     * @param next what to ask for next; empty if this was the last page
     */
    public record Result(boolean supported, String driver, List<Stored> volumes, Optional<String> next) {
        public Result {
            volumes = List.copyOf(volumes);
        }
    }

    /**
     * @param name of the volume at the backend, such as {@code volume-ID}
     * @param object whether the volume itself is there
     * @param location how a host would reach it now, as {@link DescribeConnections.Result} has it
     * @param stored what holds it, if it is there
     */
    public record Stored(
            String name, Answer object, List<BackendConnection> connections,
            Optional<Map<String, Object>> location, StoredVolume stored) {
        public Stored {
            connections = List.copyOf(connections);
            location = location == null ? Optional.empty() : location;
            stored = stored == null ? StoredVolume.UNTOLD : stored;
        }

        public Stored(String name, Answer object, List<BackendConnection> connections) {
            this(name, object, connections, Optional.empty(), StoredVolume.UNTOLD);
        }
    }
}

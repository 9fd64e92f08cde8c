package dev.reseat.api.service.diagnosis;

import dev.reseat.contract.volume.BackendConnection;
import dev.reseat.contract.volume.BackendInventory;
import dev.reseat.contract.volume.DescribeConnections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What one backend has said that it keeps, by the ids that the names bear.
 *
 * @param silence what came of asking, if it cannot tell; all else says nothing then
 * @param complete whether a volume that is not in it is not there
 */
record BackendHoldings(
        Optional<BackendAnswer> silence, String driver, Map<String, BackendInventory.Stored> stored,
        boolean complete) {
    static BackendHoldings silent(BackendAnswer why) {
        return new BackendHoldings(Optional.of(why), "", Map.of(), false);
    }

    /** Of all pages of it. */
    static BackendHoldings of(List<BackendInventory.Result> pages) {
        BackendInventory.Result first = pages.getFirst();
        if (!first.supported()) {
            return silent(new BackendAnswer.Described(
                    new DescribeConnections.Result(false, first.driver(), List.of())));
        }
        Map<String, BackendInventory.Stored> byId = new HashMap<>();
        pages.stream()
                .flatMap(page -> page.volumes().stream())
                .forEach(one -> BornIds.of(one.name()).forEach(id -> byId.merge(id, one, BackendHoldings::both)));
        return new BackendHoldings(
                Optional.empty(), first.driver(), byId,
                pages.stream()
                        .flatMap(page -> page.volumes().stream())
                        .allMatch(one -> BornIds.of(one.name()).findAny().isPresent()));
    }

    /** Two names that bear one id: whoever is at either is at that volume; where it is nobody can tell. */
    private static BackendInventory.Stored both(BackendInventory.Stored one, BackendInventory.Stored other) {
        return new BackendInventory.Stored(
                one.name(), one.object().or(other.object()),
                Stream.concat(one.connections().stream(), other.connections().stream()).toList());
    }

    /** Ids of what somebody is let in to, or is at. */
    Stream<String> connected() {
        return stored.entrySet()
                .stream()
                .filter(entry -> !entry.getValue().connections().isEmpty())
                .map(Map.Entry::getKey);
    }

    List<BackendConnection> connections(String storedId) {
        return Optional.ofNullable(stored.get(storedId))
                .map(BackendInventory.Stored::connections)
                .orElse(List.of());
    }

    /**
     * What it would have answered, had it been asked about that volume. While something is kept there that bears no id,
     * one that is not listed may be that.
     */
    BackendAnswer answer(String storedId) {
        if (silence.isPresent()) {
            return silence.get();
        }
        return Optional.ofNullable(stored.get(storedId))
                .<BackendAnswer>map(one -> new BackendAnswer.Described(new DescribeConnections.Result(
                        true, driver, one.connections(), one.location(), one.object(), one.stored())))
                .orElseGet(() -> complete
                        ? new BackendAnswer.Described(DescribeConnections.Result.absent(driver))
                        : new BackendAnswer.Silent(driver + " does not list the volume, and cannot name all it has"));
    }
}

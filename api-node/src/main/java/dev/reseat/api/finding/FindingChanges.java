package dev.reseat.api.finding;

import dev.reseat.api.model.Finding;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What follows for the findings of some volumes from one look at them: ids live on, what is not seen any more is gone,
 * and what nobody could tell is left as it was.
 */
record FindingChanges(List<Finding> added, List<Finding> changed) {
    /**
     * @param seen what was seen of these volumes
     * @param stored all findings there are of them, and no others
     * @param untold whether it could not be told if that one is still so
     */
    static FindingChanges of(
            long sweep, Instant now, Collection<Finding.Sight> seen, Collection<Finding> stored,
            Predicate<Finding> untold) {
        Map<Finding.Key, Finding> before =
                stored.stream().collect(Collectors.toMap(one -> one.sight().key(), Function.identity()));
        List<Finding> added = new ArrayList<>();
        List<Finding> changed = new ArrayList<>();
        for (Finding.Sight sight : seen) {
            Finding known = before.remove(sight.key());
            if (known == null) {
                added.add(Finding.first(UUID.randomUUID().toString(), sight, sweep, now));
            } else {
                changed.add(known.seen(sight, sweep, now));
            }
        }
        before.values()
                .stream()
                .filter(one -> one.goneSince().isEmpty() && !untold.test(one))
                .forEach(one -> changed.add(one.gone(now)));
        return new FindingChanges(added, changed);
    }
}

package dev.reseat.api.job;

import dev.reseat.api.flow.ServiceException;
import dev.reseat.api.model.Attachment;
import dev.reseat.api.model.Job;
import dev.reseat.api.model.JobItemDraft;
import dev.reseat.api.model.JobSelector;
import dev.reseat.api.model.MappedVolume;
import dev.reseat.api.model.Page;
import dev.reseat.api.model.Sort;
import dev.reseat.api.model.Volume;
import dev.reseat.api.model.VolumeFilter;
import dev.reseat.api.service.DiagnoseVolumes;
import dev.reseat.api.store.Database;
import dev.reseat.api.store.cell.Answers;
import dev.reseat.api.store.cell.Cells;
import dev.reseat.api.store.cinder.VolumeTable;
import dev.reseat.api.store.nova.MappedVolumeTable;
import dev.reseat.contract.connection.ConnectionInfo;
import dev.reseat.contract.connection.MalformedConnection;
import dev.reseat.contract.connection.StorageAddress;
import jakarta.inject.Inject;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which volumes a selector means, read from Cinder's and Nova's rows. A database that cannot be read fails the whole
 * selection; a connection_info that cannot be read selects nothing and is told of.
 */
final class JobSelection {
    private static final int AT_ONCE = 1000;
    private static final int NAMED = 10;

    private final Database database;
    private final Cells cells;
    private final VolumeTable volumes;
    private final MappedVolumeTable mapped;
    private final DiagnoseVolumes diagnoses;
    private final InstantSource clock;

    @Inject
    JobSelection(
            Database database, Cells cells, VolumeTable volumes, MappedVolumeTable mapped, DiagnoseVolumes diagnoses,
            InstantSource clock) {
        this.database = database;
        this.cells = cells;
        this.volumes = volumes;
        this.mapped = mapped;
        this.diagnoses = diagnoses;
        this.clock = clock;
    }

    /** @param notes what the operator must know of it */
    record Selected(List<JobItemDraft> items, List<String> notes) {}

    /**
     * @throws ServiceException.Invalid if the selector asks for nothing, or holds an address or a pattern that is none
     */
    Selected select(JobSelector selector, Job.Action action) {
        if (selector.isEmpty()) {
            throw new ServiceException.Invalid(
                    "The selector has no condition, and selects nothing. Say which volumes: state, host, backend,"
                            + " project, older_than, ids or addresses; pattern narrows one of these.");
        }
        checkPatterns(selector.patterns(), action);
        List<StorageAddress> addresses = addresses(selector);
        List<JobItemDraft> items = new ArrayList<>();
        Unfit unfit = new Unfit(
                new TreeSet<>(), new TreeSet<>(), new TreeSet<>(), new TreeSet<>(selector.ids()), new TreeSet<>());
        Optional<String> last = Optional.empty();
        do {
            List<Volume> page = page(selector, last);
            Map<String, List<MappedVolume>> mappings = mappings(page, unfit);
            for (Volume volume : page) {
                unfit.missing().remove(volume.id());
                select(selector, action, addresses, volume, mappings.getOrDefault(volume.id(), List.of()), unfit)
                        .forEach(items::add);
            }
            last = page.size() < AT_ONCE ? Optional.empty() : Optional.of(page.getLast().id());
        } while (last.isPresent());
        return new Selected(items, unfit.notes());
    }

    /** The status that each of these volumes has now; those that are gone are not in it. */
    Map<String, String> statuses(List<String> ids) {
        Map<String, String> statuses = new HashMap<>();
        for (int from = 0; from < ids.size(); from += AT_ONCE) {
            Set<String> some = Set.copyOf(ids.subList(from, Math.min(ids.size(), from + AT_ONCE)));
            database.cinder()
                    .transaction(tx -> volumes.list(tx, filter(Set.of(), Optional.empty(), some)))
                    .forEach(volume -> statuses.put(volume.id(), volume.status()));
        }
        return statuses;
    }

    /** How many volumes a backend has. */
    int countOn(String backend) {
        return database.cinder().transaction(tx -> volumes.count(tx, filter(Set.of(), Optional.of(backend), Set.of())));
    }

    private void checkPatterns(Set<String> patterns, Job.Action action) {
        if (!patterns.isEmpty() && action != Job.Action.REPAIR) {
            throw new ServiceException.Invalid("A pattern selects what is to be repaired; it goes with repair alone.");
        }
        patterns.stream().filter(id -> !diagnoses.knows(id)).findFirst().ifPresent(id -> {
            throw new ServiceException.Invalid("There is no pattern " + id + ": it selects nothing.");
        });
    }

    private static List<StorageAddress> addresses(JobSelector selector) {
        try {
            return selector.addresses().stream().map(StorageAddress::parse).toList();
        } catch (MalformedConnection e) {
            throw new ServiceException.Invalid("An address of the selector is none: " + e.getMessage() + ".");
        }
    }

    private List<Volume> page(JobSelector selector, Optional<String> last) {
        VolumeFilter filter = filter(selector.states(), only(selector.backends()), selector.ids());
        return database.cinder()
                .transaction(tx -> volumes.list(tx, filter.on(new Page(last, OptionalInt.of(AT_ONCE), 0))));
    }

    private static VolumeFilter filter(Set<String> states, Optional<String> backend, Set<String> ids) {
        return new VolumeFilter(
                Optional.empty(), states, Optional.empty(), backend, Optional.empty(), Map.of(), ids,
                List.of(Sort.ascending(VolumeFilter.Key.ID)), Page.ALL);
    }

    /** By the cells that can be read, if any can: what is mapped in another one is not selected by its mapping. */
    private Map<String, List<MappedVolume>> mappings(Collection<Volume> page, Unfit unfit) {
        List<String> ids = page.stream().map(Volume::id).toList();
        Answers<List<MappedVolume>> answers = cells.everywhere(tx -> mapped.ofVolumes(tx, ids));
        answers.silent().forEach(silent -> unfit.silent().add(silent.text()));
        return (answers.given().isEmpty() ? answers.all() : answers.given())
                .stream()
                .flatMap(List::stream)
                .collect(Collectors.groupingBy(MappedVolume::volumeId));
    }

    private Stream<JobItemDraft> select(
            JobSelector selector, Job.Action action, List<StorageAddress> addresses, Volume volume,
            List<MappedVolume> mappings, Unfit unfit) {
        if (!fits(selector, volume)) {
            return Stream.empty();
        }
        List<MappedVolume> meant = mappings.stream()
                .filter(mapping -> selector.hosts().isEmpty() || isOn(mapping, volume, selector.hosts()))
                .filter(mapping -> addresses.isEmpty() || names(mapping, volume, addresses, unfit))
                .toList();
        boolean itself = (selector.hosts().isEmpty() || !meant.isEmpty() || isOn(volume, selector.hosts()))
                && (addresses.isEmpty() || !meant.isEmpty() || names(volume, addresses, unfit));
        if (action == Job.Action.REFRESH) {
            if (itself && meant.isEmpty()) {
                unfit.unmapped().add(volume.id());
            }
            return meant.stream().map(mapping -> draft(volume, Optional.of(mapping), mapping.host()));
        }
        return itself ? Stream.of(draft(volume, Optional.empty(), host(volume, mappings))) : Stream.empty();
    }

    private boolean fits(JobSelector selector, Volume volume) {
        Optional<Instant> changed = volume.updatedAt().or(volume::createdAt);
        return (selector.projects().isEmpty() || volume.projectId().filter(selector.projects()::contains).isPresent())
                && (selector.backends().isEmpty() || selector.backends().stream().anyMatch(one -> isAt(volume, one)))
                && (selector.olderThan().isEmpty() || changed
                        .filter(at -> at.plusSeconds(selector.olderThan().get()).isBefore(clock.instant()))
                        .isPresent());
    }

    private static boolean isAt(Volume volume, String backend) {
        String at = volume.host().orElse("");
        return at.equals(backend) || at.startsWith(backend + "@") || at.startsWith(backend + "#");
    }

    private static boolean isOn(MappedVolume mapping, Volume volume, Set<String> hosts) {
        return mapping.host().filter(hosts::contains).isPresent() || volume.attachments()
                .stream()
                .filter(attachment -> mapping.attachmentId().equals(Optional.of(attachment.id())))
                .anyMatch(attachment -> attachment.attachedHost().filter(hosts::contains).isPresent());
    }

    private static boolean isOn(Volume volume, Set<String> hosts) {
        return volume.attachments()
                .stream()
                .anyMatch(attachment -> attachment.attachedHost().filter(hosts::contains).isPresent());
    }

    /** By what Nova keeps, or Cinder keeps of the same attachment. */
    private static boolean names(
            MappedVolume mapping, Volume volume, List<StorageAddress> addresses, Unfit unfit) {
        boolean nova = names(mapping.connectionInfo(), volume.id(), addresses, unfit);
        return nova || volume.attachments()
                .stream()
                .filter(attachment -> mapping.attachmentId().equals(Optional.of(attachment.id())))
                .anyMatch(attachment -> names(attachment.connectionInfo(), volume.id(), addresses, unfit));
    }

    private static boolean names(Volume volume, List<StorageAddress> addresses, Unfit unfit) {
        return volume.attachments()
                .stream()
                .map(Attachment::connectionInfo)
                .anyMatch(info -> names(info, volume.id(), addresses, unfit));
    }

    private static boolean names(
            Optional<String> connectionInfo, String volumeId, List<StorageAddress> addresses, Unfit unfit) {
        Optional<String> stored = connectionInfo.filter(text -> !text.isBlank() && !text.strip().equals("{}"));
        try {
            Optional<ConnectionInfo> info = stored.map(ConnectionInfo::parse);
            if (info.filter(ConnectionInfo.Other.class::isInstance).isPresent()) {
                unfit.unknown().add(volumeId);
            }
            return info.flatMap(one -> StorageAddress.find(one, addresses)).isPresent();
        } catch (MalformedConnection e) {
            unfit.unreadable().add(volumeId);
            return false;
        }
    }

    private static JobItemDraft draft(Volume volume, Optional<MappedVolume> mapping, Optional<String> host) {
        return new JobItemDraft(
                volume.id(),
                mapping.map(MappedVolume::mappingId),
                mapping.map(MappedVolume::instanceId),
                host,
                volume.host().map(at -> at.replaceFirst("#.*", "")),
                Optional.empty());
    }

    private static Optional<String> host(Volume volume, List<MappedVolume> mappings) {
        return mappings.stream()
                .flatMap(mapping -> mapping.host().stream())
                .findFirst()
                .or(() -> volume.attachments()
                        .stream()
                        .flatMap(attachment -> attachment.attachedHost().stream())
                        .findFirst());
    }

    private static Optional<String> only(Set<String> values) {
        return values.size() == 1 ? Optional.of(values.iterator().next()) : Optional.empty();
    }

    /** Volumes that were not selected although they may have been meant. */
    private record Unfit(
            Set<String> unreadable, Set<String> unknown, Set<String> unmapped, Set<String> missing,
            Set<String> silent) {
        List<String> notes() {
            Stream<String> cells = silent.stream()
                    .map(why -> "Not selected is what is mapped where Nova's rows cannot be read: " + why);
            Stream<String> volumes = Stream.of(
                    note(unreadable, "have a connection_info that cannot be read, and were not selected by it"),
                    note(unknown, "have a connection_info of a kind whose addresses are not known here, and were not"
                            + " selected by it"),
                    note(unmapped, "are mapped into no instance, so there is nothing to refresh"),
                    note(missing, "of the ids do not exist"))
                    .flatMap(Optional::stream);
            return Stream.concat(cells, volumes).toList();
        }

        private static Optional<String> note(Set<String> ids, String what) {
            String more = ids.size() > NAMED ? ", …" : "";
            return ids.isEmpty()
                    ? Optional.empty()
                    : Optional.of(ids.size() + " volumes " + what + ": "
                            + ids.stream().limit(NAMED).collect(Collectors.joining(", ")) + more);
        }
    }
}

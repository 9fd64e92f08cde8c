package dev.reseat.api.service.diagnosis;

import dev.reseat.contract.compute.HostInventory;
import dev.reseat.contract.compute.HostInventory.GuestUse;
import dev.reseat.contract.compute.HostInventory.Held;
import dev.reseat.contract.compute.InspectVolume;
import dev.reseat.contract.evidence.Answer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What one host has said that it holds, by the ids that the names bear.
 *
 * @param silence why it has said nothing; all else says nothing then
 * @param complete whether a volume that is not in it is not held
 * @param guests YES if a volume that no disk bears is in no guest
 */
record HostHoldings(
        Optional<String> silence,
        boolean complete,
        Answer guests,
        Map<String, List<Held>> held,
        Map<String, List<GuestUse>> disks) {
    static HostHoldings silent(String why) {
        return new HostHoldings(Optional.of(why), false, Answer.UNKNOWN, Map.of(), Map.of());
    }

    /** Of all pages of it. */
    static HostHoldings of(List<HostInventory.Result> pages) {
        List<Held> all = pages.stream().flatMap(page -> page.held().stream()).toList();
        boolean complete = pages.stream().allMatch(page -> page.blind().isEmpty())
                && all.stream().allMatch(Held::bearsAnId);
        Answer present = pages.stream()
                .map(page -> page.guests().orElse(Answer.UNKNOWN))
                .reduce((one, other) -> one == other ? one : Answer.UNKNOWN)
                .orElse(Answer.UNKNOWN);
        return new HostHoldings(
                Optional.empty(),
                complete,
                present == Answer.YES && !complete ? Answer.UNKNOWN : present,
                byId(all.stream()
                        .filter(one -> one.guest().isEmpty())
                        .flatMap(one -> BornIds.of(one.name()).map(id -> Map.entry(id, one)))),
                byId(all.stream().flatMap(one -> one.guest().stream().flatMap(use -> uses(one.name(), use)))));
    }

    /**
     * The id that a disk's source bears comes first; a serial beside it that bears another one is old, or is not. Disks
     * that a server has without a volume bear the server's own id.
     */
    private static Stream<Map.Entry<String, GuestUse>> uses(String name, GuestUse use) {
        List<String> ids = BornIds.of(name).filter(id -> !id.equals(use.instanceUuid())).toList();
        GuestUse doubtful = new GuestUse(
                use.instanceUuid(), doubtful(use.inRunning()), doubtful(use.inStored()), use.running());
        return ids.stream().map(id -> Map.entry(id, id.equals(ids.getFirst()) ? use : doubtful));
    }

    private static Answer doubtful(Answer seen) {
        return seen == Answer.YES ? Answer.UNKNOWN : seen;
    }

    private static <T> Map<String, List<T>> byId(Stream<Map.Entry<String, T>> all) {
        return all.collect(Collectors.groupingBy(
                Map.Entry::getKey, Collectors.mapping(Map.Entry::getValue, Collectors.toList())));
    }

    /** Instances here whose guests have that volume. */
    Stream<String> instances(String storedId) {
        return disks.getOrDefault(storedId, List.of()).stream().map(GuestUse::instanceUuid);
    }

    /** What it would have answered to that question, had it been asked. */
    HostAnswer answer(HostQuestion question, String storedId) {
        Optional<InspectVolume.Result> result = silence.isPresent()
                ? Optional.empty()
                : Optional.of(result(question.instanceUuid(), storedId));
        return new HostAnswer(
                Optional.of(question.host()), question.instanceUuid(), question.attachmentId(), result,
                silence.orElseGet(() -> result.orElseThrow().detail()));
    }

    private InspectVolume.Result result(Optional<String> instance, String storedId) {
        List<Held> devices = held.getOrDefault(storedId, List.of());
        List<GuestUse> seen = disks.getOrDefault(storedId, List.of())
                .stream()
                .filter(disk -> instance.filter(uuid -> !uuid.equals(disk.instanceUuid())).isEmpty())
                .toList();
        Answer otherwise = guests == Answer.UNKNOWN ? Answer.UNKNOWN : Answer.NO;
        Answer running = any(seen, GuestUse::inRunning, otherwise);
        Answer stored = any(seen, GuestUse::inStored, otherwise);
        String detail = devices.isEmpty()
                ? complete ? "nothing of it is held here" : "not everything that is held here can be told apart"
                : devices.stream().map(Held::detail).collect(Collectors.joining("; "));
        return new InspectVolume.Result(
                running.or(stored),
                any(seen, GuestUse::running, otherwise),
                any(devices, Held::held, complete ? Answer.NO : Answer.UNKNOWN),
                detail,
                Optional.of(new InspectVolume.Definitions(guests, running, stored)));
    }

    /** A single YES decides; what is not listed may be there unless all is. */
    private static <T> Answer any(List<T> all, Function<T, Answer> answer, Answer unlisted) {
        return all.stream().map(answer).reduce(unlisted, Answer::or);
    }
}

package dev.reseat.api.service.diagnosis;

import dev.reseat.api.evidence.Fact;
import dev.reseat.api.evidence.NovaRecords;
import dev.reseat.api.model.VolumeMapping;
import dev.reseat.api.object.StoredConnectionInfo;
import dev.reseat.contract.evidence.Answer;
import dev.reseat.contract.volume.BackendConnection;
import dev.reseat.contract.volume.DescribeConnections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/** What the backend says, in the words of the decision table. */
record BackendFacts(NovaRecords nova, BackendAnswer backend) {
    private static final String TYPE = "driver_volume_type";
    private static final String DATA = "data";

    Map<Fact, String> answers() {
        boolean told = described(backend);
        return Map.of(
                Fact.BACKEND, told ? use() : Fact.UNKNOWN,
                Fact.OBJECT, told ? object(result()) : Fact.UNKNOWN,
                Fact.LOCK, told ? lock(result()) : Fact.UNKNOWN,
                Fact.CONNECTION, connection());
    }

    /** Whether it has answered and does not know everything. */
    static boolean doubtful(BackendAnswer backend) {
        return !described(backend) || backend.connections().stream().anyMatch(BackendFacts::doubtful);
    }

    private static boolean doubtful(BackendConnection seen) {
        return seen.inUse() == Answer.UNKNOWN || seen.exported() == Answer.UNKNOWN;
    }

    private static boolean described(BackendAnswer backend) {
        return backend instanceof BackendAnswer.Described answer && answer.result().supported();
    }

    private String use() {
        Answer used = any(BackendConnection::inUse);
        Answer exported = any(BackendConnection::exported);
        if (used == Answer.YES) {
            return "use";
        }
        return used == Answer.UNKNOWN || exported == Answer.UNKNOWN
                ? Fact.UNKNOWN
                : exported == Answer.YES ? "mapping" : "no";
    }

    private DescribeConnections.Result result() {
        return ((BackendAnswer.Described) backend).result();
    }

    private static String object(DescribeConnections.Result result) {
        return switch (result.object()) {
            case YES -> result.stored().object().text();
            case NO -> "absent";
            case UNKNOWN -> Fact.UNKNOWN;
        };
    }

    private static String lock(DescribeConnections.Result result) {
        return result.object() == Answer.NO ? "none" : result.stored().lock().text();
    }

    private Answer any(Function<BackendConnection, Answer> question) {
        return backend.connections().stream().map(question).reduce(Answer::or).orElse(Answer.NO);
    }

    private String connection() {
        List<VolumeMapping> mappings = nova.living();
        if (mappings.isEmpty()) {
            return nova.mayHaveMore() ? Fact.UNKNOWN : "none";
        }
        Optional<Map<String, Object>> now = backend instanceof BackendAnswer.Described answer
                ? answer.result().location()
                : Optional.empty();
        List<Map<String, Object>> stored = mappings.stream()
                .map(mapping -> mapping.connectionInfo().flatMap(StoredConnectionInfo::way))
                .flatMap(Optional::stream)
                .toList();
        if (now.isEmpty() || stored.size() < mappings.size()) {
            return Fact.UNKNOWN;
        }
        return stored.stream().allMatch(way -> leadsTo(way, now.get())) ? "same" : "stale";
    }

    /** What the backend names has to be stored likewise; what else is stored says nothing of where the volume is. */
    private static boolean leadsTo(Map<String, Object> way, Map<String, Object> now) {
        return Objects.equals(way.get(TYPE), now.get(TYPE))
                && way.get(DATA) instanceof Map<?, ?> stored
                && now.get(DATA) instanceof Map<?, ?> wanted
                && wanted.entrySet().stream().allMatch(entry -> same(stored.get(entry.getKey()), entry.getValue()));
    }

    /** Addresses come in no particular order. */
    private static boolean same(Object stored, Object wanted) {
        if (stored instanceof List<?> one && wanted instanceof List<?> other) {
            return new HashSet<Object>(one).equals(new HashSet<Object>(other));
        }
        return Objects.equals(stored, wanted);
    }
}

package dev.reseat.api.service.diagnosis;

import dev.reseat.api.evidence.Fact;
import dev.reseat.api.evidence.NovaRecords;
import dev.reseat.api.evidence.VolumeFacts;
import dev.reseat.api.model.Attachment;
import dev.reseat.api.model.Circumstances;
import dev.reseat.api.model.Volume;
import dev.reseat.api.model.VolumeMapping;
import dev.reseat.api.model.Whereabouts;
import dev.reseat.contract.compute.InspectVolume;
import dev.reseat.contract.evidence.Answer;
import dev.reseat.contract.volume.BackendConnection;
import dev.reseat.contract.volume.DescribeConnections;
import dev.reseat.contract.volume.StoredVolume;
import dev.reseat.contract.volume.StoredVolume.LockState;
import dev.reseat.contract.volume.StoredVolume.ObjectState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What each source has answered of one volume, as a word for each part of it; brought into rows and answers as they
 * come from databases, agents and volume-managers. The server is on host-a; host-b is named by no row but where a
 * leftover attachment does.
 */
record SaidOfVolume(Map<Part, String> words) {
    private static final Optional<String> NONE = Optional.empty();
    private static final Optional<Instant> NEVER = Optional.empty();
    private static final String SERVER = "5dd4c430-0f4c-4f5e-9c1d-5a3f0d9b7e21";
    private static final String WAY = "{\"driver_volume_type\": \"rbd\", \"data\": {\"name\": \"volumes/v-1\"}}";
    static final SaidOfVolume HEALTHY = new SaidOfVolume(Map.of());

    /** The first word is that of a detached volume in good health. */
    enum Part {
        STATUS(Fact.STATUS.words(), List.of()),
        ATTACHED(List.of("none", "blank", "server", "host", "leftover"), List.of()),
        MAPPED(List.of("none", "names", "empty", "lost", "twice"), List.of()),
        SERVER(List.of("running", "stopped", "shelved", "deleted", "absent"), List.of()),
        SERVICE(List.of("up", "down"), List.of()),
        NOVA(List.of("read"), List.of("unreadable", "doubtful")),
        /** Of the server, on its host. */
        GUEST(List.of("no", "none", "stored", "live", "half", "half_live", "old_no", "old_live"),
                List.of("silent", "running_unknown", "stored_unknown", "old_unknown")),
        HOLDS(List.of("no", "yes"), List.of("unknown")),
        /** Host-b. */
        STRANGER(List.of("not_asked", "no", "holds", "guest"), List.of("silent", "guest_unknown", "holds_unknown")),
        BACKEND(List.of("no", "mapping", "use"),
                List.of("silent", "unsupported", "use_unknown", "mapping_unknown")),
        OBJECT(List.of("present", "busy", "partial", "absent"), List.of("unknown")),
        LOCK(List.of("none", "live", "dead"), List.of("unknown")),
        LEADS(List.of("untold", "same", "elsewhere"), List.of());

        private final String sayings;
        private final String silences;

        Part(List<String> sayings, List<String> silences) {
            this.sayings = String.join(" ", sayings);
            this.silences = String.join(" ", silences);
        }

        List<String> words() {
            return Stream.of(sayings, silences).flatMap(Part::each).toList();
        }

        /** Those by which its source says nothing, or not enough. */
        List<String> silences() {
            return each(silences).toList();
        }

        private static Stream<String> each(String joined) {
            return Stream.of(joined.split(" ")).filter(word -> !word.isEmpty());
        }
    }

    SaidOfVolume {
        words = Map.copyOf(words);
    }

    SaidOfVolume with(Part part, String word) {
        Map<Part, String> changed = new EnumMap<>(Part.class);
        changed.putAll(words);
        changed.put(part, word);
        return new SaidOfVolume(changed);
    }

    private String word(Part part) {
        return words.getOrDefault(part, part.words().getFirst());
    }

    private boolean is(Part part, String... some) {
        return List.of(some).contains(word(part));
    }

    /** Whether that part is asked for at all of such a volume. */
    boolean hears(Part part) {
        return switch (part) {
            case GUEST, HOLDS -> hostIsNamed();
            case LOCK -> !is(Part.OBJECT, "absent");
            case NOVA -> is(Part.MAPPED, "none"); // where one is seen, another one is looked for before it is repaired
            default -> true;
        };
    }

    private boolean hostIsNamed() {
        return is(Part.ATTACHED, "server", "host", "leftover")
                || (!is(Part.MAPPED, "none") && is(Part.SERVER, "running", "stopped", "deleted"));
    }

    VolumeFacts facts() {
        return new RecordedDiagnosis(Instant.EPOCH)
                .look(volume(), nova(), circumstances(), Optional.of(is(Part.SERVICE, "up")), Optional.empty(),
                        new Probes(hosts(), backend(), Optional.of("it says nothing")))
                .facts();
    }

    private Volume volume() {
        return new Volume(
                "v-1", NONE, Optional.of("p-1"), Optional.of("stor-1@sim#pool"), NONE, 1, NONE, word(Part.STATUS),
                NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE,
                NONE, false, false, Optional.empty(), true, NEVER, NEVER, NEVER, Map.of(), Map.of(), attachments());
    }

    private List<Attachment> attachments() {
        Optional<String> server = Optional.of(SERVER);
        return switch (word(Part.ATTACHED)) {
            case "blank" -> List.of(attachment("a-1", server, NONE));
            case "server" -> List.of(attachment("a-1", server, Optional.of("host-a")));
            case "host" -> List.of(attachment("a-1", NONE, Optional.of("host-a")));
            case "leftover" -> List.of(
                    attachment("a-1", server, Optional.of("host-a")), attachment("a-2", server, Optional.of("host-b")));
            default -> List.of();
        };
    }

    private static Attachment attachment(String id, Optional<String> server, Optional<String> host) {
        return new Attachment(
                id, "v-1", server, host, NONE, NEVER, NEVER, NONE, host.isPresent() ? "attached" : "reserved",
                host.map(_ -> WAY), host.map(name -> "{\"host\": \"" + name + "\"}"), NEVER, NEVER, NEVER, false);
    }

    private NovaRecords nova() {
        if (is(Part.NOVA, "unreadable")) {
            return NovaRecords.unreadable("no answer");
        }
        Optional<Whereabouts> server = is(Part.SERVER, "absent") ? Optional.empty() : Optional.of(server());
        List<VolumeMapping> mappings = switch (word(Part.MAPPED)) {
            case "names" -> List.of(mapping("m-1", Optional.of("a-1"), server));
            case "empty" -> List.of(mapping("m-1", NONE, server));
            case "lost" -> List.of(mapping("m-1", Optional.of("a-9"), server));
            case "twice" -> List.of(mapping("m-1", Optional.of("a-1"), server), mapping("m-2", NONE, server));
            default -> List.of();
        };
        boolean named = is(Part.ATTACHED, "blank", "server", "leftover");
        return new NovaRecords(
                mappings, named ? server.stream().toList() : List.of(), Optional.empty(),
                is(Part.NOVA, "doubtful") ? List.of("a cell is silent") : List.of());
    }

    private Whereabouts server() {
        String state = switch (word(Part.SERVER)) {
            case "running" -> "active";
            case "shelved" -> "shelved_offloaded";
            default -> word(Part.SERVER);
        };
        return new Whereabouts(
                SERVER, is(Part.SERVER, "shelved") ? NONE : Optional.of("host-a"), Optional.of(state), NONE,
                is(Part.SERVER, "deleted"), List.of());
    }

    private static VolumeMapping mapping(String uuid, Optional<String> attachment, Optional<Whereabouts> server) {
        return new VolumeMapping(uuid, SERVER, attachment, Optional.of("/dev/vdb"), Optional.of(WAY), server);
    }

    private Circumstances circumstances() {
        return new Circumstances(Map.of(), Map.of("host-a", true, "host-b", true), Set.of());
    }

    private List<HostAnswer> hosts() {
        List<HostAnswer> answers = new ArrayList<>();
        if (hostIsNamed() && !is(Part.GUEST, "silent")) {
            Optional<String> server = is(Part.ATTACHED, "host") && is(Part.MAPPED, "none") ? NONE : Optional.of(SERVER);
            answers.add(answer("host-a", server, guest()));
        }
        boolean ofServer = is(Part.ATTACHED, "leftover");
        if (!is(Part.STRANGER, "not_asked") || ofServer) {
            stranger(ofServer).ifPresent(answers::add);
        }
        return answers;
    }

    private static HostAnswer answer(String host, Optional<String> server, InspectVolume.Result result) {
        return new HostAnswer(Optional.of(host), server, NONE, Optional.of(result), "looked");
    }

    private InspectVolume.Result guest() {
        Answer held = switch (word(Part.HOLDS)) {
            case "yes" -> Answer.YES;
            case "unknown" -> Answer.UNKNOWN;
            default -> Answer.NO;
        };
        return switch (word(Part.GUEST)) {
            case "none" -> result(Answer.NO, Answer.NO, Answer.NO, Answer.NO, held);
            case "stored" -> result(Answer.YES, Answer.NO, Answer.YES, Answer.NO, held);
            case "live" -> result(Answer.YES, Answer.YES, Answer.YES, Answer.YES, held);
            case "half" -> result(Answer.YES, Answer.NO, Answer.YES, Answer.YES, held);
            case "half_live" -> result(Answer.YES, Answer.YES, Answer.NO, Answer.YES, held);
            case "running_unknown" -> result(Answer.YES, Answer.UNKNOWN, Answer.NO, Answer.UNKNOWN, held);
            case "stored_unknown" -> result(Answer.YES, Answer.NO, Answer.UNKNOWN, Answer.YES, held);
            case "old_no" -> new InspectVolume.Result(Answer.NO, Answer.NO, held, "looked");
            case "old_live" -> new InspectVolume.Result(Answer.YES, Answer.YES, held, "looked");
            case "old_unknown" -> new InspectVolume.Result(Answer.UNKNOWN, Answer.UNKNOWN, held, "looked");
            default -> result(Answer.YES, Answer.NO, Answer.NO, Answer.YES, held);
        };
    }

    private static InspectVolume.Result result(
            Answer guests, Answer inRunning, Answer inStored, Answer runs, Answer held) {
        return new InspectVolume.Result(
                inRunning.or(inStored), runs, held, "looked",
                Optional.of(new InspectVolume.Definitions(guests, inRunning, inStored)));
    }

    /** Empty if it says nothing; that it was asked is then said by its row, or by an answer without a result. */
    private Optional<HostAnswer> stranger(boolean ofServer) {
        Optional<String> server = ofServer ? Optional.of(SERVER) : NONE;
        return Optional.of(switch (word(Part.STRANGER)) {
            case "holds" -> answer("host-b", server, result(Answer.YES, Answer.NO, Answer.NO, Answer.NO, Answer.YES));
            case "guest" ->
                answer("host-b", server, result(Answer.YES, Answer.YES, Answer.YES, Answer.YES, Answer.NO));
            case "guest_unknown" -> answer(
                    "host-b", server,
                    result(Answer.YES, Answer.UNKNOWN, Answer.UNKNOWN, Answer.UNKNOWN, Answer.NO));
            case "holds_unknown" ->
                answer("host-b", server, result(Answer.YES, Answer.NO, Answer.NO, Answer.NO, Answer.UNKNOWN));
            case "silent" -> new HostAnswer(Optional.of("host-b"), server, NONE, Optional.empty(), "no answer");
            default -> answer("host-b", server, result(Answer.YES, Answer.NO, Answer.NO, Answer.NO, Answer.NO));
        });
    }

    private Optional<DescribeConnections.Result> backend() {
        if (is(Part.BACKEND, "silent")) {
            return Optional.empty();
        }
        if (is(Part.BACKEND, "unsupported")) {
            return Optional.of(new DescribeConnections.Result(false, "sim", List.of()));
        }
        Answer object = switch (word(Part.OBJECT)) {
            case "absent" -> Answer.NO;
            case "unknown" -> Answer.UNKNOWN;
            default -> Answer.YES;
        };
        ObjectState state = ObjectState.parse(is(Part.OBJECT, "absent") ? "unknown" : word(Part.OBJECT));
        return Optional.of(new DescribeConnections.Result(
                true, "sim", connections(), location(), object,
                new StoredVolume(state, LockState.parse(word(Part.LOCK)))));
    }

    private List<BackendConnection> connections() {
        return switch (word(Part.BACKEND)) {
            case "mapping" -> List.of(connection(Answer.YES, Answer.NO));
            case "use" -> List.of(connection(Answer.YES, Answer.YES));
            case "use_unknown" -> List.of(connection(Answer.YES, Answer.UNKNOWN));
            case "mapping_unknown" -> List.of(connection(Answer.UNKNOWN, Answer.NO));
            default -> List.of();
        };
    }

    private static BackendConnection connection(Answer exported, Answer inUse) {
        return new BackendConnection(NONE, NONE, exported, inUse, "seen");
    }

    private Optional<Map<String, Object>> location() {
        return switch (word(Part.LEADS)) {
            case "same" ->
                Optional.of(Map.of("driver_volume_type", "rbd", "data", Map.of("name", "volumes/v-1")));
            case "elsewhere" ->
                Optional.of(Map.of("driver_volume_type", "rbd", "data", Map.of("name", "volumes/v-2")));
            default -> Optional.empty();
        };
    }
}

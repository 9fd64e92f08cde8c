package dev.reseat.api.service.diagnosis;

import dev.reseat.api.evidence.Inquiry;
import dev.reseat.api.model.Volume;
import dev.reseat.api.remote.Performed;
import dev.reseat.api.remote.Performer;
import dev.reseat.api.remote.VolumeClient;
import dev.reseat.contract.evidence.Answer;
import dev.reseat.contract.evidence.Observation;
import dev.reseat.contract.evidence.Question;
import dev.reseat.contract.evidence.Source;
import dev.reseat.contract.volume.BackendConnection;
import dev.reseat.contract.volume.DescribeConnections;
import dev.reseat.contract.volume.DescribeConnections.Result;
import dev.reseat.rpc.RpcException;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What a volume's backend says, by its driver. */
final class Backends {
    private static final Duration FRESH = Duration.ofSeconds(30);

    private final VolumeClient volumes;
    private final InstantSource clock;

    @Inject
    Backends(VolumeClient volumes, InstantSource clock) {
        this.volumes = volumes;
        this.clock = clock;
    }

    /** Asks; returns by the inquiry's deadline. */
    BackendAnswer ask(Inquiry inquiry) {
        Volume volume = inquiry.volume();
        String service = "The volume service of " + volume.host().orElse("no host");
        try {
            return switch (volumes.describeConnections(inquiry.context(), volume, inquiry.deadline())) {
                case Performed.Done<Result>(_, Result result) -> new BackendAnswer.Described(result);
                case Performed.Absent<Result>(String why) -> volumes.performer(volume, inquiry.deadline())
                        .filter(other -> other != Performer.VOLUME_MANAGER) // it came after it was asked
                        .<BackendAnswer>map(other -> new BackendAnswer.NotOffered(
                                service + " is a " + other.program() + ", which offers no "
                                        + DescribeConnections.METHOD))
                        .orElseGet(() -> new BackendAnswer.Absent(service + " cannot be reached: " + why));
            };
        } catch (RpcException.RemoteFailure e) {
            return e.notOffered()
                    ? new BackendAnswer.NotOffered(service + " does not offer " + DescribeConnections.METHOD)
                    : new BackendAnswer.Silent(service + " failed: " + e.getMessage());
        } catch (RpcException.NotDelivered | RpcException.VersionCapExceeded e) {
            return new BackendAnswer.Absent(service + " cannot be reached: " + e.getMessage());
        } catch (RpcException e) {
            return new BackendAnswer.Silent(service + " did not answer: " + e.getMessage());
        } catch (IllegalArgumentException damaged) {
            return new BackendAnswer.Silent("the volume's rows cannot be read: " + damaged.getMessage());
        }
    }

    List<Observation> observations(BackendAnswer answer) {
        return observations(answer, clock);
    }

    /** The same of an answer of another time. */
    static List<Observation> observations(BackendAnswer answer, InstantSource clock) {
        if (!(answer instanceof BackendAnswer.Described described) || !described.result().supported()) {
            return List.of(observation(
                    Question.IN_USE, Answer.UNKNOWN, Optional.empty(), Optional.empty(), answer.detail(), clock));
        }
        List<BackendConnection> connections = described.connections();
        return connections.isEmpty()
                ? List.of(observation(
                        Question.IN_USE, Answer.NO, Optional.empty(), Optional.empty(),
                        described.result().object() == Answer.NO
                                ? described.result().driver() + " does not have the volume"
                                : "no connection",
                        clock))
                : connections.stream().flatMap(one -> observations(one, clock)).toList();
    }

    private static Stream<Observation> observations(BackendConnection connection, InstantSource clock) {
        return Stream.of(
                observation(
                        Question.EXPORTED, connection.exported(), connection.host(), connection.attachmentId(),
                        connection.detail(), clock),
                observation(
                        Question.IN_USE, connection.inUse(), connection.host(), connection.attachmentId(),
                        connection.detail(), clock));
    }

    private static Observation observation(
            Question question, Answer answer, Optional<String> host, Optional<String> attachmentId, String excerpt,
            InstantSource clock) {
        return new Observation(
                Source.BACKEND, question, answer, host, attachmentId, clock.instant(), FRESH,
                DescribeConnections.METHOD, excerpt);
    }
}

package dev.reseat.api.service.diagnosis;

import dev.reseat.api.evidence.Collector;
import dev.reseat.api.evidence.Inquiry;
import dev.reseat.api.model.Attachment;
import dev.reseat.api.remote.ComputeClient;
import dev.reseat.contract.compute.InspectVolume;
import dev.reseat.contract.evidence.Answer;
import dev.reseat.contract.evidence.Observation;
import dev.reseat.contract.evidence.Question;
import dev.reseat.contract.evidence.Source;
import dev.reseat.rpc.RpcException;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What the hosts say, kernel and hypervisor: all of them at the same time. */
final class Hosts implements Collector {
    /** An RBD watch, the shortest-lived trace of a connection that broke off, is gone after that. */
    private static final Duration FRESH = Duration.ofSeconds(30);

    private final ComputeClient computes;
    private final InstantSource clock;

    @Inject
    Hosts(ComputeClient computes, InstantSource clock) {
        this.computes = computes;
        this.clock = clock;
    }

    @Override
    public List<Observation> collect(Inquiry inquiry) {
        return observations(inquiry, ask(inquiry));
    }

    /** Every host that any row names. */
    List<HostAnswer> ask(Inquiry inquiry) {
        return ask(inquiry, HostQuestion.all(inquiry));
    }

    List<HostAnswer> ask(Inquiry inquiry, List<HostQuestion> questions) {
        return Stream.concat(
                SideBySide.all(questions, question -> ask(inquiry, question)).stream(),
                HostQuestion.unanswerable(inquiry).stream().map(Hosts::somewhere))
                .toList();
    }

    /** Of an attachment that names no host. */
    static HostAnswer somewhere(Attachment attachment) {
        return new HostAnswer(
                Optional.empty(), attachment.instanceUuid(), Optional.of(attachment.id()), Optional.empty(),
                "attachment " + attachment.id() + " has a connector, and no row says of which host");
    }

    /** Hosts that no row names, but the backend does. Whatever way to the volume the rows know is tried. */
    List<HostAnswer> askMore(Inquiry inquiry, Collection<String> hosts) {
        Optional<Map<String, Object>> way = HostQuestion.all(inquiry)
                .stream()
                .flatMap(question -> question.connectionInfo().stream())
                .findFirst();
        return SideBySide.all(
                List.copyOf(hosts),
                host -> ask(inquiry, new HostQuestion(host, Optional.empty(), Optional.empty(), way)));
    }

    List<Observation> observations(Inquiry inquiry, List<HostAnswer> answers) {
        return observations(inquiry, answers, clock);
    }

    /** The same of answers of another time. */
    static List<Observation> observations(Inquiry inquiry, List<HostAnswer> answers, InstantSource clock) {
        return answers.isEmpty()
                ? nobodyNamed(inquiry, clock)
                : answers.stream().flatMap(answer -> observations(answer, clock)).toList();
    }

    private static List<Observation> nobodyNamed(Inquiry inquiry, InstantSource clock) {
        Answer answer = inquiry.nova().mayHaveMore() ? Answer.UNKNOWN : Answer.NO;
        String why =
                answer == Answer.NO ? "no row names a host" : "which hosts there are is in rows that cannot be read";
        return List.of(
                observation(Source.GUEST, answer, Optional.empty(), Optional.empty(), why, clock),
                observation(Source.HOST, answer, Optional.empty(), Optional.empty(), why, clock));
    }

    private HostAnswer ask(Inquiry inquiry, HostQuestion question) {
        try {
            InspectVolume.Result result = computes.inspect(
                    inquiry.context(),
                    question.host(),
                    new InspectVolume(inquiry.volume().id(), question.instanceUuid(), question.connectionInfo()),
                    inquiry.deadline())
                    .orThrow();
            return named(inquiry, question)
                    ? answer(question, Optional.of(result), result.detail())
                    : answer(question, Optional.of(new InspectVolume.Result(
                            result.guest(), result.running(), result.host().or(Answer.UNKNOWN),
                            result.detail() + "; it bears another volume's name since it was migrated",
                            result.definitions())), result.detail());
        } catch (RpcException.RemoteFailure e) {
            String why = e.notOffered() ? "its compute service does not offer inspect_volume" : e.getMessage();
            return answer(question, Optional.empty(), why);
        } catch (RpcException e) {
            return answer(question, Optional.empty(), "no answer: " + e.getMessage());
        }
    }

    /** Whether the host can find the volume: by the way to it, or by its own id where it bears that name. */
    private static boolean named(Inquiry inquiry, HostQuestion question) {
        return question.connectionInfo().isPresent() || inquiry.volume().nameId().isEmpty();
    }

    private static HostAnswer answer(HostQuestion question, Optional<InspectVolume.Result> result, String detail) {
        return new HostAnswer(Optional.of(question.host()), question.instanceUuid(), question.attachmentId(), result,
                detail);
    }

    private static Stream<Observation> observations(HostAnswer answer, InstantSource clock) {
        Optional<String> host = answer.host();
        return Stream.of(
                observation(Source.GUEST, answer.inGuest(), host, answer.attachmentId(), answer.detail(), clock),
                observation(Source.HOST, answer.held(), host, answer.attachmentId(), answer.detail(), clock));
    }

    private static Observation observation(
            Source source, Answer answer, Optional<String> host, Optional<String> attachmentId, String excerpt,
            InstantSource clock) {
        return new Observation(
                source, Question.IN_USE, answer, host, attachmentId, clock.instant(), FRESH, InspectVolume.METHOD,
                excerpt);
    }
}

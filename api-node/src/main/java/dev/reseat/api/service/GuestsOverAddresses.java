package dev.reseat.api.service;

import dev.reseat.api.remote.ComputeClient;
import dev.reseat.api.service.diagnosis.SideBySide;
import dev.reseat.api.store.cell.Answers;
import dev.reseat.api.store.cell.Cells;
import dev.reseat.api.store.nova.ComputeServiceTable;
import dev.reseat.contract.compute.GuestsByAddress;
import dev.reseat.contract.evidence.Answer;
import dev.reseat.rpc.RequestContext;
import dev.reseat.rpc.RpcException;
import dev.reseat.runtime.Deadline;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Semaphore;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Whose guests have disks over addresses of storage, running or by their stored definitions, whatever any row says: a
 * guest goes on with the connection that it was started with. Changes nothing.
 */
public final class GuestsOverAddresses {
    private static final int AT_ONCE = 64;
    private static final int NAMED = 10;

    private final Cells cells;
    private final ComputeServiceTable services;
    private final ComputeClient computes;

    @Inject
    GuestsOverAddresses(Cells cells, ComputeServiceTable services, ComputeClient computes) {
        this.cells = cells;
        this.services = services;
        this.computes = computes;
    }

    private record Said(String host, List<GuestsByAddress.Use> uses, Optional<String> silence) {}

    /**
     * Asks every compute host, for no longer than one question may take.
     *
     * @return sentences for the operator: who has, and who could not be asked; none if nobody has and all answered
     */
    public List<String> sentences(RequestContext context, Set<String> addresses) {
        Set<String> hosts = new TreeSet<>();
        List<String> sentences = new ArrayList<>();
        Answers<Set<String>> known = cells.everywhere(services::hosts);
        known.given().forEach(hosts::addAll);
        known.silent()
                .forEach(silent -> sentences.add(
                        "Which guests of its hosts have a disk over that is not known: " + silent.text()));
        List<Said> said = ask(context, hosts, new GuestsByAddress(List.copyOf(addresses)));
        running(said).ifPresent(sentences::add);
        stored(said).ifPresent(sentences::add);
        silent(said).ifPresent(sentences::add);
        return sentences;
    }

    private List<Said> ask(RequestContext context, Set<String> hosts, GuestsByAddress question) {
        Deadline deadline = computes.probing(computes.repairing());
        var turns = new Semaphore(AT_ONCE);
        return SideBySide.all(List.copyOf(hosts), host -> {
            turns.acquireUninterruptibly();
            try {
                return ask(context, host, question, deadline);
            } finally {
                turns.release();
            }
        });
    }

    private Said ask(RequestContext context, String host, GuestsByAddress question, Deadline deadline) {
        try {
            GuestsByAddress.Result answer = computes.guestsBy(context, host, question, deadline).orThrow();
            return new Said(host, answer.uses(), answer.blind().stream().findFirst());
        } catch (RpcException.RemoteFailure e) {
            return new Said(host, List.of(), Optional.of(
                    e.notOffered() ? "its agent is of a release before" : "it failed: " + e.getMessage()));
        } catch (RpcException e) {
            return new Said(host, List.of(), Optional.of("no answer: " + e.getMessage()));
        }
    }

    private static Optional<String> running(List<Said> said) {
        return uses(said, use -> use.inRunning() == Answer.YES).map(uses -> "Guests that run over that, and will until"
                + " they are started anew or migrated: " + uses);
    }

    private static Optional<String> stored(List<Said> said) {
        return uses(said, use -> use.inRunning() != Answer.YES).map(uses -> "Guests that do not run, whose stored"
                + " definition names that; Nova makes it anew at the next start: " + uses);
    }

    private static Optional<String> uses(List<Said> said, Predicate<GuestsByAddress.Use> which) {
        return named(said.stream()
                .flatMap(one -> one.uses()
                        .stream()
                        .filter(which)
                        .map(use -> "instance " + use.instanceUuid() + " on " + one.host() + " (" + use.disk() + ")")));
    }

    private static Optional<String> silent(List<Said> said) {
        return named(said.stream().flatMap(one -> one.silence().stream().map(why -> one.host() + " (" + why + ")")))
                .map(hosts -> "Which guests have a disk over that is not known of: " + hosts);
    }

    private static Optional<String> named(Stream<String> all) {
        List<String> list = all.distinct().toList();
        return list.isEmpty()
                ? Optional.empty()
                : Optional.of(list.stream().limit(NAMED).collect(Collectors.joining(", "))
                        + (list.size() > NAMED ? ", … " + list.size() + " in all" : ""));
    }
}

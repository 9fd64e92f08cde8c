package dev.reseat.volume.driver.lvm;

import dev.reseat.contract.connection.Connector;
import dev.reseat.contract.connection.InitiatorNames;
import dev.reseat.contract.evidence.Answer;
import dev.reseat.host.DeviceUsers;
import dev.reseat.host.Findings;
import dev.reseat.volume.driver.Client;
import dev.reseat.volume.driver.VolumeAttachment;
import dev.reseat.volume.target.IscsiTarget;
import dev.reseat.volume.target.IscsiTarget.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Who may reach a logical volume and who does: initiators that are let in, their sessions, programs of this host. */
final class TargetClients {
    private final DeviceUsers users;

    TargetClients(DeviceUsers users) {
        this.users = users;
    }

    /** @param attachments by which initiators are known as hosts */
    List<Client> of(LogicalVolume volume, Optional<IscsiTarget> target, List<VolumeAttachment> attachments) {
        return target.map(one -> of(one, attachments)).orElseGet(() -> here(volume));
    }

    /** Of a target whose volume may be gone. */
    List<Client> of(IscsiTarget target, List<VolumeAttachment> attachments) {
        List<Client> clients = new ArrayList<>();
        Stream<String> known = target.open()
                ? attachments.stream()
                        .flatMap(attachment -> attachment.connector().flatMap(Connector::initiator).stream())
                : Stream.empty();
        Set<String> admitted = InitiatorNames.of(Stream.concat(target.admitted().stream(), known).toList());
        Set<String> connected = InitiatorNames.of(target.sessions().stream().map(Session::initiator).toList());
        for (Session session : target.sessions()) {
            Answer exported = Answer.of(target.open() || admitted.contains(session.initiator()));
            clients.add(client(session.initiator(), Optional.of(session), exported, attachments));
        }
        admitted.stream()
                .filter(initiator -> !connected.contains(initiator))
                .forEach(initiator -> clients.add(client(initiator, Optional.empty(), Answer.YES, attachments)));
        if (target.open() && clients.isEmpty()) {
            clients.add(Client.unnamed(Answer.YES, Answer.NO, "target open to every initiator with its password"));
        }
        return clients;
    }

    private static Client client(
            String initiator, Optional<Session> session, Answer exported, List<VolumeAttachment> attachments) {
        return new Client(
                host(initiator, attachments),
                Optional.of(initiator),
                session.flatMap(Session::address),
                session.map(Session::id),
                Optional.empty(),
                Optional.empty(),
                exported,
                Answer.of(session.isPresent()),
                session.isPresent()
                        ? "has an iSCSI session" + (exported == Answer.YES ? "" : " and is not let in any more")
                        : "let in, without a session");
    }

    /** The host of an attachment that has that name in iSCSI. */
    private static Optional<String> host(String initiator, List<VolumeAttachment> attachments) {
        return attachments.stream()
                .flatMap(attachment -> attachment.connector().stream())
                .filter(connector -> connector.initiator()
                        .filter(name -> InitiatorNames.same(name, initiator))
                        .isPresent())
                .flatMap(connector -> connector.host().stream())
                .findFirst();
    }

    /**
     * Without a target: whoever has the device open is a program of this host. That its node is not there says nothing:
     * it may be elsewhere, beside a container's own for instance.
     */
    private List<Client> here(LogicalVolume volume) {
        if (volume.open() == Answer.NO) {
            return List.of();
        }
        Findings<String> found = users.of(volume.device());
        Answer inUse = volume.open() == Answer.YES ? Answer.YES : found.any();
        return inUse == Answer.NO
                ? List.of()
                : List.of(Client.unnamed(Answer.NO, inUse,
                        volume.device() + " on this host: " + found.detail("open, by whom is not seen")));
    }
}

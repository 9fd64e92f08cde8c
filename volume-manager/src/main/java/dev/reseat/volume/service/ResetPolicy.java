package dev.reseat.volume.service;

import dev.reseat.contract.evidence.Answer;
import dev.reseat.contract.volume.BackendConnection;
import dev.reseat.contract.volume.ResetStatus.Outcome;
import dev.reseat.runtime.Deadline;
import dev.reseat.volume.driver.BackendVolume;
import dev.reseat.volume.driver.Client;
import dev.reseat.volume.driver.ConnectionRequest;
import dev.reseat.volume.driver.DescribesConnections;
import dev.reseat.volume.driver.DriverException;
import dev.reseat.volume.driver.VolumeAttachment;
import dev.reseat.volume.driver.VolumeDriver;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * How a volume is brought into the shape that a status promises, the same with every driver: look, refuse, change, look
 * again. After Cinder's specification "Reset Volume State with Driver Involved". Every step may be repeated; none is
 * begun when the deadline is over.
 */
final class ResetPolicy {
    private final VolumeDriver driver;
    private final DescribesConnections view;
    private final ModelStore models;
    private final Deadline deadline;

    /** @param models where the driver's model updates are kept */
    ResetPolicy(VolumeDriver driver, DescribesConnections view, ModelStore models, Deadline deadline) {
        this.driver = driver;
        this.view = view;
        this.models = models;
        this.deadline = deadline;
    }

    /**
     * For {@code available}: takes every connection and export down, those of no known attachment too. If somebody uses
     * the volume, nothing is taken down. What cannot be seen afterwards is unproved, never proved.
     */
    ResetOutcome takeDown(BackendVolume volume) {
        List<Client> before = view.describe(volume, deadline);
        if (over(before, Client::inUse) == Answer.YES) {
            return report(Outcome.REFUSED, "in use, nothing was taken down: " + details(before, Client::inUse)
                    + exportedTo(before), before);
        }
        driver.terminateConnections(volume, deadline);
        driver.removeExport(volume, deadline);
        List<Client> after = view.describe(volume, deadline);
        String done = before.stream().filter(client -> client.exported() == Answer.YES).count() + " exports removed; ";
        if (over(after, Client::inUse) == Answer.YES) {
            return report(Outcome.FAILED, done + "but somebody took hold of the volume meanwhile: "
                    + details(after, Client::inUse), after);
        }
        if (over(after, Client::exported) == Answer.YES) {
            return report(Outcome.FAILED, done + "but it is still exported" + exportedTo(after), after);
        }
        return after.stream().anyMatch(client -> client.exported().or(client.inUse()) == Answer.UNKNOWN)
                ? report(Outcome.UNPROVED, done + details(after, client -> client.exported().or(client.inUse())), after)
                : report(Outcome.PROVED, done + "nobody is there", after);
    }

    /** For {@code in-use}: gives every live attachment its export and connection back. */
    ResetOutcome putBack(BackendVolume volume) {
        List<Client> before = view.describe(volume, deadline);
        if (volume.attachments().isEmpty()) {
            return report(Outcome.FAILED, "no attachment to give an export back to", before);
        }
        List<String> unusable =
                volume.attachments().stream().filter(one -> !isUsable(one)).map(VolumeAttachment::id).toList();
        if (!unusable.isEmpty()) {
            return report(Outcome.FAILED, "nothing was exported: the connector does not suffice in attachment "
                    + String.join(", ", unusable), before);
        }
        List<ConnectionRequest> requests =
                volume.attachments().stream().flatMap(attachment -> attachment.access().stream()).toList();
        BackendVolume exported = volume;
        for (ConnectionRequest request : requests) {
            exported = models.stored(exported, driver.createExport(exported, request, deadline));
            driver.initializeConnection(exported, request, deadline);
        }
        List<Client> after = view.describe(volume, deadline);
        if (!view.keepsHostsOut()) {
            return report(Outcome.PROVED, "the volume is there, and this backend keeps no host out", after);
        }
        Answer complete = requests.stream().map(request -> exported(after, request)).reduce(Answer.YES, Answer::and);
        return switch (complete) {
            case YES -> report(Outcome.PROVED, "exported" + exportedTo(after), after);
            case UNKNOWN -> report(Outcome.UNPROVED, "exported, which the backend does not show", after);
            case NO -> report(Outcome.FAILED, "exports went missing meanwhile", after);
        };
    }

    private boolean isUsable(VolumeAttachment attachment) {
        if (attachment.connector().isEmpty()) {
            return false;
        }
        try {
            driver.validate(attachment.connector().get());
            return true;
        } catch (DriverException.ConnectorRejected e) {
            return false;
        }
    }

    private static Answer exported(List<Client> clients, ConnectionRequest request) {
        return over(clients.stream().filter(client -> client.isOf(request)).toList(), Client::exported);
    }

    /** One YES decides, otherwise one UNKNOWN does; nobody is NO. */
    private static Answer over(List<Client> clients, Function<Client, Answer> question) {
        return clients.stream().map(question).reduce(Answer.NO, Answer::or);
    }

    private static String details(List<Client> clients, Function<Client, Answer> question) {
        Answer deciding = over(clients, question);
        return clients.stream()
                .filter(client -> question.apply(client) == deciding)
                .map(Client::detail)
                .distinct()
                .collect(Collectors.joining("; "));
    }

    private static String exportedTo(List<Client> clients) {
        String hosts = clients.stream()
                .filter(client -> client.exported() == Answer.YES)
                .flatMap(client -> client.host().or(client::initiator).or(client::address).stream())
                .distinct()
                .collect(Collectors.joining(", "));
        return hosts.isEmpty() ? "" : "; exported to " + hosts;
    }

    private static ResetOutcome report(Outcome outcome, String detail, List<Client> clients) {
        return new ResetOutcome(outcome, detail, connections(clients));
    }

    /** As they are told to others. */
    static List<BackendConnection> connections(List<Client> clients) {
        return clients.stream()
                .map(client -> new BackendConnection(
                        client.attachmentId(),
                        client.host(),
                        client.exported(),
                        client.inUse(),
                        client.detail() + told("initiator", client.initiator()) + told("at", client.address())
                                + told("session", client.session()) + told("since", client.since()),
                        client.initiator().or(client::address)))
                .toList();
    }

    private static String told(String what, Optional<?> fact) {
        return fact.map(known -> "; " + what + " " + known).orElse("");
    }
}

package dev.reseat.api.cli;

import dev.reseat.api.rest.json.FenceBody;
import dev.reseat.api.rest.json.FenceView;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code reseat volume fence}: nothing else keeps a client out. */
@Command(name = "fence", mixinStandardHelpOptions = true,
        description = "Has the backend of a volume keep one client out "
                + "of everything it has there. A client that lives loses all its volumes: guests on it see I/O errors.",
        footer = {
                "",
                "For a host that is dead or cut off, and holds a volume for all that the backend knows. Of Ceph, an"
                        + " address of port 0 and nonce 0, such as 192.0.2.7:0/0, is every client of that host. It"
                        + " cannot be undone by reseat: the answer says what lets the client in again."})
final class FenceCommand implements Callable<Integer> {
    private final ConnectionOptions options;
    private final Output output;

    @Parameters(paramLabel = "VOLUME", description = "id or name") private String volume;

    @Option(names = "--client", required = true, paramLabel = "CLIENT", description = "IP:PORT/NONCE or an "
            + "initiator, as reseat diagnose shows who is at the volume") private String client;

    @Option(names = "--seconds", paramLabel = "N", description = "for how long, where the backend knows a "
            + "time (Ceph); a day without it") private Integer seconds;

    @Option(names = "--unseen", description = "also if the backend does not show the client at the volume, as while its"
            + " host is cut off") private boolean unseen;

    @Option(names = "--reason", paramLabel = "TEXT", description = "why; recorded in the journal, and needed without "
            + "--dry-run") private String reason;

    @Option(names = "--dry-run", description = "ask the backend, say what would be done, change "
            + "nothing") private boolean dryRun;

    @Option(names = Output.JSON_OPTION, description = "print {\"volumes\": [{\"fence\": {...}}]}") private boolean json;

    FenceCommand(ConnectionOptions options, Output output) {
        this.options = options;
        this.output = output;
    }

    @Override
    public Integer call() {
        if (!dryRun && (reason == null || reason.isBlank())) {
            throw new UsageError("keeping a client out needs --reason TEXT, which is recorded");
        }
        return new VolumeRequests(options, output, json).post(
                List.of(volume), "fence", new FenceBody(
                        client, Optional.ofNullable(seconds), unseen, dryRun, Optional.ofNullable(reason)),
                (name, answer) -> text(name, ApiClient.read(answer, FenceView.class)));
    }

    private String text(String name, FenceView view) {
        StringJoiner text = new StringJoiner("\n");
        text.add(name + ": " + view.client() + (dryRun ? " would be kept out" : " is kept out"));
        view.seen().forEach(seen -> text.add("  seen:    " + seen));
        if (view.seen().isEmpty()) {
            text.add("  seen:    nothing shows it at this volume");
        }
        view.steps().forEach(step -> text.add((dryRun ? "  would:   " : "  done:    ") + step));
        view.outcome().ifPresent(outcome -> text.add("  now:     " + outcome));
        text.add("  undo:    " + view.undo());
        view.journal().ifPresent(journal -> text.add("  journal: " + journal));
        return text.toString();
    }
}

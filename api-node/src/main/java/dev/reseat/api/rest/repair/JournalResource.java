package dev.reseat.api.rest.repair;

import dev.reseat.api.rest.Api;
import dev.reseat.api.rest.Exchange;
import dev.reseat.api.rest.HttpFault;
import dev.reseat.api.rest.Resource;
import dev.reseat.api.rest.Routes;
import dev.reseat.api.rest.json.JournalEntryView;
import dev.reseat.api.service.JournalQueries;
import dev.reseat.api.service.JournalView;
import dev.reseat.runtime.SecretText;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.Map;

/** {@code GET /journal?subject=…}: what was done to a volume or block device mapping, newest first. */
public final class JournalResource implements Resource {
    private static final String DEFAULT_LIMIT = "100";

    private final JournalQueries journal;

    @Inject
    public JournalResource(JournalQueries journal) {
        this.journal = journal;
    }

    @Override
    public void register(Routes routes) {
        routes.get(Api.RESEAT, "/journal", this::list);
    }

    private void list(Exchange exchange) {
        exchange.authorize("reseat:journal:list");
        String subject = exchange.query()
                .text("subject")
                .orElseThrow(() -> HttpFault.badRequest("Say whose journal: ?subject=ID of a volume or mapping"));
        String limit = exchange.query().text("limit").orElse(DEFAULT_LIMIT);
        if (!limit.matches("[1-9]\\d{0,5}")) {
            throw HttpFault.badRequest("limit must be a positive number: " + limit);
        }
        int most = Math.min(Integer.parseInt(limit), exchange.maxLimit());
        exchange.json(
                200,
                Map.of("journal", journal.ofSubject(subject, most).stream().map(JournalResource::view).toList()));
    }

    private static JournalEntryView view(JournalView entry) {
        return new JournalEntryView(
                entry.id().toString(),
                entry.kind(),
                entry.subject(),
                entry.requestId(),
                entry.userId(),
                entry.reason().map(SecretText::masked),
                entry.state(),
                entry.outcome().map(SecretText::masked),
                entry.openedAt().toString(),
                entry.closedAt().map(Instant::toString),
                entry.steps().stream().map(JournalResource::step).toList());
    }

    private static JournalEntryView.Step step(JournalView.Step step) {
        return JournalEntryView.Step.of(step.name(), step.phase(), step.detail(), step.at().toString());
    }
}

package dev.reseat.api.finding;

import dev.reseat.api.evidence.DecisionTable;
import dev.reseat.api.flow.ServiceException;
import dev.reseat.api.model.Finding;
import dev.reseat.api.model.FindingFilter;
import dev.reseat.api.store.Database;
import dev.reseat.api.store.finding.FindingTable;
import dev.reseat.api.store.finding.SweepTable;
import dev.reseat.rpc.RequestContext;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;

/** Findings as operators read and ignore them. */
public final class KeptFindings {
    private final Database database;
    private final FindingTable table;
    private final SweepTable sweeps;
    private final DecisionTable decisions;

    @Inject
    KeptFindings(Database database, FindingTable table, SweepTable sweeps, DecisionTable decisions) {
        this.decisions = decisions;
        this.database = database;
        this.table = table;
        this.sweeps = sweeps;
    }

    /** One page, in the order of their ids. */
    public List<Finding> list(FindingFilter filter, Optional<String> after, int limit) {
        return database.cinder().transaction(tx -> table.list(tx, filter, after.orElse(""), limit));
    }

    /** @throws ServiceException.NotFound if there is none */
    public Finding show(String id) {
        return database.cinder()
                .transaction(tx -> table.find(tx, id))
                .orElseThrow(() -> new ServiceException.NotFound("Finding " + id + " could not be found."));
    }

    /** Nothing is done about it any more, and nobody is alarmed, until it is heeded again. */
    public Finding ignore(RequestContext context, String id, Optional<String> reason) {
        String by = context.userId().orElse("-");
        database.cinder()
                .transaction(tx -> table.ignore(tx, id, new Finding.Ignored(sweeps.now(tx), by, reason)));
        return show(id);
    }

    public Finding unignore(String id) {
        database.cinder().transaction(tx -> table.unignore(tx, id));
        return show(id);
    }

    /** As clients see it, with what the decision table says of its pattern now. */
    public FindingDocument document(Finding finding) {
        return FindingDocument.of(
                finding, decisions.find(finding.sight().key().pattern()).orElse(decisions.unlisted()));
    }

    /** The latest, latest first, as clients see them. */
    public List<SweepDocument> sweeps(int limit) {
        return database.cinder()
                .transaction(tx -> sweeps.latest(tx, limit))
                .stream()
                .map(SweepDocument::of)
                .toList();
    }
}

package dev.reseat.api.conductor;

import static dev.reseat.api.conductor.AdministratorCalls.answering;
import static dev.reseat.api.conductor.PeerValues.given;

import dev.reseat.api.finding.FindingOrder;
import dev.reseat.api.finding.KeptFindings;
import dev.reseat.api.flow.ServiceException;
import dev.reseat.api.model.Finding;
import dev.reseat.api.object.JsonText;
import dev.reseat.contract.state.FindingCalls.FindingIgnore;
import dev.reseat.contract.state.FindingCalls.FindingList;
import dev.reseat.contract.state.FindingCalls.FindingShow;
import dev.reseat.contract.state.FindingCalls.FindingUnignore;
import dev.reseat.contract.state.StateRpc;
import dev.reseat.rpc.RequestContext;
import dev.reseat.rpc.server.Endpoint;
import jakarta.inject.Inject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What sweeps have found, for other services on {@code reseat-api}. */
public final class FindingEndpoint {
    private static final int MOST = 1000;

    private final KeptFindings findings;

    @Inject
    public FindingEndpoint(KeptFindings findings) {
        this.findings = findings;
    }

    public Endpoint endpoint() {
        return Endpoint.of(StateRpc.NAMESPACE, StateRpc.OPERATIONS.major(), StateRpc.OPERATIONS.minor())
                .method(FindingList.METHOD, FindingList.class, answering(this::list))
                .method(FindingShow.METHOD, FindingShow.class, answering(
                        (_, args) -> document(findings.show(given(args.findingId(), "finding_id")))))
                .method(FindingIgnore.METHOD, FindingIgnore.class, answering((context, args) -> document(
                        findings.ignore(context, given(args.findingId(), "finding_id"), args.reason()))))
                .method(FindingUnignore.METHOD, FindingUnignore.class, answering(
                        (_, args) -> document(findings.unignore(given(args.findingId(), "finding_id")))))
                .build();
    }

    private Object list(RequestContext context, FindingList args) {
        int limit = args.limit().orElse(MOST);
        if (limit < 1) {
            throw new ServiceException.Invalid("limit must be at least 1.");
        }
        int most = Math.min(limit, MOST);
        FindingOrder order = new FindingOrder(
                args.pattern(), args.without(), args.verdict(), args.state(), args.volumeId(), args.backend(),
                args.host(), args.projectId());
        List<Finding> page = findings.list(order.filter(), args.after(), most);
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("findings", page.stream().map(this::document).toList());
        answer.put("sweeps", findings.sweeps(2).stream().map(sweep -> JsonText.map(JsonText.of(sweep))).toList());
        answer.put("next", page.size() == most ? page.getLast().id() : null);
        return answer;
    }

    private Map<String, Object> document(Finding finding) {
        return JsonText.map(JsonText.of(findings.document(finding)));
    }
}

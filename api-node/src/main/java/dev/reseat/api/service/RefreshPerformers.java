package dev.reseat.api.service;

import dev.reseat.api.model.Instance;
import dev.reseat.api.model.Volume;
import dev.reseat.api.remote.ComputeClient;
import dev.reseat.api.remote.Performer;
import dev.reseat.api.remote.VolumeClient;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Who does which step of a refresh: looked up for a plan, and as told by those who did it. */
final class RefreshPerformers {
    /** Rows are read and written by nobody else. */
    static final String API_NODE = "api-node";
    private static final String NOBODY = "nobody: no service listens";

    private final ComputeClient computes;
    private final VolumeClient backends;

    @Inject
    RefreshPerformers(ComputeClient computes, VolumeClient backends) {
        this.computes = computes;
        this.backends = backends;
    }

    /** Who would do them now. Asks nobody for anything but whether they are there. */
    List<RefreshReport.Step> planned(RefreshPlan plan, Instance instance, Volume volume) {
        Optional<Performer> host =
                RemoteCall.computeOf(instance).query(() -> computes.performer(instance.host().orElse("-")));
        String compute = program(host) + " of " + instance.host().orElse("no host");
        Optional<Performer> attaching =
                RemoteCall.backendOf(volume).query(() -> backends.attachmentPerformer(volume));
        String backend = program(attaching) + " of " + volume.serviceName().orElse("no host");
        boolean asksAgent = plan.connector().isEmpty() && host.equals(Optional.of(Performer.COMPUTE_AGENT));
        String deletes = host.equals(Optional.of(Performer.NOVA_COMPUTE)) ? compute + " or " + backend : compute;
        String attachments = attaching.equals(Optional.of(Performer.CINDER_API)) ? backend : API_NODE;
        return RefreshSteps.named(Map.of(
                RefreshSteps.RESERVE, attachments,
                RefreshSteps.COMPLETE, attachments,
                RefreshSteps.CONNECTOR, asksAgent ? compute : API_NODE,
                RefreshSteps.REMOVE, compute,
                RefreshSteps.DELETE, deletes,
                RefreshSteps.UPDATE, backend));
    }

    private static String program(Optional<Performer> performer) {
        return performer.map(Performer::program).orElse(NOBODY);
    }
}

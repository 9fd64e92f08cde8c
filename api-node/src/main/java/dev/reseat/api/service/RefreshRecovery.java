package dev.reseat.api.service;

import dev.reseat.api.flow.Journal;
import dev.reseat.api.flow.Recovery;
import dev.reseat.api.object.JsonText;
import dev.reseat.api.remote.ComputeClient;
import dev.reseat.api.store.journal.JournalEntry;
import dev.reseat.rpc.RequestContext;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.InstantSource;

/** Goes on with a refresh that was cut off; one whose peers stay silent is given up after a while. */
final class RefreshRecovery implements Recovery {
    private final RefreshFlow flow;
    private final BlockDevices devices;
    private final ComputeClient computes;
    private final InstantSource clock;

    @Inject
    RefreshRecovery(RefreshFlow flow, BlockDevices devices, ComputeClient computes, InstantSource clock) {
        this.flow = flow;
        this.devices = devices;
        this.computes = computes;
        this.clock = clock;
    }

    /** Before the connection is taken away: the instance may have been started since the step was cast. */
    @Override
    public void requireStillHolds(RequestContext context, JournalEntry row, String step) {
        RefreshPlan plan = JsonText.read(row.requestJson(), RefreshPlan.class);
        RefreshRules.checkStill(devices.instance(context, plan.instanceUuid()), plan.host());
    }

    @Override
    public void settle(RequestContext context, Journal.Entry entry, JournalEntry row, boolean patient) {
        RefreshPlan plan = JsonText.read(row.requestJson(), RefreshPlan.class);
        if (patient) {
            flow.resume(context, entry, plan, computes.repairing());
        } else {
            Duration age = Duration.between(row.openedAt(), clock.instant());
            flow.abandon(
                    context, entry, plan, "Given up after " + age.toMinutes() + " minutes without an answer.",
                    computes.repairing());
        }
    }
}

package dev.reseat.api.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.contract.job.JobRpc;
import dev.reseat.contract.state.DiagnoseCall;
import dev.reseat.contract.state.StateRpc;
import dev.reseat.rpc.RequestContext;
import dev.reseat.rpc.RpcException;
import dev.reseat.rpc.Target;
import dev.reseat.testing.HostileArguments;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Hostile arguments at what other services may ask a whole api-node for: jobs and diagnoses. What is refused is refused
 * in known names, makes no job, and changes no volume.
 */
@Tag("database")
final class RepairRpcFuzzIT {
    private static final String REFUSED = "reseat.exception";
    private static final List<String> METHODS = List.of(
            JobRpc.JobCreate.METHOD, JobRpc.JobCreate.METHOD, JobRpc.JobShow.METHOD, JobRpc.JobCancel.METHOD,
            DiagnoseCall.METHOD);

    private final JobCloud node = new JobCloud();

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void whatIsRefusedIsRefusedInKnownNamesAndChangesNothing() {
        fuzz(20_261_129, 1_000);
    }

    @Test
    @Tag("slow")
    void theSameForLong() {
        for (long seed = 1; seed <= 10; seed++) {
            fuzz(seed, 3_000);
        }
    }

    private void fuzz(long seed, int calls) {
        String volume = node.orphan();
        String instance = node.cloud.instance();
        var hostile = new HostileArguments(
                seed, volume, instance, "available", "in-use", List.of(volume), List.of("error"), "never", 0.5);
        String before = node.cloud.state();
        List<String> broken = new ArrayList<>();
        int refused = 0;
        for (int i = 0; i < calls; i++) {
            String method = hostile.oneOf(METHODS);
            Map<String, Object> args = arguments(hostile, method);
            long jobs = jobs();
            try {
                node.peers.client()
                        .prepare(target(method))
                        .call(RequestContext.admin(), method, args, Object.class);
            } catch (RpcException.RemoteFailure failure) {
                refused++;
                if (!HostileArguments.isKnown(failure.failure()) && !failure.failure().module().equals(REFUSED)) {
                    broken.add(method + " " + args + ": " + failure.failure());
                }
                if (jobs() != jobs) {
                    broken.add("made a job: " + method + " " + args);
                }
            }
        }
        assertThat(broken).isEmpty();
        assertThat(refused).isGreaterThan(calls / 3);
        assertThat(node.cloud.state()).as("nothing is applied").isEqualTo(before);
    }

    private static Target target(String method) {
        return method.equals(DiagnoseCall.METHOD) ? StateRpc.steps() : JobRpc.target();
    }

    private static Map<String, Object> arguments(HostileArguments hostile, String method) {
        return switch (method) {
            case JobRpc.JobCreate.METHOD -> {
                Map<String, Object> args = hostile.of("job");
                if (hostile.oneOf(List.of(true, true, false))) {
                    args.put("job", order(hostile));
                }
                yield args;
            }
            case JobRpc.JobShow.METHOD -> hostile.of("job_id");
            case JobRpc.JobCancel.METHOD -> hostile.of("job_id", "reason");
            default -> hostile.of(
                    "volumes", "instance", "host", "backend", "project", "state", "all", "after", "limit");
        };
    }

    /** One that does not begin by itself. */
    private static Map<String, Object> order(HostileArguments hostile) {
        Map<String, Object> order = hostile.of("stop_start", "not_before", "reason");
        order.put(hostile.oneOf(List.of("select", "select", "select", "selected")), hostile.oneOf(List.of(
                hostile.of("state", "host", "backend", "project", "older_than", "ids", "address"),
                hostile.of("ids"), hostile.of("state"))));
        order.put(hostile.oneOf(List.of("reset", "refresh", "repair")), hostile.oneOf(List.of(
                hostile.of("status", "attach_status", "migration_status", "force"), hostile.of("status"), Map.of())));
        if (hostile.oneOf(List.of(true, false))) {
            order.put("limits", hostile.of(
                    "limit", "max_share", "stop_after_failures", "per_host", "per_backend", "canary", "wave"));
        }
        return order;
    }

    private long jobs() {
        return (long) node.cloud.row(node.cloud.cinder(), "SELECT count(*) AS n FROM reseat.job").get("n");
    }
}

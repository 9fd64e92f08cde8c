package dev.reseat.api.conductor;

import static dev.reseat.api.conductor.AdministratorCalls.answering;
import static dev.reseat.api.conductor.PeerValues.given;

import dev.reseat.api.job.JobDocument;
import dev.reseat.api.job.JobStatus;
import dev.reseat.api.job.JobWorker;
import dev.reseat.api.job.Jobs;
import dev.reseat.api.object.JsonText;
import dev.reseat.contract.job.JobRpc;
import dev.reseat.contract.job.RepairRpc;
import dev.reseat.contract.state.StateRpc;
import dev.reseat.rpc.server.Endpoint;
import jakarta.inject.Inject;
import java.util.Map;

/** Bulk repairs over RPC: for other services on {@code reseat-api}, and the work queue. */
public final class JobEndpoint {
    private final Jobs jobs;
    private final JobWorker worker;

    @Inject
    public JobEndpoint(Jobs jobs, JobWorker worker) {
        this.jobs = jobs;
        this.worker = worker;
    }

    /** What other services may ask for. */
    public Endpoint requests() {
        return Endpoint.of(JobRpc.NAMESPACE, StateRpc.OPERATIONS.major(), StateRpc.OPERATIONS.minor())
                .method(JobRpc.JobCreate.METHOD, JobRpc.JobCreate.class, answering(
                        (context, args) -> document(jobs.create(context, given(args.job(), "job")))))
                .method(JobRpc.JobShow.METHOD, JobRpc.JobShow.class, answering(
                        (_, args) -> document(jobs.show(given(args.jobId(), "job_id")))))
                .method(JobRpc.JobCancel.METHOD, JobRpc.JobCancel.class, answering((context, args) -> document(
                        jobs.cancel(context, given(args.jobId(), "job_id"), args.reason()))))
                .build();
    }

    /** What the work queue says. */
    public Endpoint queue() {
        return Endpoint.of(RepairRpc.NAMESPACE, RepairRpc.VERSION.major(), RepairRpc.VERSION.minor())
                .method(RepairRpc.JobReady.METHOD, RepairRpc.JobReady.class, (_, _) -> {
                    worker.wake();
                    return null;
                })
                .build();
    }

    private static Map<String, Object> document(JobStatus job) {
        return JsonText.map(JsonText.of(JobDocument.of(job)));
    }
}

package dev.reseat.api.conductor;

import static dev.reseat.api.conductor.PeerValues.checking;
import static dev.reseat.api.conductor.PeerValues.given;

import dev.reseat.api.flow.ServiceException;
import dev.reseat.api.job.JobDocument;
import dev.reseat.api.job.JobStatus;
import dev.reseat.api.job.JobWorker;
import dev.reseat.api.job.Jobs;
import dev.reseat.api.object.JsonText;
import dev.reseat.contract.job.JobRpc;
import dev.reseat.contract.job.RepairRpc;
import dev.reseat.rpc.Failure;
import dev.reseat.rpc.RequestContext;
import dev.reseat.rpc.server.Endpoint;
import dev.reseat.rpc.server.EndpointFailure;
import jakarta.inject.Inject;
import java.util.function.Supplier;

/** Bulk repairs over RPC: for other services on {@code reseat-api}, and the work queue. */
public final class JobEndpoint {
    private static final String MODULE = "reseat.exception";

    private final Jobs jobs;
    private final JobWorker worker;

    @Inject
    public JobEndpoint(Jobs jobs, JobWorker worker) {
        this.jobs = jobs;
        this.worker = worker;
    }

    /** What other services may ask for. */
    public Endpoint requests() {
        return Endpoint.of(JobRpc.NAMESPACE, JobRpc.VERSION.major(), JobRpc.VERSION.minor())
                .method(JobRpc.JobCreate.METHOD, JobRpc.JobCreate.class, checking(this::create))
                .method(JobRpc.JobShow.METHOD, JobRpc.JobShow.class, checking(this::show))
                .method(JobRpc.JobCancel.METHOD, JobRpc.JobCancel.class, checking(this::cancel))
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

    private Object create(RequestContext context, JobRpc.JobCreate args) {
        return answering(context, () -> jobs.create(context, given(args.job(), "job")));
    }

    private Object show(RequestContext context, JobRpc.JobShow args) {
        return answering(context, () -> jobs.show(given(args.jobId(), "job_id")));
    }

    private Object cancel(RequestContext context, JobRpc.JobCancel args) {
        return answering(context, () -> jobs.cancel(context, given(args.jobId(), "job_id"), args.reason()));
    }

    private static Object answering(RequestContext context, Supplier<JobStatus> work) {
        if (!context.isAdmin()) {
            throw failure("Forbidden", "Only administrators may repair in bulk.", null);
        }
        try {
            return JsonText.map(JsonText.of(JobDocument.of(work.get())));
        } catch (ServiceException e) {
            throw failure(e.getClass().getSimpleName(), e.getMessage(), e);
        }
    }

    private static EndpointFailure failure(String type, String message, Exception cause) {
        return new EndpointFailure(Failure.of(MODULE, type, message), cause);
    }
}

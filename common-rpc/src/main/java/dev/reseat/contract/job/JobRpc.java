package dev.reseat.contract.job;

import dev.reseat.contract.OwnExchange;
import dev.reseat.rpc.RpcVersion;
import dev.reseat.rpc.Target;
import java.util.Map;
import java.util.Optional;

/**
 * Bulk repairs for other services, in namespace {@code reseat} of topic {@code reseat-api}, for administrators. What is
 * taken and answered are the objects of {@code /reseat/v1/jobs}. Failures: {@code Invalid}, {@code NotFound},
 * {@code Conflict}, all of module {@code reseat.exception}.
 *
 * <pre>
 *   1.0   job_create, job_show, job_cancel
 * </pre>
 */
public final class JobRpc {
    public static final String NAMESPACE = "reseat";
    public static final RpcVersion VERSION = RpcVersion.of(1, 0);

    private JobRpc() {}

    public static Target target() {
        return Target.of(OwnExchange.NAME, OwnExchange.API_TOPIC).inNamespace(NAMESPACE).atVersion(VERSION);
    }

    /** {@code job_create}: the body of {@code POST /reseat/v1/jobs}; returns the job. */
    public record JobCreate(Map<String, Object> job) {
        public static final String METHOD = "job_create";
    }

    /** {@code job_show}: the job. */
    public record JobShow(String jobId) {
        public static final String METHOD = "job_show";
    }

    /** {@code job_cancel}: nothing of it begins any more; returns the job. */
    public record JobCancel(String jobId, Optional<String> reason) {
        public static final String METHOD = "job_cancel";
    }
}

package dev.reseat.api.rest;

import dev.reseat.api.rest.Authenticator.Decision;
import dev.reseat.rpc.RequestContext;
import dev.reseat.runtime.LogFields;
import io.javalin.http.Context;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/**
 * What every request passes, in the order of Cinder's pipeline: request id, size, who asks, route, microversion, body,
 * project, and then the resource.
 */
final class RequestPipeline {
    private static final Pattern REQUEST_ID =
            Pattern.compile("req-[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12}");

    private final RestConfig config;
    private final Authenticator authenticator;
    private final RequestLog log;
    private final Running running;

    RequestPipeline(RestConfig config, Authenticator authenticator, RequestLog log, Running running) {
        this.config = config;
        this.authenticator = authenticator;
        this.log = log;
        this.running = running;
    }

    /** Answers a request, whatever happens. */
    void serve(Context http, Optional<Route> route) {
        long begin = System.nanoTime();
        String requestId = RequestContext.newRequestId();
        http.header("X-Openstack-Request-Id", requestId);
        http.header("X-Compute-Request-Id", requestId);
        try (var _ = LogFields.request(requestId)) {
            try {
                boolean open = isOpen(http, route);
                try (var _ = running.enter(http.ip(), open, http::header)) {
                    pass(http, route, open, requestId);
                }
            } catch (RuntimeException failure) {
                ErrorMapper.answer(http, failure);
            } finally {
                log.finished(http, route.map(Route::path).orElse("none"), Duration.ofNanos(System.nanoTime() - begin));
            }
        }
    }

    private static boolean isOpen(Context http, Optional<Route> route) {
        return route.map(Route::open).orElse(Api.of(http.path()) == Api.ROOT);
    }

    private void pass(Context http, Optional<Route> route, boolean open, String requestId) {
        RequestBody.checkLength(http, config.maxBodySize(), config.limits());
        if (open) {
            answer(http, route, Optional.empty());
            return;
        }
        Optional<RequestContext> context = authenticated(http, requestId);
        if (context.isPresent()) {
            try (var _ = running.enterAs(context.get().userId().orElse(""), http::header)) {
                answer(http, route, context);
            }
        }
    }

    private void answer(Context http, Optional<Route> found, Optional<RequestContext> context) {
        Route route = found.filter(_ -> hasProjectForm(http)).orElseThrow(PageFault::noRoute);
        ApiVersion version = Microversions.negotiate(route.api(), http);
        // what anybody may ask needs no body, and waits for none
        JsonNode body = route.open()
                ? MissingNode.getInstance()
                : RequestBody.read(http, config.maxBodySize(), config.limits());
        context.ifPresent(known -> checkProject(http, route.api(), known));
        http.pathParamMap().values().forEach(RequestText::check);
        Query query = Query.of(http::queryParamMap);
        RequestText.check(body);
        route.endpoint().answer(new Exchange(http, config, context, version, query, body));
    }

    /** Empty if the request has been answered: nobody said who he is. */
    private Optional<RequestContext> authenticated(Context http, String requestId) {
        switch (authenticator.decide(name -> Optional.ofNullable(http.header(name)))) {
            case Decision.Known(Caller caller) -> {
                Optional<String> global = Optional.ofNullable(http.header("X-Openstack-Request-Id"))
                        .filter(id -> REQUEST_ID.matcher(id).matches());
                RequestContext context = caller.context(requestId, global, http.ip());
                return Optional.of(context.with("is_admin", config.policy().isAdmin(context)));
            }
            case Decision.Offered(String token) -> {
                http.header("X-Auth-Token", token);
                http.header("X-Server-Management-Url", http.url().replaceAll("/+$", ""));
                http.status(204).contentType("text/plain");
            }
            case Decision.Denied(String challenge) -> {
                http.header("WWW-Authenticate", challenge);
                ErrorMapper.unauthenticated(http);
            }
        }
        return Optional.empty();
    }

    private boolean hasProjectForm(Context http) {
        String project = http.pathParamMap().get("project");
        return project == null || config.projectIdPattern().matcher(project).matches();
    }

    /** In the words of each service. */
    private static void checkProject(Context http, Api api, RequestContext context) {
        String project = http.pathParamMap().get("project");
        if (project != null && !context.projectId().equals(Optional.of(project))) {
            throw HttpFault.badRequest(
                    api == Api.NOVA
                            ? "Malformed request URL: URL's project_id '" + project
                                    + "' doesn't match Context's project_id '"
                                    + context.projectId().orElse("None") + "'"
                            : "Malformed request url");
        }
    }
}

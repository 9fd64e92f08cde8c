package dev.reseat.api.rest;

import dev.reseat.api.rest.json.RestJson;
import dev.reseat.rpc.RequestContext;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One request and its answer, as a resource sees them. For the thread that serves the request only. */
public final class Exchange {
    private static final System.Logger LOG = System.getLogger(Exchange.class.getName());
    private static final JsonMapper JSON = RestJson.mapper();

    private final Context http;
    private final RestConfig config;
    private final Optional<RequestContext> context;
    private final ApiVersion version;
    private final Query query;
    private final JsonNode body;

    Exchange(
            Context http,
            RestConfig config,
            Optional<RequestContext> context,
            ApiVersion version,
            Query query,
            JsonNode body) {
        this.http = http;
        this.config = config;
        this.context = context;
        this.version = version;
        this.query = query;
        this.body = body;
    }

    /** Who asks. Open routes have none. */
    public RequestContext context() {
        return context.orElseThrow(() -> new IllegalStateException("nobody has to authenticate for " + http.path()));
    }

    /**
     * Goes on if the policy lets who asks do that.
     *
     * @param rule the name that policy files know it by
     * @throws HttpFault 403 in Cinder's words
     */
    public void authorize(String rule) {
        config.policy().check(context(), rule);
    }

    /** Whether the policy lets who asks do that, where a no only means that he is shown less. */
    public boolean may(String rule) {
        return config.policy().allows(context(), rule);
    }

    public ApiVersion version() {
        return version;
    }

    /** @throws HttpFault 404 in an older microversion, as if there were nothing */
    public void since(int major, int minor) {
        if (!version.atLeast(major, minor)) {
            throw HttpFault.notFound();
        }
    }

    /** The part of the path that stands where the route has this name. */
    public String path(String name) {
        return http.pathParam(name);
    }

    public Query query() {
        return query;
    }

    /** The JSON body; a missing node if there is none. */
    public JsonNode body() {
        return body;
    }

    /** A part of the body as plain values. */
    @SuppressWarnings("unchecked")
    public Map<String, Object> object(JsonNode part) {
        return JSON.convertValue(part, Map.class);
    }

    /** How the client reaches this server, or the configured public endpoint; without a slash at the end. */
    public String base() {
        return config.publicEndpoint().orElseGet(this::sentTo).replaceAll("/+$", "");
    }

    /** The project id in the path, with a slash before it; empty if the path has none. */
    public String project() {
        return http.pathParamMap().containsKey("project") ? "/" + http.pathParam("project") : "";
    }

    /** Most items of one page. */
    public int maxLimit() {
        return config.maxLimit();
    }

    /** Answers with JSON. */
    public void json(int status, Object value) {
        http.status(status).contentType("application/json").result(JSON.writeValueAsBytes(value));
    }

    /** Answers without a body. */
    public void empty(int status) {
        http.status(status).contentType("application/json");
    }

    /** Answers with plain text. */
    public void text(int status, String text) {
        http.status(status).contentType("text/plain; charset=UTF-8").result(text);
    }

    /**
     * Answers with server-sent events, one for each value, as they come; returns when there are no more, or the client
     * has gone.
     *
     * @param values may wait for the next one; an empty one only shows that there is still somebody here
     */
    public void events(Iterator<Optional<?>> values) {
        http.status(200).contentType("text/event-stream").header("Cache-Control", "no-store");
        try {
            OutputStream out = http.outputStream();
            while (values.hasNext()) {
                Optional<?> value = values.next();
                out.write(value.isPresent()
                        ? ("data: " + JSON.writeValueAsString(value.get()) + "\n\n").getBytes(StandardCharsets.UTF_8)
                        : ":\n\n".getBytes(StandardCharsets.UTF_8));
                out.flush();
            }
        } catch (IOException gone) {
            LOG.log(Level.DEBUG, "nobody reads the events of {0} any more: {1}", http.path(), gone.getMessage());
        }
    }

    /** Answers with the place where it is. */
    public void redirect(String location) {
        http.status(302).header("Location", location);
    }

    private String sentTo() {
        return http.url().replaceFirst("^(\\w+://[^/]*).*$", "$1");
    }
}

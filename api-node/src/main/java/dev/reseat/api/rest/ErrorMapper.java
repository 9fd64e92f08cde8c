package dev.reseat.api.rest;

import dev.reseat.api.flow.ServiceException;
import dev.reseat.api.model.ErrorCode;
import dev.reseat.api.rest.json.ObservationView;
import dev.reseat.api.rest.json.RestJson;
import dev.reseat.api.store.StoreException;
import dev.reseat.contract.evidence.Observation;
import dev.reseat.runtime.SecretText;
import io.javalin.http.Context;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/** The one place where an exception becomes an HTTP answer. What it says is masked: it may quote anybody. */
final class ErrorMapper {
    private static final System.Logger LOG = System.getLogger(ErrorMapper.class.getName());
    private static final JsonMapper JSON = RestJson.mapper();

    private ErrorMapper() {}

    static void answer(Context http, RuntimeException failure) {
        switch (failure) {
            case HttpFault fault -> fault(http, new Told(fault.status(), fault.code(), fault.getMessage()));
            case PageFault page when isOurs(http) ->
                fault(http, new Told(page.status(), page.code(), page.getMessage()));
            case PageFault page -> page(http, page);
            case ServiceException refused -> refused(http, refused);
            case StoreException broken -> stored(http, broken);
            default -> broken(http, failure);
        }
    }

    private static void stored(Context http, StoreException failure) {
        switch (failure) {
            case StoreException.Unavailable down -> {
                LOG.log(Level.WARNING, () -> http.method() + " " + http.path() + " failed: " + down.getMessage());
                fault(http, new Told(503, ErrorCode.DATABASE_UNREACHABLE,
                        "The database cannot be reached now. Try again later."));
            }
            case StoreException.Conflict _ -> fault(http, new Told(409, ErrorCode.CHANGED_MEANWHILE,
                    "Somebody else changed the same thing at the same time. Look again before you repeat it."));
            case StoreException.Unfit unfit -> {
                LOG.log(Level.WARNING, () -> http.method() + " " + http.path() + " refused: " + unfit.getMessage());
                fault(http, new Told(400, ErrorCode.INVALID_REQUEST,
                        "A value of the request is too long or too large to be stored."));
            }
            case StoreException.Broken broken -> broken(http, broken);
        }
    }

    private static void broken(Context http, RuntimeException failure) {
        LOG.log(Level.ERROR, () -> http.method() + " " + http.path() + " broke", failure);
        fault(http, new Told(500, ErrorCode.INTERNAL_ERROR, HttpFault.BROKEN));
    }

    /** What the caller can do decides the status; the words are the service's. */
    private static void refused(Context http, ServiceException refused) {
        int status = refused.code().status();
        if (status >= 500) {
            LOG.log(Level.WARNING, () -> http.method() + " " + http.path() + " failed: " + refused.getMessage(),
                    refused);
        }
        fault(http, new Told(status, refused.code(), refused.getMessage(), refused.next(), refused.observations()));
    }

    /**
     * What an error says.
     *
     * @param next the command that gets the operator further
     * @param observations what a refusal rests on; only administrators get that far, secrets are masked
     */
    private record Told(
            int status, ErrorCode code, String message, Optional<String> next, List<Observation> observations) {
        Told(int status, ErrorCode code, String message) {
            this(status, code, message, Optional.empty(), List.of());
        }
    }

    /** What is said to a request that could not be read. */
    static ByteBuffer unread(Api api, int status) {
        String message = status >= 500 ? HttpFault.BROKEN : HttpFault.MALFORMED;
        return ByteBuffer.wrap(body(api, new Told(status, HttpFault.code(status), message)));
    }

    private static boolean isOurs(Context http) {
        return Api.of(http.path()) == Api.RESEAT;
    }

    /** OpenStack's APIs have words only; in ours programs find the code and the next command apart from them. */
    private static byte[] body(Api api, Told told) {
        Map<String, Object> detail = new LinkedHashMap<>();
        detail.put("code", told.status());
        String message = SecretText.masked(told.message());
        Optional<String> next = told.next().map(SecretText::masked);
        if (api == Api.RESEAT || api == Api.ROOT) { // of a path that cannot be read nobody knows whose it is
            detail.put("message", message);
            detail.put("error", told.code().text());
            next.ifPresent(command -> detail.put("next", command));
        } else {
            detail.put("message", message + next.map(command -> " Next: " + command).orElse(""));
        }
        if (!told.observations().isEmpty()) {
            detail.put("observations", ObservationView.of(told.observations(), Instant.now()));
        }
        return JSON.writeValueAsBytes(Map.of(HttpFault.key(told.status()), detail));
    }

    private static void fault(Context http, Told told) {
        http.status(told.status()).contentType("application/json").result(body(Api.of(http.path()), told));
    }

    /** Nobody has said who asks; in Keystone's middleware's form. */
    static void unauthenticated(Context http) {
        Map<String, Object> detail = new LinkedHashMap<>();
        detail.put("code", 401);
        detail.put("title", "Unauthorized");
        detail.put("message", "The request you have made requires authentication.");
        if (isOurs(http)) {
            detail.put("error", ErrorCode.UNAUTHENTICATED.text());
        }
        http.status(401).contentType("application/json").result(JSON.writeValueAsBytes(Map.of("error", detail)));
    }

    /** WebOb's form of an HTTP exception. */
    private static void page(Context http, PageFault page) {
        String line = page.status() + " " + page.title();
        String message = SecretText.masked(page.getMessage());
        http.status(page.status());
        switch (Accepted.of(http.header("Accept"))) {
            case HTML -> http.contentType("text/html; charset=UTF-8").result(html(line, message));
            case JSON -> {
                Map<String, String> body = new LinkedHashMap<>();
                body.put("message", message + "<br /><br />\n\n\n");
                body.put("code", line);
                body.put("title", page.title());
                http.contentType("application/json").result(JSON.writeValueAsBytes(body));
            }
            case TEXT ->
                http.contentType("text/plain; charset=UTF-8").result(line + "\n\n" + message + "\n\n\n\n");
        }
    }

    private static String html(String line, String explanation) {
        return """
                <html>
                 <head>
                  <title>%s</title>
                 </head>
                 <body>
                  <h1>%s</h1>
                  %s<br /><br />



                 </body>
                </html>""".formatted(line, line, explanation);
    }
}

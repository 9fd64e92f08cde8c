package dev.reseat.api.rest;

import dev.reseat.api.flow.ServiceException;
import dev.reseat.api.rest.json.ObservationView;
import dev.reseat.api.rest.json.RestJson;
import dev.reseat.api.store.StoreException;
import dev.reseat.contract.evidence.Observation;
import dev.reseat.runtime.SecretText;
import io.javalin.http.Context;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** The one place where an exception becomes an HTTP answer. What it says is masked: it may quote anybody. */
final class ErrorMapper {
    private static final System.Logger LOG = System.getLogger(ErrorMapper.class.getName());
    private static final JsonMapper JSON = RestJson.mapper();

    private ErrorMapper() {}

    static void answer(Context http, RuntimeException failure) {
        switch (failure) {
            case HttpFault fault -> fault(http, fault.status(), fault.getMessage());
            case PageFault page -> page(http, page);
            case ServiceException refused -> refused(http, refused);
            case StoreException.Unavailable down -> {
                LOG.log(Level.WARNING, () -> http.method() + " " + http.path() + " failed: " + down.getMessage());
                fault(http, 503, "The database cannot be reached now. Try again later.");
            }
            case StoreException.Conflict _ -> fault(
                    http, 409,
                    "Somebody else changed the same thing at the same time. Look again before you repeat it.");
            case StoreException.Unfit unfit -> {
                LOG.log(Level.WARNING, () -> http.method() + " " + http.path() + " refused: " + unfit.getMessage());
                fault(http, 400, "A value of the request is too long or too large to be stored.");
            }
            default -> {
                LOG.log(Level.ERROR, () -> http.method() + " " + http.path() + " broke", failure);
                fault(http, 500, HttpFault.BROKEN);
            }
        }
    }

    /** What the caller can do decides the status; the words are the service's, and say what to do next. */
    private static void refused(Context http, ServiceException refused) {
        int status =
                switch (refused) {
                    case ServiceException.NotFound _ -> 404;
                    case ServiceException.Invalid _ -> 400;
                    case ServiceException.Conflict _ -> 409;
                    case ServiceException.NotImplemented _ -> 501;
                    case ServiceException.Failed _ -> 500;
                    case ServiceException.Unavailable _ -> 503;
                    case ServiceException.Unknown _ -> 504;
                };
        if (status >= 500) {
            LOG.log(Level.WARNING, () -> http.method() + " " + http.path() + " failed: " + refused.getMessage(),
                    refused);
        }
        fault(
                http, status, refused.getMessage() + refused.next().map(next -> " Next: " + next).orElse(""),
                refused.observations());
    }

    private static void fault(Context http, int status, String message) {
        fault(http, status, message, List.of());
    }

    /** @param observations what a refusal rests on; only administrators get that far, secrets are masked */
    private static void fault(Context http, int status, String message, List<Observation> observations) {
        Map<String, Object> detail = new LinkedHashMap<>();
        detail.put("code", status);
        detail.put("message", SecretText.masked(message));
        if (!observations.isEmpty()) {
            detail.put("observations", ObservationView.of(observations, Instant.now()));
        }
        http.status(status)
                .contentType("application/json")
                .result(JSON.writeValueAsBytes(Map.of(HttpFault.key(status), detail)));
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

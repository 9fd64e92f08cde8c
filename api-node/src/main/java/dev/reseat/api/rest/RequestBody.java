package dev.reseat.api.rest;

import io.javalin.http.Context;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.Locale;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/** Reads the body of a request as OpenStack services do. */
final class RequestBody {
    private static final System.Logger LOG = System.getLogger(RequestBody.class.getName());
    /** Reads what Python's json module reads. */
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();
    private static final Set<String> TYPES = Set.of(
            "application/json",
            "application/vnd.openstack.volume+json",
            "application/vnd.openstack.compute+json");
    /** Of so many allowed bodies, what is sent beyond the first is still taken in. */
    private static final int TAKEN_IN = 8;

    private RequestBody() {}

    /** @throws PageFault if the request says that its body is larger than allowed */
    static void checkLength(Context http, int maxSize, RequestLimits limits) {
        String length = http.header("Content-Length");
        if ((length != null && length.length() > 9) || http.contentLength() > maxSize) {
            throw tooLarge(http, maxSize, limits);
        }
    }

    /**
     * The body; missing if there is none, or if nobody said of which type it is.
     *
     * @throws HttpFault 408 for one that comes too slowly, 415 for another type, 400 for what is no JSON
     */
    static JsonNode read(Context http, int maxSize, RequestLimits limits) {
        byte[] bytes = bytes(http, maxSize, limits);
        // as it was sent: the library's own reading fails on charsets that do not exist
        String type = http.header("Content-Type");
        if (bytes.length == 0 || type == null) {
            return MissingNode.getInstance();
        }
        if (!TYPES.contains(type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT))) {
            throw new HttpFault(415, "Unsupported Content-Type");
        }
        try {
            return JSON.readerFor(JsonNode.class)
                    .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .readValue(bytes);
        } catch (JacksonException notJson) {
            throw HttpFault.malformedBody();
        }
    }

    private static byte[] bytes(Context http, int maxSize, RequestLimits limits) {
        if (http.contentLength() == 0 || (http.contentLength() < 0 && http.header("Transfer-Encoding") == null)) {
            return new byte[0];
        }
        try {
            byte[] bytes = new BodyReader(http.bodyInputStream(), maxSize + 1, limits).read();
            if (bytes.length > maxSize) {
                throw tooLarge(http, maxSize, limits);
            }
            return bytes;
        } catch (HttpFault tooSlow) {
            http.header("Connection", "close");
            throw tooSlow;
        } catch (IOException brokenOff) {
            throw new HttpFault(400, HttpFault.MALFORMED);
        }
    }

    /** A connection that is closed while its peer still sends is reset, and the answer lost with it. */
    private static PageFault tooLarge(Context http, int maxSize, RequestLimits limits) {
        http.header("Connection", "close");
        try {
            new BodyReader(http.bodyInputStream(), TAKEN_IN * maxSize, limits.ofUnwantedBody()).read();
        } catch (HttpFault | IOException stillSending) {
            LOG.log(Level.DEBUG, "the rest of a body that is too large: {0}", stillSending.getMessage());
        }
        return PageFault.tooLarge();
    }
}

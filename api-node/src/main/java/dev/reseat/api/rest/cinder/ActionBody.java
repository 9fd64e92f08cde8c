package dev.reseat.api.rest.cinder;

import dev.reseat.api.rest.HttpFault;
import tools.jackson.databind.JsonNode;

/**
 * The body of {@code POST …/action}: an object whose one key says what to do. Follows
 * {@code cinder.api.openstack.wsgi}.
 */
final class ActionBody {
    private ActionBody() {}

    /** @throws HttpFault if the body names no action, or more than one */
    static String action(JsonNode body) {
        if (body.isMissingNode()) {
            throw unknown("None");
        }
        if ((body.isContainer() && body.size() != 1) || (body.isString() && body.stringValue().length() != 1)) {
            throw HttpFault.malformedBody();
        }
        if (!body.isObject()) {
            throw HttpFault.notFound();
        }
        return body.propertyNames().iterator().next();
    }

    static HttpFault unknown(String action) {
        return HttpFault.badRequest("There is no such action: " + action
                + ". Verify the request body and Content-Type header and try again.");
    }
}

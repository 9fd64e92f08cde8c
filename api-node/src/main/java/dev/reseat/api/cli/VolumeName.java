package dev.reseat.api.cli;

import dev.reseat.api.model.ErrorCode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** What operators call a volume: its id, or its name if only one volume of all projects has it. */
final class VolumeName {
    private static final Pattern UUID =
            Pattern.compile("[0-9a-fA-F]{8}-?([0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}");
    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;

    private VolumeName() {}

    /** Whether that has the form of an id. */
    static boolean isId(String text) {
        return UUID.matcher(text).matches();
    }

    /** An id as it is; a name by asking. */
    static String id(ApiClient api, String idOrName) {
        return isId(idOrName) ? idOrName : find(api, idOrName).path("id").asString();
    }

    /**
     * @throws ApiFailure.Answered 404 in the words of {@code cinder} if there is none; 409 if the name means several
     */
    static JsonNode find(ApiClient api, String idOrName) {
        try {
            return api.get("/v3/volumes/" + ApiClient.segment(idOrName)).path("volume");
        } catch (ApiFailure.Answered answer) {
            if (answer.status() != NOT_FOUND) {
                throw answer;
            }
        }
        Map<String, String> query = new LinkedHashMap<>();
        query.put("all_tenants", "1");
        query.put("name", idOrName);
        JsonNode named = api.get("/v3/volumes/detail" + ApiClient.query(query)).path("volumes");
        return switch (named.size()) {
            case 0 -> throw new ApiFailure.Answered(
                    NOT_FOUND, ErrorCode.VOLUME_NOT_FOUND, "No volume with a name or ID of '" + idOrName + "' exists.");
            case 1 -> named.get(0);
            default -> throw new ApiFailure.Answered(
                    CONFLICT, ErrorCode.CONFLICT,
                    "Multiple volume matches found for '" + idOrName + "', use an ID to be more specific.");
        };
    }
}

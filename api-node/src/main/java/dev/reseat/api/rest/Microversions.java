package dev.reseat.api.rest;

import io.javalin.http.Context;
import java.util.List;
import java.util.Locale;

/** Finds the microversion a request asks for, and says in the answer which one was used. */
final class Microversions {
    private static final String HEADER = "OpenStack-API-Version";
    private static final String NOVA_HEADER = "X-OpenStack-Nova-API-Version";

    private Microversions() {}

    /** @throws HttpFault 400 for what is no version, 406 for one that is not served */
    static ApiVersion negotiate(Api api, Context http) {
        if (!api.hasMicroversions()) {
            return api.min();
        }
        String asked = api == Api.NOVA ? askedOfNova(http) : askedOfCinder(http);
        ApiVersion version =
                switch (asked) {
                    case "" -> api.min();
                    case "latest" -> api.max();
                    default -> ApiVersion.parse(asked);
                };
        announce(api, version, http);
        if (version.compareTo(api.min()) < 0 || version.compareTo(api.max()) > 0) {
            throw new HttpFault(
                    406,
                    "Version " + version + " is not supported by the API. Minimum is " + api.min() + " and maximum is "
                            + api.max() + ".");
        }
        return version;
    }

    /** Cinder refuses a header that does not name it. */
    private static String askedOfCinder(Context http) {
        String header = http.header(HEADER);
        if (header == null) {
            return "";
        }
        for (String part : header.split(",", -1)) {
            if (part.contains(Api.CINDER.serviceType())) {
                List<String> words = words(part);
                if (words.size() == 2) {
                    return words.get(1);
                }
            }
        }
        throw new HttpFault(400, HttpFault.MALFORMED);
    }

    /** Nova leaves alone what is meant for others, and still reads its own old header. */
    private static String askedOfNova(Context http) {
        String header = http.header(HEADER);
        if (header != null) {
            for (String part : header.split(",", -1)) {
                List<String> words = words(part);
                if (words.size() == 2
                        && words.getFirst().toLowerCase(Locale.ROOT).equals(Api.NOVA.serviceType())) {
                    return words.get(1);
                }
            }
        }
        String legacy = http.header(NOVA_HEADER);
        return legacy == null ? "" : legacy.strip();
    }

    private static List<String> words(String part) {
        return List.of(part.strip().split("\\s+"));
    }

    private static void announce(Api api, ApiVersion version, Context http) {
        http.header(HEADER, api.serviceType() + " " + version);
        if (api == Api.NOVA) {
            http.header(NOVA_HEADER, version.toString());
            http.header("Vary", HEADER + ", " + NOVA_HEADER);
        } else {
            http.header("Vary", HEADER);
        }
    }
}

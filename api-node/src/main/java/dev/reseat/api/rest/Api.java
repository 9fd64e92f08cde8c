package dev.reseat.api.rest;

import java.util.List;

/** The APIs served at this door: where each begins, and which microversions it has. */
public enum Api {
    /** Version discovery and health, in front of all others. */
    ROOT("", "", 1, 0, 0),
    /** Block storage. 3.71 would promise {@code os-extend_volume_completion}, which is not served. */
    CINDER("/v3", "volume", 3, 0, 70),
    /** Compute. */
    NOVA("/v2.1", "compute", 2, 1, 93),
    /** Reseat's own. */
    RESEAT("/reseat/v1", "", 1, 0, 0);

    private final String prefix;
    private final String serviceType;
    private final int major;
    private final int minMinor;
    private final int maxMinor;

    Api(String prefix, String serviceType, int major, int minMinor, int maxMinor) {
        this.prefix = prefix;
        this.serviceType = serviceType;
        this.major = major;
        this.minMinor = minMinor;
        this.maxMinor = maxMinor;
    }

    public String prefix() {
        return prefix;
    }

    public ApiVersion min() {
        return new ApiVersion(major, minMinor);
    }

    public ApiVersion max() {
        return new ApiVersion(major, maxMinor);
    }

    /** What stands before the version in the header {@code OpenStack-API-Version}; empty without microversions. */
    String serviceType() {
        return serviceType;
    }

    boolean hasMicroversions() {
        return !serviceType.isEmpty();
    }

    /** Paths under which resources are found: OpenStack's APIs take the project id or leave it out. */
    List<String> roots() {
        return hasMicroversions() ? List.of(prefix, prefix + "/{project}") : List.of(prefix);
    }

    /** The API a path belongs to, whether or not anything is there. */
    static Api of(String path) {
        for (Api api : List.of(CINDER, NOVA, RESEAT)) {
            if (path.equals(api.prefix) || path.startsWith(api.prefix + "/")) {
                return api;
            }
        }
        return ROOT;
    }
}

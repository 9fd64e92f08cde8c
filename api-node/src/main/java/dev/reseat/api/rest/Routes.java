package dev.reseat.api.rest;

import dev.reseat.api.rest.Resource.Endpoint;
import java.util.ArrayList;
import java.util.List;

/** Collects what resources answer. Only used while the server is being built. */
public final class Routes {
    private final List<Route> routes = new ArrayList<>();

    /**
     * Adds a route of an API, for callers who have said who they are.
     *
     * @param path behind the API's prefix, with names in braces; it is served with and without a project before it
     */
    public Routes add(Api api, String method, String path, Endpoint endpoint) {
        for (String root : api.roots()) {
            routes.add(new Route(api, method, root + path, false, endpoint));
        }
        return this;
    }

    public Routes get(Api api, String path, Endpoint endpoint) {
        return add(api, "GET", path, endpoint);
    }

    public Routes post(Api api, String path, Endpoint endpoint) {
        return add(api, "POST", path, endpoint);
    }

    /**
     * Adds a route that has no other form.
     *
     * @param path the whole path
     */
    public Routes at(Api api, String method, String path, Endpoint endpoint) {
        routes.add(new Route(api, method, path, false, endpoint));
        return this;
    }

    /**
     * Adds a route that nobody has to authenticate for.
     *
     * @param path the whole path
     */
    public Routes open(Api api, String method, String path, Endpoint endpoint) {
        routes.add(new Route(api, method, path, true, endpoint));
        return this;
    }

    List<Route> all() {
        return List.copyOf(routes);
    }
}

package dev.reseat.api.rest;

import dev.reseat.api.rest.Resource.Endpoint;

/**
 * One method on one path.
 *
 * @param path with names in braces
 * @param open whether nobody has to say who he is
 */
record Route(Api api, String method, String path, boolean open, Endpoint endpoint) {}

package dev.reseat.blockstorage;

import java.util.Map;

/**
 * Where to send requests, and with what headers.
 *
 * @param endpoint without a slash at its end
 * @param headers hold a token: a secret
 */
record BlockStorageAccess(String endpoint, Map<String, String> headers) {
    BlockStorageAccess {
        endpoint = endpoint.endsWith("/") ? endpoint.substring(0, endpoint.length() - 1) : endpoint;
        headers = Map.copyOf(headers);
    }

    @Override
    public String toString() {
        return "BlockStorageAccess[" + endpoint + "]";
    }
}
